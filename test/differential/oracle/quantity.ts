/** Kubernetes' quantities, exactly: as whole numbers of billionths, which is the finest that Kubernetes keeps. */
export type Nanos = bigint;

const suffixes: Readonly<Record<string, readonly [bigint, bigint]>> = {
  n: [1n, 10n ** 9n],
  u: [1n, 10n ** 6n],
  m: [1n, 10n ** 3n],
  '': [1n, 1n],
  k: [10n ** 3n, 1n],
  M: [10n ** 6n, 1n],
  G: [10n ** 9n, 1n],
  T: [10n ** 12n, 1n],
  P: [10n ** 15n, 1n],
  E: [10n ** 18n, 1n],
  Ki: [2n ** 10n, 1n],
  Mi: [2n ** 20n, 1n],
  Gi: [2n ** 30n, 1n],
  Ti: [2n ** 40n, 1n],
  Pi: [2n ** 50n, 1n],
  Ei: [2n ** 60n, 1n],
};

const known = new Map<string, Nanos>();

/**
 * What is finer than a billionth is rounded up.
 * @throws Error for what is no quantity
 */
export function nanos(text: string | number): Nanos {
  const key = String(text);
  const before = known.get(key);
  if (before !== undefined) return before;
  const [, sign, whole = '', , fraction = '', suffix = ''] =
    /^([+-]?)(\d*)(\.(\d*))?(|[numkMGTPE]|[KMGTPE]i|[eE][+-]?\d+)$/.exec(key) ?? [];
  if (sign === undefined || whole + fraction === '') throw new Error(`not a quantity: ${key}`);
  const exponent = /^[eE]([+-]?\d+)$/.exec(suffix)?.[1];
  const power = 10n ** BigInt(Math.abs(Number(exponent ?? 0)));
  const [times, by] =
    exponent === undefined
      ? (suffixes[suffix] ?? [1n, 1n])
      : Number(exponent) < 0
        ? [1n, power]
        : [power, 1n];
  const value = ceilingOf(BigInt(whole + fraction) * times * 10n ** 9n, by * 10n ** BigInt(fraction.length));
  const result = sign === '-' ? -value : value;
  known.set(key, result);
  return result;
}

function ceilingOf(value: bigint, by: bigint): bigint {
  return (value + by - 1n) / by;
}

/** In thousandths, rounded up: how cpu is compared. */
export const milliUnits = (value: Nanos): number => Number(ceilingOf(value, 10n ** 6n));

/** In whole units, rounded up: how everything else is compared. */
export const units = (value: Nanos): number => Number(ceilingOf(value, 10n ** 9n));
