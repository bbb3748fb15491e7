import { vi } from 'vitest';
import {
  AzureError,
  applyLimits,
  clearShortage,
  parseLimits,
  startInstances,
  stopInstances,
  virtualMachines,
} from '../../../azure/index.js';
import type { VirtualMachine } from '../../../azure/index.js';
import { agentPools, evictSpotVms } from '../../../nodepools/index.js';
import { instant } from '../../../units/index.js';
import type { WorldInit } from '../../index.js';
import { TestCluster } from '../fixtures.js';
import type { Case, Happening, PoolCase, Profile, WorkloadCase } from './generated.js';

const path = { resourceGroup: 'rg1', cluster: 'shop' };
const location = 'westeurope';
const names = 'abcd';
const plenty = 50_000;

/** When new clusters could have a version. */
const openedAt = (version: string): number =>
  version === '1.33' ? Date.UTC(2026, 4, 20) : Date.UTC(2026, 7, 21);

/** A generated case that is being played in virtual time. */
export class Play {
  readonly #case: Case;
  cluster: TestCluster;
  readonly #asked = new Map<string, number>();
  /** Seconds played. */
  #elapsed = 0;
  #made = 0;
  /** Steps that are still to come, with the seconds at which they are due. */
  #ahead: readonly { readonly at: number; readonly what: Happening }[];

  constructor(one: Case, init: WorldInit = {}) {
    this.#case = one;
    const { version, profile, pools, workloads, daemon } = one;
    const start = { start: instant(openedAt(version)) };
    this.cluster = TestCluster.open(
      1,
      { ...start, ...init },
      {},
      {
        kubernetesVersion: version,
        autoScalerProfile: profile,
      },
    );
    this.#steadyChance();
    pools.forEach((pool, number) => this.cluster.addPool(nameOf(number), pool.min, propertiesOf(pool)));
    const [system = ''] = this.cluster.names('nodes');
    this.cluster.patch('nodes', system, { spec: { unschedulable: true } });
    this.#prepare(daemon);
    this.cluster.pass(30);
    workloads.forEach((workload, number) => this.#deploy(`w${String(number)}`, workload));
    let at = 0;
    this.#ahead = one.steps.map(({ after, what }) => ({ at: (at += after), what }));
  }

  /**
   * Names and uids follow from how often they were asked for, not from how much has been written meanwhile: so two worlds are alike
   * of which one writes more down.
   */
  #steadyChance(): void {
    const { seed } = this.cluster.world;
    const stream = seed.stream.bind(seed);
    vi.spyOn(seed, 'stream').mockImplementation((purpose, occasion = '') => {
      const hangsOnWrites = /^(kube-name|kube-uid|operation)$/.test(purpose);
      if (!hangsOnWrites) return stream(purpose, occasion);
      const base = occasion.replace(/@\d+/, '');
      const times = (this.#asked.get(base) ?? 0) + 1;
      this.#asked.set(base, times);
      return stream(purpose, `${base}@${String(times)}`);
    });
  }

  #prepare(daemon: number | undefined): void {
    const { cluster } = this;
    for (const [name, value] of [
      ['expendable', -50],
      ['preempting', 1000],
    ] as const)
      cluster.create('priorityclasses', { metadata: { name }, value });
    cluster.in('kube-system').create('configmaps', {
      metadata: { name: 'cluster-autoscaler-priority-expander' },
      data: { priorities: '1: [".*"]\n5: ["-b-"]' },
    });
    if (daemon === undefined) return;
    const labels = { app: 'daemon' };
    const spec = { containers: [container(daemon, 50)], tolerations: [{ operator: 'Exists' }] };
    cluster.create('daemonsets', {
      metadata: { name: 'daemon' },
      spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec } },
    });
  }

  #deploy(name: string, workload: WorkloadCase): void {
    const { replicas, cpu, memory, pool, tolerates, priority, storage, grace, safeToEvict, budget } =
      workload;
    const labels = { app: name };
    const annotation = 'cluster-autoscaler.kubernetes.io/safe-to-evict';
    const template = {
      metadata: { labels, ...(safeToEvict && { annotations: { [annotation]: safeToEvict } }) },
      spec: {
        containers: [container(cpu, memory)],
        terminationGracePeriodSeconds: grace,
        nodeSelector: {
          'kubernetes.azure.com/mode': 'user',
          ...(pool !== undefined && { agentpool: nameOf(this.#place(pool)) }),
        },
        ...(tolerates && { tolerations: [{ operator: 'Exists', effect: 'NoSchedule' }] }),
        ...(priority && { priorityClassName: priority }),
        ...(storage && { volumes: [{ name: 'scratch', emptyDir: {} }] }),
        ...apart(workload, labels),
      },
    };
    const selector = { matchLabels: labels };
    this.cluster.create('deployments', { metadata: { name }, spec: { replicas, selector, template } });
    if (budget)
      this.cluster.create('poddisruptionbudgets', { metadata: { name }, spec: { selector, ...budget } });
  }

  /** When the last of the steps is over, in seconds. */
  get length(): number {
    return this.#case.steps.reduce((sum, { after }) => sum + after, 0);
  }

  /** Plays on until so many seconds have gone by since the beginning. */
  until(seconds: number): void {
    for (;;) {
      const [next] = this.#ahead;
      if (!next || next.at > seconds) break;
      this.#pass(next.at);
      this.#take(next.what);
      this.#ahead = this.#ahead.slice(1);
    }
    this.#pass(seconds);
  }

  #pass(until: number): void {
    const milliseconds = Math.round(until * 1000) - Math.round(this.#elapsed * 1000);
    if (milliseconds > 0) this.cluster.pass(milliseconds / 1000);
    this.#elapsed = until;
  }

  /** Pods that are on no node. */
  get waiting(): number {
    return this.cluster.list('pods').filter(({ spec }) => spec['nodeName'] === undefined).length;
  }

  async reopen(init: WorldInit): Promise<void> {
    this.cluster = await this.cluster.reopen(init);
    this.#steadyChance();
  }

  /** Nothing is scarce any more, and what had been stopped runs. */
  relieve(): void {
    const { store, catalog, clock } = this.cluster.world;
    const cores = { quota: { [location]: { cores: plenty } } };
    store.transact((tx) => {
      applyLimits(tx, parseLimits(cores, catalog));
      for (const { size } of this.#case.pools)
        for (const zone of [undefined, '1', '2', '3'])
          for (const priority of [undefined, 'Spot'] as const)
            clearShortage(tx, location, size, zone, priority);
      const off = store.list(virtualMachines).filter(({ state }) => state.kind === 'stopped');
      startInstances(
        tx,
        off.map(({ key }) => key),
        clock.now(),
      );
    });
  }

  #place(number: number): number {
    return number % this.#case.pools.length;
  }

  #pool(number: number): { readonly name: string; readonly pool: PoolCase } {
    const found = this.#place(number);
    return { name: nameOf(found), pool: this.#case.pools[found] as PoolCase };
  }

  #vms(pool: string): readonly VirtualMachine[] {
    return this.cluster.world.store
      .list(virtualMachines)
      .filter(({ name, state }) => name.startsWith(`aks-${pool}-`) && state.kind === 'running');
  }

  #take(what: Happening): void {
    try {
      this.#happen(what);
    } catch (error) {
      // AKS refuses what does not go, or not now: then nothing happens.
      if (!(error instanceof AzureError)) throw error;
    }
  }

  #happen(what: Happening): void {
    const { cluster } = this;
    const { store, aks, catalog, clock } = cluster.world;
    const limit = (section: object): void =>
      store.transact((tx) => {
        applyLimits(tx, parseLimits(section, catalog));
      });
    if (what.kind === 'scale') {
      const name = `w${String(what.workload % this.#case.workloads.length)}`;
      cluster.patch('deployments', name, { spec: { replicas: what.replicas } });
      return;
    }
    if (what.kind === 'quota') return limit({ quota: { [location]: { cores: what.cores } } });
    if (what.kind === 'relief') return this.relieve();
    if (what.kind === 'profile') return this.#setProfile(what.profile);
    const { name, pool } = this.#pool(what.pool);
    const vms = this.#vms(name);
    switch (what.kind) {
      case 'shortage': {
        const zone = what.zone === undefined ? undefined : pool.zones[what.zone];
        const { remaining } = what;
        return limit({
          shortages: [{ location, size: pool.size, ...(zone && { zone: Number(zone) }), remaining }],
        });
      }
      case 'bare pod':
        this.#made += 1;
        cluster.create('pods', {
          metadata: { name: `bare-${String(this.#made)}` },
          spec: {
            containers: [container(100, 50)],
            nodeSelector: { agentpool: name },
            tolerations: [{ operator: 'Exists', effect: 'NoSchedule' }],
          },
        });
        return;
      case 'evict spot': {
        if (pool.kind !== 'spot') return;
        const keys = vms.slice(0, 2).map(({ key }) => key);
        if (!store.get(agentPools, this.#poolKey(name))) return;
        return store.transact((tx) => evictSpotVms(tx, cluster.world, this.#poolKey(name), keys));
      }
      case 'stop VM': {
        const keys = vms.slice(-1).map(({ key }) => key);
        return store.transact((tx) => stopInstances(tx, keys, 'stopped', clock.now()));
      }
      case 'start VMs': {
        const off = store.list(virtualMachines).filter(({ state }) => state.kind === 'stopped');
        return store.transact((tx) =>
          startInstances(
            tx,
            off.map(({ key }) => key),
            clock.now(),
          ),
        );
      }
      case 'fence':
      case 'cordon': {
        const node = cluster.list('nodes', `agentpool=${name}`).at(-1);
        if (!node) return;
        const annotations = { 'cluster-autoscaler.kubernetes.io/scale-down-disabled': 'true' };
        cluster.patch(
          'nodes',
          node.metadata.name,
          what.kind === 'fence' ? { metadata: { annotations } } : { spec: { unschedulable: true } },
        );
        return;
      }
      case 'delete pool':
        aks.deleteAgentPool({ ...path, agentPool: name });
        return;
      case 'switch': {
        const found = store.get(agentPools, this.#poolKey(name));
        if (!found) return;
        const { enableAutoScaling } = found.properties;
        const { min, max } = pool;
        return this.#putPool(
          name,
          enableAutoScaling
            ? { enableAutoScaling: false }
            : { enableAutoScaling: true, minCount: min, maxCount: max },
        );
      }
      case 'bounds':
        return this.#putPool(name, {
          enableAutoScaling: true,
          minCount: what.min,
          maxCount: what.min + what.extra,
        });
    }
  }

  #poolKey(name: string): string {
    return `${this.cluster.key}/agentpools/${name}`;
  }

  #putPool(name: string, properties: object): void {
    if (!this.cluster.world.store.get(agentPools, this.#poolKey(name))) return;
    this.cluster.world.aks.putAgentPool({ ...path, agentPool: name }, { properties });
  }

  #setProfile(autoScalerProfile: Profile): void {
    const { aks } = this.cluster.world;
    const { location: place, properties } = aks.cluster(path);
    aks.putCluster(path, {
      location: place,
      properties: { dnsPrefix: properties.dnsPrefix, autoScalerProfile },
    });
  }
}

const nameOf = (number: number): string => names[number] ?? '';

function propertiesOf({ min, max, size, zones, kind }: PoolCase): object {
  return {
    vmSize: size,
    enableAutoScaling: true,
    minCount: min,
    maxCount: max,
    ...(zones.length > 0 && { availabilityZones: zones }),
    ...(kind === 'tainted' && { nodeTaints: ['dedicated=special:NoSchedule'] }),
    ...(kind === 'spot' && {
      scaleSetPriority: 'Spot',
      scaleSetEvictionPolicy: 'Delete',
      osDiskType: 'Managed',
    }),
  };
}

const container = (cpu: number, memory: number): object => ({
  name: 'c',
  image: 'i:1',
  resources: { requests: { cpu: `${String(cpu)}m`, memory: `${String(memory)}Mi` } },
});

function apart({ apart: how }: WorkloadCase, matchLabels: object): object {
  const spread = (topologyKey: string): object => ({
    topologySpreadConstraints: [
      { maxSkew: 1, topologyKey, whenUnsatisfiable: 'DoNotSchedule', labelSelector: { matchLabels } },
    ],
  });
  switch (how) {
    case 'nothing':
      return {};
    case 'hosts': {
      const term = { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels } };
      return { affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } } };
    }
    case 'host spread':
      return spread('kubernetes.io/hostname');
    case 'zone spread':
      return spread('topology.kubernetes.io/zone');
  }
}
