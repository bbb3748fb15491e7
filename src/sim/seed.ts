import { createHash } from 'node:crypto';

/** Pseudo-random values; the same stream always gives the same sequence. */
export interface Rng {
  /** In [0, 1). */
  float(): number;
  /** A whole number in [0, maxExclusive). */
  int(maxExclusive: number): number;
  /** In [min, max). */
  between(min: number, max: number): number;
  /** @throws RangeError for an empty list. */
  pick<T>(items: readonly T[]): T;
  /** Lower-case hexadecimal digits. */
  hex(length: number): string;
  /** A GUID of version 4's form. */
  guid(): string;
}

/**
 * The world's seed. A stream is named by its consumer and a key, and is made anew from the names each time: nothing has
 * to survive a restart, and a new consumer shifts no other.
 */
export class Seed {
  readonly #seed: string;
  readonly #salts = new Map<string, number>();

  constructor(seed: string | number) {
    this.#seed = String(seed);
  }

  stream(consumer: string, key = ''): Rng {
    const digest = createHash('sha256')
      .update(JSON.stringify([this.#seed, consumer, key]))
      .digest();
    return new Sfc32(digest.readUInt32LE(0), digest.readUInt32LE(4), digest.readUInt32LE(8));
  }

  /** One draw in [0, 1) for a consumer and key, where a whole stream would cost too much. */
  fraction(consumer: string, key: string): number {
    let salt = this.#salts.get(consumer);
    if (salt === undefined) {
      salt = Math.floor(this.stream(consumer).float() * 2 ** 32);
      this.#salts.set(consumer, salt);
    }
    return fractionOf(salt, key);
  }
}

/** A number in [0, 1) from a text and a salt: FNV-1a, then the mixing of MurmurHash3. */
function fractionOf(salt: number, text: string): number {
  let hash = salt ^ 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}

/** Chris Doty-Humphrey's "small fast counting" generator with 32-bit words. */
class Sfc32 implements Rng {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  constructor(a: number, b: number, c: number) {
    this.#a = a;
    this.#b = b;
    this.#c = c;
  }

  #next(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }

  float(): number {
    return this.#next() / 2 ** 32;
  }

  int(maxExclusive: number): number {
    return Math.floor(this.float() * maxExclusive);
  }

  between(min: number, max: number): number {
    return min + this.float() * (max - min);
  }

  pick<T>(items: readonly T[]): T {
    const item = items[this.int(items.length)];
    if (item === undefined) throw new RangeError('pick() needs at least one item');
    return item;
  }

  hex(length: number): string {
    let digits = '';
    while (digits.length < length) digits += this.#next().toString(16).padStart(8, '0');
    return digits.slice(0, length);
  }

  guid(): string {
    const digits = this.hex(32);
    const variant = (0x8 | (parseInt(digits.charAt(16), 16) & 0x3)).toString(16);
    return [
      digits.slice(0, 8),
      digits.slice(8, 12),
      `4${digits.slice(13, 16)}`,
      `${variant}${digits.slice(17, 20)}`,
      digits.slice(20),
    ].join('-');
  }
}
