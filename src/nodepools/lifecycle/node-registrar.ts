import { sample, virtualMachines } from '../../azure/index.js';
import type { Catalog, LatencyProfile, VirtualMachine } from '../../azure/index.js';
import { nodes } from '../../kube/index.js';
import type { Clock, Seed } from '../../sim/index.js';
import type { Commit, Store } from '../../store/index.js';
import type { Instant } from '../../units/index.js';
import { after } from '../../units/index.js';
import { nodeFor } from '../nodes/index.js';
import { agentPools, managedClusters } from './collections.js';

/**
 * Makes each running VM a Kubernetes node once its bootstrap has had time to end, and takes a node away with its VM
 * (AKS: bootstrap extension, then the kubelet registers). VMs that come up together join in one transaction.
 */
export class NodeRegistrar {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #seed: Seed;
  readonly #latency: LatencyProfile;
  readonly #catalog: Catalog;
  /** VMs by the moment they join: one clock event per distinct moment, however many VMs share it. */
  readonly #joining = new Map<Instant, string[]>();

  constructor(parts: { store: Store; clock: Clock; seed: Seed; latency: LatencyProfile; catalog: Catalog }) {
    this.#store = parts.store;
    this.#clock = parts.clock;
    this.#seed = parts.seed;
    this.#latency = parts.latency;
    this.#catalog = parts.catalog;
  }

  /** Takes up the VMs that are running without a node, then follows changes. */
  start(): void {
    for (const { key, value } of this.#store.entries(virtualMachines)) this.#follow(key, value);
    this.#store.watch({ collections: [virtualMachines] }, (commit) => this.#onCommit(commit));
  }

  #onCommit(commit: Commit): void {
    const gone: VirtualMachine[] = [];
    for (const change of commit.changes) {
      if (change.collection !== virtualMachines.name) continue;
      const before = change.before as VirtualMachine | undefined;
      const now = change.after as VirtualMachine | undefined;
      if (now && before?.state.kind !== now.state.kind) this.#follow(change.key, now);
      if (before && !now) gone.push(before);
    }
    if (gone.length > 0) this.#removeNodes(gone);
  }

  #follow(key: string, vm: VirtualMachine): void {
    if (vm.state.kind !== 'running') return;
    const joins = after(vm.state.since, sample(this.#latency, 'nodeJoin', this.#seed.stream('node-join', key)));
    const waiting = this.#joining.get(joins);
    if (waiting) {
      waiting.push(key);
      return;
    }
    this.#joining.set(joins, [key]);
    this.#clock.at(joins, () => this.#join(joins));
  }

  #join(moment: Instant): void {
    const keys = this.#joining.get(moment) ?? [];
    this.#joining.delete(moment);
    this.#store.transact((tx) => {
      for (const key of keys) {
        const vm = tx.get(virtualMachines, key);
        if (vm?.state.kind !== 'running') continue;
        const scaleSet = tx.get(scaleSets, vm.scaleSet);
        const pool = scaleSet && tx.get(agentPools, scaleSet.agentPool);
        const cluster = pool && tx.get(managedClusters, pool.cluster);
        if (!pool || !cluster) continue;
        const nodeKey = `${cluster.key}/${vm.name}`;
        if (tx.get(nodes, nodeKey)) continue;
        const uid = this.#seed.stream('node-uid', key).guid();
        tx.put(nodes, nodeKey, {
          cluster: cluster.key,
          agentPool: pool.key,
          vm: key,
          object: nodeFor({ pool, cluster, vm, catalog: this.#catalog, now: this.#clock.now(), uid }),
        });
      }
    });
  }
}
