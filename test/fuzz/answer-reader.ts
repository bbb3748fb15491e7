import { gunzipSync } from 'node:zlib';

/** What came back, as far as it was read. */
export interface FuzzAnswer {
  readonly status: number;
  readonly type: string;
  readonly text: string;
  /** False for what was left before it ended, or can't be read. */
  readonly isWhole: boolean;
}

interface Head {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
}

/** What of a body is still to come. */
type Left =
  | { readonly kind: 'bytes'; readonly count: number }
  | { readonly kind: 'chunks' }
  | { readonly kind: 'until closed' };

const endOfHead = Buffer.from('\r\n\r\n');

/** Reads one answer from the bytes of a connection (RFC 9112), and nothing more than that: a fuzzer has little time. */
export class AnswerReader {
  readonly #method: string;
  #rest: Buffer = Buffer.alloc(0);
  #head: Head | undefined;
  #left: Left = { kind: 'until closed' };
  readonly #body: Buffer[] = [];

  constructor(method: string) {
    this.#method = method;
  }

  /** Undefined until the head has come. */
  get status(): number | undefined {
    return this.#head?.status;
  }

  /** Whether the connection can take another request. */
  get isKept(): boolean {
    return (
      this.#head?.headers.get('connection')?.toLowerCase() !== 'close' && this.#left.kind !== 'until closed'
    );
  }

  /** Whether more has come than the answer. */
  get hasMore(): boolean {
    return this.#rest.length > 0;
  }

  /** Takes bytes; true once the answer is whole. @throws Error for what is no HTTP. */
  push(bytes: Buffer): boolean {
    this.#rest = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    while (!this.#head) {
      const at = this.#rest.indexOf(endOfHead);
      if (at < 0) return false;
      const head = headIn(this.#rest.subarray(0, at).toString('latin1'));
      this.#rest = this.#rest.subarray(at + endOfHead.length);
      // 100 Continue comes before the answer.
      if (head.status < 200) continue;
      this.#head = head;
      this.#left = this.#bodyOf(head);
    }
    switch (this.#left.kind) {
      case 'bytes':
        return this.#takeBytes(this.#left.count);
      case 'chunks':
        return this.#takeChunks();
      case 'until closed':
        this.#body.push(this.#rest);
        this.#rest = Buffer.alloc(0);
        return false;
    }
  }

  answer(isWhole: boolean): FuzzAnswer {
    const { status = 0, headers = new Map<string, string>() } = this.#head ?? {};
    const type = headers.get('content-type') ?? '';
    const body = Buffer.concat(this.#body);
    const isPacked = headers.get('content-encoding') === 'gzip';
    if (isPacked && !isWhole) return { status, type, text: '', isWhole };
    return { status, type, text: (isPacked ? gunzipSync(body) : body).toString(), isWhole };
  }

  #bodyOf({ status, headers }: Head): Left {
    if (this.#method === 'HEAD' || status === 204 || status === 304) return { kind: 'bytes', count: 0 };
    if (/chunked/i.test(headers.get('transfer-encoding') ?? '')) return { kind: 'chunks' };
    const length = headers.get('content-length');
    return length === undefined ? { kind: 'until closed' } : { kind: 'bytes', count: Number(length) };
  }

  #takeBytes(count: number): boolean {
    const part = this.#rest.subarray(0, count);
    this.#body.push(part);
    this.#rest = this.#rest.subarray(part.length);
    this.#left = { kind: 'bytes', count: count - part.length };
    return this.#left.count === 0;
  }

  #takeChunks(): boolean {
    for (;;) {
      const at = this.#rest.indexOf('\r\n');
      if (at < 0) return false;
      const text = this.#rest.subarray(0, at).toString('latin1');
      const size = /^[0-9a-f]+$/i.test(text) ? parseInt(text, 16) : NaN;
      if (Number.isNaN(size)) throw new Error(`a chunk of size ${text.slice(0, 40)}`);
      const end = at + 2 + size + 2;
      if (this.#rest.length < end) return false;
      if (size > 0) this.#body.push(this.#rest.subarray(at + 2, at + 2 + size));
      this.#rest = this.#rest.subarray(end);
      if (size === 0) return true;
    }
  }
}

function headIn(text: string): Head {
  const [first = '', ...lines] = text.split('\r\n');
  const [, status] = /^HTTP\/1\.1 (\d{3})(?: |$)/.exec(first) ?? [];
  if (status === undefined) throw new Error(`an answer that begins with ${first.slice(0, 80)}`);
  const headers = new Map(
    lines.map((line) => {
      const at = line.indexOf(':');
      return [line.slice(0, at).toLowerCase(), line.slice(at + 1).trim()] as const;
    }),
  );
  return { status: Number(status), headers };
}
