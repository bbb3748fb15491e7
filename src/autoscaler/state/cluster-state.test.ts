import { describe, expect, test } from 'vitest';
import { kubernetesCollections, nodeKey, nodes } from '../../kube/index.js';
import type { KubeNode } from '../../kube/index.js';
import { Store } from '../../store/index.js';
import { after, instant, minutes } from '../../units/index.js';
import type { Instant } from '../../units/index.js';
import type { Cloud, Instance, NodeGroup } from '../cloud.js';
import { autoscalerCollections } from '../collections.js';
import { node } from '../fixtures.js';
import { memoryKey, nodeGroupMemories } from '../memory.js';
import type { NodeGroupMemory } from '../memory.js';
import { defaultOptions } from '../options.js';
import { stateOf } from './cluster-state.js';
import type { GroupState } from './cluster-state.js';
import { keepUp, withRequest } from './upkeep.js';

const cluster = 'shop';
/** Nodes of fixtures were made at midnight. */
const now = instant(Date.parse('2026-08-21T01:00:00Z'));
const ago = (span: number): Instant => instant(now - span);

type How = 'ready' | 'not ready' | 'new' | 'no node' | 'failed' | 'deleting';

/** An instance with its node, if it has one. */
function member(how: How, at: number): { readonly instance: Instance; readonly node?: KubeNode } {
  const name = `n${String(at)}`;
  const failure = { class: 'OutOfResource', code: 'x', message: 'no room', scarce: 'capacity' } as const;
  const instance: Instance = {
    id: `id-${name}`,
    node: name,
    state: how === 'deleting' ? 'deleting' : how === 'failed' ? 'creating' : 'running',
    ...(how === 'failed' && { failure }),
  };
  if (how === 'no node' || how === 'failed') return { instance };
  const made = node(name);
  const status = how === 'ready' || how === 'deleting' ? 'True' : 'False';
  const creationTimestamp =
    how === 'new' ? new Date(ago(minutes(2))).toISOString() : made.metadata.creationTimestamp;
  const lastTransitionTime = made.metadata.creationTimestamp;
  const condition = {
    type: 'Ready',
    status,
    reason: '',
    message: '',
    lastHeartbeatTime: '',
    lastTransitionTime,
  } as const;
  return {
    instance,
    node: {
      ...made,
      metadata: { ...made.metadata, creationTimestamp },
      status: { ...made.status, conditions: [condition] },
    },
  };
}

interface Draft {
  readonly target?: number;
  readonly memory?: Partial<NodeGroupMemory>;
  readonly minor?: number;
}

/** A cluster of one group, as it is seen. */
function stateWith(members: readonly How[], { target, memory, minor = 34 }: Draft = {}) {
  const found = members.map(member);
  const group: NodeGroup = {
    id: 'g',
    pool: 'g',
    minSize: 0,
    maxSize: 20,
    targetSize: target ?? members.filter((how) => how !== 'deleting').length,
    instances: found.map(({ instance }) => instance),
    options: {},
    isHeld: false,
  };
  const cloud = { groups: () => [group] } as Partial<Cloud> as Cloud;
  const store = Store.open({
    now: () => now,
    collections: [...kubernetesCollections, ...autoscalerCollections],
  });
  store.transact((tx) => {
    for (const { node: object } of found)
      if (object) tx.put(nodes, nodeKey(cluster, object.metadata.name), { cluster, object });
    const kept = { cluster, group: 'g', unregistered: {}, failed: [], ...memory };
    tx.put(nodeGroupMemories, memoryKey(cluster, 'g'), kept);
  });
  const options = defaultOptions(minor);
  const state = stateOf(store, cloud, cluster, { now, options });
  const own = state.groups.get('g');
  if (!own) throw new Error('there is no group');
  return { state, own, options };
}

const times = (how: How, count: number): readonly How[] => Array.from({ length: count }, () => how);
const request = (increase: number, since: Instant = ago(minutes(1))) => ({
  increase,
  since,
  expectedBy: after(since, minutes(15)),
});
const overdue = { 'id-n1': ago(minutes(16)) };

describe('nodes are awaited', () => {
  test.each<[string, number, readonly How[], Draft]>([
    ['when none is there yet', 2, ['ready', 'no node', 'no node'], {}],
    ['while they are new and not ready', 1, ['ready', 'new'], {}],
    ['no more when they never came to be ready', 0, ['ready', 'not ready'], {}],
    [
      'no more when they have not registered for too long',
      0,
      ['ready', 'no node'],
      { memory: { unregistered: overdue } },
    ],
    [
      'although others go',
      1,
      ['ready', 'no node', 'deleting'],
      { minor: 36, memory: { request: request(1) } },
    ],
    [
      'not in place of those that go, as they count until they are gone',
      0,
      ['ready', 'no node', 'deleting'],
      {},
    ],
    ['no more when nobody waits for them', 0, ['ready', 'no node'], { minor: 36 }],
    ['all the same, up to 1.35', 1, ['ready', 'no node'], { minor: 35 }],
  ])('%s', (_name, expected, members, draft) => {
    expect(stateWith(members, draft).own.upcoming).toBe(expected);
  });
});

describe('a group is well', () => {
  test.each<[string, boolean, readonly How[], Draft]>([
    ['with all its nodes', true, times('ready', 4), {}],
    ['without three of few', true, [...times('ready', 2), ...times('not ready', 3)], {}],
    ['not without four of eight', false, [...times('ready', 4), ...times('not ready', 4)], {}],
    ['without four of nine', true, [...times('ready', 5), ...times('not ready', 4)], {}],
    [
      'while nodes are awaited',
      true,
      [...times('ready', 1), ...times('no node', 6)],
      { memory: { request: request(6) } },
    ],
    [
      'not while as many are missing that nobody waits for',
      false,
      [...times('ready', 1), ...times('no node', 6)],
      {},
    ],
    ['with none at all', true, [], {}],
    ['not without any of those it should have', false, times('no node', 2), {}],
    ['as its first are awaited', true, times('no node', 2), { memory: { request: request(2) } }],
  ])('%s', (_name, expected, members, draft) => {
    expect(stateWith(members, draft).own.isHealthy).toBe(expected);
  });
});

test.each<[string, boolean, readonly How[]]>([
  ['three of them are not', true, times('not ready', 3)],
  ['five of ten are not', false, [...times('ready', 5), ...times('not ready', 5)]],
  ['four of ten are not', true, [...times('ready', 6), ...times('not ready', 4)]],
  ['new ones are not yet', true, times('new', 10)],
])('a cluster is well or not when %s', (_name, expected, members) => {
  expect(stateWith(members).state.isHealthy).toBe(expected);
});

describe('of what was asked for', () => {
  const keptUp = (own: GroupState, options: ReturnType<typeof defaultOptions>) =>
    keepUp(own, { now, options });

  test.each<
    [
      string,
      readonly How[],
      Partial<NodeGroupMemory>,
      Partial<Record<'request' | 'backoff' | 'told', unknown>>,
    ]
  >([
    ['all has come', ['ready', 'ready'], { request: request(1) }, {}],
    ['some is on its way', ['ready', 'no node'], { request: request(1) }, { request: 1 }],
    ['a node is not ready yet', ['ready', 'new'], { request: request(1) }, { request: 1 }],
    [
      'a node has not come in time',
      ['ready', 'no node'],
      { request: request(1, ago(minutes(15) + 1)) },
      { backoff: 'timeout', told: 'timed out' },
    ],
    ['it is due now', ['ready', 'no node'], { request: request(1, ago(minutes(15))) }, { request: 1 }],
    [
      'one has failed of three',
      ['failed', 'no node', 'no node'],
      { request: request(3) },
      { request: 2, backoff: 'x', told: 'failed' },
    ],
    ['all have failed', ['failed', 'failed'], { request: request(2) }, { backoff: 'x', told: 'failed' }],
    [
      'one has failed that was told of',
      ['failed', 'no node'],
      { request: request(1), failed: ['id-n0'] },
      { request: 1 },
    ],
    ['nobody asked for one that failed', ['failed'], {}, {}],
  ])('%s', (_name, members, memory, expected) => {
    const { own, options } = stateWith(members, { memory });
    const { memory: next, notes } = keptUp(own, options);
    expect({
      ...(next.request && { request: next.request.increase }),
      ...(next.backoff && { backoff: next.backoff.cause.code }),
      ...(notes[0] && { told: notes[0].kind }),
    }).toEqual(expected);
  });

  test('more is awaited with it, as long as if all had been asked for now', () => {
    const { own, options } = stateWith(['ready'], { memory: { request: request(2, ago(minutes(9))) } });
    const { request: next } = withRequest(own.memory, 3, now, options);
    expect(next).toEqual({ increase: 5, since: now, expectedBy: after(now, minutes(15)) });
  });

  test('instances are seen since they were first', () => {
    const { own, options } = stateWith(['ready', 'no node', 'no node'], {
      memory: { unregistered: overdue },
    });
    expect(keptUp(own, options).memory.unregistered).toEqual({ ...overdue, 'id-n2': now });
  });

  test('nothing changes while nothing happens', () => {
    const { own, options } = stateWith(['ready', 'ready']);
    expect(keptUp(own, options).memory).toBe(own.memory);
  });
});
