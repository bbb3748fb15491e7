import { nodeKey, nodes, objectKey, pods } from '../../kube/index.js';
import type { KubeNode, Pod, Stored } from '../../kube/index.js';
import type { Instant } from '../../units/index.js';
import { after, instant } from '../../units/index.js';
import { drainContext, isolatedDrainContext, podsToMove } from '../drainability/index.js';
import { BudgetTracker } from '../scale-down/budget-tracker.js';
import type { Deletion, DeletionPhase, Eviction } from './deletion.js';
import { count } from '../metrics/counters.js';
import { podName } from '../pod-name.js';
import { retryEvery, startEvictions, tryEvictions } from './evict.js';
import { daemonsToEvict, podsOn, podsToEvict } from './node-pods.js';
import { onGrid } from './grid.js';
import type { Scene } from '../turn.js';
import { tell } from '../tell.js';

/** Whether pods are gone, or annotations, is looked at so often, in milliseconds. */
const lookEvery = 5_000;
/** Pods get so long beyond the longest grace, in milliseconds (cluster autoscaler: DefaultPodEvictionHeadroom). */
const headroom = 30_000;

/** Annotations by which others ask for a node's deletion to wait for them. */
export const hasDelay = ({ metadata }: KubeNode): boolean =>
  Object.keys(metadata.annotations ?? {}).some((name) =>
    name.startsWith('delay-deletion.cluster-autoscaler.kubernetes.io/'),
  );

/** How far a deletion has come. */
export type Progress =
  /** Time alone brings it on at `until`; changes may before. */
  | { readonly kind: 'waits'; readonly deletion: Deletion; readonly until: Instant }
  /** The node may be deleted now. */
  | { readonly kind: 'is clear'; readonly deletion: Deletion }
  /** The node stays. */
  | { readonly kind: 'failed'; readonly message: string };

type Step =
  | Progress
  /** Goes on at once. */
  | { readonly kind: 'goes on'; readonly deletion: Deletion };

/** Brings a deletion on as far as it comes by now. */
export function advance(scene: Scene, started: Deletion): Progress {
  let deletion = started;
  for (;;) {
    const step = stepOf(scene, deletion);
    if (step.kind !== 'goes on') return step;
    deletion = step.deletion;
  }
}

function stepOf(scene: Scene, deletion: Deletion): Step {
  const { phase } = deletion;
  switch (phase.kind) {
    case 'tainted':
      return phase.until > scene.now
        ? { kind: 'waits', deletion, until: phase.until }
        : checkPods(scene, deletion);
    case 'evicting':
      return evictPods(scene, deletion, phase);
    case 'leaving':
      return awaitPods(scene, deletion, phase.since);
    case 'delayed':
      return awaitAnnotations(scene, deletion, phase.since);
  }
}

const goesOn = (deletion: Deletion, phase: DeletionPhase): Step => ({
  kind: 'goes on',
  deletion: { ...deletion, phase },
});
const failed = (message: string): Step => ({ kind: 'failed', message });

/** Looks at the node's pods once more, as some may have come since it was chosen. */
function checkPods(scene: Scene, deletion: Deletion): Step {
  const { tx, cluster, options, now } = scene;
  const { node, kind } = deletion;
  const present = podsOn(tx, cluster, node, options);
  const context =
    kind === 'empty'
      ? isolatedDrainContext(now, options)
      : drainContext(tx, cluster, { now, options, budgets: new BudgetTracker(tx, cluster) });
  const found = podsToMove(present, context);
  if (found.kind === 'blocked') return failed(`GetPodsToMove for "${node}" returned error: ${found.message}`);
  if (kind === 'empty') {
    const unexpected =
      found.movable.length > 0
        ? 'new pods scheduled'
        : found.waiting.length > 0 && 'active on-completion pods present';
    if (unexpected) return failed(`failed to delete empty node "${node}", ${unexpected}`);
  }
  const evictsDaemons =
    kind === 'empty' ? options.daemonSetEvictionForEmptyNodes : options.daemonSetEvictionForOccupiedNodes;
  const daemons = daemonsToEvict(present, evictsDaemons);
  return goesOn(deletion, startEvictions(scene, kind === 'empty' ? [] : podsToEvict(present), daemons));
}

/** Asks pods to go, until they do or their time is up; daemons that will not hold the others up for as long. */
function evictPods(
  scene: Scene,
  deletion: Deletion,
  phase: DeletionPhase & { readonly kind: 'evicting' },
): Step {
  const { now, options } = scene;
  const { since, nextTry } = phase;
  if (nextTry > now) return { kind: 'waits', deletion, until: nextTry };
  const isOver = nextTry > since && now >= after(since, options.maxPodEvictionTime);
  const evictions = isOver ? phase.evictions : tryEvictions(scene, phase.evictions);
  const refused = evictions.filter(({ progress }) => progress.kind === 'trying');
  if (refused.length > 0 && !isOver) {
    const next = onGrid(since, retryEvery, now + 1);
    return {
      kind: 'waits',
      deletion: { ...deletion, phase: { ...phase, evictions, nextTry: next } },
      until: next,
    };
  }
  count(scene, 'evicted_pods_total', { eviction_result: 'failed' }, refused.length);
  const staying = refused.filter(({ effort }) => effort === 'needed');
  if (staying.length > 0) return failed(drainFailure(scene, deletion, staying));
  const evicted = evictions.filter(({ effort }) => effort === 'needed').map(({ pod }) => pod);
  return goesOn({ ...deletion, evicted }, { kind: 'leaving', since: now });
}

function drainFailure(scene: Scene, { node }: Deletion, staying: readonly Eviction[]): string {
  const errors = staying.map(({ pod, progress }) => {
    tell(scene, pod, 'Warning', 'ScaleDownFailed', 'failed to delete pod for ScaleDown');
    const last = (progress.kind === 'trying' && progress.refusal) || '';
    const name = podName(pod);
    return `failed to evict pod ${name} within allowed timeout (last error: ${last})`;
  });
  return `Failed to drain node /${node}, due to following errors: [${errors.join(' ')}]`;
}

/** Looks every five seconds whether the pods are gone. What is seen between two looks does not count before the next. */
function awaitPods(scene: Scene, deletion: Deletion, since: Instant): Step {
  const { tx, cluster, options, now } = scene;
  const end = onGrid(since, lookEvery, since + options.maxGracefulTermination + headroom);
  if (now >= end) return failed(`Failed to drain node /${deletion.node}: pods remaining after timeout`);
  const isThere = (pod: Pod): boolean => {
    const key = objectKey(cluster, pod.metadata.namespace, pod.metadata.name);
    const stored = tx.get(pods.collection, key) as Stored<Pod> | undefined;
    return stored?.object.spec.nodeName === deletion.node;
  };
  if (deletion.evicted.some(isThere)) return { kind: 'waits', deletion, until: end };
  const look = onGrid(since, lookEvery, now);
  if (look > now) return { kind: 'waits', deletion, until: look };
  return afterPods(scene, deletion);
}

const afterPods = ({ now, options }: Scene, deletion: Deletion): Step =>
  deletion.isDelayed && options.nodeDeletionDelayTimeout > 0
    ? goesOn(deletion, { kind: 'delayed', since: now })
    : { kind: 'is clear', deletion };

/** Looks every five seconds whether the node's annotations are gone; when it takes too long they are overridden. */
function awaitAnnotations(scene: Scene, deletion: Deletion, since: Instant): Step {
  const { tx, cluster, options, now } = scene;
  const { node } = deletion;
  const end = after(since, options.nodeDeletionDelayTimeout);
  if (now >= end) return { kind: 'is clear', deletion };
  const stored = tx.get(nodes, nodeKey(cluster, node));
  // The first look is after five seconds, not at once.
  const look = instant(Math.min(end, onGrid(since, lookEvery, Math.max(now, since + lookEvery))));
  if (stored && hasDelay(stored.object)) return { kind: 'waits', deletion, until: end };
  if (look > now) return { kind: 'waits', deletion, until: look };
  return stored
    ? { kind: 'is clear', deletion }
    : failed(`failed to get node ${node}: node "${node}" not found`);
}
