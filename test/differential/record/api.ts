/** A client of the API server, as small as the recorder needs it. */
import { Agent, request } from 'node:https';
import type { IncomingMessage } from 'node:http';

export type Json = Readonly<Record<string, unknown>>;

/** An answer that is no success. */
export class ApiError extends Error {
  override readonly name = 'ApiError';

  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

export class Api {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 16, rejectUnauthorized: false });

  constructor(
    /** Without a slash at its end. */
    readonly server: string,
    readonly token: string,
  ) {}

  get(path: string): Promise<Json> {
    return this.#call('GET', path);
  }

  create(path: string, object: Json): Promise<Json> {
    return this.#call('POST', path, object);
  }

  replace(path: string, object: Json): Promise<Json> {
    return this.#call('PUT', path, object);
  }

  /** A JSON merge patch. */
  patch(path: string, changes: Json): Promise<Json> {
    return this.#call('PATCH', path, changes, 'application/merge-patch+json');
  }

  delete(path: string, options: Json = {}): Promise<Json> {
    return this.#call('DELETE', path, options);
  }

  /** Calls `onEvent` for each change of those listed from now on, until what it returns is called. */
  async watch(path: string, onEvent: (type: string, object: Json) => void): Promise<() => void> {
    const { metadata } = (await this.get(path)) as { metadata: { resourceVersion: string } };
    const incoming = await this.#send(
      'GET',
      `${path}${path.includes('?') ? '&' : '?'}watch=true&resourceVersion=${metadata.resourceVersion}&timeoutSeconds=86400`,
    );
    let rest = '';
    incoming.setEncoding('utf8').on('data', (chunk: string) => {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const { type, object } = JSON.parse(line) as { type: string; object: Json };
        onEvent(type, object);
      }
    });
    incoming.on('error', () => undefined);
    return () => {
      incoming.destroy();
    };
  }

  close(): void {
    this.#agent.destroy();
  }

  async #call(method: string, path: string, body?: Json, contentType = 'application/json'): Promise<Json> {
    const incoming = await this.#send(method, path, body, contentType);
    let text = '';
    for await (const chunk of incoming.setEncoding('utf8')) text += chunk as string;
    const answer = JSON.parse(text) as Json;
    const status = incoming.statusCode ?? 0;
    if (status >= 300) throw new ApiError(status, String(answer['message']));
    return answer;
  }

  #send(
    method: string,
    path: string,
    body?: Json,
    contentType = 'application/json',
  ): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const text = body === undefined ? undefined : JSON.stringify(body);
      const outgoing = request(
        `${this.server}${path}`,
        {
          method,
          agent: this.#agent,
          headers: {
            authorization: `Bearer ${this.token}`,
            ...(text === undefined
              ? {}
              : { 'content-type': contentType, 'content-length': Buffer.byteLength(text) }),
          },
        },
        resolve,
      );
      outgoing.on('error', reject);
      outgoing.end(text);
    });
  }
}
