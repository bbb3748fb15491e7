import { mostTextFaults } from '../../kube/index.js';

/** What a look at the text of a JSON value finds. */
export interface JsonText {
  /** Why it is no JSON, in the words of Go's decoder; undefined for sound text. */
  readonly fault: string | undefined;
  /** The members that are given again, as many of them as are told. */
  readonly repeated: readonly RepeatedMember[];
}

/** A member that its object has already. */
export interface RepeatedMember {
  /** E.g. `spec.containers[0].image`. */
  readonly path: string;
  readonly name: string;
  /** The line that it is given on again, from 1. */
  readonly line: number;
}

/**
 * Reads the text of a JSON value for what `JSON.parse` does not tell: where it stops being JSON as Go says it, and which
 * members it has twice.
 */
export const readJsonText = (text: string): JsonText => new Scan(text).read();

/** True unless the text may have a member twice: `members` are those that are left of it. */
export function isPlainText(text: string, members: number): boolean {
  let named = 0;
  for (const _name of text.matchAll(/"\s*:/g)) named += 1;
  return named === members;
}

/** How many members the objects of a value have together. */
export function membersWithin(value: unknown): number {
  let count = 0;
  const left: unknown[] = [value];
  while (left.length > 0) {
    const next = left.pop();
    if (typeof next !== 'object' || next === null) continue;
    const values: readonly unknown[] = Object.values(next);
    if (!Array.isArray(next)) count += values.length;
    for (const one of values) if (typeof one === 'object') left.push(one);
  }
  return count;
}

interface Open {
  readonly path: string;
  /** The names so far; undefined in an array. */
  readonly names: Set<string> | undefined;
  index: number;
  /** The member that is being read. */
  name: string;
}

class Fault extends Error {}

const isSpace = (character: string): boolean => ' \t\r\n'.includes(character);
const isDigit = (character: string): boolean => character >= '0' && character <= '9' && character !== '';

class Scan {
  readonly #text: string;
  readonly #open: Open[] = [];
  readonly #repeated: RepeatedMember[] = [];
  #at = 0;
  #line = 1;

  constructor(text: string) {
    this.#text = text;
  }

  read(): JsonText {
    try {
      this.#document();
      return { fault: undefined, repeated: this.#repeated };
    } catch (error) {
      if (error instanceof Fault) return { fault: error.message, repeated: [] };
      throw error;
    }
  }

  #document(): void {
    this.#value();
    while (this.#open.length > 0) this.#next();
    this.#space();
    if (this.#at < this.#text.length) throw this.#unexpected('after top-level value');
  }

  /** Goes on after a value that was inside of something. */
  #next(): void {
    const inside = this.#open.at(-1);
    if (!inside) return;
    const isFirst = inside.index < 0;
    this.#space();
    const close = inside.names ? '}' : ']';
    if (this.#peek() === close) {
      this.#at += 1;
      this.#open.pop();
      return;
    }
    if (!isFirst) {
      if (this.#peek() !== ',')
        throw this.#unexpected(inside.names ? 'after object key:value pair' : 'after array element');
      this.#at += 1;
    }
    inside.index += 1;
    if (inside.names) this.#name(inside, inside.names);
    this.#value();
  }

  #name(inside: Open, names: Set<string>): void {
    this.#space();
    if (this.#peek() !== '"') throw this.#unexpected('looking for beginning of object key string');
    const name = this.#string();
    inside.name = name;
    if (names.has(name) && this.#repeated.length < mostTextFaults)
      this.#repeated.push({ path: this.#path(), name, line: this.#line });
    names.add(name);
    this.#space();
    if (this.#peek() !== ':') throw this.#unexpected('after object key');
    this.#at += 1;
  }

  /** The path of what is being read. */
  #path(): string {
    const inside = this.#open.at(-1);
    if (!inside) return '';
    if (!inside.names) return `${inside.path}[${String(inside.index)}]`;
    return inside.path === '' ? inside.name : `${inside.path}.${inside.name}`;
  }

  #value(): void {
    this.#space();
    const character = this.#peek();
    if (character === '{' || character === '[') {
      const names = character === '{' ? new Set<string>() : undefined;
      this.#open.push({ path: this.#path(), names, index: -1, name: '' });
      this.#at += 1;
    } else if (character === '"') this.#string();
    else if (character === '-' || isDigit(character)) this.#number();
    else if (character === 't') this.#literal('true');
    else if (character === 'f') this.#literal('false');
    else if (character === 'n') this.#literal('null');
    else throw this.#unexpected('looking for beginning of value');
  }

  #literal(word: string): void {
    for (const [index, letter] of [...word].entries()) {
      if (index > 0 && this.#peek() !== letter)
        throw this.#unexpected(`in literal ${word} (expecting '${letter}')`);
      this.#at += 1;
    }
  }

  #string(): string {
    const start = this.#at;
    this.#at += 1;
    while (this.#peek() !== '"') {
      const character = this.#text.charAt(this.#at);
      if (character !== '' && character < ' ') throw this.#unexpected('in string literal');
      if (character === '\\') this.#escape();
      else if (character === '') throw this.#unexpected('');
      else this.#at += 1;
    }
    this.#at += 1;
    return JSON.parse(this.#text.slice(start, this.#at)) as string;
  }

  #escape(): void {
    this.#at += 1;
    if (!'"\\/bfnrtu'.includes(this.#peek() || ' ')) throw this.#unexpected('in string escape code');
    const isUnicode = this.#peek() === 'u';
    this.#at += 1;
    for (let digit = 0; isUnicode && digit < 4; digit += 1) {
      if (!/^[0-9A-Fa-f]$/.test(this.#peek())) throw this.#unexpected('in \\u hexadecimal character escape');
      this.#at += 1;
    }
  }

  #number(): void {
    if (this.#peek() === '-') this.#at += 1;
    if (this.#peek() === '0') this.#at += 1;
    else this.#digits('in numeric literal');
    if (this.#peek() === '.') {
      this.#at += 1;
      this.#digits('after decimal point in numeric literal');
    }
    if (this.#peek().toLowerCase() !== 'e') return;
    this.#at += 1;
    if (this.#peek() === '+' || this.#peek() === '-') this.#at += 1;
    this.#digits('in exponent of numeric literal');
  }

  #digits(where: string): void {
    if (!isDigit(this.#peek())) throw this.#unexpected(where);
    while (isDigit(this.#peek())) this.#at += 1;
  }

  #space(): void {
    for (; this.#at < this.#text.length && isSpace(this.#peek()); this.#at += 1)
      if (this.#peek() === '\n') this.#line += 1;
  }

  #peek(): string {
    return this.#text.charAt(this.#at);
  }

  #unexpected(where: string): Fault {
    const point = this.#text.codePointAt(this.#at);
    if (point === undefined) return new Fault('unexpected end of JSON input');
    // Go's decoder goes by bytes.
    const byte = Buffer.from(String.fromCodePoint(point))[0] ?? 0;
    return new Fault(`invalid character ${quoted(byte)} ${where}`);
  }
}

const named = new Map([
  [0x07, '\\a'],
  [0x08, '\\b'],
  [0x09, '\\t'],
  [0x0a, '\\n'],
  [0x0b, '\\v'],
  [0x0c, '\\f'],
  [0x0d, '\\r'],
  [0x27, "\\'"],
  [0x5c, '\\\\'],
]);

/** A byte as Go quotes a character. */
function quoted(byte: number): string {
  const hex = byte.toString(16).padStart(2, '0');
  const isControl = byte < 0x20 || byte === 0x7f;
  const isHigh = byte >= 0x80 && byte < 0xa0;
  const plain = isControl ? `\\x${hex}` : isHigh ? `\\u00${hex}` : String.fromCharCode(byte);
  return `'${named.get(byte) ?? plain}'`;
}
