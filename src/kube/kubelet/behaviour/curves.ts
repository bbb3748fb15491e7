import type { Rng } from '../../../sim/index.js';
import { BehaviourFault } from './expression.js';
import type { Expression, Item } from './expression.js';
import { duration, literal, readDraw } from './draws.js';
import type { Draw, Unit } from './draws.js';
import { own } from '../../../units/index.js';

/** An amount over time. Times are moments of world time in milliseconds. */
export interface Curve {
  readonly at: (time: number) => number;
  /** What it never goes above. */
  readonly highest: number;
  /** What it rises by in a millisecond at most, from a moment on, jumps apart. */
  readonly rise: (time: number) => number;
  /** The first jump upwards after a moment. */
  readonly nextJump: (time: number) => number | undefined;
}

/** A curve as an annotation gives it: it begins with a container's run. */
export type CurveForm = (start: number, draw: (from: Draw) => number) => Curve;

const flat = () => 0;
const none = () => undefined;

export const constant = (value: number): Curve => ({
  at: () => value,
  highest: value,
  rise: flat,
  nextJump: none,
});

function ramp(start: number, from: number, to: number, span: number): Curve {
  const end = start + span;
  const slope = span > 0 ? Math.max(0, (to - from) / span) : 0;
  return {
    at: (time) => (time >= end ? to : time <= start ? from : from + ((to - from) * (time - start)) / span),
    highest: Math.max(from, to),
    rise: (time) => (time < end ? slope : 0),
    nextJump: (time) => (span === 0 && time < start ? start : undefined),
  };
}

function steps(start: number, at: readonly { readonly after: number; readonly value: number }[]): Curve {
  const moments = at.map(({ after, value }) => ({ time: start + after, value }));
  return {
    at: (time) => moments.findLast((step) => step.time <= time)?.value ?? 0,
    highest: Math.max(...moments.map(({ value }) => value)),
    rise: flat,
    nextJump: (time) => moments.find((step) => step.time > time)?.time,
  };
}

/** From `low` to `high` and back within a period, lowest at `origin`. */
function wave(origin: number, low: number, high: number, period: number): Curve {
  const half = (high - low) / 2;
  return {
    at: (time) => low + half * (1 - Math.cos((2 * Math.PI * (time - origin)) / period)),
    highest: Math.max(low, high),
    rise: () => Math.abs((2 * Math.PI * half) / period),
    nextJump: none,
  };
}

/** A curve with another one added. */
export const sum = (a: Curve, b: Curve): Curve => ({
  at: (time) => a.at(time) + b.at(time),
  highest: a.highest + b.highest,
  rise: (time) => a.rise(time) + b.rise(time),
  nextJump: (time) => {
    const [one, other] = [a.nextJump(time), b.nextJump(time)];
    return one === undefined || (other !== undefined && other < one) ? other : one;
  },
});

/** A curve that grows by `perMillisecond` for ever. */
export const leak = (start: number, perMillisecond: number): Curve => ({
  at: (time) => Math.max(0, time - start) * perMillisecond,
  highest: perMillisecond > 0 ? Infinity : 0,
  rise: () => perMillisecond,
  nextJump: none,
});

/** A curve cut off at a limit, e.g. cpu that is throttled. */
export const capped = (curve: Curve, limit: number): Curve => ({
  ...curve,
  at: (time) => Math.min(limit, curve.at(time)),
  highest: Math.min(limit, curve.highest),
});

const day = 86_400_000;
/** Diurnal use is lowest at two in the morning, UTC, and highest at two in the afternoon. */
const lowestHour = 2 * 3_600_000;

/** Shapes by name. */
const shapes: Readonly<
  Record<
    string,
    { readonly form: string; readonly read: (args: readonly Expression[], unit: Unit) => CurveForm }
  >
> = {
  ramp: {
    form: 'ramp(FROM,TO,DURATION)',
    read: ([from, to, span], unit) => {
      const [a, b] = [operand(from, unit), operand(to, unit)];
      const length = literal(span, duration);
      return (start, draw) => ramp(start, draw(a), draw(b), length);
    },
  },
  sine: {
    form: 'sine(LOW,HIGH,PERIOD)',
    read: ([low, high, period], unit) => {
      const [a, b] = [operand(low, unit), operand(high, unit)];
      const length = literal(period, duration);
      if (length === 0) throw new BehaviourFault('the PERIOD of sine(LOW,HIGH,PERIOD) must not be zero');
      return (start, draw) => wave(start, draw(a), draw(b), length);
    },
  },
  diurnal: {
    form: 'diurnal(LOW,HIGH)',
    read: ([low, high], unit) => {
      const [a, b] = [operand(low, unit), operand(high, unit)];
      return (_start, draw) => wave(lowestHour, draw(a), draw(b), day);
    },
  },
};

const shapeArity: Readonly<Record<string, number>> = { ramp: 3, sine: 3, diurnal: 2 };

function operand(expression: Expression | undefined, unit: Unit): Draw {
  if (!expression) throw new BehaviourFault('a value is missing');
  return readDraw(expression, unit);
}

/** A curve from a list: one amount or shape, or steps such as `0s=100m,10m=2`. @throws BehaviourFault */
export function readCurve(items: readonly Item[], unit: Unit): CurveForm {
  if (items.some(({ at }) => at !== undefined)) return readSteps(items, unit);
  const [item, ...more] = items;
  if (!item || more.length > 0) throw new BehaviourFault('steps need their moments, e.g. 0s=100m,10m=2');
  const { value } = item;
  const shape = value.kind === 'call' ? own(shapes, value.name) : undefined;
  if (value.kind === 'call' && shape) {
    if (value.args.length !== own(shapeArity, value.name)) throw new BehaviourFault(`expected ${shape.form}`);
    return shape.read(value.args, unit);
  }
  const amount = readDraw(value, unit);
  return (_start, draw) => constant(draw(amount));
}

function readSteps(items: readonly Item[], unit: Unit): CurveForm {
  const read = items.map(({ at, value }) => {
    if (at === undefined) throw new BehaviourFault('every step needs its moment, e.g. 0s=100m,10m=2');
    const after = literal({ kind: 'literal', text: at }, duration);
    return { after, amount: readDraw(value, unit) };
  });
  if (read.some(({ after }, index) => index > 0 && after <= (read[index - 1]?.after ?? 0))) {
    throw new BehaviourFault('the moments of steps must grow');
  }
  return (start, draw) =>
    steps(
      start,
      read.map(({ after, amount }) => ({ after, value: draw(amount) })),
    );
}

/** Draws a form's numbers and puts it at its start. */
export const curveFrom = (form: CurveForm, start: number, rng: () => Rng): Curve => {
  let drawn: Rng | undefined;
  return form(start, (from) => (from.kind === 'fixed' ? from.value : from.draw((drawn ??= rng()))));
};

/** A search comes as close as it can for some steps, then no closer than this, in milliseconds. */
const closeSteps = 8;
const resolution = 1000;
/** Steps that one search takes; it goes on from where it stopped. */
const longestSearch = 64;

/**
 * A moment that is not after the first one at which a curve is above a level, and is that one wherever the curve rises
 * straight; undefined if it never is. Who waits for it looks again then: bounds on the curve's slope make the steps long
 * while it is far from the level.
 */
export function lookAgainFor(curve: Curve, level: number, from: number): number | undefined {
  if (curve.highest <= level) return undefined;
  let time = from;
  for (let step = 0; step < longestSearch; step += 1) {
    const value = curve.at(time);
    if (value > level) return time;
    const rise = curve.rise(time);
    const jump = curve.nextJump(time) ?? Infinity;
    const away = rise > 0 ? Math.floor((level - value) / rise) + 1 : Infinity;
    const least = step < closeSteps ? 1 : resolution;
    const next = Math.min(jump, time + Math.max(least, away));
    if (next === Infinity) return undefined;
    time = Math.ceil(next);
  }
  return time;
}
