import type { Pod } from '../../kube/index.js';
import { skipped } from './rule.js';
import type { DrainRule } from './rule.js';

/** A pod that has ended and will not be started again. */
export const isTerminal = ({ status, spec }: Pod): boolean =>
  status?.phase === 'Failed' ||
  (status?.phase === 'Succeeded' && (spec.restartPolicy === 'Never' || spec.restartPolicy === 'OnFailure'));

/** What has ended needs no place. Upstream does not even list such pods. */
export const terminal: DrainRule = (pod) => (isTerminal(pod) ? skipped : undefined);
