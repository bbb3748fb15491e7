import type { ServerResponse } from 'node:http';

/** Lines are sent together up to about this many characters. */
const chunkLength = 64 * 1024;
/** A reader that leaves so many bytes unread is cut off: it comes back with its last revision. */
const longestBacklog = 32 * 1024 * 1024;

/** The answer of one watch: what there is at its beginning, as fast as the client reads it, then what happens. */
export class WatchConnection {
  readonly #response: ServerResponse;
  /** What happens while the beginning is being sent. */
  #waiting: (string | Buffer)[] | undefined;

  constructor(response: ServerResponse) {
    this.#response = response;
  }

  /** Sends lines that are made as they are read; what is written meanwhile follows them. */
  async begin(lines: Iterable<string>, isDurable: Promise<void>): Promise<void> {
    this.#waiting = [];
    await isDurable;
    for (const chunk of joined(lines)) {
      if (this.#isOver) return;
      if (this.#response.write(chunk)) await new Promise((resolve) => setImmediate(resolve));
      else await this.#drained();
    }
    const waiting = this.#waiting;
    this.#waiting = undefined;
    for (const chunk of waiting) this.write(chunk);
  }

  /** Sends lines; they must be on disk by now. */
  write(lines: string | Buffer): void {
    if (this.#waiting) {
      this.#waiting.push(lines);
      return;
    }
    if (this.#isOver) return;
    this.#response.write(lines);
    if (this.#response.writableLength > longestBacklog) this.#response.destroy();
  }

  end(): void {
    this.#response.end();
  }

  /** The client has gone, or the watch has had its time: what happens after that is of no interest. */
  get #isOver(): boolean {
    return this.#response.destroyed || this.#response.writableEnded;
  }

  #drained(): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        this.#response.off('drain', done).off('close', done);
        resolve();
      };
      this.#response.on('drain', done).on('close', done);
    });
  }
}

/** Lines put together to chunks worth sending. */
function* joined(lines: Iterable<string>): Iterable<string> {
  let chunk = '';
  for (const line of lines) {
    chunk += line;
    if (chunk.length < chunkLength) continue;
    yield chunk;
    chunk = '';
  }
  if (chunk !== '') yield chunk;
}
