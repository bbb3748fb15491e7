import type { Pod } from '../../kube/index.js';
import type { Controller } from './controllers.js';
import { isDaemon } from './daemon-set.js';
import { podName } from '../pod-name.js';
import { blocks } from './rule.js';
import type { DrainRule } from './rule.js';

/** Pods stay whose controller is gone, as nobody would make them again, or that has fewer replicas than `minReplicas`. */
export const replicaCount =
  (minReplicas: number): DrainRule =>
  (pod, { controller }) => {
    const found = controller(pod);
    // What is like a daemon, but not a DaemonSet's, is not looked at.
    if (
      isDaemon(pod) &&
      'controllerKind' in found &&
      !['DaemonSet', 'ReplicationController'].includes(found.controllerKind)
    )
      return undefined;
    if (found.kind === 'absent') return blocks('ControllerNotFound', absence(pod, found));
    if (found.kind !== 'found' || !replicated.has(found.controllerKind)) return undefined;
    const { replicas } = found;
    if (replicas === undefined || replicas >= minReplicas) return undefined;
    return blocks(
      'MinReplicasReached',
      `replication controller for ${podName(pod)} has too few replicas spec: ${String(replicas)} min: ${String(minReplicas)}`,
    );
  };

const replicated: ReadonlySet<string> = new Set(['ReplicationController', 'ReplicaSet']);

function absence(pod: Pod, { controllerKind, error }: Controller & { readonly kind: 'absent' }): string {
  const name = podName(pod);
  switch (controllerKind) {
    case 'DaemonSet':
      return `daemonset for ${name} is not present, err: ${error}`;
    case 'Job':
      return `job for ${name} is not available: err: ${error}`;
    case 'StatefulSet':
      return `statefulset for ${name} is not available: err: ${error}`;
    default:
      return `replication controller for ${name} is not available, err: ${error}`;
  }
}
