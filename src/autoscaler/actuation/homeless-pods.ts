import { controllerOf, isTerminating } from '../../kube/index.js';
import type { Pod } from '../../kube/index.js';
import type { Reader } from '../../store/index.js';
import { Controllers } from '../drainability/index.js';
import type { AutoscalerOptions } from '../options.js';
import { deletionsOf } from './deletion.js';
import { podsOn, podsToEvict } from './node-pods.js';

const copies = new WeakMap<Pod, Pod>();

/** A pod as its controller would make it again: on no node yet. Always the same for one pod. */
export function unbound(pod: Pod): Pod {
  const known = copies.get(pod);
  if (known) return known;
  const { nodeName: _node, ...spec } = pod.spec;
  const copy = { ...pod, spec };
  copies.set(pod, copy);
  return copy;
}

/** Pods of nodes that are being drained, as they will be made again: room is looked for before they are gone. */
export const drainingPods = (
  reader: Reader,
  cluster: string,
  options: Pick<AutoscalerOptions, 'expendablePodsPriorityCutoff'>,
): readonly Pod[] =>
  deletionsOf(reader, cluster)
    .filter(({ kind }) => kind === 'drain')
    .flatMap(({ node }) => podsToEvict(podsOn(reader, cluster, node, options)))
    .filter((pod) => !isTerminating(pod))
    .map(unbound);

/**
 * Pods that were evicted from nodes that are being drained and that their controllers have not made again yet, as far as they
 * are known to count their pods. With the node they are forgotten: upstream keeps them for no time.
 */
export function recentEvictions(reader: Reader, cluster: string): readonly Pod[] {
  const controllers = new Controllers(reader, cluster);
  const missing = new Map<string, number>();
  return deletionsOf(reader, cluster)
    .flatMap(({ evicted }) => evicted)
    .filter((pod) => {
      const found = controllers.of(pod);
      const owner = controllerOf(pod);
      if (found.kind !== 'found' || found.missing === undefined || !owner) return true;
      const left = missing.get(owner.uid) ?? found.missing;
      missing.set(owner.uid, left - 1);
      return left > 0;
    })
    .map(unbound);
}
