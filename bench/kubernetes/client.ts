import { Agent, request } from 'node:https';
import type { Target } from './target.js';

/** An answer, with when its first byte and its end came. */
export interface Answer {
  readonly status: number;
  readonly bytes: number;
  /** Empty for a long one. */
  readonly text: string;
  readonly firstByteMs: number;
  readonly totalMs: number;
}

/** A client that keeps its connections. The certificates of servers made for a scene are not looked at. */
export class Client {
  readonly #target: Target;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 64, rejectUnauthorized: false });

  constructor(target: Target) {
    this.#target = target;
  }

  send(path: string, method = 'GET', body?: unknown, type = 'application/json'): Promise<Answer> {
    const start = performance.now();
    const { server, token } = this.#target;
    const headers = { authorization: `Bearer ${token}`, 'content-type': type };
    return new Promise((resolve, reject) => {
      const outgoing = request(`${server}${path}`, { method, headers, agent: this.#agent }, (incoming) => {
        let firstByteMs = 0;
        let bytes = 0;
        const kept: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => {
          if (bytes === 0) firstByteMs = performance.now() - start;
          bytes += chunk.length;
          if (bytes < 1_000_000) kept.push(chunk);
        });
        incoming.on('end', () => {
          const text = bytes < 1_000_000 ? Buffer.concat(kept).toString() : '';
          const totalMs = performance.now() - start;
          resolve({ status: incoming.statusCode ?? 0, bytes, text, firstByteMs, totalMs });
        });
      });
      outgoing.on('error', reject);
      outgoing.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }

  /** Opens watches, a connection each; resolves once all have begun. Calls back with the number of events that came. */
  async watch(path: string, count: number, onEvents: (events: number) => void): Promise<() => void> {
    const { server, token } = this.#target;
    const agent = new Agent({ maxSockets: Infinity, rejectUnauthorized: false });
    const headers = { authorization: `Bearer ${token}` };
    const open = (): Promise<void> =>
      new Promise((resolve, reject) => {
        const outgoing = request(`${server}${path}`, { headers, agent }, (incoming) => {
          incoming.on('data', (chunk: Buffer) => {
            let lines = 0;
            for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) lines += 1;
            onEvents(lines);
          });
          incoming.on('error', () => undefined);
          resolve();
        });
        outgoing.on('error', reject);
        outgoing.end();
      });
    for (let opened = 0; opened < count; opened += 50) {
      await Promise.all(Array.from({ length: Math.min(50, count - opened) }, open));
    }
    return () => agent.destroy();
  }

  close(): void {
    this.#agent.destroy();
  }
}
