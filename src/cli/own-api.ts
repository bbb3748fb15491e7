import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { ClientSecretCredential } from '@azure/identity';
import type { Connection } from './connection.js';

/** What the running Poolkeeper answers to a request of its own API. */
export type OwnAnswer =
  | { readonly kind: 'answered'; readonly body: unknown }
  | { readonly kind: 'refused'; readonly status: number; readonly code: string; readonly message: string };

/** Calls the running Poolkeeper's own API: what is neither ARM's nor Kubernetes'. */
export async function callServer(
  connection: Connection,
  method: 'GET' | 'PUT' | 'POST',
  path: string,
  body?: unknown,
): Promise<OwnAnswer> {
  const { endpoint, caPath, tenantId, clientId, clientSecret } = connection;
  const ca = readFileSync(caPath);
  const credential = new ClientSecretCredential(tenantId, clientId, clientSecret, {
    authorityHost: endpoint,
    disableInstanceDiscovery: true,
    tlsOptions: { ca },
  });
  const { token } = await credential.getToken(`${endpoint}/.default`);
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const { status, text } = await new Promise<{ readonly status: number; readonly text: string }>(
    (resolve, reject) => {
      const url = `${endpoint}/poolkeeper/${path}?api-version=2026-06-01`;
      const outgoing = request(url, { method, headers, ca }, (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('end', () =>
          resolve({ status: incoming.statusCode ?? 0, text: Buffer.concat(chunks).toString() }),
        );
      });
      outgoing.on('error', reject);
      outgoing.end(body === undefined ? undefined : JSON.stringify(body));
    },
  );
  const answer = JSON.parse(text) as { readonly error?: { readonly code: string; readonly message: string } };
  return answer.error ? { kind: 'refused', status, ...answer.error } : { kind: 'answered', body: answer };
}
