import fc from 'fast-check';

/** An autoscaled pool of a generated cluster. */
export interface PoolCase {
  readonly min: number;
  readonly max: number;
  readonly size: string;
  readonly zones: readonly string[];
  readonly kind: 'plain' | 'tainted' | 'spot';
}

/** The pods of a deployment. */
export interface WorkloadCase {
  readonly replicas: number;
  /** Thousandths of a core. */
  readonly cpu: number;
  /** MiB. */
  readonly memory: number;
  /** Place of the pool that they select; any pool without it. */
  readonly pool?: number;
  readonly tolerates: boolean;
  /** What keeps them apart from each other. */
  readonly apart: 'nothing' | 'hosts' | 'host spread' | 'zone spread';
  readonly priority?: 'expendable' | 'preempting';
  readonly safeToEvict?: 'true' | 'false';
  readonly storage: boolean;
  readonly budget?: { readonly minAvailable: number } | { readonly maxUnavailable: number };
  /** Seconds that they take to end. */
  readonly grace: number;
}

/** What happens to a cluster. Pools and workloads are meant by their place, modulo their number. */
export type Happening =
  | { readonly kind: 'scale'; readonly workload: number; readonly replicas: number }
  | { readonly kind: 'bare pod'; readonly pool: number }
  | { readonly kind: 'quota'; readonly cores: number }
  | { readonly kind: 'shortage'; readonly pool: number; readonly remaining: number; readonly zone?: number }
  | { readonly kind: 'relief' }
  | { readonly kind: 'evict spot' | 'stop VM' | 'start VMs' | 'fence' | 'cordon'; readonly pool: number }
  | { readonly kind: 'switch' | 'delete pool'; readonly pool: number }
  | { readonly kind: 'bounds'; readonly pool: number; readonly min: number; readonly extra: number }
  | { readonly kind: 'profile'; readonly profile: Profile };

export type Profile = Readonly<Record<string, string>>;

/** A generated cluster with what befalls it. */
export interface Case {
  /** E.g. `1.34`. */
  readonly version: string;
  readonly profile: Profile;
  readonly pools: readonly PoolCase[];
  readonly workloads: readonly WorkloadCase[];
  /** Millicores of a daemon on every node. */
  readonly daemon?: number;
  /** Each some seconds after the one before. */
  readonly steps: readonly { readonly after: number; readonly what: Happening }[];
}

const some = <const T extends readonly unknown[]>(...values: T): fc.Arbitrary<T[number]> =>
  fc.constantFrom(...values);

/** Minor versions that a new cluster can have at the scenarios' time, and the one before them. */
export const versions = ['1.33', '1.34', '1.35', '1.36'] as const;

const pool: fc.Arbitrary<PoolCase> = fc
  .record({
    min: some(0, 0, 0, 1, 2),
    extra: some(2, 4, 8),
    size: some('Standard_D4s_v5', 'Standard_D4s_v5', 'Standard_D2s_v5', 'Standard_D8s_v5'),
    zones: some([], [], ['1'], ['1', '2', '3']),
    kind: some('plain', 'plain', 'plain', 'tainted', 'spot'),
  })
  .map(({ extra, ...rest }) => ({ ...rest, max: rest.min + extra }));

const workload: fc.Arbitrary<WorkloadCase> = fc
  .record(
    {
      replicas: some(1, 2, 4, 7, 12),
      cpu: some(50, 300, 700, 900, 1500, 3200),
      memory: some(64, 700, 3000),
      pool: fc.nat(8),
      tolerates: some(true, true, true, false),
      apart: some('nothing', 'nothing', 'nothing', 'hosts', 'host spread', 'zone spread'),
      priority: some('expendable', 'preempting'),
      safeToEvict: some('true', 'false'),
      storage: some(false, false, true),
      budget: fc.oneof(
        fc.record({ minAvailable: some(0, 1, 3) }),
        fc.record({ maxUnavailable: some(0, 1, 2) }),
      ),
      grace: some(0, 0, 30),
    },
    { requiredKeys: ['replicas', 'cpu', 'memory', 'tolerates', 'apart', 'storage', 'grace'] },
  )
  .map(mostlyUsual);

/** Leaves members out that would be in the way of what is usual, by the lot of others. */
function mostlyUsual({ pool: chosen, priority, safeToEvict, ...one }: WorkloadCase): WorkloadCase {
  const isUsual = (one.cpu + one.memory + one.replicas) % 3 !== 0;
  return {
    ...one,
    ...(chosen !== undefined && chosen < 4 && { pool: chosen }),
    ...(!isUsual && priority && { priority }),
    ...(!isUsual && safeToEvict && { safeToEvict }),
  };
}

const place = fc.nat(3);
const profile: fc.Arbitrary<Profile> = fc.record(
  {
    'scan-interval': some('10s', '20s', '35s'),
    expander: some('random', 'least-waste', 'most-pods', 'priority'),
    'balance-similar-node-groups': some('true', 'false'),
    'scale-down-unneeded-time': some('1m', '1m', '3m', '10m'),
    'scale-down-delay-after-add': some('0m', '1m', '10m'),
    'scale-down-delay-after-delete': some('10s', '60s'),
    'scale-down-utilization-threshold': some('0.3', '0.5', '0.8', '0.95'),
    'skip-nodes-with-local-storage': some('true', 'false'),
    'max-empty-bulk-delete': some('1', '3'),
    'new-pod-scale-up-delay': some('0s', '15s'),
    'max-node-provision-time': some('5m', '15m'),
    'max-total-unready-percentage': some('45', '100'),
  },
  {
    requiredKeys: [
      'scale-down-unneeded-time',
      'scale-down-delay-after-add',
      'scale-down-utilization-threshold',
    ],
  },
);

/** What owners do. */
const ordinary: fc.Arbitrary<Happening> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({ kind: some('scale'), workload: place, replicas: some(0, 1, 2, 3, 5, 6, 11, 16) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: some('bare pod'), pool: place }) },
  { weight: 1, arbitrary: fc.record({ kind: some('fence', 'cordon'), pool: place }) },
);

/** What goes wrong, and what changes pools under the autoscaler. */
const faults: fc.Arbitrary<Happening> = fc.oneof(
  fc.record({ kind: some('quota'), cores: some(8, 16, 30) }),
  fc.record(
    { kind: some('shortage'), pool: place, remaining: some(0, 1, 2), zone: fc.nat(2) },
    { requiredKeys: ['kind', 'pool', 'remaining'] },
  ),
  fc.constant({ kind: 'relief' as const }),
  fc.record({ kind: some('evict spot', 'stop VM', 'start VMs'), pool: place }),
  fc.record({ kind: some('switch', 'switch', 'delete pool'), pool: place }),
  fc.record({ kind: some('bounds'), pool: place, min: some(0, 1, 3), extra: some(1, 4) }),
  fc.record({ kind: some('profile'), profile }),
);

const happenings = {
  ordinary,
  'with faults': fc.oneof({ weight: 3, arbitrary: ordinary }, { weight: 1, arbitrary: faults }),
};

/** Clusters of a few pools and workloads, and a few hours of what befalls them. */
export const cases = (what: keyof typeof happenings, mostSteps = 8): fc.Arbitrary<Case> =>
  fc.record(
    {
      version: some(...versions),
      profile,
      pools: fc.array(pool, { minLength: 1, maxLength: 4 }),
      workloads: fc.array(workload, { minLength: 1, maxLength: 4 }),
      daemon: some(100, 500),
      steps: fc.array(
        fc.record({ after: some(1, 7, 33.3, 61, 305, 601, 655, 905, 1200, 1805.7), what: happenings[what] }),
        { minLength: Math.min(4, mostSteps), maxLength: mostSteps },
      ),
    },
    { requiredKeys: ['version', 'profile', 'pools', 'workloads', 'steps'] },
  );
