import { pods as podKind } from '../kube/index.js';
import type { Pod } from '../kube/index.js';
import { objectKey } from '../kube/index.js';
import type { Instant } from '../units/index.js';
import { tell } from './tell.js';
import type { SizeChange } from './decisions/decision.js';
import type { Turn } from './turn.js';

/** Tells pods which groups grow for them. */
export function tellOfScaleUp(turn: Turn, pods: readonly Pod[], plan: readonly SizeChange[]): void {
  const sizes = plan.map(
    ({ group, from, to, max }) => `{${group} ${String(from)}->${String(to)} (max: ${String(max)})}`,
  );
  for (const pod of present(turn, pods))
    tell(turn, pod, 'Normal', 'TriggeredScaleUp', `pod triggered scale-up: [${sizes.join(' ')}]`);
}

/** Tells pods why no group grows for them, each reason with the number of groups; when they will be told again. */
export function tellOfNoScaleUp(
  turn: Turn,
  pods: readonly Pod[],
  reasons: readonly string[],
): Instant | undefined {
  const counts = new Map<string, number>();
  for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  const parts = [...counts]
    .sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))
    .map(([reason, count]) => `${String(count)} ${reason}`);
  return tellAll(turn, pods, `pod didn't trigger scale-up: ${parts.join(', ')}`);
}

/** Tells pods that the cluster has as many nodes as it may. */
export const tellOfMaximum = (turn: Turn, pods: readonly Pod[]): Instant | undefined =>
  tellAll(turn, pods, "pod didn't trigger scale-up: max total nodes in cluster reached");

function tellAll(turn: Turn, pods: readonly Pod[], message: string): Instant | undefined {
  let next: Instant | undefined;
  for (const pod of present(turn, pods)) {
    const again = tell(turn, pod, 'Normal', 'NotTriggerScaleUp', message);
    if (next === undefined || again < next) next = again;
  }
  return next;
}

/** The pods as they are, without those that are to be made again yet. */
const present = ({ tx, cluster }: Turn, pods: readonly Pod[]): readonly Pod[] =>
  pods.filter(({ metadata }) => {
    const stored = tx.get(podKind.collection, objectKey(cluster, metadata.namespace ?? '', metadata.name));
    return stored?.object.metadata.uid === metadata.uid;
  });
