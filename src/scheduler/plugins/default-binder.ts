import { bindPod, recordEvent } from '../../kube/index.js';
import type { Pod, WriteContext } from '../../kube/index.js';
import type { Transaction } from '../../store/index.js';

/** DefaultBinder: puts a pod on its node, and says so. @throws StatusError 404, 409 when it is on a node already */
export function bindToNode(
  tx: Transaction,
  context: WriteContext,
  cluster: string,
  pod: Pod,
  node: string,
): void {
  const { namespace = '', name } = pod.metadata;
  bindPod(tx, { cluster, namespace }, name, node, context.clock.now());
  recordEvent(tx, context, cluster, pod, {
    type: 'Normal',
    reason: 'Scheduled',
    message: `Successfully assigned ${namespace}/${name} to ${node}`,
    component: 'default-scheduler',
  });
}
