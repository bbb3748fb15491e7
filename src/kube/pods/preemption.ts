import type { Transaction } from '../../store/index.js';
import type { Scope, WriteContext } from '../api/index.js';
import { deleteObject, entryOf } from '../api/index.js';
import { pods } from '../kinds/index.js';
import type { Pod } from '../kinds/index.js';
import { putPodCondition } from './binding.js';

/** Takes a pod away for one of higher priority; its grace is kept (kube-scheduler: preemption). @throws StatusError 404 */
export function preemptPod(context: WriteContext, tx: Transaction, scope: Scope, name: string): void {
  const { value } = entryOf(tx, pods, scope, name);
  const condition = {
    type: 'DisruptionTarget',
    status: 'True',
    reason: 'PreemptionByScheduler',
    message: 'default-scheduler: preempting to accommodate a higher priority pod',
  } as const;
  putPodCondition(tx, scope.cluster, value.object as Pod, condition, context.clock.now());
  deleteObject(context, tx, pods, entryOf(tx, pods, scope, name), { propagation: 'Background' });
}
