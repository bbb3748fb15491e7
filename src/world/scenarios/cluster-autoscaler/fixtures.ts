import { scalingAlarms, scalingDecisions } from '../../../autoscaler/index.js';
import type { ScalingDecision } from '../../../autoscaler/index.js';
import { applyLimits, parseLimits } from '../../../azure/index.js';
import { agentPools } from '../../../nodepools/index.js';
import type { WorldInit } from '../../index.js';
import { TestCluster } from '../fixtures.js';
import type { Shown } from '../fixtures.js';

/** An autoscaled pool; its VMs have 4 cores and 16 GiB unless told otherwise. */
export interface PoolDraft {
  readonly min: number;
  readonly max: number;
  /** Default: the minimum. */
  readonly count?: number;
  readonly properties?: object;
}

/** Pods of a deployment. */
export interface Workload {
  readonly replicas: number;
  readonly cpu?: string;
  /** The pool that they are meant for; any, without it. */
  readonly pool?: string;
  readonly spec?: object;
  readonly annotations?: Readonly<Record<string, string>>;
}

interface Event {
  readonly involvedObject: { readonly kind: string; readonly name: string };
  readonly reason: string;
  readonly message: string;
}

const path = { resourceGroup: 'rg1', cluster: 'shop' };

/** A cluster of one system node and autoscaled pools, in virtual time. */
export class ScalingScenario {
  cluster: TestCluster;
  readonly #pools: readonly string[];

  private constructor(cluster: TestCluster, pools: readonly string[]) {
    this.cluster = cluster;
    this.#pools = pools;
  }

  /** Five minutes after the pools were made; the system node takes no other pods. */
  static open(
    pools: Readonly<Record<string, PoolDraft>>,
    { profile, ...init }: WorldInit & { readonly profile?: Readonly<Record<string, string | boolean>> } = {},
  ): ScalingScenario {
    const cluster = TestCluster.open(1, init);
    const scenario = new ScalingScenario(cluster, Object.keys(pools));
    if (profile) scenario.setProfile(profile);
    for (const [name, { min, max, count = min, properties = {} }] of Object.entries(pools))
      cluster.addPool(name, count, { enableAutoScaling: true, minCount: min, maxCount: max, ...properties });
    const [system = ''] = cluster.names('nodes');
    cluster.patch('nodes', system, { spec: { unschedulable: true } });
    cluster.pass(300);
    return scenario;
  }

  setProfile(autoScalerProfile: Readonly<Record<string, string | boolean>>): void {
    const { aks } = this.cluster.world;
    const { location, properties } = aks.cluster(path);
    aks.putCluster(path, {
      location,
      properties: { dnsPrefix: properties.dnsPrefix, autoScalerProfile },
    });
    this.cluster.pass(30);
  }

  /** Quota, shortages and restrictions from now on. */
  limit(section: object): void {
    const { store, catalog } = this.cluster.world;
    store.transact((tx) => applyLimits(tx, parseLimits(section, catalog)));
  }

  deploy(name: string, { replicas, cpu = '1', pool, spec = {}, annotations = {} }: Workload): void {
    const container = { name: 'c', image: 'i:1', resources: { requests: { cpu, memory: '100Mi' } } };
    const labels = { app: name };
    this.cluster.create('deployments', {
      metadata: { name },
      spec: {
        replicas,
        selector: { matchLabels: labels },
        template: {
          metadata: { labels, annotations },
          spec: {
            ...(pool !== undefined && { nodeSelector: { agentpool: pool } }),
            containers: [container],
            terminationGracePeriodSeconds: 0,
            ...spec,
          },
        },
      },
    });
  }

  scale(name: string, replicas: number): void {
    this.cluster.patch('deployments', name, { spec: { replicas } });
  }

  /** What ARM says each pool's count is, in the order of the pools. */
  get sizes(): readonly number[] {
    return this.#pools.map(
      (name) =>
        this.cluster.world.store.get(agentPools, `${this.cluster.key}/agentpools/${name}`)?.properties
          .count ?? 0,
    );
  }

  /** Each change of the pools' sizes and of how many pods wait, with the seconds since now. */
  sizesOver(seconds: number, step = 1): readonly (readonly [at: number, sizes: string])[] {
    return this.cluster.timeline(seconds, step, () => this.sizes.join(' '));
  }

  get waiting(): number {
    return this.cluster.list('pods').filter(({ spec }) => spec['nodeName'] === undefined).length;
  }

  /** The nodes of a pool, in name order. */
  nodesOf(pool: string): readonly Shown[] {
    return this.cluster.list('nodes', `agentpool=${pool}`);
  }

  /** Messages of events of a reason, each once. */
  told(reason: string): readonly string[] {
    const all = [this.cluster, this.in('kube-system')].flatMap((one) => one.list('events'));
    const found = all.map((event) => event as unknown as Event).filter((event) => event.reason === reason);
    return [...new Set(found.map(({ message }) => withoutHash(message)))];
  }

  /** The world is closed, and opened again from its data directory. */
  async reopen(init: WorldInit): Promise<void> {
    this.cluster = await this.cluster.reopen(init);
  }

  in(namespace: string): TestCluster {
    return this.cluster.in(namespace);
  }

  get decisions(): readonly ScalingDecision[] {
    return this.cluster.world.store.list(scalingDecisions);
  }

  /** What is exhausted now, e.g. `pool web` or `subscription quota web`. */
  get alarms(): readonly string[] {
    return this.cluster.world.store.list(scalingAlarms).map(({ exhaustion }) => {
      if (exhaustion.kind === 'cluster') return 'cluster';
      const scarce = exhaustion.kind === 'subscription' ? ` ${exhaustion.scarce}` : '';
      return `${exhaustion.kind}${scarce} ${exhaustion.pools.join(',')}`;
    });
  }
}

/** Names of scale sets have eight digits that hang on the cluster's id. */
const withoutHash = (message: string): string => message.replace(/(aks-\w+)-\d{8}-vmss/g, '$1');
