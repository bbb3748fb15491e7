import fc from 'fast-check';
import { nodeDeletions } from '../../../autoscaler/index.js';
import { nodes } from '../../../kube/index.js';
import { agentPools } from '../../../nodepools/index.js';
import type { WorldInit } from '../../index.js';
import { ScalingScenario } from './fixtures.js';
import type { PoolDraft } from './fixtures.js';

/** A deployment whose pods may be many and later few. */
export interface Load {
  readonly cpu: string;
  readonly pool?: string;
  readonly spread: 'anywhere' | 'apart by host' | 'even over hosts';
  readonly keeps: 'nothing' | 'a budget' | 'its nodes';
  readonly priority: 'none' | 'expendable';
}

/** Something that happens at a time. */
export type Happening =
  | { readonly kind: 'scale'; readonly load: number; readonly replicas: number }
  | { readonly kind: 'quota'; readonly cores: number }
  | { readonly kind: 'profile'; readonly unneeded: number };

/** A cluster, what runs on it, and what happens, each so many seconds after the one before. */
export interface Story {
  readonly pools: Readonly<Record<string, PoolDraft>>;
  readonly profile: Readonly<Record<string, string>>;
  readonly loads: readonly Load[];
  readonly happenings: readonly (readonly [after: number, what: Happening])[];
}

const pool = fc
  .record({
    min: fc.integer({ min: 0, max: 2 }),
    room: fc.integer({ min: 1, max: 4 }),
    extra: fc.integer({ min: 0, max: 2 }),
    zones: fc.constantFrom<readonly string[]>([], ['1'], ['1', '2', '3']),
    taint: fc.constantFrom<readonly string[]>([], [], ['special=yes:NoSchedule']),
  })
  .map(({ min, room, extra, zones, taint }): PoolDraft => ({
    min,
    max: min + room,
    count: Math.min(min + extra, min + room),
    properties: {
      ...(zones.length > 0 && { availabilityZones: zones }),
      ...(taint.length > 0 && { nodeTaints: taint }),
    },
  }));

const load = (pools: readonly string[]): fc.Arbitrary<Load> =>
  fc.record(
    {
      cpu: fc.constantFrom('200m', '500m', '1', '1900m', '3', '6'),
      pool: fc.constantFrom(...pools),
      spread: fc.constantFrom(
        'anywhere' as const,
        'anywhere' as const,
        'apart by host' as const,
        'even over hosts' as const,
      ),
      keeps: fc.constantFrom(
        'nothing' as const,
        'nothing' as const,
        'a budget' as const,
        'its nodes' as const,
      ),
      priority: fc.constantFrom('none' as const, 'none' as const, 'none' as const, 'expendable' as const),
    },
    { requiredKeys: ['cpu', 'spread', 'keeps', 'priority'] },
  );

const happening = (loads: number): fc.Arbitrary<Happening> =>
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        kind: fc.constant('scale' as const),
        load: fc.nat(loads - 1),
        replicas: fc.integer({ min: 0, max: 9 }),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant('quota' as const), cores: fc.integer({ min: 8, max: 60 }) }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('profile' as const),
        unneeded: fc.integer({ min: 2, max: 12 }),
      }),
    },
  );

/** Stories of an hour or two. */
export const story: fc.Arbitrary<Story> = fc.integer({ min: 1, max: 3 }).chain((count) => {
  const names = ['a', 'b', 'c'].slice(0, count);
  return fc.record({
    pools: fc.record(Object.fromEntries(names.map((name) => [name, pool]))),
    profile: fc.record({
      expander: fc.constantFrom('random', 'least-waste', 'most-pods'),
      'balance-similar-node-groups': fc.constantFrom('true', 'false'),
      'scale-down-unneeded-time': fc.constantFrom('3m', '10m'),
      'scale-down-delay-after-add': fc.constantFrom('2m', '10m'),
    }),
    loads: fc.array(load(names), { minLength: 2, maxLength: 2 }),
    happenings: fc.array(fc.tuple(fc.integer({ min: 1, max: 900 }), happening(2)), {
      minLength: 2,
      maxLength: 7,
    }),
  });
});

/** Plays a story; `look` is called before each of its happenings and every so often between. */
export function play(
  { pools, profile, loads, happenings }: Story,
  init: WorldInit,
  look: (scenario: ScalingScenario) => void = () => undefined,
): ScalingScenario {
  const scenario = ScalingScenario.open(pools, { ...init, profile });
  const { cluster } = scenario;
  cluster.create('priorityclasses', { metadata: { name: 'expendable' }, value: -20 });
  for (const [index, one] of loads.entries()) deploy(scenario, `load-${String(index)}`, one);
  const current = { ...profile };
  for (const [after, what] of [...happenings, [3600, undefined] as const]) {
    for (let passed = 0; passed < after; passed += 30) {
      cluster.pass(Math.min(30, after - passed));
      look(scenario);
    }
    // At a moment at which no loop is due: which of two things that happen at one moment comes first is open.
    cluster.pass(0.123);
    if (what?.kind === 'scale') scenario.scale(`load-${String(what.load)}`, what.replicas);
    if (what?.kind === 'quota') scenario.limit({ quota: { westeurope: { standardDSv5Family: what.cores } } });
    if (what?.kind === 'profile') {
      current['scale-down-unneeded-time'] = `${String(what.unneeded)}m`;
      scenario.setProfile(current);
    }
  }
  return scenario;
}

function deploy(scenario: ScalingScenario, name: string, load: Load): void {
  const labelSelector = { matchLabels: { app: name } };
  const topologyKey = 'kubernetes.io/hostname';
  const apart = { requiredDuringSchedulingIgnoredDuringExecution: [{ labelSelector, topologyKey }] };
  const constraint = { labelSelector, topologyKey, maxSkew: 1, whenUnsatisfiable: 'DoNotSchedule' };
  const key = 'cluster-autoscaler.kubernetes.io/safe-to-evict';
  scenario.deploy(name, {
    replicas: 1,
    cpu: load.cpu,
    ...(load.pool !== undefined && { pool: load.pool }),
    annotations: load.keeps === 'its nodes' ? { [key]: 'false' } : {},
    spec: {
      tolerations: [{ key: 'special', operator: 'Exists' }],
      ...(load.spread === 'apart by host' && { affinity: { podAntiAffinity: apart } }),
      ...(load.spread === 'even over hosts' && { topologySpreadConstraints: [constraint] }),
      ...(load.priority === 'expendable' && { priorityClassName: 'expendable' }),
    },
  });
  if (load.keeps === 'a budget')
    scenario.cluster.create('poddisruptionbudgets', {
      metadata: { name },
      spec: { maxUnavailable: 1, selector: labelSelector },
    });
}

/** All that can be seen of how a cluster was scaled: sizes, nodes with their taints, and what was told and decided, with their times. */
export function historyOf(scenario: ScalingScenario): unknown {
  const { store } = scenario.cluster.world;
  const events = [scenario.cluster, scenario.in('kube-system')].flatMap((one) => one.list('events'));
  return {
    sizes: store.list(agentPools).map(({ name, properties }) => [name, properties.count]),
    nodes: store
      .list(nodes)
      .map(({ object }) => [object.metadata.name, object.metadata.creationTimestamp, object.spec]),
    deletions: store.list(nodeDeletions),
    decisions: scenario.decisions.map(({ times: _times, lastAt: _last, ...decision }) => decision),
    alarms: scenario.alarms,
    events: events
      .map(
        (event) => event as unknown as Readonly<Record<string, unknown>> & { source: { component: string } },
      )
      .filter(({ source }) => source.component === 'cluster-autoscaler')
      .map(({ involvedObject, reason, message, firstTimestamp, lastTimestamp, count }) =>
        JSON.stringify([involvedObject, reason, message, firstTimestamp, lastTimestamp, count]),
      )
      .sort(),
  };
}
