import type { Pod } from '../../kube/index.js';
import type { Reader } from '../../store/index.js';
import type { Instant } from '../../units/index.js';
import { Controllers } from './controllers.js';
import type { BudgetQuestions, DrainContext } from './rule.js';
import { rulesFor } from './rules.js';
import type { DrainOptions } from './rules.js';

/** Judges the pods of a cluster as a store holds it; to be made anew for each look, as what it finds out it keeps. */
export function drainContext(
  reader: Reader,
  cluster: string,
  init: { readonly now: Instant; readonly options: DrainOptions; readonly budgets: BudgetQuestions },
): DrainContext {
  const controllers = new Controllers(reader, cluster);
  return {
    now: init.now,
    rules: rulesFor(init.options),
    controller: (pod: Pod) => controllers.of(pod),
    budgets: init.budgets,
  };
}

const noBudgets: BudgetQuestions = { isProtected: () => false, allows: () => true };

/** Judges pods by themselves alone: neither their controllers nor their budgets are looked up. */
export const isolatedDrainContext = (now: Instant, options: DrainOptions): DrainContext => ({
  now,
  rules: rulesFor(options),
  controller: () => ({ kind: 'unknown' }),
  budgets: noBudgets,
});
