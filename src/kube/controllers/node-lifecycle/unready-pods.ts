import type { Transaction } from '../../../store/index.js';
import type { WriteContext } from '../../api/index.js';
import { isReady, nodeTerm, podCondition, pods } from '../../kinds/index.js';
import type { Pod } from '../../kinds/index.js';
import type { Stored } from '../../object.js';
import { withCondition } from '../../pods/index.js';
import { recordEvent } from '../events.js';

/** Says of the pods of a node that is not ready that they are not either: nobody else could. */
export function markPodsNotReady(
  tx: Transaction,
  context: WriteContext,
  cluster: string,
  node: string,
): void {
  for (const { key, value } of tx.findEntries(pods.collection, 'byNode', nodeTerm(cluster, node))) {
    const pod = value.object as Pod;
    const condition = podCondition(pod, 'Ready');
    if (!condition || !isReady(pod)) continue;
    const conditions = withCondition(
      pod.status?.conditions,
      { ...condition, status: 'False' },
      context.clock.now(),
    );
    const object: Pod = { ...pod, status: { ...pod.status, conditions } };
    tx.put(pods.collection, key, { ...value, object } as Stored);
    recordEvent(tx, context, cluster, object, {
      type: 'Warning',
      reason: 'NodeNotReady',
      message: 'Node is not ready',
      component: 'node-controller',
    });
  }
}
