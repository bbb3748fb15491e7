import type { CountOrPercent } from '../../api/formats.js';
import { validation } from '../../api/field-error.js';
import type { Faults } from '../../api/field-error.js';
import { compileLabelSelector } from '../../selectors/index.js';
import { checkPodTemplate } from '../pod/index.js';
import { checkLabelSelector, isEmptySelector } from '../selector-validation.js';
import {
  amountOf,
  checkAtMostAll,
  checkCountOrPercent,
  checkCounts,
  checkEndless,
  checkSameSelector,
} from './workload-validation.js';
import type { Workload, WorkloadSpec } from './workload-validation.js';

interface DaemonSetSpec extends WorkloadSpec {
  readonly updateStrategy?: {
    readonly type?: string;
    readonly rollingUpdate?: {
      readonly maxSurge?: CountOrPercent;
      readonly maxUnavailable?: CountOrPercent;
    };
  };
}

/** Everything wrong with a daemon set (apps validation: ValidateDaemonSet). */
export const daemonSetErrors = validation<Workload<DaemonSetSpec>>((faults, object, before) => {
  const { spec = {} } = object;
  const { selector, template } = spec;
  checkLabelSelector(faults, 'spec.selector', selector);
  const labels = template?.metadata?.labels;
  if (!compileLabelSelector(selector)(labels ?? {})) {
    const text = '`selector` does not match template `labels`';
    faults.invalid('spec.template.metadata.labels', labels ?? null, text);
  }
  if (selector && isEmptySelector(selector))
    faults.invalid('spec.selector', selector, 'empty selector is invalid for daemonset');
  checkPodTemplate(faults, 'spec.template', template);
  checkEndless(faults, 'DaemonSet', template);
  checkCounts(faults, spec);
  checkStrategy(faults, spec.updateStrategy);
  checkSameSelector(faults, object, before);
});

function checkStrategy(faults: Faults, strategy: DaemonSetSpec['updateStrategy'] = {}): void {
  const { type, rollingUpdate } = strategy;
  if (type === 'OnDelete') return;
  if (type !== 'RollingUpdate') {
    faults.add({
      type: 'notSupported',
      field: 'spec.updateStrategy',
      value: strategy,
      detail: 'supported values: "RollingUpdate", "OnDelete"',
    });
    return;
  }
  const at = 'spec.updateStrategy.rollingUpdate';
  if (!rollingUpdate) {
    faults.required(at);
    return;
  }
  const { maxSurge, maxUnavailable } = rollingUpdate;
  checkCountOrPercent(faults, `${at}.maxUnavailable`, maxUnavailable);
  checkAtMostAll(faults, `${at}.maxUnavailable`, maxUnavailable);
  checkCountOrPercent(faults, `${at}.maxSurge`, maxSurge);
  checkAtMostAll(faults, `${at}.maxSurge`, maxSurge);
  const [surges, lacks] = [amountOf(maxSurge) !== 0, amountOf(maxUnavailable) !== 0];
  if (surges && lacks)
    faults.invalid(`${at}.maxSurge`, maxSurge, 'may not be set when maxUnavailable is non-zero');
  if (!surges && !lacks) faults.required(`${at}.maxUnavailable`, 'cannot be 0 when maxSurge is 0');
}
