import type { Environment } from '@marcbachmann/cel-js';
import { fromMilli, isQuantity, milliValue, own } from '../../units/index.js';
import { addTwoVariableComprehensions } from './cel-comprehensions.js';
import { addFormatsAndSets, addNetworkFunctions, addSemverFunctions } from './cel-network.js';
import { compilePattern } from './patterns.js';

/** A quantity in a rule (Kubernetes: CEL quantity library). */
class Quantity {
  readonly milli: number;

  constructor(milli: number) {
    this.milli = milli;
  }
}

/** An amount as rules see it. @throws Error for a text that is none */
export function celQuantity(text: string): Quantity {
  if (!isQuantity(text)) throw new Error(`quantities must match the regular expression: ${text}`);
  return new Quantity(milliValue(text));
}

/** An URL in a rule (Kubernetes: CEL URL library). */
class Url {
  readonly url: URL;

  constructor(url: URL) {
    this.url = url;
  }
}

const parsedUrl = (text: string): URL | undefined => {
  if (!URL.canParse(text)) return undefined;
  return new URL(text);
};

type Order = bigint | number | string;

const compare = (a: unknown, b: unknown): number => {
  const [one, other] = [a as Order, b as Order];
  if (one < other) return -1;
  return one > other ? 1 : 0;
};

const equal = (a: unknown, b: unknown): boolean => jsonOf(a) === jsonOf(b);

/** A value of a rule as JSON; integers of the language are big ones. */
const jsonOf = (value: unknown): string =>
  JSON.stringify(value, (_key, member: unknown) => (typeof member === 'bigint' ? Number(member) : member));

function total(list: readonly unknown[]): unknown {
  if (list.every((value) => typeof value === 'bigint')) {
    return list.reduce<bigint>((sum, value) => sum + value, 0n);
  }
  return list.reduce<number>((sum, value) => sum + Number(value), 0);
}

function extreme(list: readonly unknown[], sign: 1 | -1): unknown {
  if (list.length === 0) throw new Error(`${sign === 1 ? 'max' : 'min'} called on empty list`);
  return list.reduce((best, value) => (compare(value, best) * sign > 0 ? value : best));
}

/** Go's verbs of `format`, as far as rules use them. */
function formatted(format: string, values: readonly unknown[]): string {
  let next = 0;
  return format.replace(/%(%|s|d|f|e|b|x|X|o|\.\d+f)/g, (verb) => {
    if (verb === '%%') return '%';
    const value = values[next];
    next += 1;
    const digits = /^%\.(\d+)f$/.exec(verb)?.[1];
    if (digits !== undefined) return Number(value).toFixed(Number(digits));
    const bases: Readonly<Record<string, number>> = { '%b': 2, '%o': 8, '%x': 16, '%X': 16 };
    const base = own(bases, verb);
    if (base === undefined || typeof value !== 'bigint') return textOf(value);
    const text = value.toString(base);
    return verb === '%X' ? text.toUpperCase() : text;
  });
}

const textOf = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'bigint' || typeof value === 'number'
    ? String(value)
    : jsonOf(value);

/** Adds the functions that Kubernetes' rules have beyond the language's own (Kubernetes: CEL libraries). */
export function addLibraries(environment: Environment): void {
  addTextFunctions(environment);
  addListFunctions(environment);
  addAddressFunctions(environment);
  addQuantityFunctions(environment);
  addNetworkFunctions(environment);
  addSemverFunctions(environment);
  addFormatsAndSets(environment, equal);
  addTwoVariableComprehensions(environment);
  // What a schema tells to be a moment or a duration is one already: converting it changes nothing.
  environment
    .registerFunction('duration(google.protobuf.Duration): google.protobuf.Duration', (one: unknown) => one)
    .registerFunction(
      'timestamp(google.protobuf.Timestamp): google.protobuf.Timestamp',
      (one: unknown) => one,
    );
}

function addTextFunctions(environment: Environment): void {
  const matchesOf = (pattern: string) => {
    const expression = compilePattern(pattern);
    if (!expression) throw new Error(`error parsing regexp: ${pattern}`);
    return new RegExp(expression.source, `${expression.flags}g`);
  };
  environment
    .registerFunction('string.replace(string, string): string', (text: string, from: string, to: string) =>
      text.replaceAll(from, to),
    )
    .registerFunction(
      'string.replace(string, string, int): string',
      (text: string, from: string, to: string, most: bigint) => {
        let left = most;
        return text.replaceAll(from, (found) => {
          if (left === 0n) return found;
          left -= 1n;
          return to;
        });
      },
    )
    .registerFunction('string.charAt(int): string', (text: string, at: bigint) => text.charAt(Number(at)))
    .registerFunction('string.format(list): string', (text: string, values: unknown[]) =>
      formatted(text, values),
    )
    .registerFunction('string.find(string): string', (text: string, pattern: string) => {
      const [first = ''] = text.match(matchesOf(pattern)) ?? [];
      return first;
    })
    .registerFunction('string.findAll(string): list', (text: string, pattern: string) => [
      ...(text.match(matchesOf(pattern)) ?? []),
    ])
    .registerFunction('string.findAll(string, int): list', (text: string, pattern: string, most: bigint) =>
      [...(text.match(matchesOf(pattern)) ?? [])].slice(0, most < 0n ? undefined : Number(most)),
    );
}

function addListFunctions(environment: Environment): void {
  environment
    .registerFunction('list.isSorted(): bool', (list: unknown[]) =>
      list.every((value, index) => index === 0 || compare(list[index - 1], value) <= 0),
    )
    .registerFunction('list.sum(): dyn', (list: unknown[]) => total(list))
    .registerFunction('list.min(): dyn', (list: unknown[]) => extreme(list, -1))
    .registerFunction('list.max(): dyn', (list: unknown[]) => extreme(list, 1))
    .registerFunction('list.indexOf(dyn): int', (list: unknown[], value: unknown) =>
      BigInt(list.findIndex((one) => equal(one, value))),
    )
    .registerFunction('list.lastIndexOf(dyn): int', (list: unknown[], value: unknown) =>
      BigInt(list.findLastIndex((one) => equal(one, value))),
    );
}

function addAddressFunctions(environment: Environment): void {
  environment
    .registerType('kubernetes.URL', Url)
    .registerFunction('isURL(string): bool', (text: string) => parsedUrl(text) !== undefined)
    .registerFunction('url(string): kubernetes.URL', (text: string) => {
      const url = parsedUrl(text);
      if (!url) throw new Error(`URL parse error during conversion from string: ${text}`);
      return new Url(url);
    })
    .registerFunction('kubernetes.URL.getScheme(): string', ({ url }: Url) => url.protocol.slice(0, -1))
    .registerFunction('kubernetes.URL.getHost(): string', ({ url }: Url) => url.host)
    .registerFunction('kubernetes.URL.getHostname(): string', ({ url }: Url) => url.hostname)
    .registerFunction('kubernetes.URL.getPort(): string', ({ url }: Url) => url.port)
    .registerFunction('kubernetes.URL.getEscapedPath(): string', ({ url }: Url) => url.pathname)
    .registerFunction('kubernetes.URL.getQuery(): map', ({ url }: Url) => {
      const names = [...new Set(url.searchParams.keys())];
      return new Map(names.map((name) => [name, url.searchParams.getAll(name)]));
    });
}

function addQuantityFunctions(environment: Environment): void {
  const name = 'kubernetes.Quantity';
  environment
    .registerType(name, Quantity)
    .registerFunction('isQuantity(string): bool', (text: string) => isQuantity(text))
    .registerFunction(`quantity(string): ${name}`, celQuantity)
    .registerFunction(`${name}.isGreaterThan(${name}): bool`, (a: Quantity, b: Quantity) => a.milli > b.milli)
    .registerFunction(`${name}.isLessThan(${name}): bool`, (a: Quantity, b: Quantity) => a.milli < b.milli)
    .registerFunction(`${name}.compareTo(${name}): int`, (a: Quantity, b: Quantity) =>
      BigInt(compare(a.milli, b.milli)),
    )
    .registerFunction(`${name}.sign(): int`, ({ milli }: Quantity) => BigInt(Math.sign(milli)))
    .registerFunction(`${name}.isInteger(): bool`, ({ milli }: Quantity) => milli % 1000 === 0)
    .registerFunction(`${name}.asInteger(): int`, ({ milli }: Quantity) => BigInt(Math.trunc(milli / 1000)))
    .registerFunction(`${name}.asApproximateFloat(): double`, ({ milli }: Quantity) => milli / 1000)
    .registerFunction(
      `${name}.add(${name}): ${name}`,
      (a: Quantity, b: Quantity) => new Quantity(a.milli + b.milli),
    )
    .registerFunction(
      `${name}.sub(${name}): ${name}`,
      (a: Quantity, b: Quantity) => new Quantity(a.milli - b.milli),
    )
    .registerFunction(
      `${name}.add(int): ${name}`,
      (a: Quantity, b: bigint) => new Quantity(a.milli + Number(b) * 1000),
    )
    .registerFunction(
      `${name}.sub(int): ${name}`,
      (a: Quantity, b: bigint) => new Quantity(a.milli - Number(b) * 1000),
    )
    .registerFunction(`string(${name}): string`, ({ milli }: Quantity) => fromMilli(milli));
}
