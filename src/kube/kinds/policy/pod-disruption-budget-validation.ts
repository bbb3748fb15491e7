import { percentFault, percentOf } from '../../api/formats.js';
import type { CountOrPercent } from '../../api/formats.js';
import { validation } from '../../api/field-error.js';
import type { Faults } from '../../api/field-error.js';
import type { KubeObject } from '../../object.js';
import type { LabelSelector } from '../../selectors/index.js';
import { checkLabelSelector } from '../selector-validation.js';

interface Budget extends KubeObject {
  readonly spec?: {
    readonly minAvailable?: CountOrPercent;
    readonly maxUnavailable?: CountOrPercent;
    readonly selector?: LabelSelector;
    readonly unhealthyPodEvictionPolicy?: string;
  };
}

/** Everything wrong with a disruption budget (policy validation: ValidatePodDisruptionBudgetSpec). */
export const budgetErrors = validation<Budget>((faults, { spec = {} }) => {
  const { minAvailable, maxUnavailable } = spec;
  if (minAvailable !== undefined && maxUnavailable !== undefined)
    faults.invalid('spec', spec, 'minAvailable and maxUnavailable cannot be both set');
  checkAmount(faults, 'spec.minAvailable', minAvailable);
  checkAmount(faults, 'spec.maxUnavailable', maxUnavailable);
  checkLabelSelector(faults, 'spec.selector', spec.selector);
  faults.oneOf('spec.unhealthyPodEvictionPolicy', spec.unhealthyPodEvictionPolicy, [
    'AlwaysAllow',
    'IfHealthyBudget',
  ]);
});

function checkAmount(faults: Faults, at: string, value: CountOrPercent | undefined): void {
  if (value === undefined) return;
  if (typeof value === 'string') faults.invalid(at, value, percentFault(value));
  else faults.nonNegative(at, value);
  if ((percentOf(value) ?? 0) > 100) faults.invalid(at, value, 'must not be greater than 100%');
}
