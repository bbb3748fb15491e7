import { quantityValue, isQuantity, own } from '../../../units/index.js';
import type { Rng } from '../../../sim/index.js';
import { BehaviourFault } from './expression.js';
import type { Expression } from './expression.js';

/** A number that is given, or drawn anew for each run of a container. */
export type Draw =
  | { readonly kind: 'fixed'; readonly value: number }
  | { readonly kind: 'random'; readonly draw: (rng: Rng) => number };

/** How a literal of a unit is read, and what it looks like. */
export interface Unit {
  /** E.g. `a duration such as 90s or 5m`. */
  readonly what: string;
  /** Undefined for a text that is none. */
  readonly read: (text: string) => number | undefined;
}

const factors: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** `90s`, `1h30m`, `500ms`, in milliseconds; undefined for a text that is no duration. */
export function readDuration(text: string): number | undefined {
  if (!/^(\d+(\.\d+)?(ms|s|m|h|d))+$/.test(text)) return undefined;
  const parts = text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g);
  return [...parts].reduce(
    (sum, [, amount, unit = 's']) => sum + Number(amount) * (own(factors, unit) ?? 0),
    0,
  );
}

export const duration: Unit = { what: 'a duration such as 500ms, 90s, 5m or 1h30m', read: readDuration };

const amount = (text: string, scale: number): number | undefined =>
  isQuantity(text) && !text.startsWith('-') ? quantityValue(text) * scale : undefined;

/** Millicores. */
export const cores: Unit = { what: 'an amount of cpu such as 250m or 2', read: (text) => amount(text, 1000) };

/** Bytes. */
export const bytes: Unit = {
  what: 'an amount of memory such as 64Mi or 2Gi',
  read: (text) => amount(text, 1),
};

/** A number without a unit. */
export const plain: Unit = {
  what: 'a number such as 0.5',
  read: (text) => (/^\d+(\.\d+)?$/.test(text) ? Number(text) : undefined),
};

/** A literal of a unit. @throws BehaviourFault */
export function literal(expression: Expression | undefined, unit: Unit): number {
  const value = expression?.kind === 'literal' ? unit.read(expression.text) : undefined;
  if (value === undefined) {
    const found = expression?.kind === 'literal' ? `"${expression.text}" is not ` : 'expected ';
    throw new BehaviourFault(`${found}${unit.what}`);
  }
  return value;
}

/** Standard normal, by Box and Muller. */
const normal = (rng: Rng): number =>
  Math.sqrt(-2 * Math.log(1 - rng.float())) * Math.cos(2 * Math.PI * rng.float());

interface Distribution {
  readonly form: string;
  readonly make: (args: readonly Expression[], unit: Unit) => (rng: Rng) => number;
}

/** Distributions by name; what comes out below zero is zero. */
const distributions: Readonly<Record<string, Distribution>> = {
  uniform: {
    form: 'uniform(LEAST,MOST)',
    make: ([least, most], unit) => {
      const [from, to] = [literal(least, unit), literal(most, unit)];
      if (from > to) throw new BehaviourFault('uniform(LEAST,MOST) needs LEAST not above MOST');
      return (rng) => rng.between(from, to);
    },
  },
  normal: {
    form: 'normal(MEAN,DEVIATION)',
    make: ([mean, deviation], unit) => {
      const [middle, width] = [literal(mean, unit), literal(deviation, unit)];
      return (rng) => middle + width * normal(rng);
    },
  },
  exponential: {
    form: 'exponential(MEAN)',
    make: ([mean], unit) => {
      const middle = literal(mean, unit);
      return (rng) => -middle * Math.log(1 - rng.float());
    },
  },
  lognormal: {
    form: 'lognormal(MEDIAN,SIGMA)',
    make: ([median, sigma], unit) => {
      const [middle, width] = [literal(median, unit), literal(sigma, plain)];
      return (rng) => middle * Math.exp(width * normal(rng));
    },
  },
};

const arity: Readonly<Record<string, number>> = { uniform: 2, normal: 2, exponential: 1, lognormal: 2 };

/** A value of a unit: a literal or a distribution. @throws BehaviourFault */
export function readDraw(expression: Expression, unit: Unit): Draw {
  if (expression.kind === 'literal') return { kind: 'fixed', value: literal(expression, unit) };
  const { name, args } = expression;
  const known = own(distributions, name);
  if (!known) {
    throw new BehaviourFault(
      `"${name}(...)" is not one of ${Object.keys(distributions).join(', ')}; or give ${unit.what}`,
    );
  }
  if (args.length !== own(arity, name)) throw new BehaviourFault(`expected ${known.form}`);
  const draw = known.make(args, unit);
  return { kind: 'random', draw: (rng) => Math.max(0, draw(rng)) };
}
