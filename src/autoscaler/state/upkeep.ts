import type { Instant } from '../../units/index.js';
import { after } from '../../units/index.js';
import type { Instance, InstanceFailure } from '../cloud.js';
import type { NodeGroupMemory } from '../memory.js';
import type { AutoscalerOptions } from '../options.js';
import { afterFailure } from '../backoff.js';
import type { GroupState } from './cluster-state.js';

/** What has become of nodes that were awaited. */
export type ScaleUpNote =
  | { readonly kind: 'timed out'; readonly increase: number }
  | {
      readonly kind: 'failed';
      readonly failure: InstanceFailure;
      readonly count: number;
      /** What the cloud said of each, once. */
      readonly sources: readonly string[];
    };

/** A group's memory brought up to the moment, with what there is to tell of it. */
export interface Upkeep {
  readonly memory: NodeGroupMemory;
  readonly notes: readonly ScaleUpNote[];
  /** Instances that could not be made: they are deleted, in every loop. */
  readonly failed: readonly Instance[];
}

/** Follows what was asked for: when instances became nodes, did not in time, or failed (cluster state registry: UpdateNodes). */
export function keepUp(
  { group, memory, unregistered, counts }: GroupState,
  { now, options }: { readonly now: Instant; readonly options: AutoscalerOptions },
): Upkeep {
  const notes: ScaleUpNote[] = [];
  let next: NodeGroupMemory = {
    ...memory,
    unregistered: Object.fromEntries(unregistered.map(({ id }) => [id, memory.unregistered[id] ?? now])),
  };
  next = endRequest(
    next,
    now,
    options,
    notes,
    group.targetSize - (counts.registered - counts['not started']),
  );
  const failed = group.instances.filter(({ failure, state }) => failure && state !== 'deleting');
  next = failInstances(next, failed, now, options, notes);
  return { memory: isSame(next, memory) ? memory : next, notes, failed };
}

/** The request ends when all that was asked for has arrived, or when it is overdue. */
function endRequest(
  memory: NodeGroupMemory,
  now: Instant,
  options: AutoscalerOptions,
  notes: ScaleUpNote[],
  missing: number,
): NodeGroupMemory {
  const { request, ...rest } = memory;
  if (!request) return memory;
  if (missing <= 0) return rest;
  if (now <= request.expectedBy) return memory;
  notes.push({ kind: 'timed out', increase: request.increase });
  const cause = { code: 'timeout', message: 'Nodes did not register in time', scarce: 'other' } as const;
  return { ...rest, backoff: afterFailure(rest.backoff, now, options, cause) };
}

function failInstances(
  memory: NodeGroupMemory,
  failed: readonly Instance[],
  now: Instant,
  options: AutoscalerOptions,
  notes: ScaleUpNote[],
): NodeGroupMemory {
  const known = new Set(memory.failed);
  const fresh = failed.filter(({ id }) => !known.has(id));
  let next: NodeGroupMemory = { ...memory, failed: failed.map(({ id }) => id) };
  if (fresh.length === 0 || !memory.request) return next;
  const kinds = new Map<string, Instance[]>();
  for (const instance of fresh) {
    const kind = `${instance.failure?.class ?? ''}.${instance.failure?.code ?? ''}`;
    kinds.set(kind, [...(kinds.get(kind) ?? []), instance]);
  }
  for (const instances of kinds.values()) {
    const [first] = instances;
    if (!first?.failure) continue;
    const sources = [...new Set(instances.flatMap(({ failure }) => failure?.message ?? []))];
    notes.push({ kind: 'failed', failure: first.failure, count: instances.length, sources });
    next = {
      ...shrunk(next, instances.length),
      backoff: afterFailure(next.backoff, now, options, first.failure),
    };
  }
  return next;
}

/** A request for fewer nodes; none for none. */
function shrunk(memory: NodeGroupMemory, by: number): NodeGroupMemory {
  const { request, ...rest } = memory;
  if (!request || request.increase <= by) return rest;
  return { ...rest, request: { ...request, increase: request.increase - by } };
}

/** More nodes are asked for: what was asked for before is awaited with them, as long as they are. */
export function withRequest(
  memory: NodeGroupMemory,
  increase: number,
  now: Instant,
  { maxNodeProvisionTime }: AutoscalerOptions,
): NodeGroupMemory {
  const total = increase + (memory.request?.increase ?? 0);
  return {
    ...memory,
    request: { increase: total, since: now, expectedBy: after(now, maxNodeProvisionTime) },
  };
}

const isSame = (a: NodeGroupMemory, b: NodeGroupMemory): boolean => JSON.stringify(a) === JSON.stringify(b);
