import {
  Catalog,
  ComputeController,
  addressLeases,
  applyLimits,
  fastLatency,
  parseLimits,
  providerRegistrations,
  quotas,
  resourceGroups,
  scaleSets,
  shortages,
  subnetUses,
  virtualMachines,
  virtualNetworks,
} from '../azure/index.js';
import type { KubeletTimings, VolumeTimings } from '../kube/index.js';
import type { LatencyProfile, Subscription } from '../azure/index.js';
import { Kubernetes, fastKubelet, fastVolumes, kubernetesCollections } from '../kube/index.js';
import { Autoscaler, autoscalerCollections } from '../autoscaler/index.js';
import type { Cloud } from '../autoscaler/index.js';
import {
  AksCloud,
  AksProvider,
  agentPools,
  autoscalerRuns,
  managedClusters,
  operations,
} from '../nodepools/index.js';
import type { ManagedCluster } from '../nodepools/index.js';
import { Scheduler } from '../scheduler/index.js';
import { Seed, SimClock, systemWallClock } from '../sim/index.js';
import type { ClockMode, WallClock } from '../sim/index.js';
import { Store, openSqliteJournal } from '../store/index.js';
import type { SqliteJournal } from '../store/index.js';
import type { Instant } from '../units/index.js';
import { instant } from '../units/index.js';

/** Everything a world keeps. */
const collections = [
  resourceGroups,
  providerRegistrations,
  virtualNetworks,
  subnetUses,
  addressLeases,
  quotas,
  shortages,
  scaleSets,
  virtualMachines,
  ...kubernetesCollections,
  managedClusters,
  agentPools,
  operations,
  autoscalerRuns,
  ...autoscalerCollections,
];

/** What a world is opened with. */
export interface WorldInit {
  /** Data directory; without one the world ends with its process. */
  readonly data?: string;
  /** Source of all chance; kept in the data directory, so it counts at the first start only. Default 1. */
  readonly seed?: string | number;
  /** Default: running at the speed of real time. */
  readonly mode?: ClockMode;
  /** Default: the fast profile. */
  readonly latency?: LatencyProfile;
  /** How long nodes take to run pods. Default: the fast ones. */
  readonly kubelet?: KubeletTimings;
  /** Whether AKS's own workloads run in clusters without the tag `poolkeeper-system-workloads: none`. Default: all. */
  readonly systemWorkloads?: 'all' | 'none';
  /** How long storage takes to be made, attached and so on. Default: the fast ones. */
  readonly volumes?: VolumeTimings;
  /** Where time begins. Default: the host's time. */
  readonly start?: Instant;
  /** Quota, shortages and restrictions to begin with, as parsed from YAML (azure: parseLimits). */
  readonly limits?: unknown;
  readonly wall?: WallClock;
  /**
   * Whether autoscalers run loops in which nothing can change too. Default: only those that matter, which comes to the same. `none`
   * leaves what autoscalers work on to itself.
   */
  readonly autoscalerLoops?: 'every loop' | 'those that matter' | 'none';
}

/** A subscription's worth of state and the control loops that act on it. */
export class World {
  readonly store: Store;
  readonly clock: SimClock;
  readonly seed: Seed;
  readonly subscription: Subscription;
  readonly catalog: Catalog;
  readonly latency: LatencyProfile;
  readonly kubernetes: Kubernetes;
  readonly aks: AksProvider;
  readonly scheduler: Scheduler;
  /** AKS and Azure as the clusters' autoscalers see them. */
  readonly cloud: Cloud;

  private constructor(init: WorldInit, journal: SqliteJournal | undefined) {
    const seed = remembered(journal, 'seed', String(init.seed ?? 1));
    const wall = init.wall ?? systemWallClock;
    // World time never goes back: a world that ran ahead of the host goes on from where it was.
    const reached = Number(journal?.meta('time') ?? 0);
    const start = instant(Math.max(init.start ?? wall.now(), reached));
    this.seed = new Seed(seed);
    this.clock = new SimClock({ start, mode: init.mode ?? { kind: 'running', speed: 1 }, wall });
    this.store = Store.open({ now: () => this.clock.now(), collections, ...(journal && { journal }) });
    const ids = this.seed.stream('subscription');
    this.subscription = { id: ids.guid(), tenantId: ids.guid(), displayName: 'Poolkeeper' };
    this.catalog = new Catalog();
    this.latency = init.latency ?? fastLatency;
    const { store, clock, subscription, catalog, latency } = this;
    const minorOf = (cluster: string): number => minorVersion(store.get(managedClusters, cluster));
    this.kubernetes = new Kubernetes({ store, clock, seed: this.seed, minorOf });
    const { kubernetes } = this;
    const { systemWorkloads = 'all' } = init;
    const parts = { store, clock, seed: this.seed, subscription, catalog, latency };
    this.aks = new AksProvider({ ...parts, kubernetes, systemWorkloads });
    new ComputeController({ store, clock, catalog }).start();
    this.aks.start();
    kubernetes.start(init.kubelet ?? fastKubelet, init.volumes ?? fastVolumes);
    this.scheduler = new Scheduler({ store, clock, context: kubernetes.context });
    this.scheduler.start();
    this.cloud = new AksCloud(parts);
    const { scheduler, cloud } = this;
    const { autoscalerLoops: loops = 'those that matter' } = init;
    if (loops !== 'none') {
      const whatIf = (cluster: string) => scheduler.whatIf(cluster);
      const { context } = kubernetes;
      new Autoscaler({ store, clock, seed: this.seed, context, cloud, whatIf, loops }).start();
    }
    if (init.limits !== undefined) {
      const limits = parseLimits(init.limits, catalog);
      store.transact((tx) => applyLimits(tx, limits));
    }
  }

  /**
   * Opens a world: a new one, or the one that the data directory holds, whose operations go on.
   *
   * @throws DataDirectoryError when the directory can't be used, RangeError for limits that make no sense.
   */
  static open(init: WorldInit = {}): World {
    const journal = init.data === undefined ? undefined : openSqliteJournal(init.data);
    return new World(init, journal);
  }

  /** Resolves once all that has happened so far is on disk. */
  durable(): Promise<void> {
    return this.store.durable();
  }

  /** Stops time, writes out what waits and gives the data directory back. */
  async close(): Promise<void> {
    this.clock.close();
    await this.store.close();
  }
}

/** The minor version of a cluster's control plane, e.g. 34. */
const minorVersion = (cluster: ManagedCluster | undefined): number =>
  Number(cluster?.properties.currentKubernetesVersion.split('.')[1] ?? 34);

function remembered(journal: SqliteJournal | undefined, name: string, initial: string): string {
  const stored = journal?.meta(name);
  if (stored !== undefined) return stored;
  journal?.putMeta(name, initial);
  return initial;
}
