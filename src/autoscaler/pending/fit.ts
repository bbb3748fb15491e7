import type { Pod } from '../../kube/index.js';
import type { Supposed } from '../../scheduler/index.js';
import type { PodGroup } from '../estimator/index.js';

/** The groups' pods that fit nowhere as things are: the others are put where they fit, and take that room. Important ones first. */
export function thoseWithoutRoom(
  groups: readonly PodGroup[],
  supposed: Pick<Supposed, 'placeNext'>,
): readonly PodGroup[] {
  const priority = ({ pods }: PodGroup): number => pods[0]?.spec.priority ?? 0;
  return [...groups]
    .sort((a, b) => priority(b) - priority(a))
    .map((group) => {
      const left: Pod[] = [];
      for (const pod of group.pods) {
        // What does not fit for one of them does not fit for the next.
        if (left.length > 0 || supposed.placeNext(pod) === undefined) left.push(pod);
      }
      return { ...group, pods: left };
    })
    .filter(({ pods }) => pods.length > 0);
}
