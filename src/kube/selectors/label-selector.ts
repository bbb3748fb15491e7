import { StatusError } from '../api/status-error.js';

export type Labels = Readonly<Record<string, string>>;
export type LabelMatcher = (labels: Labels) => boolean;

/** A LabelSelector of an object's spec (meta/v1). */
export interface LabelSelector {
  readonly matchLabels?: Labels;
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values?: readonly string[];
  }[];
}

export const everyLabel: LabelMatcher = () => true;
const noLabel: LabelMatcher = () => false;

/** Compiles an object's selector: an absent one matches nothing, an empty one everything (meta/v1 LabelSelector). */
export function compileLabelSelector(selector: LabelSelector | undefined): LabelMatcher {
  if (!selector) return noLabel;
  const equal = Object.entries(selector.matchLabels ?? {});
  const rules = (selector.matchExpressions ?? []).map(({ key, operator, values = [] }): LabelMatcher => {
    switch (operator) {
      case 'In':
        return (labels) => has(labels, key) && values.includes(labels[key] ?? '');
      case 'NotIn':
        return (labels) => !has(labels, key) || !values.includes(labels[key] ?? '');
      case 'Exists':
        return (labels) => has(labels, key);
      case 'DoesNotExist':
        return (labels) => !has(labels, key);
      default:
        return noLabel;
    }
  });
  return (labels) =>
    equal.every(([key, value]) => labels[key] === value) && rules.every((rule) => rule(labels));
}

/** An object's selector as the text that queries and Scale objects carry, e.g. `app=web,tier in (a,b)`. */
export function labelSelectorText(selector: LabelSelector | undefined): string {
  const equal = Object.entries(selector?.matchLabels ?? {}).map(([key, value]) => `${key}=${value}`);
  const rules = (selector?.matchExpressions ?? []).map(({ key, operator, values = [] }) => {
    const list = [...values].sort().join(',');
    if (operator === 'In') return `${key} in (${list})`;
    if (operator === 'NotIn') return `${key} notin (${list})`;
    return operator === 'Exists' ? key : `!${key}`;
  });
  return [...equal.sort(), ...rules].join(',');
}

const has = (labels: Labels, key: string): boolean => Object.hasOwn(labels, key);

type Token = { readonly kind: 'word' | 'symbol'; readonly text: string };

/**
 * Parses the `labelSelector` of a query: `a=b`, `a==b`, `a!=b`, `a`, `!a`, `a in (b,c)`, `a notin (b,c)`, `a>1`, `a<1`,
 * joined by commas (API conventions: label selectors).
 *
 * @throws StatusError 400
 */
export function parseLabelSelector(text: string): LabelMatcher {
  if (text.trim() === '') return everyLabel;
  const tokens = tokenize(text);
  let at = 0;
  const peek = () => tokens[at]?.text;
  const found = (expected: string): string => `found '${peek() ?? ''}', expected: ${expected}`;
  const fail = (expected: string): StatusError =>
    StatusError.badRequest(`unable to parse requirement: ${found(expected)}`);
  const word = (): string => {
    const token = tokens[at];
    if (token?.kind !== 'word') throw fail('identifier');
    at += 1;
    return token.text;
  };
  const values = (): ReadonlySet<string> => {
    if (peek() !== '(') throw fail("'('");
    at += 1;
    if (at >= tokens.length) throw fail("',', ')' or identifier");
    const found = new Set<string>();
    for (;;) {
      if (peek() === ')' || peek() === ',') found.add('');
      else found.add(word());
      if (peek() === ',') at += 1;
      else break;
    }
    if (peek() !== ')') throw fail("')' or ','");
    at += 1;
    return found;
  };
  const requirement = (): LabelMatcher => {
    if (peek() === '!') {
      at += 1;
      const key = checkedKey(word());
      return (labels) => !has(labels, key);
    }
    const key = checkedKey(word());
    const operator = peek();
    if (operator === undefined || operator === ',') return (labels) => has(labels, key);
    at += 1;
    if (operator === 'in' || operator === 'notin') {
      const set = values();
      return operator === 'in'
        ? (labels) => has(labels, key) && set.has(labels[key] ?? '')
        : (labels) => !has(labels, key) || !set.has(labels[key] ?? '');
    }
    const value = peek() === undefined || peek() === ',' ? '' : word();
    if (operator === '=' || operator === '==') return (labels) => labels[key] === value;
    if (operator === '!=') return (labels) => labels[key] !== value;
    if (operator === '>' || operator === '<') {
      const bound = Number(value);
      if (!/^[+-]?\d+$/.test(value)) {
        throw StatusError.badRequest(
          `unable to parse requirement: values[0]: Invalid value: ${JSON.stringify(value)}: for 'Gt', 'Lt' operators, the value must be an integer`,
        );
      }
      return (labels) => {
        const number = has(labels, key) ? Number(labels[key]) : NaN;
        return operator === '>' ? number > bound : number < bound;
      };
    }
    at -= 1;
    throw fail('in, notin, =, ==, !=, gt, lt');
  };

  const isTerm = (): boolean => peek() === '!' || tokens[at]?.kind === 'word';
  if (!isTerm()) throw StatusError.badRequest(found("!, identifier, or 'end of string'"));
  const matchers = [requirement()];
  while (at < tokens.length) {
    if (peek() !== ',') throw StatusError.badRequest(found("',' or 'end of string'"));
    at += 1;
    if (!isTerm()) throw StatusError.badRequest(found("identifier after ','"));
    matchers.push(requirement());
  }
  return (labels) => matchers.every((matches) => matches(labels));
}

function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = [];
  const pattern = /\s*(?:(==|!=|[=!<>(),])|([^\s=!<>(),]+))/gy;
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
    const [, symbol, word] = match;
    tokens.push(symbol === undefined ? { kind: 'word', text: word ?? '' } : { kind: 'symbol', text: symbol });
  }
  return tokens;
}

const labelName = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;

function checkedKey(key: string): string {
  const name = key.includes('/') ? key.slice(key.indexOf('/') + 1) : key;
  if (labelName.test(name) && name.length <= 63) return key;
  throw StatusError.badRequest(
    `unable to parse requirement: <nil>: Invalid value: "${key}": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')`,
  );
}
