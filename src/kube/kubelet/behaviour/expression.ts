/**
 * The one grammar of behaviour annotations:
 *
 *     list       = item { "," item }
 *     item       = [ literal "=" ] expression
 *     expression = literal | name "(" expression { "," expression } ")"
 *
 * e.g. `90s`, `uniform(10s,30s)`, `0s=100m,10m=2`, `ramp(100m,uniform(1,2),10m)`, `60s..90s,5m..`.
 */
export type Expression =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expression[] };

/** An expression of a list, with the literal before its `=`. */
export interface Item {
  readonly at: string | undefined;
  readonly value: Expression;
}

/** An annotation that can't be understood; the message says what was expected. */
export class BehaviourFault extends Error {}

const tokens = /\s*([(),=]|[^\s(),=]+)/y;

class Parser {
  readonly #tokens: readonly string[];
  #at = 0;

  constructor(text: string) {
    this.#tokens = tokenize(text);
  }

  list(): readonly Item[] {
    const items = [this.#item()];
    while (this.#take(',')) items.push(this.#item());
    if (this.#at < this.#tokens.length)
      throw new BehaviourFault(`unexpected "${this.#tokens[this.#at] ?? ''}"`);
    return items;
  }

  #item(): Item {
    const value = this.#expression();
    if (!this.#take('=')) return { at: undefined, value };
    if (value.kind !== 'literal') throw new BehaviourFault('a moment such as "10m" must stand before "="');
    return { at: value.text, value: this.#expression() };
  }

  #expression(): Expression {
    const text = this.#tokens[this.#at];
    if (text === undefined || /^[(),=]$/.test(text)) {
      throw new BehaviourFault(text === undefined ? 'a value is missing' : `unexpected "${text}"`);
    }
    this.#at += 1;
    if (!this.#take('(')) return { kind: 'literal', text };
    const args = [this.#expression()];
    while (this.#take(',')) args.push(this.#expression());
    if (!this.#take(')')) throw new BehaviourFault('a ")" is missing');
    return { kind: 'call', name: text, args };
  }

  #take(token: string): boolean {
    if (this.#tokens[this.#at] !== token) return false;
    this.#at += 1;
    return true;
  }
}

function tokenize(text: string): readonly string[] {
  const found: string[] = [];
  const end = text.trimEnd().length;
  tokens.lastIndex = 0;
  while (tokens.lastIndex < end) {
    const match = tokens.exec(text);
    if (!match?.[1]) break;
    found.push(match[1]);
  }
  return found;
}

/** Reads a list of expressions. @throws BehaviourFault */
export const parseList = (text: string): readonly Item[] => new Parser(text).list();

/** Reads exactly one expression. @throws BehaviourFault */
export function parseOne(text: string): Expression {
  const [item, ...more] = parseList(text);
  if (!item || more.length > 0 || item.at !== undefined)
    throw new BehaviourFault('one value is expected, not a list');
  return item.value;
}
