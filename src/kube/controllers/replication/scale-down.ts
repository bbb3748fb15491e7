import type { Instant } from '../../../units/index.js';
import { isReady, isSidecar } from '../../kinds/index.js';
import type { ContainerStatus, Pod } from '../../kinds/index.js';
import { readySince } from '../availability.js';

const phaseRank: Readonly<Record<string, number>> = { Pending: 0, Unknown: 1, Running: 2 };
const costAnnotation = 'controller.kubernetes.io/pod-deletion-cost';

/** What deleting a pod costs, by its annotation; 0 when that says nothing that counts (Kubernetes: pod deletion cost). */
export function deletionCost({ metadata }: Pod): number {
  const text = metadata.annotations?.[costAnnotation] ?? '';
  const cost = /^(0|-?[1-9]\d*)$/.test(text) ? Number(text) : 0;
  return Math.abs(cost) < 2 ** 31 ? cost : 0;
}

const mostRestarts = (statuses: readonly ContainerStatus[]): number =>
  statuses.reduce((most, { restartCount }) => Math.max(most, restartCount), 0);

/** The most restarts of a container, and of a sidecar. */
function restartsOf({ spec, status }: Pod): readonly [containers: number, sidecars: number] {
  const sidecars = new Set((spec.initContainers ?? []).filter(isSidecar).map(({ name }) => name));
  const inits = (status?.initContainerStatuses ?? []).filter(({ name }) => sidecars.has(name));
  return [mostRestarts(status?.containerStatuses ?? []), mostRestarts(inits)];
}

/** Ages count by their order of magnitude, in nanoseconds, so that small differences do not decide. */
function magnitude(since: number, now: Instant): number {
  const age = (now - since) * 1_000_000;
  return age > 0 ? Math.floor(Math.log2(age)) : -1;
}

/** The younger one first; of two that are as old by their order of magnitude, the one whose id says so. */
function youngerFirst(a: Pod, b: Pod, since: (pod: Pod) => number, now: Instant): number {
  if (since(a) === since(b)) return 0;
  return magnitude(since(a), now) - magnitude(since(b), now) || (a.metadata.uid < b.metadata.uid ? -1 : 1);
}

const madeAt = ({ metadata }: Pod): number => Date.parse(metadata.creationTimestamp);

/**
 * Which of two pods goes first when a set shrinks: a negative number for `a` (Kubernetes: ReplicaSet scale-down order).
 * `siblings` counts the pods of related sets on each node.
 */
export function compareForDeletion(
  a: Pod,
  b: Pod,
  siblings: ReadonlyMap<string, number>,
  now: Instant,
): number {
  const onNode = ({ spec }: Pod): number => siblings.get(spec.nodeName ?? '') ?? 0;
  const phase = ({ status }: Pod): number => phaseRank[status?.phase ?? 'Pending'] ?? 0;
  const [aRestarts, aSidecars] = restartsOf(a);
  const [bRestarts, bSidecars] = restartsOf(b);
  return (
    Number(Boolean(a.spec.nodeName)) - Number(Boolean(b.spec.nodeName)) ||
    phase(a) - phase(b) ||
    Number(isReady(a)) - Number(isReady(b)) ||
    deletionCost(a) - deletionCost(b) ||
    onNode(b) - onNode(a) ||
    (isReady(a) && isReady(b) ? youngerFirst(a, b, readySince, now) : 0) ||
    bRestarts - aRestarts ||
    bSidecars - aSidecars ||
    youngerFirst(a, b, madeAt, now)
  );
}
