import type { CountOrPercent } from '../../api/formats.js';
import { validation } from '../../api/field-error.js';
import type { Faults } from '../../api/field-error.js';
import {
  amountOf,
  checkAtMostAll,
  checkCountOrPercent,
  checkCounts,
  checkSameSelector,
  checkSelector,
  checkTemplate,
} from './workload-validation.js';
import type { Workload, WorkloadSpec } from './workload-validation.js';

interface DeploymentSpec extends WorkloadSpec {
  readonly progressDeadlineSeconds?: number;
  readonly strategy?: {
    readonly type?: string;
    readonly rollingUpdate?: {
      readonly maxSurge?: CountOrPercent;
      readonly maxUnavailable?: CountOrPercent;
    };
  };
}

/** Everything wrong with a deployment (apps validation: ValidateDeployment). */
export const deploymentErrors = validation<Workload<DeploymentSpec>>((faults, object, before) => {
  const { spec = {} } = object;
  checkCounts(faults, spec);
  checkSelector(faults, spec.selector, 'empty selector is invalid for deployment');
  checkTemplate(faults, 'ReplicaSet', spec);
  checkStrategy(faults, spec.strategy);
  const { progressDeadlineSeconds: deadline, minReadySeconds = 0 } = spec;
  if (deadline !== undefined) {
    const field = 'spec.progressDeadlineSeconds';
    faults.nonNegative(field, deadline);
    if (deadline <= minReadySeconds) faults.invalid(field, deadline, 'must be greater than minReadySeconds');
  }
  checkSameSelector(faults, object, before);
});

function checkStrategy(faults: Faults, strategy: DeploymentSpec['strategy'] = {}): void {
  const { type, rollingUpdate } = strategy;
  const at = 'spec.strategy.rollingUpdate';
  if (type === 'Recreate') {
    if (rollingUpdate) faults.forbidden(at, "may not be specified when strategy `type` is 'Recreate'");
    return;
  }
  if (type !== 'RollingUpdate') {
    faults.add({
      type: 'notSupported',
      field: 'spec.strategy',
      value: strategy,
      detail: 'supported values: "Recreate", "RollingUpdate"',
    });
    return;
  }
  const { maxSurge, maxUnavailable } = rollingUpdate ?? {};
  checkCountOrPercent(faults, `${at}.maxUnavailable`, maxUnavailable);
  checkCountOrPercent(faults, `${at}.maxSurge`, maxSurge);
  if (amountOf(maxUnavailable) === 0 && amountOf(maxSurge) === 0)
    faults.invalid(`${at}.maxUnavailable`, maxUnavailable, 'may not be 0 when `maxSurge` is 0');
  checkAtMostAll(faults, `${at}.maxUnavailable`, maxUnavailable);
}
