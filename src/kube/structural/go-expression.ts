import { own } from '../../units/index.js';

/** What `(?flags)` says, from there to the end of its group (Go: RE2's syntax). */
interface Flags {
  readonly ignoreCase: boolean;
  readonly multiline: boolean;
  readonly dotAll: boolean;
  readonly ungreedy: boolean;
}

/** Code points, first and last. */
type Range = readonly [number, number];

const none: Flags = { ignoreCase: false, multiline: false, dotAll: false, ungreedy: false };
const flagNames: Readonly<Record<string, keyof Flags>> = {
  i: 'ignoreCase',
  m: 'multiline',
  s: 'dotAll',
  U: 'ungreedy',
};
const range = (text: string): Range => [codeOf(text), codeOf(text.slice(-1))];
const ranges = (...texts: readonly string[]): readonly Range[] => texts.map(range);
const perlClasses: Readonly<Record<string, readonly Range[]>> = {
  d: ranges('09'),
  s: ranges('\t\n', '\f\r', ' '),
  w: ranges('09', 'AZ', 'az', '_'),
};
const posixClasses: Readonly<Record<string, readonly Range[]>> = {
  alnum: ranges('09', 'AZ', 'az'),
  alpha: ranges('AZ', 'az'),
  ascii: [[0, 0x7f]],
  blank: ranges('\t', ' '),
  cntrl: [
    [0, 0x1f],
    [0x7f, 0x7f],
  ],
  digit: ranges('09'),
  graph: ranges('!~'),
  lower: ranges('az'),
  print: ranges(' ~'),
  punct: ranges('!/', ':@', '[`', '{~'),
  space: ranges('\t\r', ' '),
  upper: ranges('AZ'),
  word: ranges('09', 'AZ', 'az', '_'),
  xdigit: ranges('09', 'AF', 'af'),
};
const controls: Readonly<Record<string, string>> = { a: '\x07', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };
/** Go: the most that a repetition may say. */
const mostRepeats = 1000;

/** Thrown within this file alone, where an expression is none. */
class NoExpression extends Error {}

/**
 * The source of a JavaScript expression (flag `v`) that matches as one of Go's does; undefined where Go would refuse it, as it
 * does look-arounds and references back. Groups keep their order and lose their names.
 */
export function translateGoExpression(pattern: string): string | undefined {
  try {
    return new Translation(pattern).whole();
  } catch (error) {
    if (error instanceof NoExpression) return undefined;
    throw error;
  }
}

class Translation {
  readonly #text: string;
  #at = 0;
  #flags = none;
  /** Of the groups around, outermost first. */
  readonly #around: Flags[] = [];

  constructor(text: string) {
    this.#text = text;
  }

  whole(): string {
    let made = '';
    while (this.#at < this.#text.length) made += this.#next();
    if (this.#around.length > 0) throw new NoExpression();
    return made;
  }

  #next(): string {
    if (this.#takes('(')) return this.#group();
    if (this.#takes(')')) return this.#groupEnd();
    if (this.#takes('[')) return this.#characterClass();
    if (this.#takes('\\')) return this.#escape();
    if (this.#takes('|')) return '|';
    if (this.#takes('.')) return this.#flags.dotAll ? '[^]' : '[^\\n]';
    if (this.#takes('^')) return this.#flags.multiline ? '(?<![^\\n])' : '^';
    if (this.#takes('$')) return this.#flags.multiline ? '(?![^\\n])' : '$';
    const repeat = this.#match(/[*+?]|\{\d+(?:,\d*)?\}/y);
    return repeat ? this.#repetition(repeat[0]) : this.#characters(this.#character());
  }

  #group(): string {
    const opened = this.#match(/\?P?<\w+>|\?:/y)?.[0];
    if (opened === undefined && this.#takes('?')) return this.#flagGroup();
    this.#around.push(this.#flags);
    return opened === '?:' ? '(?:' : '(';
  }

  #flagGroup(): string {
    const said = this.#match(/([imsU]*)(?:-([imsU]+))?([:)])/y);
    if (!said || said[0] === ')') throw new NoExpression();
    const [, on = '', off = '', end] = said;
    const before = this.#flags;
    const set = (flags: Flags, names: string, value: boolean): Flags =>
      [...names].reduce((result, name) => ({ ...result, [own(flagNames, name) ?? name]: value }), flags);
    this.#flags = set(set(before, on, true), off, false);
    if (end === ')') return '';
    this.#around.push(before);
    return '(?:';
  }

  #groupEnd(): string {
    const outside = this.#around.pop();
    if (!outside) throw new NoExpression();
    this.#flags = outside;
    return ')';
  }

  #repetition(repeat: string): string {
    if ((repeat.match(/\d+/g) ?? []).some((count) => Number(count) > mostRepeats)) throw new NoExpression();
    const lazy = this.#takes('?');
    return `${repeat}${lazy === this.#flags.ungreedy ? '' : '?'}`;
  }

  #characters(...set: readonly Range[]): string {
    const [only] = set;
    const folded = this.#folded(set);
    return only && folded.length === 1 && only[0] === only[1] ? written(only[0]) : classOf(folded, false);
  }

  #escape(): string {
    if (this.#takes('Q')) return this.#quoted();
    const letter = this.#text.charAt(this.#at);
    if (letter === 'A' || letter === 'z' || letter === 'b' || letter === 'B') {
      this.#at += 1;
      return { A: '^', z: '$', b: '\\b', B: '\\B' }[letter];
    }
    return this.#namedClass() ?? this.#characters(this.#escaped());
  }

  #quoted(): string {
    const end = this.#text.indexOf('\\E', this.#at);
    const text = this.#text.slice(this.#at, end === -1 ? undefined : end);
    this.#at += text.length + (end === -1 ? 0 : 2);
    return [...text].map((character) => this.#characters(one(codeOf(character)))).join('');
  }

  /** What stands after a backslash, where it is a class. */
  #namedClass(): string | undefined {
    const perl = this.#match(/[dsw]/iy)?.[0];
    if (perl !== undefined) {
      const letter = perl.toLowerCase();
      return classOf(this.#folded(own(perlClasses, letter) ?? []), perl !== letter);
    }
    const unicode = this.#match(/([pP])(?:\{(\^?)(\w+)\}|([A-Z]))/y);
    if (!unicode) return undefined;
    const [, letter, not, long, short] = unicode;
    const name = long ?? short ?? '';
    const property = name.length > 2 ? `Script=${name}` : name;
    return `\\${(letter === 'P') === (not === '^') ? 'p' : 'P'}{${property}}`;
  }

  /** The character that an escape stands for. */
  #escaped(): Range {
    const octal = this.#match(/0[0-7]{0,2}|[1-7][0-7]{1,2}/y)?.[0];
    if (octal !== undefined) return one(parseInt(octal, 8));
    const hexadecimal = this.#match(/x(?:\{([0-9a-fA-F]+)\}|([0-9a-fA-F]{2}))/y);
    if (hexadecimal) return one(parseInt(hexadecimal[1] ?? hexadecimal[2] ?? '', 16));
    const control = this.#match(/[afnrtv]/y)?.[0];
    if (control !== undefined) return range(own(controls, control) ?? '');
    const sign = this.#match(/[!-/:-@[-`{-~]/y)?.[0];
    if (sign === undefined) throw new NoExpression();
    return range(sign);
  }

  #characterClass(): string {
    const negated = this.#takes('^');
    const parts: string[] = [];
    for (let first = true; first || !this.#takes(']'); first = false) parts.push(this.#classPart());
    return `[${negated ? '^' : ''}${parts.join('')}]`;
  }

  #classPart(): string {
    const posix = this.#match(/\[:(\^?)(\w+):\]/y);
    if (posix) {
      const set = own(posixClasses, posix[2] ?? '');
      if (!set) throw new NoExpression();
      return classOf(this.#folded(set), posix[1] === '^');
    }
    const first = this.#classCharacter();
    if (typeof first === 'string') return first;
    if (!/-[^\]]/y.test(this.#text.slice(this.#at))) return classOf(this.#folded([first]), false);
    this.#at += 1;
    const last = this.#classCharacter();
    if (typeof last === 'string' || last[0] < first[0]) throw new NoExpression();
    return classOf(this.#folded([[first[0], last[0]]]), false);
  }

  #classCharacter(): Range | string {
    if (!this.#takes('\\')) return this.#character();
    return this.#namedClass() ?? this.#escaped();
  }

  #folded(set: readonly Range[]): readonly Range[] {
    if (!this.#flags.ignoreCase) return set;
    const shifted = (from: Range, by: number): readonly Range[] =>
      set.flatMap(([first, last]) => {
        const [low, high] = [Math.max(first, from[0]), Math.min(last, from[1])];
        return low <= high ? [[low + by, high + by] as const] : [];
      });
    const others = set.flatMap(([first, last]) => (first === last && first > 0x7f ? otherCases(first) : []));
    return [...set, ...shifted(range('AZ'), 32), ...shifted(range('az'), -32), ...others];
  }

  #character(): Range {
    const code = this.#text.codePointAt(this.#at);
    if (code === undefined) throw new NoExpression();
    this.#at += code > 0xffff ? 2 : 1;
    return one(code);
  }

  #takes(character: string): boolean {
    if (this.#text.charAt(this.#at) !== character) return false;
    this.#at += 1;
    return true;
  }

  #match(sticky: RegExp): RegExpExecArray | undefined {
    sticky.lastIndex = this.#at;
    const found = sticky.exec(this.#text);
    if (!found) return undefined;
    this.#at += found[0].length;
    return found;
  }
}

function codeOf(text: string): number {
  return text.codePointAt(0) ?? 0;
}

function one(code: number): Range {
  if (code > 0x10ffff) throw new NoExpression();
  return [code, code];
}

/** A character beyond ASCII in its other case, where it has one. */
function otherCases(code: number): readonly Range[] {
  const text = String.fromCodePoint(code);
  return [text.toLowerCase(), text.toUpperCase()]
    .filter((other) => other !== text && [...other].length === 1)
    .map(range);
}

function written(code: number): string {
  const text = String.fromCodePoint(code);
  return /^\w$/.test(text) ? text : `\\u{${code.toString(16)}}`;
}

function classOf(set: readonly Range[], negated: boolean): string {
  const parts = set.map(([first, last]) =>
    first === last ? written(first) : `${written(first)}-${written(last)}`,
  );
  return `[${negated ? '^' : ''}${parts.join('')}]`;
}
