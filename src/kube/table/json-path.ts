import { isObject } from '../object.js';

/** A JSONPath that can't be read. */
export class JsonPathError extends Error {
  override readonly name = 'JsonPathError';
}

/** One step of a path: from values to those below them. */
type Step = (values: readonly unknown[]) => readonly unknown[];

const member =
  (name: string): Step =>
  (values) =>
    values.flatMap((value) => (isObject(value) && Object.hasOwn(value, name) ? [value[name]] : []));

const everyMember: Step = (values) =>
  values.flatMap((value) =>
    Array.isArray(value) ? (value as unknown[]) : isObject(value) ? Object.values(value) : [],
  );

const descendants: Step = (values) =>
  values.flatMap((value): readonly unknown[] => [value, ...descendants(everyMember([value]))]);

/**
 * Reads a JSONPath as kubectl and printer columns write it (Kubernetes: JSONPath support), e.g. `.spec.replicas` or
 * `.status.conditions[?(@.type=="Ready")].status`. The returned function gives all values that it names.
 *
 * @throws JsonPathError
 */
export function parseJsonPath(text: string): (value: unknown) => readonly unknown[] {
  const braced = /^\s*\{(.*)\}\s*$/s.exec(text)?.[1];
  const steps = stepsOf((braced ?? text).trim());
  return (value) => steps.reduce((values, step) => step(values), [value] as readonly unknown[]);
}

function stepsOf(path: string): readonly Step[] {
  const steps: Step[] = [];
  let rest = path.startsWith('$') || path.startsWith('@') ? path.slice(1) : path;
  while (rest !== '') {
    if (rest.startsWith('..')) {
      steps.push(descendants);
      rest = rest.startsWith('..[') ? rest.slice(2) : rest.slice(1);
      continue;
    }
    const name = /^\.((?:\\.|[^.[\]\\\s])+)/s.exec(rest);
    if (name) {
      const [whole, escaped = ''] = name;
      steps.push(escaped === '*' ? everyMember : member(escaped.replace(/\\(.)/gs, '$1')));
      rest = rest.slice(whole.length);
      continue;
    }
    if (!rest.startsWith('[')) {
      if (rest === '.') return steps;
      throw new JsonPathError(`unrecognized character in action: ${JSON.stringify(rest.charAt(0))}`);
    }
    const end = closing(rest);
    steps.push(bracket(rest.slice(1, end).trim()));
    rest = rest.slice(end + 1);
  }
  return steps;
}

/** Where the bracket that a text begins with is closed; quoted ones don't count. */
function closing(text: string): number {
  let depth = 0;
  let quote = '';
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (quote !== '') {
      if (character === '\\') at += 1;
      else if (character === quote) quote = '';
    } else if (character === '"' || character === "'") quote = character;
    else if (character === '[') depth += 1;
    else if (character === ']') {
      depth -= 1;
      if (depth === 0) return at;
    }
  }
  throw new JsonPathError('unterminated array');
}

function bracket(inner: string): Step {
  if (inner === '*') return everyMember;
  const filter = /^\?\((.*)\)$/s.exec(inner)?.[1];
  if (filter !== undefined) return filterStep(filter);
  if (/^(['"]).*\1$/s.test(inner)) {
    const names = [...inner.matchAll(/'((?:\\.|[^'\\])*)'|"((?:\\.|[^"\\])*)"/gs)].map(([, single, double]) =>
      (single ?? double ?? '').replace(/\\(.)/gs, '$1'),
    );
    return (values) => names.flatMap((name) => member(name)(values));
  }
  const parts = inner.split(',').map((part) => elements(part.trim()));
  return (values) =>
    values.flatMap((value) => (Array.isArray(value) ? parts.flatMap((part) => part(value)) : []));
}

/** `[2]`, `[-1]`, `[1:3]`, `[::2]`. */
function elements(text: string): (list: readonly unknown[]) => readonly unknown[] {
  const slice = /^(-?\d*):(-?\d*)(?::(\d+))?$/.exec(text);
  if (slice) {
    const [, from = '', to = '', every = '1'] = slice;
    return (list) =>
      list
        .slice(from === '' ? 0 : Number(from), to === '' ? undefined : Number(to))
        .filter((_, index) => index % Number(every) === 0);
  }
  if (!/^-?\d+$/.test(text)) throw new JsonPathError(`invalid array index ${text}`);
  return (list) => {
    const found = list.at(Number(text));
    return found === undefined ? [] : [found];
  };
}

type Operand = (item: unknown) => unknown;

/** `?(@.type=="Ready")`, `?(@.ready)`. */
function filterStep(text: string): Step {
  const match = /^(.+?)\s*(==|!=|<=|>=|<|>)\s*(.+)$/s.exec(text.trim());
  if (!match) {
    const path = stepsOf(text.trim());
    return keepingElements(
      (item) => path.reduce((values, step) => step(values), [item] as readonly unknown[]).length > 0,
    );
  }
  const [, left = '', operator = '', right = ''] = match;
  const [one, other] = [operand(left), operand(right)];
  return keepingElements((item) => compares(one(item), operator, other(item)));
}

const keepingElements =
  (keeps: (item: unknown) => boolean): Step =>
  (values) =>
    values.flatMap((value) => (Array.isArray(value) ? (value as unknown[]).filter(keeps) : []));

function operand(text: string): Operand {
  const trimmed = text.trim();
  if (trimmed.startsWith('@')) {
    const path = stepsOf(trimmed);
    return (item) => path.reduce((values, step) => step(values), [item] as readonly unknown[])[0];
  }
  const quoted = /^(['"])(.*)\1$/s.exec(trimmed)?.[2];
  if (quoted !== undefined) return () => quoted.replace(/\\(.)/gs, '$1');
  if (trimmed === 'true' || trimmed === 'false') return () => trimmed === 'true';
  const number = Number(trimmed);
  if (trimmed !== '' && !Number.isNaN(number)) return () => number;
  throw new JsonPathError(`unrecognized identifier ${trimmed}`);
}

function compares(left: unknown, operator: string, right: unknown): boolean {
  if (operator === '==') return left === right;
  if (left === undefined || right === undefined) return false;
  if (operator === '!=') return left !== right;
  if (typeof left !== typeof right || (typeof left !== 'number' && typeof left !== 'string')) return false;
  const order = left < (right as typeof left) ? -1 : left === right ? 0 : 1;
  switch (operator) {
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    default:
      return order >= 0;
  }
}
