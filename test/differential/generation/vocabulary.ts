/** Few words, so that what is wanted and what is there often meet. */
import type {
  LabelRequirement,
  LabelSelector,
  NodeRequirement,
  NodeSelectorTerm,
  Taint,
  Toleration,
} from '../objects.js';
import type { Chance } from './chance.js';

export const versions = ['1.33.6', '1.34.1', '1.34.4', '1.35.2', '1.36.2'] as const;
export const zones = ['z1', 'z2', 'z3'] as const;
export const namespaces = ['default', 'shop', 'lab'] as const;
export const apps = ['web', 'db', 'job'] as const;
export const tiers = ['front', 'back'] as const;
export const hostname = 'kubernetes.io/hostname';
export const zone = 'topology.kubernetes.io/zone';
export const region = 'topology.kubernetes.io/region';
export const topologyKeys = [hostname, zone, zone, region, 'rack'] as const;
export const gpu = 'example.com/gpu';
export const hugePages = 'hugepages-2Mi';

/** What a case is mostly about; the rest of it is there more thinly. */
export const themes = [
  'anything',
  'resources',
  'preemption',
  'preemption',
  'spread',
  'defaultSpread',
  'affinity',
  'nodeAffinity',
  'taints',
  'ports',
  'images',
  'volumes',
  'disks',
  'devices',
  'nominated',
  'configuration',
] as const;
export type Theme = (typeof themes)[number];

export function podLabels(chance: Chance): Record<string, string> {
  if (chance.hits(0.06)) return {};
  return {
    app: chance.pick(apps),
    ...chance.maybe(0.5, () => ({ tier: chance.pick(tiers) })),
    ...chance.maybe(0.3, () => ({ version: chance.pick(['1', '2']) })),
  };
}

export function labelSelector(chance: Chance): LabelSelector {
  if (chance.hits(0.05)) return {};
  if (chance.hits(0.7)) return { matchLabels: { app: chance.pick(apps) } };
  return {
    ...chance.maybe(0.4, () => ({ matchLabels: { tier: chance.pick(tiers) } })),
    matchExpressions: chance.make(chance.between(1, 2), () => labelRequirement(chance)),
  };
}

function labelRequirement(chance: Chance): LabelRequirement {
  const [key, values] = chance.pick<readonly [string, readonly string[]]>([
    ['app', apps],
    ['app', apps],
    ['tier', tiers],
    ['version', ['1', '2']],
  ]);
  const operator = chance.pick(['In', 'In', 'NotIn', 'Exists', 'DoesNotExist'] as const);
  if (operator === 'Exists' || operator === 'DoesNotExist') return { key, operator };
  return { key, operator, values: [chance.pick(values), ...chance.some(values, 0.3)] };
}

export function namespaceSelector(chance: Chance): LabelSelector {
  return chance.pick<LabelSelector>([
    {},
    { matchLabels: { team: 'red' } },
    { matchExpressions: [{ key: 'team', operator: 'In', values: ['red', 'blue'] }] },
    { matchExpressions: [{ key: 'team', operator: 'NotIn', values: ['blue'] }] },
    { matchExpressions: [{ key: 'team', operator: 'DoesNotExist' }] },
    { matchExpressions: [{ key: 'team', operator: 'Exists' }] },
  ]);
}

export function nodeSelectorTerm(chance: Chance, nodeNames: readonly string[]): NodeSelectorTerm {
  if (chance.hits(0.04)) return {};
  const expressions = (): readonly NodeRequirement[] =>
    chance.make(chance.between(1, 2), () => nodeRequirement(chance));
  const fields = (): readonly NodeRequirement[] => [
    {
      key: 'metadata.name',
      operator: chance.hits(0.8) ? 'In' : 'NotIn',
      values: [chance.hits(0.85) && nodeNames.length > 0 ? chance.pick(nodeNames) : 'gone'],
    },
  ];
  if (chance.hits(0.15))
    return { matchFields: fields(), ...chance.maybe(0.3, () => ({ matchExpressions: expressions() })) };
  return { matchExpressions: expressions() };
}

function nodeRequirement(chance: Chance): NodeRequirement {
  return chance.pick<() => NodeRequirement>([
    () => ({ key: zone, operator: 'In', values: [chance.pick(zones), chance.pick(zones)] }),
    () => ({ key: zone, operator: 'NotIn', values: [chance.pick(zones)] }),
    () => ({ key: 'disk', operator: 'In', values: [chance.pick(['ssd', 'hdd'])] }),
    () => ({ key: 'disk', operator: chance.pick(['Exists', 'DoesNotExist']) }),
    () => ({ key: 'cores', operator: chance.pick(['Gt', 'Lt']), values: [chance.pick(['2', '4', '8'])] }),
    () => ({ key: 'rack', operator: 'In', values: [chance.pick(['r1', 'r2'])] }),
  ])();
}

export function taint(chance: Chance): Taint {
  return {
    key: chance.pick(['dedicated', 'sku', 'spot']),
    ...chance.maybe(0.7, () => ({ value: chance.pick(['a', 'b']) })),
    effect: chance.pick(['NoSchedule', 'PreferNoSchedule', 'PreferNoSchedule', 'NoExecute']),
  };
}

export function toleration(chance: Chance): Toleration {
  if (chance.hits(0.08)) return { operator: 'Exists' };
  if (chance.hits(0.1))
    return { key: 'node.kubernetes.io/unschedulable', operator: 'Exists', effect: 'NoSchedule' };
  const effect = chance.maybe(0.6, () => ({
    effect: chance.pick(['NoSchedule', 'PreferNoSchedule', 'NoExecute'] as const),
  }));
  const key = chance.pick(['dedicated', 'sku', 'spot']);
  return chance.hits(0.4)
    ? { key, operator: 'Exists', ...effect }
    : { key, ...chance.maybe(0.8, () => ({ value: chance.pick(['a', 'b']) })), ...effect };
}
