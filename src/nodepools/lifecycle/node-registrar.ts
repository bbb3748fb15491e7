import { isOff, sample, scaleSets, virtualMachines } from '../../azure/index.js';
import type { VirtualMachine } from '../../azure/index.js';
import {
  becomeReady,
  initializeNode,
  kubelets,
  nodeKey,
  removeNode,
  silence,
  startKubelet,
} from '../../kube/index.js';
import type { Commit, Reader, Transaction } from '../../store/index.js';
import type { Instant } from '../../units/index.js';
import { after, milliseconds } from '../../units/index.js';
import type { AgentPool, ManagedCluster } from '../model.js';
import { detectedProblems, nodeFor, providerIdOf } from '../nodes/index.js';
import { agentPools, managedClusters, resourceKey } from './collections.js';
import type { LifecycleParts } from './parts.js';

/** What a VM's node goes through, in this order. */
type Step = 'register' | 'initialize' | 'ready';

interface Due {
  readonly vm: string;
  readonly step: Step;
}

/** A running VM with what it belongs to. */
interface Member {
  readonly vm: VirtualMachine & { readonly state: { readonly kind: 'running'; readonly since: Instant } };
  readonly pool: AgentPool;
  readonly cluster: ManagedCluster;
}

/**
 * Makes each running VM a Kubernetes node (AKS: the bootstrap extension, then the kubelet registers, the cloud node manager
 * tells what the node is, the network plugin starts), silences the kubelet of one that is off, and takes a node away with
 * its VM. What is due together happens in one transaction; when each step is due follows from the VM, so a restart goes on.
 */
export class NodeRegistrar {
  readonly #parts: LifecycleParts;
  /** Steps by their moment: one clock event per distinct moment, however many VMs share it. */
  readonly #due = new Map<Instant, Due[]>();

  constructor(parts: LifecycleParts) {
    this.#parts = parts;
  }

  /** Takes up all VMs, then follows changes. */
  start(): void {
    const { store } = this.#parts;
    const present = store.list(virtualMachines);
    // A VM may have gone just before the process ended: its node goes now.
    store.transact((tx) => {
      for (const { cluster, node, vm } of tx.list(kubelets)) {
        if (!tx.get(virtualMachines, vm)) this.#remove(tx, cluster, node);
      }
      this.#silenceAll(tx, present.filter(isOff));
    });
    for (const vm of present) this.#follow(vm);
    store.watch({ collections: [virtualMachines] }, (commit) => this.#onCommit(commit));
  }

  #onCommit(commit: Commit): void {
    const gone: VirtualMachine[] = [];
    const off: VirtualMachine[] = [];
    for (const change of commit.changes) {
      if (change.collection !== virtualMachines.name) continue;
      const before = change.before as VirtualMachine | undefined;
      const now = change.after as VirtualMachine | undefined;
      if (now && before?.state.kind !== now.state.kind) this.#follow(now);
      if (now && isOff(now)) off.push(now);
      if (before && !now) gone.push(before);
    }
    if (gone.length + off.length === 0) return;
    this.#parts.store.transact((tx) => {
      this.#silenceAll(tx, off);
      for (const vm of gone) {
        const scaleSet = tx.get(scaleSets, vm.scaleSet);
        const pool = scaleSet && tx.get(agentPools, scaleSet.agentPool);
        if (pool) this.#remove(tx, pool.cluster, vm.name);
      }
    });
  }

  #follow({ key, state }: VirtualMachine): void {
    if (state.kind !== 'running') return;
    const { latency, seed } = this.#parts;
    const run = `${key}@${String(state.since)}`;
    const registers = after(state.since, sample(latency, 'nodeJoin', seed.stream('node-join', run)));
    const untilReady = sample(latency, 'nodeReady', seed.stream('node-ready', run));
    this.#at(registers, { vm: key, step: 'register' });
    this.#at(after(registers, milliseconds(Math.floor(untilReady / 2))), { vm: key, step: 'initialize' });
    this.#at(after(registers, untilReady), { vm: key, step: 'ready' });
  }

  #at(moment: Instant, due: Due): void {
    const waiting = this.#due.get(moment);
    if (waiting) {
      waiting.push(due);
      return;
    }
    this.#due.set(moment, [due]);
    this.#parts.clock.at(moment, () => this.#run(moment), 'node registration');
  }

  #run(moment: Instant): void {
    const due = this.#due.get(moment) ?? [];
    this.#due.delete(moment);
    this.#parts.store.transact((tx) => {
      for (const { vm, step } of due) {
        const member = memberOf(tx, vm);
        if (member) this.#take(tx, step, member);
      }
    });
  }

  #take(tx: Transaction, step: Step, member: Member): void {
    const { context } = this.#parts.kubernetes;
    const { vm, pool, cluster } = member;
    switch (step) {
      case 'register':
        return this.#register(tx, member);
      case 'initialize':
        return initializeNode(tx, context, pool.cluster, vm.name, providerIdOf(cluster, vm));
      case 'ready':
        return becomeReady(tx, context, pool.cluster, vm.name, detectedProblems(pool.properties));
    }
  }

  #register(tx: Transaction, { vm, pool, cluster }: Member): void {
    const { catalog, seed, clock, kubernetes } = this.#parts;
    const boot = vm.state.since;
    if (tx.get(kubelets, nodeKey(pool.cluster, vm.name))?.boot === boot) return;
    const run = `${vm.key}@${String(boot)}`;
    const uid = seed.stream('node-uid', run).guid();
    const bootId = seed.stream('boot-id', run).guid();
    startKubelet(tx, kubernetes.context, {
      cluster: pool.cluster,
      agentPool: resourceKey(pool.id),
      vm: vm.key,
      boot,
      // Of a size whose disks are not known, the driver takes eight.
      dataDisks: catalog.vmSize(pool.properties.vmSize)?.maxDataDisks ?? 8,
      node: nodeFor({ pool, cluster, vm, catalog, now: clock.now(), uid, bootId }),
    });
  }

  #silenceAll(tx: Transaction, vms: readonly VirtualMachine[]): void {
    for (const { key, name } of vms) {
      const pool = poolOf(tx, key);
      if (pool) silence(tx, this.#parts.kubernetes.context, pool.cluster, name);
    }
  }

  #remove(tx: Transaction, cluster: string, name: string): void {
    removeNode(tx, this.#parts.kubernetes.context, cluster, name);
  }
}

function poolOf(reader: Reader, vmKey: string): AgentPool | undefined {
  const vm = reader.get(virtualMachines, vmKey);
  const scaleSet = vm && reader.get(scaleSets, vm.scaleSet);
  return scaleSet && reader.get(agentPools, scaleSet.agentPool);
}

function memberOf(reader: Reader, vmKey: string): Member | undefined {
  const vm = reader.get(virtualMachines, vmKey);
  const pool = poolOf(reader, vmKey);
  const cluster = pool && reader.get(managedClusters, pool.cluster);
  if (vm?.state.kind !== 'running' || !pool || !cluster) return undefined;
  return { vm: { ...vm, state: vm.state }, pool, cluster };
}
