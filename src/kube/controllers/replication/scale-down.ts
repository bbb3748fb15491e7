import type { Instant } from '../../../units/index.js';
import { isReady, isSidecar } from '../../kinds/index.js';
import type { ContainerStatus, Pod } from '../../kinds/index.js';
import { readySince } from '../availability.js';

const phaseRank: Readonly<Record<string, number>> = { Pending: 0, Unknown: 1, Running: 2 };
const costAnnotation = 'controller.kubernetes.io/pod-deletion-cost';

/** What deleting a pod costs, by its annotation; 0 when that says nothing that counts (Kubernetes: pod deletion cost). */
export function deletionCost({ metadata }: Pod): number {
  const text = metadata.annotations?.[costAnnotation];
  if (text === undefined) return 0;
  const cost = /^(0|-?[1-9]\d*)$/.test(text) ? Number(text) : 0;
  return Math.abs(cost) < 2 ** 31 ? cost : 0;
}

const mostRestarts = (statuses: readonly ContainerStatus[]): number =>
  statuses.reduce((most, { restartCount }) => Math.max(most, restartCount), 0);

/** The most restarts of a container, and of a sidecar. */
function restartsOf({ spec, status }: Pod): readonly [containers: number, sidecars: number] {
  const restarts = mostRestarts(status?.containerStatuses ?? []);
  if (!spec.initContainers) return [restarts, 0];
  const sidecars = new Set(spec.initContainers.filter(isSidecar).map(({ name }) => name));
  const inits = (status?.initContainerStatuses ?? []).filter(({ name }) => sidecars.has(name));
  return [restarts, mostRestarts(inits)];
}

/** Ages count by their order of magnitude, in nanoseconds, so that small differences do not decide. */
function magnitude(since: number, now: Instant): number {
  const age = (now - since) * 1_000_000;
  return age > 0 ? Math.floor(Math.log2(age)) : -1;
}

/** A moment with its age by order of magnitude. */
interface Age {
  readonly since: number;
  readonly magnitude: number;
}

const ageOf = (since: number, now: Instant): Age => ({ since, magnitude: magnitude(since, now) });

/** What decides when a pod goes, looked up once: a set of many is compared often. */
interface Rank {
  readonly uid: string;
  /** The least first. */
  readonly first: readonly number[];
  readonly ready: Age | undefined;
  readonly restarts: readonly number[];
  readonly made: Age;
}

function rankOf(pod: Pod, siblings: ReadonlyMap<string, number>, now: Instant): Rank {
  const { metadata, spec, status } = pod;
  const isUp = isReady(pod);
  const { nodeName } = spec;
  return {
    uid: metadata.uid,
    first: [
      Number(Boolean(nodeName)),
      phaseRank[status?.phase ?? 'Pending'] ?? 0,
      Number(isUp),
      deletionCost(pod),
      -(siblings.get(nodeName ?? '') ?? 0),
    ],
    ready: isUp ? ageOf(readySince(pod), now) : undefined,
    restarts: restartsOf(pod).map((count) => -count),
    made: ageOf(Date.parse(metadata.creationTimestamp), now),
  };
}

function compareNumbers(a: readonly number[], b: readonly number[]): number {
  for (const [at, one] of a.entries()) {
    const difference = one - (b[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** The younger one first; of two that are as old by their order of magnitude, the one whose id says so. */
function youngerFirst(a: Rank, b: Rank, of: 'ready' | 'made'): number {
  const [one, other] = [a[of], b[of]];
  if (!one || !other || one.since === other.since) return 0;
  return one.magnitude - other.magnitude || (a.uid < b.uid ? -1 : 1);
}

const compareRanks = (a: Rank, b: Rank): number =>
  compareNumbers(a.first, b.first) ||
  youngerFirst(a, b, 'ready') ||
  compareNumbers(a.restarts, b.restarts) ||
  youngerFirst(a, b, 'made');

/**
 * Pods in the order in which they go when a set shrinks (Kubernetes: ReplicaSet scale-down order). `siblings` counts the pods of
 * related sets on each node.
 */
export const inDeletionOrder = <T extends { readonly value: { readonly object: Pod } }>(
  entries: readonly T[],
  siblings: ReadonlyMap<string, number>,
  now: Instant,
): readonly T[] =>
  entries
    .map((entry) => ({ entry, rank: rankOf(entry.value.object, siblings, now) }))
    .sort((a, b) => compareRanks(a.rank, b.rank))
    .map(({ entry }) => entry);
