import type { Rng } from '../../../sim/index.js';
import { isQuantity, milliValue } from '../../../units/index.js';
import { curveFrom, readCurve } from './curves.js';
import type { Curve } from './curves.js';
import type { Unit } from './draws.js';
import { BehaviourFault, parseList } from './expression.js';

const thousandths: Unit = {
  what: 'an amount such as 10 or 1500m',
  read: (text) => (isQuantity(text) && !text.startsWith('-') ? milliValue(text) : undefined),
};

/**
 * An amount over time in the grammar of behaviour annotations, e.g. `0s=10,5m=200` or `sine(10,90,1h)`: thousandths, from
 * `start` on. Undefined for a text that can't be understood.
 */
export function amountCurve(text: string, start: number, rng: () => Rng): Curve | undefined {
  try {
    return curveFrom(readCurve(parseList(text), thousandths), start, rng);
  } catch (error) {
    if (error instanceof BehaviourFault) return undefined;
    throw error;
  }
}
