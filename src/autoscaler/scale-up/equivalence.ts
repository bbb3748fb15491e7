import { controllerOf } from '../../kube/index.js';
import type { Pod } from '../../kube/index.js';
import type { PodGroup } from '../estimator/index.js';
import { isDaemon } from '../drainability/index.js';

/** Kinds of pods that are told apart within one controller; the others of it stand alone (cluster autoscaler: equivalence groups). */
const mostKinds = 10;

/**
 * Pods in groups that need the same of a node, so that one can be asked for all: of one controller, and alike to the scheduler.
 * Pods of nobody, and those of DaemonSets, stand alone.
 *
 * @param kindOf is equal for pods that the scheduler would treat alike
 */
export function equivalenceGroups(pods: readonly Pod[], kindOf: (pod: Pod) => string): readonly PodGroup[] {
  const groups: { pods: Pod[]; controller?: string }[] = [];
  const known = new Map<string, Map<string, { pods: Pod[] }>>();
  for (const pod of pods) {
    const controller = controllerOf(pod);
    if (!controller || isDaemon(pod)) {
      groups.push({ pods: [pod] });
      continue;
    }
    const name = `${controller.kind}/${controller.name}`;
    const kinds = known.get(controller.uid) ?? new Map<string, { pods: Pod[] }>();
    known.set(controller.uid, kinds);
    const kind = kindOf(pod);
    const group = kinds.get(kind);
    if (group) {
      group.pods.push(pod);
      continue;
    }
    const fresh = { pods: [pod], controller: name };
    groups.push(fresh);
    if (kinds.size < mostKinds) kinds.set(kind, fresh);
  }
  return groups;
}
