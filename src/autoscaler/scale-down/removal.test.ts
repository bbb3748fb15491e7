import { describe, expect, test } from 'vitest';
import { instant, minutes, seconds } from '../../units/index.js';
import type { Instant } from '../../units/index.js';
import type { NodeGroup } from '../cloud.js';
import { node, pod } from '../fixtures.js';
import type { AutoscalerMemory } from '../memory.js';
import { defaultOptions } from '../options.js';
import type { ClusterState, GroupState } from '../state/cluster-state.js';
import type { RemovableNode } from './planner.js';
import { coolDownOf, mayGoAfter, nodesToRemove } from './removal.js';

const now = instant(Date.parse('2026-08-21T12:00:00Z'));
const ago = (span: number): Instant => instant(now - span);
const options = defaultOptions(34);

describe('a cool-down', () => {
  const past = ago(minutes(60));
  const memory = (more: Partial<AutoscalerMemory>): AutoscalerMemory => ({
    cluster: 'shop',
    run: '1',
    startedAt: past,
    lastLoop: past,
    scanInterval: seconds(10),
    lastScaleUp: past,
    lastDeletion: past,
    lastFailure: past,
    ...more,
  });
  test.each<[string, Partial<AutoscalerMemory>, number | undefined]>([
    ['holds after nothing', {}, undefined],
    ['lasts ten minutes after nodes came', { lastScaleUp: ago(minutes(4)) }, 360],
    ['is over to the second', { lastScaleUp: ago(minutes(10)) }, undefined],
    ['lasts a scan interval after nodes began to go', { lastDeletion: ago(seconds(4)) }, 6],
    ['lasts three minutes after a failure', { lastFailure: ago(seconds(100)) }, 80],
    ['lasts as long as the longest', { lastFailure: ago(0), lastScaleUp: ago(minutes(1)) }, 540],
  ])('%s', (_name, more, expected) => {
    const until = coolDownOf(memory(more), now, options)?.until;
    expect(until === undefined ? undefined : (until - now) / 1000).toBe(expected);
  });
});

const group = (id: string, targetSize: number, minSize = 0, own: NodeGroup['options'] = {}): GroupState => ({
  group: { id, pool: id, minSize, maxSize: 10, targetSize, instances: [], options: own, isHeld: false },
  memory: { cluster: 'shop', group: id, unregistered: {}, failed: [] },
  nodes: [],
  counts: {} as GroupState['counts'],
  unregistered: [],
  isHealthy: true,
  upcoming: 0,
});

const cluster = (groups: readonly GroupState[], unready: readonly string[] = []): ClusterState => ({
  groups: new Map(groups.map((one) => [one.group.id, one])),
  nodes: [],
  readiness: new Map(
    ['a', 'b', 'c', 'd'].map((name) => [name, unready.includes(name) ? 'unready' : 'ready']),
  ),
  groupOf: new Map(),
  counts: {} as ClusterState['counts'],
  isHealthy: true,
});

describe('a node that is not needed', () => {
  const since = (name: string, groups: GroupState, unready: readonly string[] = []) =>
    (mayGoAfter({ since: now, group: 'g', node: name }, cluster([groups], unready), options) - now) / 60_000;
  test.each<[string, number, number]>([
    ['may go after ten minutes', since('a', group('g', 3)), 10],
    ['may go after twenty when it is not ready', since('a', group('g', 3), ['a']), 20],
    ['may go when its group says', since('a', group('g', 3, 0, { scaleDownUnneededTime: minutes(2) })), 2],
    ['waits as its group says', since('a', group('g', 3, 0, { scaleDownUnreadyTime: minutes(5) }), ['a']), 5],
  ])('%s', (_name, found, expected) => expect(found).toBe(expected));
});

describe('of the nodes that are not needed', () => {
  const removable = (name: string, draft: Partial<RemovableNode> = {}): RemovableNode => ({
    node: node(name),
    group: 'g',
    utilization: { cpu: 0, memory: 0, gpu: 0, devices: 0, resource: 'cpu', ratio: 0 },
    pods: [],
    isRisky: false,
    ...draft,
  });
  const chosen = (
    nodes: readonly RemovableNode[],
    init: {
      target?: number;
      min?: number;
      leaving?: number;
      since?: Record<string, Instant>;
      least?: number;
    } = {},
  ) =>
    nodesToRemove(nodes, {
      cluster: cluster([group('g', init.target ?? 4, init.min)]),
      unneededSince: (name) => init.since?.[name] ?? ago(minutes(11)),
      leaving: () => init.leaving ?? 0,
      total: { cpu: 4, memory: 4 * 5000 * 1024 ** 2 },
      now,
      options: { ...options, coresTotal: { min: init.least ?? 0, max: 1000 } },
    }).map(({ node: { metadata } }) => metadata.name);
  const [a, b, c] = [removable('a'), removable('b'), removable('c')];
  const drained = { pods: [pod('p')] };
  test.each<[string, readonly string[], readonly string[]]>([
    ['all go whose time is over', chosen([a, b, c]), ['a', 'b', 'c']],
    ['one whose time is over just now stays', chosen([a, b], { since: { a: ago(minutes(10)) } }), ['b']],
    ['as many go as the minimum leaves', chosen([a, b, c], { min: 2 }), ['a', 'b']],
    ['those on their way count', chosen([a, b, c], { min: 2, leaving: 1 }), ['a']],
    ['as many go as the least cores leave', chosen([a, b, c], { least: 3 }), ['a']],
    [
      'empty ones go first, risky ones last',
      chosen([removable('a', { ...drained, isRisky: true }), removable('b', drained), c]),
      ['c', 'b', 'a'],
    ],
  ])('%s', (_name, found, expected) => expect(found).toEqual(expected));
});
