import type { Catalog, VmSize } from '../../azure/index.js';
import { daemonsOn, nodes, taintKeys } from '../../kube/index.js';
import type { KubeNode, Pod } from '../../kube/index.js';
import {
  growthBounds,
  nextZones,
  poolsOf,
  resourceKey,
  scaleSetOf,
  templateNode,
} from '../../nodepools/index.js';
import type { AgentPool, GrowthBound, ManagedCluster } from '../../nodepools/index.js';
import { liveInstances } from '../../azure/index.js';
import type { Need, Supposed, WhatIf } from '../../scheduler/index.js';
import type { Reader } from '../../store/index.js';
import type { Instant } from '../../units/index.js';
import type { RefusedNode } from './reasons.js';
import type { VolumeContext } from './volumes.js';

/** A pool with its nodes and what bounds it. */
export interface PoolState {
  readonly pool: AgentPool;
  /** Absent for a size that the catalogue does not know. */
  readonly size?: VmSize;
  readonly nodes: readonly KubeNode[];
  /** VMs that are not nodes yet, and nodes that are starting. */
  readonly coming: number;
  readonly bounds: readonly GrowthBound[];
}

/** What new nodes of a pool would be for pods. */
export type NewNodes =
  /** The pods fit without. */
  | { readonly kind: 'not needed' }
  | { readonly kind: 'take'; readonly needed: number }
  | { readonly kind: 'refuse'; readonly refused?: RefusedNode };

/** Where pods would run after a change. */
export type Outcome =
  /** On nodes that there are; for the first of them, by pool. */
  | { readonly kind: 'now'; readonly byPool: ReadonlyMap<string | undefined, number> }
  /** On new nodes, which the pool may have. */
  | { readonly kind: 'on new nodes'; readonly pool: AgentPool; readonly needed: number };

/** More nodes than a pool may have are never looked at. */
const mostNodes = 1000;

/**
 * Pods that have no node, and the cluster that they are held against. All is asked within a supposition in which the pods of the
 * same workload that do fit are placed.
 */
export class Question implements VolumeContext {
  readonly reader: Reader;
  readonly catalog: Catalog;
  readonly managed: ManagedCluster;
  /** Of the cluster, in the store. */
  readonly cluster: string;
  readonly whatIf: WhatIf;
  readonly now: Instant;
  readonly pools: readonly PoolState[];
  /** Nodes that are of no pool. */
  readonly strays: readonly KubeNode[];
  /** They are all alike. */
  readonly waiting: readonly Pod[];
  readonly #poolOfNode: ReadonlyMap<string, string>;

  constructor(init: {
    readonly reader: Reader;
    readonly catalog: Catalog;
    readonly managed: ManagedCluster;
    readonly whatIf: WhatIf;
    readonly now: Instant;
    readonly waiting: readonly Pod[];
  }) {
    const { reader, catalog, managed } = init;
    this.reader = reader;
    this.catalog = catalog;
    this.managed = managed;
    this.cluster = resourceKey(managed.id);
    this.whatIf = init.whatIf;
    this.now = init.now;
    this.waiting = init.waiting;
    this.pools = poolsOf(reader, this.cluster).map((pool) => this.#stateOf(pool));
    const poolOfNode = new Map<string, string>();
    for (const { pool, nodes: members } of this.pools)
      for (const { metadata } of members) poolOfNode.set(metadata.name, pool.name);
    this.#poolOfNode = poolOfNode;
    this.strays = reader
      .find(nodes, 'byCluster', this.cluster)
      .map(({ object }) => object)
      .filter(({ metadata }) => !poolOfNode.has(metadata.name));
  }

  /** The first of the pods that wait. */
  get pod(): Pod {
    const [first] = this.waiting;
    if (!first) throw new Error('A question is about at least one pod');
    return first;
  }

  poolOf(node: string): string | undefined {
    return this.#poolOfNode.get(node);
  }

  /** What a pod asks of any node, by resource. */
  needsOf(pod: Pod): readonly Pick<Need, 'resource' | 'asked'>[] {
    return this.whatIf.asks(pod);
  }

  /** Where pods would run, with what `prepare` supposes; undefined when they would not all run. */
  outcome(pods: readonly Pod[], prepare?: (what: Supposed) => void): Outcome | undefined {
    const [first] = pods;
    if (!first) return undefined;
    const byPool = this.whatIf.suppose((what) => {
      prepare?.(what);
      const { feasible } = what.fits(first);
      if (placeAlike(what, pods).length > 0) return undefined;
      const counts = new Map<string | undefined, number>();
      for (const name of feasible) {
        const pool = this.poolOf(name);
        counts.set(pool, (counts.get(pool) ?? 0) + 1);
      }
      return counts;
    });
    if (byPool) return { kind: 'now', byPool };
    for (const state of this.pools) {
      const { pool, bounds } = state;
      if (!bounds.every(({ room }) => room > 0)) continue;
      const found = this.newNodes(state, pods, prepare);
      if (found.kind === 'take' && bounds.every(({ room }) => room >= found.needed))
        return { kind: 'on new nodes', pool, needed: found.needed };
    }
    return undefined;
  }

  /** How many new nodes of a pool would take all of the pods, as many as it may take; or why the first of them would not. */
  newNodes(
    { pool, nodes: members }: Pick<PoolState, 'pool' | 'nodes'>,
    pods: readonly Pod[],
    prepare?: (what: Supposed) => void,
  ): NewNodes {
    const { catalog, managed, now, cluster, reader } = this;
    if (!catalog.vmSize(pool.properties.vmSize)) return { kind: 'refuse' };
    const zones = nextZones(reader, { pool, cluster: managed }, mostNodes);
    const patience = Math.max(1, pool.properties.availabilityZones?.length ?? 0);
    const [like] = members;
    return this.whatIf.suppose((what): NewNodes => {
      prepare?.(what);
      let refused: RefusedNode | undefined;
      let left = placeAlike(what, pods);
      if (left.length === 0) return { kind: 'not needed' };
      let idle = 0;
      for (let number = 1; number <= mostNodes && idle < patience; number += 1) {
        const zone = zones[number - 1];
        const node = templateNode({
          pool,
          cluster: managed,
          catalog,
          now,
          number,
          ...(zone !== undefined && { zone }),
          ...(like && { like }),
        });
        what.putNode(node);
        for (const daemon of daemonsOn(reader, cluster, node)) what.putPod(daemon, node.metadata.name);
        const [first] = left;
        if (first && number === 1) refused = refusedBy(what, first, node);
        const before = left.length;
        left = placeAlike(what, left);
        if (left.length === 0) return { kind: 'take', needed: number };
        idle = left.length === before ? idle + 1 : 0;
      }
      return { kind: 'refuse', ...(refused && { refused }) };
    });
  }

  #stateOf(pool: AgentPool): PoolState {
    const { reader, catalog, managed } = this;
    const key = resourceKey(pool.id);
    const members = reader.find(nodes, 'byAgentPool', key).map(({ object }) => object);
    const scaleSet = scaleSetOf(reader, key);
    const vms = scaleSet ? liveInstances(reader, scaleSet.key) : [];
    const failed = vms.filter(({ state }) => state.kind === 'failed').length;
    const size = catalog.vmSize(pool.properties.vmSize);
    const missing = Math.max(0, Math.max(vms.length, pool.properties.count) - failed - members.length);
    return {
      pool,
      nodes: members,
      coming: missing + members.filter((node) => isStarting(node, this.now)).length,
      ...(size && { size }),
      bounds: size ? growthBounds(reader, { pool, cluster: managed, size }) : [],
    };
  }
}

/** A node that takes longer than this to start is taken for one that fails. */
const longestStart = 600_000;

function isStarting({ spec, metadata }: KubeNode, now: Instant): boolean {
  const isYoung = now - Date.parse(metadata.creationTimestamp) < longestStart;
  return (
    isYoung && (spec.taints ?? []).some(({ key }) => key === taintKeys.notReady || key === uninitialized)
  );
}

const uninitialized = 'node.cloudprovider.kubernetes.io/uninitialized';

/** Places pods that are alike, in their order, until one finds no room. @returns those that have none */
export function placeAlike(what: Supposed, pods: readonly Pod[]): readonly Pod[] {
  for (const [index, pod] of pods.entries()) {
    const [placed] = what.place([pod]);
    if (placed?.node === undefined) return pods.slice(index);
  }
  return [];
}

/** Why a node of the supposition won't do. */
export function refusedBy(what: Supposed, pod: Pod, node: KubeNode): RefusedNode | undefined {
  const { name } = node.metadata;
  const refusal = what.fits(pod).refusals.get(name);
  return refusal && { node, refusal, needs: what.needs(pod, name) };
}
