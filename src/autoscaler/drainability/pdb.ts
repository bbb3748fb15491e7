import { podName } from '../pod-name.js';
import { blocks } from './rule.js';
import type { DrainRule } from './rule.js';

/** Pods stay while one of their disruption budgets lets none go. */
export const pdb: DrainRule = (pod, { budgets }) =>
  budgets.allows(pod)
    ? undefined
    : blocks('NotEnoughPdb', `not enough pod disruption budget to move ${podName(pod)}`);
