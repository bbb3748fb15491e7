/** Powers of ten that a decimal suffix stands for. */
const decimalPowers: Readonly<Record<string, number>> = {
  n: -9,
  u: -6,
  m: -3,
  '': 0,
  k: 3,
  M: 6,
  G: 9,
  T: 12,
  P: 15,
  E: 18,
};
const binarySuffixes = ['Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
const decimalSuffixes = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'];
const pattern = /^([+-]?)(\d+)?(?:\.(\d*))?(?:(Ki|Mi|Gi|Ti|Pi|Ei)|([eE][+-]?\d+)|([numkMGTPE]))?$/;

type Format = 'decimal' | 'binary' | 'exponent';

interface Amount {
  /** In billionths, the finest that a quantity can say. */
  readonly nanos: bigint;
  readonly format: Format;
}

const parsed = new Map<string, Amount | undefined>();
/** Texts remembered; worlds use few different ones. */
const remembered = 10_000;

function parse(text: string): Amount | undefined {
  const known = parsed.get(text);
  if (known || parsed.has(text)) return known;
  const amount = read(text);
  if (parsed.size >= remembered) parsed.clear();
  parsed.set(text, amount);
  return amount;
}

function read(text: string): Amount | undefined {
  const match = pattern.exec(text);
  if (!match) return undefined;
  const [, sign, whole = '', fraction = '', binary, exponent, decimal = ''] = match;
  if (whole === '' && fraction === '') return undefined;
  const digits = BigInt(whole + fraction) * (sign === '-' ? -1n : 1n);
  if (binary !== undefined) {
    const factor = 1024n ** BigInt(binarySuffixes.indexOf(binary) + 1);
    return { nanos: scaled(digits * factor, 9 - fraction.length), format: 'binary' };
  }
  const power = exponent === undefined ? (decimalPowers[decimal] ?? 0) : Number(exponent.slice(1));
  if (Math.abs(power) > 30) return undefined;
  const format = exponent === undefined ? 'decimal' : 'exponent';
  return { nanos: scaled(digits, 9 + power - fraction.length), format };
}

/** `digits` x 10^power, rounded away from zero where it is finer than one. */
function scaled(digits: bigint, power: number): bigint {
  if (power >= 0) return digits * 10n ** BigInt(power);
  const divisor = 10n ** BigInt(-power);
  const quotient = digits / divisor;
  if (digits % divisor === 0n) return quotient;
  return digits > 0n ? quotient + 1n : quotient - 1n;
}

/** True for the text of a Kubernetes quantity, e.g. `250m`, `1.5Gi`, `12e6`. */
export const isQuantity = (text: string): boolean => parse(text) !== undefined;

/**
 * A quantity as the API server writes it: no leading zeros, no fractions, the largest suffix that loses nothing
 * (Kubernetes: Quantity's canonical form). `1000m` is `1`, `0.5` is `500m`, `1024Mi` is `1Gi`.
 *
 * @throws RangeError for a text that is no quantity.
 */
export const canonicalQuantity = (text: string): string => written(checked(text));

function written({ nanos, format }: Amount): string {
  if (nanos === 0n) return '0';
  const one = 1_000_000_000n;
  if (format === 'binary' && nanos % one === 0n && abs(nanos) >= 1024n * one) {
    let value = nanos / one;
    let suffix = '';
    for (const next of binarySuffixes) {
      if (value % 1024n !== 0n) break;
      value /= 1024n;
      suffix = next;
    }
    return `${value}${suffix}`;
  }
  let value = nanos;
  let at = 0;
  while (at < decimalSuffixes.length - 1 && value % 1000n === 0n) {
    value /= 1000n;
    at += 1;
  }
  const suffix = decimalSuffixes[at] ?? '';
  if (format !== 'exponent') return `${value}${suffix}`;
  const power = decimalPowers[suffix] ?? 0;
  return power === 0 ? String(value) : `${value}e${power}`;
}

/** The quantity's number, e.g. 0.25 for `250m`, bytes for memory. @throws RangeError for a text that is no quantity. */
export const quantityValue = (text: string): number => Number(checked(text).nanos) / 1e9;

/** Thousandths, rounded up as Kubernetes does for cpu. @throws RangeError for a text that is no quantity. */
export function milliValue(text: string): number {
  const { nanos } = checked(text);
  const millis = nanos / 1_000_000n;
  return Number(nanos % 1_000_000n > 0n ? millis + 1n : millis);
}

/** A number of thousandths as a quantity, e.g. `250m` or `2`. */
export const fromMilli = (millis: number): string => canonicalQuantity(`${String(Math.round(millis))}m`);

/** The sum of two quantities, written as the first is (Kubernetes: Quantity.Add). @throws RangeError for a text that is none */
export const addQuantities = (first: string, second: string): string =>
  combined(first, second, (a, b) => a + b);

/** The first quantity less the second, written as the first is. @throws RangeError for a text that is none */
export const subtractQuantities = (first: string, second: string): string =>
  combined(first, second, (a, b) => a - b);

function combined(first: string, second: string, by: (a: bigint, b: bigint) => bigint): string {
  const a = checked(first);
  const b = checked(second);
  return written({ nanos: by(a.nanos, b.nanos), format: a.nanos === 0n ? b.format : a.format });
}

/** Below, at or above 0 as the first quantity is less than, equal to or more than the second. @throws RangeError */
export function compareQuantities(first: string, second: string): number {
  const difference = checked(first).nanos - checked(second).nanos;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

const abs = (value: bigint): bigint => (value < 0n ? -value : value);

function checked(text: string): Amount {
  const amount = parse(text);
  if (!amount) throw new RangeError(`'${text}' is no quantity`);
  return amount;
}
