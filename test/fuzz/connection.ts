import { connect } from 'node:tls';
import type { ConnectionOptions, TLSSocket } from 'node:tls';
import { AnswerReader } from './answer-reader.js';
import type { FuzzAnswer } from './answer-reader.js';
import type { FuzzRequest } from './requests.js';

/** The cluster that is sent to. */
export interface FuzzTarget {
  readonly server: string;
  readonly token: string;
  readonly caPem: string;
}

/** Longer than any answer takes that ends by itself, on a machine that is busy. */
const patience = 180_000;
/** A watch is left after so long. */
const watchPatience = 150;

/** What became of a request: its answer, or that its connection ended without one. */
export type Outcome = FuzzAnswer | 'no answer';

/**
 * Sends requests, one after another, over a connection that is kept as long as the server keeps it. It writes the bytes
 * itself: Node's own client refuses to send what is no good HTTP, and takes more time than the server does.
 */
export class Connection {
  readonly #target: FuzzTarget;
  readonly #options: ConnectionOptions;
  readonly #host: string;
  readonly #root: string;
  #socket: TLSSocket | undefined;

  constructor(target: FuzzTarget) {
    this.#target = target;
    const { hostname, port, host, pathname } = new URL(target.server);
    this.#host = host;
    this.#root = pathname.replace(/\/$/, '');
    this.#options = { host: hostname, port: Number(port), servername: hostname, ca: target.caPem };
  }

  /** @throws Error when no answer comes that should, or what comes is no HTTP. */
  async send(request: FuzzRequest): Promise<Outcome> {
    try {
      return await this.#exchange(request, await this.#open());
    } catch (error) {
      this.close();
      throw error;
    }
  }

  close(): void {
    this.#socket?.destroy();
    this.#socket = undefined;
  }

  async #open(): Promise<TLSSocket> {
    if (this.#socket && !this.#socket.destroyed && this.#socket.writable) return this.#socket;
    const socket = connect(this.#options);
    this.#socket = socket;
    await new Promise<void>((resolve, reject) => {
      socket.once('secureConnect', resolve).once('error', reject);
    });
    socket.removeAllListeners('error');
    // Whoever waits hears that it has closed.
    socket.on('error', () => undefined);
    socket.setNoDelay(true);
    return socket;
  }

  #exchange(request: FuzzRequest, socket: TLSSocket): Promise<Outcome> {
    const { delivery } = request;
    const reader = new AnswerReader(delivery.kind === 'raw' ? 'any' : request.method);
    return new Promise<Outcome>((resolve, reject) => {
      const timers: NodeJS.Timeout[] = [];
      const finish = (end: () => void, isKept: boolean): void => {
        for (const timer of timers) clearTimeout(timer);
        socket.off('data', read).off('close', closed);
        if (!isKept) this.close();
        end();
      };
      const read = (bytes: Buffer): void => {
        try {
          const isKnown = reader.status !== undefined;
          if (reader.push(bytes)) {
            if (reader.hasMore && delivery.kind !== 'raw') throw new Error('more came than the answer says');
            const answer = reader.answer(true);
            // What comes after bad bytes is anyone's guess.
            finish(() => resolve(answer), reader.isKept && delivery.kind !== 'raw');
          } else if (!isKnown && reader.status === 200 && isWatch(request)) {
            timers.push(setTimeout(() => finish(() => resolve(reader.answer(false)), false), watchPatience));
          }
        } catch (error) {
          finish(() => reject(error as Error), false);
        }
      };
      const closed = (): void => {
        const isLeft = delivery.kind === 'cut' || delivery.kind === 'raw';
        // An answer without a length ends with its connection.
        if (reader.status !== undefined) finish(() => resolve(reader.answer(!isLeft)), false);
        else if (isLeft || isTooLarge(request)) finish(() => resolve('no answer'), false);
        else finish(() => reject(new Error('the connection was closed')), false);
      };
      const late = (): void => finish(() => reject(new Error(`no answer in ${String(patience)} ms`)), false);
      timers.push(setTimeout(late, patience));
      socket.on('data', read).on('close', closed);
      this.#write(socket, request);
    });
  }

  #write(socket: TLSSocket, request: FuzzRequest): void {
    const { delivery } = request;
    const body = request.body === undefined ? undefined : Buffer.from(request.body);
    switch (delivery.kind) {
      case 'whole':
        socket.write(this.#head(request, body && `content-length: ${String(body.length)}`));
        if (body) socket.write(body);
        return;
      case 'chunked':
        socket.write(this.#head(request, body && 'transfer-encoding: chunked'));
        for (const piece of body ? pieces(body, delivery.pieces) : []) {
          socket.write(`${piece.length.toString(16)}\r\n`);
          socket.write(piece);
          socket.write('\r\n');
        }
        if (body) socket.write('0\r\n\r\n');
        return;
      case 'cut': {
        const length = body ? `content-length: ${String(body.length)}` : undefined;
        const bytes = Buffer.concat([this.#head(request, length), body ?? Buffer.alloc(0)]);
        const part = bytes.subarray(0, Math.floor(bytes.length * delivery.share));
        socket.write(part, () => socket.destroy());
        return;
      }
      case 'raw':
        socket.end(delivery.bytes(this.#root));
        return;
    }
  }

  #head({ method, path, headers }: FuzzRequest, length: string | undefined): Buffer {
    const isSignedIn = !('authorization' in headers);
    return Buffer.from(
      [
        `${method} ${this.#root}${path} HTTP/1.1`,
        `host: ${this.#host}`,
        ...(isSignedIn ? [`authorization: Bearer ${this.#target.token}`] : []),
        ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
        ...(length === undefined ? [] : [length]),
        '\r\n',
      ].join('\r\n'),
    );
  }
}

/** A watch, by its query or by the older paths. */
export const isWatch = ({ path }: Pick<FuzzRequest, 'path'>): boolean =>
  /[?&]watch(=|&|$)/.test(path) || /^\/apis?\/([^/]+\/)?[^/]+\/watch\//.test(path);

/** The server may end the connection when it refuses a body that is far too large while it still comes. */
const isTooLarge = ({ body }: FuzzRequest): boolean => (body?.length ?? 0) > 32_000_000;

function* pieces(body: Buffer, count: number): Iterable<Buffer> {
  const size = Math.max(1, Math.ceil(body.length / count));
  for (let at = 0; at < body.length; at += size) yield body.subarray(at, at + size);
}
