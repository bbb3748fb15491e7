import { request } from 'node:https';
import type { Poolkeeper } from '../../src/index.js';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: unknown;
}

export interface Request {
  readonly method?: string;
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Sends one request; a body that is no string is sent as JSON. */
export function send(
  { endpoint, caPem }: Poolkeeper,
  { method = 'GET', path, body, headers = {} }: Request,
): Promise<Answer> {
  const payload = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const outgoing = request(
      `${endpoint}${path}`,
      {
        method,
        ca: caPem,
        headers: {
          ...(payload !== undefined && {
            'content-type': 'application/json',
            'content-length': String(Buffer.byteLength(payload)),
          }),
          ...headers,
        },
      },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          resolve({
            status: incoming.statusCode ?? 0,
            headers: incoming.headers,
            body: text.startsWith('{') || text.startsWith('[') ? (JSON.parse(text) as unknown) : text,
          });
        });
      },
    );
    outgoing.on('error', reject);
    outgoing.end(payload);
  });
}

/** Signs in as a service principal; answers the header that its requests carry. */
export async function signIn(
  poolkeeper: Poolkeeper,
  { clientId, clientSecret } = poolkeeper.credentials,
  scope = `${poolkeeper.endpoint}/.default`,
): Promise<{ readonly authorization: string }> {
  const form = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret, scope };
  const { body } = await send(poolkeeper, {
    method: 'POST',
    path: `/${poolkeeper.tenantId}/oauth2/v2.0/token`,
    body: new URLSearchParams(form).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  });
  return { authorization: `Bearer ${String((body as Record<string, unknown>)['access_token'])}` };
}
