import {
  addQuantities,
  canonicalQuantity,
  compareQuantities,
  own,
  put,
  subtractQuantities,
} from '../../units/index.js';

/** Kubernetes quantities by resource name. */
export type Amounts = Readonly<Record<string, string>>;

const combined = (a: Amounts, b: Amounts, by: (a: string, b: string) => string): Amounts => {
  const sum: Record<string, string> = { ...a };
  for (const [name, amount] of Object.entries(b)) put(sum, name, by(own(sum, name) ?? '0', amount));
  return sum;
};

export const sumOf = (a: Amounts, b: Amounts): Amounts => combined(a, b, addQuantities);

export const differenceOf = (a: Amounts, b: Amounts): Amounts => combined(a, b, subtractQuantities);

/** The larger amount of each resource. */
export const largestOf = (a: Amounts, b: Amounts): Amounts =>
  combined(a, b, (one, other) => (compareQuantities(other, one) > 0 ? other : one));

/** Amounts of some resources alone. */
export const only = (amounts: Amounts, names: readonly string[]): Amounts =>
  Object.fromEntries(
    names.flatMap((name) => {
      const amount = own(amounts, name);
      return amount === undefined ? [] : [[name, amount]];
    }),
  );

/** Amounts as messages tell them, e.g. `cpu=1,memory=2Gi`. */
export const amountsText = (amounts: Amounts): string =>
  Object.keys(amounts)
    .sort()
    .map((name) => `${name}=${canonicalQuantity(own(amounts, name) ?? '0')}`)
    .join(',');
