import { request } from 'node:https';
import { PendingWebhookCalls } from '../../kube/index.js';
import type { WebhookCall, WebhookReplies, WebhookReply } from '../../kube/index.js';

/** Answers of webhooks take no more than this. */
const longestAnswer = 3 * 1024 * 1024;

/** The replies that one request's writes get: each question is asked once. */
export class RequestReplies implements WebhookReplies {
  readonly #replies = new Map<string, WebhookReply>();

  replyTo({ key }: WebhookCall): WebhookReply | undefined {
    return this.#replies.get(key);
  }

  async ask(calls: readonly WebhookCall[]): Promise<void> {
    await Promise.all(calls.map(async (call) => this.#replies.set(call.key, await send(call))));
  }
}

/** How long the control plane's loops go by a reply: long enough to try a write again, too short to grow old. */
const heldMs = 2_000;

/** The replies that the control plane's loops get, which ask again and again. */
export class LoopReplies implements WebhookReplies {
  readonly #replies = new Map<string, { readonly reply: WebhookReply; readonly until: number }>();

  replyTo({ key }: WebhookCall): WebhookReply | undefined {
    const known = this.#replies.get(key);
    return known && known.until > Date.now() ? known.reply : undefined;
  }

  async ask(calls: readonly WebhookCall[]): Promise<void> {
    const replies = await Promise.all(calls.map(async (call) => [call.key, await send(call)] as const));
    const now = Date.now();
    for (const [key, { until }] of this.#replies) if (until <= now) this.#replies.delete(key);
    for (const [key, reply] of replies) this.#replies.set(key, { reply, until: now + heldMs });
  }
}

/** A write asks one webhook after the other, so it is tried once more than it has webhooks. */
const mostTries = 200;

/** Makes a write, asking the webhooks that it waits for. Without any it is made in one go. */
export async function settled<R>(write: () => R): Promise<R> {
  for (let tries = 1; ; tries += 1) {
    try {
      return write();
    } catch (error) {
      if (!(error instanceof PendingWebhookCalls) || tries === mostTries) throw error;
      await error.ask();
    }
  }
}

/** Calls a webhook over HTTPS; whatever goes wrong is its reply. */
function send({ url, caPem, timeoutSeconds, uid, review }: WebhookCall): Promise<WebhookReply> {
  const body = JSON.stringify(review);
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  const signal = AbortSignal.timeout(timeoutSeconds * 1000);
  return new Promise((resolve) => {
    const fail = (why: string) => resolve({ kind: 'failed', why });
    try {
      const outgoing = request(
        url,
        { method: 'POST', headers, signal, ...(caPem !== undefined && { ca: caPem }) },
        (incoming) => {
          const chunks: Buffer[] = [];
          let size = 0;
          incoming.on('data', (chunk: Buffer) => {
            chunks.push(chunk);
            size += chunk.length;
            if (size > longestAnswer) outgoing.destroy(new Error('the answer is too large'));
          });
          incoming.on('error', (error) => fail(`Post "${url}": ${reasonOf(error)}`));
          incoming.on('end', () =>
            resolve(replyOf(uid, incoming.statusCode ?? 0, Buffer.concat(chunks).toString())),
          );
        },
      );
      outgoing.on('error', (error) => fail(`Post "${url}": ${reasonOf(error)}`));
      outgoing.end(body);
    } catch (error) {
      // An address or certificate that can't be used at all.
      fail(`Post "${url}": ${error instanceof Error ? error.message : String(error)}`);
    }
  });
}

function replyOf(uid: string, status: number, text: string): WebhookReply {
  if (status === 404) return { kind: 'failed', why: 'the server could not find the requested resource' };
  if (status < 200 || status > 299) {
    const said = JSON.stringify(text.trim().slice(0, 200) || `status ${String(status)}`);
    const why = `an error on the server (${said}) has prevented the request from succeeding`;
    return { kind: 'failed', why };
  }
  try {
    return { kind: 'answered', uid, body: JSON.parse(text) as unknown };
  } catch {
    return { kind: 'failed', why: 'the webhook did not answer with JSON' };
  }
}

const untrusted = /SELF_SIGNED|UNABLE_TO_VERIFY|UNABLE_TO_GET_ISSUER|CERT_UNTRUSTED/;

/** What went wrong with a connection, as the API server says it. */
function reasonOf(error: Error & { code?: string; address?: string; port?: number }): string {
  const { code = '', name, message, address = '', port = 0 } = error;
  if (name === 'TimeoutError' || name === 'AbortError') return 'context deadline exceeded';
  if (code === 'ECONNREFUSED') return `dial tcp ${address}:${String(port)}: connect: connection refused`;
  if (code === 'ENOTFOUND') return `dial tcp: lookup failed: no such host`;
  if (untrusted.test(code))
    return 'tls: failed to verify certificate: x509: certificate signed by unknown authority';
  return message;
}
