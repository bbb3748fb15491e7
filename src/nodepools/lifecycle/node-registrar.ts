import { sample, scaleSets, virtualMachines } from '../../azure/index.js';
import type { VirtualMachine } from '../../azure/index.js';
import { kubelets, nodeKey, nodes } from '../../kube/index.js';
import type { Commit } from '../../store/index.js';
import type { Instant } from '../../units/index.js';
import { after } from '../../units/index.js';
import { nodeFor } from '../nodes/index.js';
import { agentPools, managedClusters } from './collections.js';
import type { LifecycleParts } from './parts.js';

/**
 * Makes each running VM a Kubernetes node once its bootstrap has had time to end, and takes a node away with its VM
 * (AKS: bootstrap extension, then the kubelet registers). VMs that come up together join in one transaction.
 */
export class NodeRegistrar {
  readonly #parts: LifecycleParts;
  /** VMs by the moment they join: one clock event per distinct moment, however many VMs share it. */
  readonly #joining = new Map<Instant, string[]>();

  constructor(parts: LifecycleParts) {
    this.#parts = parts;
  }

  /** Takes up the VMs that are running without a node, then follows changes. */
  start(): void {
    const { store } = this.#parts;
    for (const vm of store.list(virtualMachines)) this.#follow(vm);
    // A VM may have gone just before the process ended: its node goes now.
    store.transact((tx) => {
      for (const { key, value } of store.entries(nodes)) {
        if (value.vm !== undefined && !tx.get(virtualMachines, value.vm)) tx.delete(nodes, key);
      }
    });
    store.watch({ collections: [virtualMachines] }, (commit) => this.#onCommit(commit));
  }

  #onCommit(commit: Commit): void {
    const gone: VirtualMachine[] = [];
    for (const change of commit.changes) {
      if (change.collection !== virtualMachines.name) continue;
      const before = change.before as VirtualMachine | undefined;
      const now = change.after as VirtualMachine | undefined;
      if (now && before?.state.kind !== now.state.kind) this.#follow(now);
      if (before && !now) gone.push(before);
    }
    if (gone.length > 0) this.#removeNodes(gone);
  }

  #follow({ key, state }: VirtualMachine): void {
    if (state.kind !== 'running') return;
    const { latency, seed, clock } = this.#parts;
    const joins = after(state.since, sample(latency, 'nodeJoin', seed.stream('node-join', key)));
    const waiting = this.#joining.get(joins);
    if (waiting) {
      waiting.push(key);
      return;
    }
    this.#joining.set(joins, [key]);
    clock.at(joins, () => this.#join(joins));
  }

  #join(moment: Instant): void {
    const keys = this.#joining.get(moment) ?? [];
    this.#joining.delete(moment);
    const { store, catalog, seed, clock } = this.#parts;
    store.transact((tx) => {
      for (const key of keys) {
        const vm = tx.get(virtualMachines, key);
        if (vm?.state.kind !== 'running') continue;
        const scaleSet = tx.get(scaleSets, vm.scaleSet);
        const pool = scaleSet && tx.get(agentPools, scaleSet.agentPool);
        const cluster = pool && tx.get(managedClusters, pool.cluster);
        if (!pool || !cluster) continue;
        const id = nodeKey(pool.cluster, vm.name);
        if (tx.get(nodes, id)) continue;
        const uid = seed.stream('node-uid', key).guid();
        const object = nodeFor({ pool, cluster, vm, catalog, now: clock.now(), uid });
        tx.put(kubelets, id, {
          cluster: pool.cluster,
          node: vm.name,
          agentPool: scaleSet.agentPool,
          vm: key,
          state: { kind: 'ready' },
          renewsFrom: moment,
          postsFrom: moment,
        });
        // Of a size whose disks are not known, the driver takes eight.
        const dataDisks = catalog.vmSize(pool.properties.vmSize)?.maxDataDisks ?? 8;
        const agentPool = scaleSet.agentPool;
        tx.put(nodes, id, { cluster: pool.cluster, agentPool, vm: key, dataDisks, object });
      }
    });
  }

  #removeNodes(vms: readonly VirtualMachine[]): void {
    const { store } = this.#parts;
    store.transact((tx) => {
      for (const vm of vms) {
        const scaleSet = tx.get(scaleSets, vm.scaleSet);
        const pool = scaleSet && tx.get(agentPools, scaleSet.agentPool);
        if (!pool) continue;
        tx.delete(nodes, nodeKey(pool.cluster, vm.name));
        tx.delete(kubelets, nodeKey(pool.cluster, vm.name));
      }
    });
  }
}
