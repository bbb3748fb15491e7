import type { AutoscalerSettings, CloudFailure, NodeGroup } from '../../autoscaler/index.js';
import {
  applyLimits,
  findSubnet,
  freeAddresses,
  instancesOf,
  leaseAddresses,
  parseLimits,
  quotaOf,
  remainingCapacity,
  scaleSets,
  subnetUses,
} from '../../azure/index.js';
import type { Priority, ScaleSet, VirtualMachine } from '../../azure/index.js';
import { nodes } from '../../kube/index.js';
import type { ClusterNode, KubeNode } from '../../kube/index.js';
import { AksCloud, agentPools, evictSpotVms } from '../../nodepools/index.js';
import type { AgentPool } from '../../nodepools/index.js';
import type { Transaction } from '../../store/index.js';
import { TestCluster } from './fixtures.js';

export const location = 'westeurope';
/** Of 4 vCPUs and 16 GiB. */
export const size = 'Standard_D4s_v5';

const path = { resourceGroup: 'rg1', cluster: 'shop' };

/** A cluster of one system node and an autoscaled pool `web`, as the autoscaler's cloud sees it; the autoscaler itself does nothing. */
export class Scenario {
  readonly cluster: TestCluster;
  readonly cloud: AksCloud;

  constructor(properties: object = {}, count = 2, network: object = {}) {
    this.cluster = TestCluster.open(1, { autoscalerLoops: 'none' }, network);
    this.cluster.addPool('web', count, { enableAutoScaling: true, minCount: 1, maxCount: 10, ...properties });
    this.cluster.pass(60);
    this.cloud = new AksCloud(this.cluster.world);
  }

  get #scaleSet(): ScaleSet {
    const [scaleSet] = this.cluster.world.store.find(scaleSets, 'byAgentPool', this.#poolKey);
    if (!scaleSet) throw new Error('There is no scale set');
    return scaleSet;
  }

  get #poolKey(): string {
    return `${this.cluster.key}/agentpools/web`;
  }

  get pool(): AgentPool {
    const pool = this.cluster.world.store.get(agentPools, this.#poolKey);
    if (!pool) throw new Error('There is no pool');
    return pool;
  }

  get vms(): readonly VirtualMachine[] {
    return instancesOf(this.cluster.world.store, this.#scaleSet.key);
  }

  /** How many VMs are in each state, e.g. `{running: 2}`. */
  get states(): Readonly<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (const { state } of this.vms) counts[state.kind] = (counts[state.kind] ?? 0) + 1;
    return counts;
  }

  /** vCPUs of the region. */
  get coresUsed(): number {
    return quotaOf(this.cluster.world.store, location, 'cores').used;
  }

  /** vCPUs of the region's spot VMs. */
  get spotCoresUsed(): number {
    return quotaOf(this.cluster.world.store, location, 'lowPriorityCores').used;
  }

  /** Of the subnet that the nodes are in. */
  addressesUsed(): number {
    const { store } = this.cluster.world;
    return store.list(subnetUses).reduce((sum, { used }) => sum + used, 0);
  }

  capacityLeft(priority: Priority = 'Regular'): number {
    return remainingCapacity(this.cluster.world.store, { location, size }, priority);
  }

  nodes(): readonly ClusterNode[] {
    return this.cluster.world.store.find(nodes, 'byAgentPool', this.#poolKey);
  }

  groups(): readonly NodeGroup[] {
    return this.cloud.groups(this.cluster.world.store, this.cluster.key);
  }

  get group(): NodeGroup {
    const group = this.groups().find(({ pool }) => pool === 'web');
    if (!group) throw new Error('There is no node group');
    return group;
  }

  settings(): AutoscalerSettings | undefined {
    return this.cloud.settings(this.cluster.world.store, this.cluster.key);
  }

  template(): KubeNode | undefined {
    return this.cloud.template(this.cluster.world.store, this.cluster.key, this.#scaleSet.name);
  }

  hourlyPrice(): number | undefined {
    return this.cloud.hourlyPrice(this.cluster.world.store, this.cluster.key, this.#scaleSet.name);
  }

  transact<T>(action: (tx: Transaction) => T): T {
    return this.cluster.world.store.transact(action);
  }

  increase(delta: number): CloudFailure | undefined {
    const { name } = this.#scaleSet;
    return this.transact((tx) => this.cloud.increase(tx, this.cluster.key, name, delta));
  }

  decreaseTarget(): CloudFailure | undefined {
    const { name } = this.#scaleSet;
    return this.transact((tx) => this.cloud.decreaseTarget(tx, this.cluster.key, name));
  }

  deleteNodes(...names: readonly string[]): CloudFailure | undefined {
    const { name } = this.#scaleSet;
    return this.transact((tx) => this.cloud.deleteNodes(tx, this.cluster.key, name, names));
  }

  evict(...vms: readonly string[]): void {
    this.transact((tx) => evictSpotVms(tx, this.cluster.world, this.#poolKey, vms));
  }

  limit(section: object): void {
    this.transact((tx) => applyLimits(tx, parseLimits(section, this.cluster.world.catalog)));
  }

  /** Leaves so many addresses of the nodes' subnet free. */
  fillNodeSubnet(free: number): void {
    const [own] = this.#scaleSet.addresses;
    this.transact((tx) => {
      const subnet = findSubnet(tx, own?.subnetId ?? '');
      if (subnet) leaseAddresses(tx, subnet.range, 'others', freeAddresses(tx, subnet.range) - free);
    });
  }

  put(properties: object): void {
    this.cluster.world.aks.putAgentPool({ ...path, agentPool: 'web' }, { properties });
  }

  deletePool(): void {
    this.cluster.world.aks.deleteAgentPool({ ...path, agentPool: 'web' });
  }

  /** Lets time pass, a tenth of a second at once, until something is so; a minute at the most. */
  until(holds: () => boolean): void {
    for (let tenths = 0; tenths < 600 && !holds(); tenths += 1) this.cluster.pass(0.1);
  }
}
