export {
  behaviourOf,
  chanceOf,
  curveOf,
  drawn,
  hasMemoryBehaviour,
  invalidBehaviours,
} from './annotations.js';
export type { Behaviour, InvalidBehaviour, PullFailure } from './annotations.js';
export { amountCurve } from './amount-curve.js';
export { capped, constant, lookAgainFor, sum } from './curves.js';
export type { Curve } from './curves.js';
export { merged } from './windows.js';
export type { Window } from './windows.js';
