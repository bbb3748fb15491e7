import { describe, expect, test } from 'vitest';
import type {
  BlockingReason,
  DeletionPhase,
  Instance,
  NodeMemory,
  UnremovableReason,
} from '../../../autoscaler/index.js';
import type { Pod } from '../../../kube/index.js';
import { minutes } from '../../../units/index.js';
import { leavingText } from './leaving.js';
import { ScalingCase, before, groupId, later, noon } from './fixtures.js';
import type { GroupDraft, Records } from './fixtures.js';

const web = groupId('web');

/** Names of the two system nodes of a case, as pool `web` is said to be made of them. */
const realNodes = new ScalingCase({}).world.nodes('system');
const [nodeA = '', nodeB = ''] = realNodes;

const running = (node: string): Instance => ({ id: `azure:///${node}`, node, state: 'running' });
const two: GroupDraft = { pool: 'web', instances: [running(nodeA), running(nodeB)] };

describe('the pools', () => {
  const backoff = {
    duration: minutes(5),
    until: later(3),
    lastFailure: before(2),
    cause: { code: 'QuotaExceeded', message: 'no vCPU left', scarce: 'quota' },
  } as const;
  const request = { increase: 2, since: before(1), expectedBy: later(14) };

  test.each<[string, GroupDraft, Partial<NonNullable<Records['groupMemories']>[number]>, string[]]>([
    ['below the maximum', { pool: 'web', targetSize: 1 }, {}, ['may grow by 2 nodes']],
    ['at the maximum', { pool: 'web', targetSize: 3 }, {}, ['at its maximum']],
    ['held', { pool: 'web', isHeld: true }, {}, ['let be while an operation changes its nodes']],
    ['below the minimum', { pool: 'web', minSize: 1 }, {}, ['may grow by 3 nodes', 'below its minimum of 1']],
    [
      'in backoff',
      { pool: 'web' },
      { backoff },
      [
        'in backoff until 2026-08-21T12:03:00Z (5 minutes), as it failed to grow at 2026-08-21T11:58:00Z: ' +
          'QuotaExceeded: no vCPU left',
      ],
    ],
    ['out of backoff', { pool: 'web' }, { backoff: { ...backoff, until: noon } }, ['may grow by 3 nodes']],
    [
      'that grows',
      { pool: 'web', targetSize: 2 },
      { request },
      ['may grow by 1 node', '2 nodes asked for at 2026-08-21T11:59:00Z, expected by 2026-08-21T12:14:00Z'],
    ],
  ])('%s', (_name, group, memory, texts) => {
    const { pools } = new ScalingCase({
      groups: [group],
      groupMemories: [{ group: web, ...memory }],
    }).explain();
    expect(pools.flatMap((pool) => pool.texts)).toEqual(texts);
  });
});

describe('the nodes', () => {
  const textsOf = (records: Records): readonly string[] =>
    new ScalingCase({ groups: [two], ...records }).explain().nodes.map(({ text }) => text);
  const unremovable = (
    reason: UnremovableReason,
    more: { readonly pod?: string; readonly blocking?: BlockingReason; readonly utilization?: number } = {},
  ): Omit<NodeMemory & { kind: 'unremovable' }, 'cluster'> => ({
    kind: 'unremovable',
    node: nodeA,
    group: web,
    since: before(5),
    reason,
    ...more,
  });
  const since = '(since 2026-08-21T11:55:00Z)';

  test.each<[Omit<NodeMemory & { kind: 'unremovable' }, 'cluster'>, string]>([
    [
      unremovable('NotUnderutilized', { utilization: 0.6249 }),
      'its pods ask for 62.5% of it, a node may go up to 50%',
    ],
    [
      unremovable('BlockedByPod', { pod: 'kube-system/dns', blocking: 'UnmovableKubeSystemPod' }),
      'pod kube-system/dns keeps it: it is of kube-system and has no disruption budget, and ' +
        'skip-nodes-with-system-pods is on',
    ],
    [unremovable('BlockedByPod', { pod: 'a/b' }), 'pod a/b keeps it'],
    [unremovable('NoPlaceToMovePods', { pod: 'a/b' }), 'pod a/b would find no other node'],
    [unremovable('NodeGroupMinSizeReached'), 'its pool is at its minimum of 0'],
    [
      unremovable('ScaleDownDisabledAnnotation'),
      'its annotation cluster-autoscaler.kubernetes.io/scale-down-disabled says so',
    ],
  ])('that stay: %o', (memory, text) => {
    expect(textsOf({ nodeMemories: [memory] })).toEqual([
      `stays: ${text} ${since}`,
      'has not been looked at yet',
    ]);
  });

  test('that stay are told with when they are looked at again', () => {
    const memory = { ...unremovable('NoPlaceToMovePods', { pod: 'a/b' }), recheckAt: later(1) };
    expect(textsOf({ nodeMemories: [memory] })[0]).toBe(
      'stays: pod a/b would find no other node (since 2026-08-21T11:55:00Z; looked at again after 2026-08-21T12:01:00Z)',
    );
  });

  const unneeded = { kind: 'unneeded', node: nodeA, group: web, since: before(5) } as const;
  const goes = (when: string): string =>
    `unneeded since 2026-08-21T11:55:00Z: goes after 2026-08-21T${when}Z if it still is`;

  test.each<[string, Records, string]>([
    ['unneeded', {}, goes('12:05:00')],
    ['unneeded, in a cool-down that ends before', { memory: { lastScaleUp: before(9) } }, goes('12:05:00')],
    ['unneeded, in a longer cool-down', { memory: { lastScaleUp: before(1) } }, goes('12:09:00')],
    [
      'of a group with its own time',
      { groups: [{ ...two, options: { scaleDownUnneededTime: minutes(30) } }] },
      goes('12:25:00'),
    ],
  ])('%s', (_name, records, text) => {
    expect(textsOf({ nodeMemories: [unneeded], ...records })[0]).toBe(text);
  });

  test('not looked at, by why', () => {
    expect(textsOf({ groups: [{ ...two, minSize: 2 }] })).toEqual(
      Array(2).fill('stays: its pool is at its minimum of 2'),
    );
    expect(textsOf({ groups: [{ ...two, isHeld: true }] })).toEqual(
      Array(2).fill('stays: its pool is being changed'),
    );
  });

  test('that are none yet, or no longer', () => {
    const instances: readonly Instance[] = [
      { id: 'new', node: 'new', state: 'creating' },
      {
        id: 'failed',
        node: 'failed',
        state: 'creating',
        failure: { class: 'OutOfResource', code: 'x', message: 'no room', scarce: 'capacity' },
      },
      { ...running(nodeB), state: 'deleting' },
    ];
    const records = {
      groups: [{ pool: 'web', instances }],
      groupMemories: [{ group: web, unregistered: { new: before(1) } }],
    };
    expect(textsOf(records)).toEqual([
      'is a VM and no node yet, since 2026-08-21T11:59:00Z',
      'could not be made: no room',
      'is being deleted',
    ]);
  });
});

describe('a node on its way out', () => {
  const evicting = (refusal?: string): DeletionPhase => ({
    kind: 'evicting',
    since: noon,
    nextTry: noon,
    evictions: ['b', 'c'].map((name) => ({
      pod: {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name, namespace: 'a', uid: name },
        spec: { containers: [] },
      } as unknown as Pod,
      effort: 'needed',
      progress: { kind: 'trying', ...(refusal !== undefined && { refusal }) },
    })),
  });

  test.each<[DeletionPhase, string]>([
    [{ kind: 'tainted', until: noon }, 'it takes no more pods'],
    [evicting(), 'pod a/b and 1 other may not go yet'],
    [evicting('its budget is used up'), 'pod a/b and 1 other may not go yet: its budget is used up'],
    [{ ...evicting(), evictions: [] } as DeletionPhase, 'its pods are asked to go'],
    [{ kind: 'leaving', since: noon }, 'its pods are on their way out'],
    [
      { kind: 'delayed', since: noon },
      'an annotation delay-deletion.cluster-autoscaler.kubernetes.io/ holds it up',
    ],
  ])('is told by how far that is: %o', (phase, text) => {
    const deletion = {
      cluster: '',
      node: nodeA,
      uid: nodeA,
      group: web,
      run: '1',
      kind: 'drain',
      startedAt: before(1),
      isDelayed: false,
      evicted: [],
      phase,
    } as const;
    expect(leavingText(before(1), deletion)).toBe(`is on its way out since 2026-08-21T11:59:00Z: ${text}`);
  });
});

describe('a cool-down', () => {
  test.each<[string, Records['memory'], string | undefined]>([
    ['is told by what holds longest', { lastScaleUp: before(8), lastFailure: before(2) }, 'nodes were added'],
    ['is over at its very end', { lastScaleUp: before(10) }, undefined],
    ['after a failure', { lastFailure: before(2) }, 'a deletion failed'],
    ['after a deletion', { lastDeletion: noon }, 'nodes were deleted'],
  ])('%s', (_name, memory, cause) => {
    const { autoscaler } = new ScalingCase({ groups: [two], ...(memory && { memory }) }).explain();
    expect(autoscaler.coolDown?.cause).toBe(cause);
  });
});

describe('what is exhausted', () => {
  const common = { since: before(3), pods: 2, example: 'shop/cart-1' } as const;

  test.each([
    [
      'a pool',
      { kind: 'pool', pools: ['web'] } as const,
      'Pool web would do and is at the maximum: 2 pods wait since 2026-08-21T11:57:00Z',
      'Raise the maximum of the pool',
      'az aks nodepool update --resource-group rg1 --cluster-name shop --name web --update-cluster-autoscaler --min-count 0 --max-count 4',
    ],
    [
      'all pools',
      { kind: 'cluster' } as const,
      'No pool would do, however many nodes it had: 2 pods wait since 2026-08-21T11:57:00Z',
      'Add a pool that takes the pods, or change what the pods ask for',
      'poolkeeper explain pod cart-1 -n shop',
    ],
    [
      'the subscription',
      { kind: 'subscription', scarce: 'quota', pools: ['web'], message: 'No vCPU left.' } as const,
      'Pool web would do, but Azure gives no more VMs (quota: No vCPU left): 2 pods wait since 2026-08-21T11:57:00Z',
      'Request more quota, or use a size of a family that has some left',
      undefined,
    ],
  ])('%s', (_name, exhaustion, text, remedy, command) => {
    const { alarms, verdict } = new ScalingCase({
      groups: [two],
      alarms: [{ ...common, exhaustion }],
    }).explain();
    expect(verdict.kind).toBe('exhausted');
    expect(alarms).toEqual([
      expect.objectContaining({ text, remedy, example: 'shop/cart-1', pods: 2, ...(command && { command }) }),
    ]);
    expect(alarms[0]?.command).toBe(command);
  });

  test('is told of a pool alone where one is asked about', () => {
    const alarms = [
      { ...common, exhaustion: { kind: 'pool', pools: ['web'] } },
      { ...common, exhaustion: { kind: 'pool', pools: ['batch'] } },
      { ...common, exhaustion: { kind: 'cluster' } },
    ] as const;
    const explained = new ScalingCase({ groups: [two, { pool: 'batch' }], alarms }).explain({
      pool: 'batch',
    });
    expect(explained.alarms.map(({ exhaustion }) => exhaustion)).toEqual([
      { kind: 'pool', pools: ['batch'] },
      { kind: 'cluster' },
    ]);
    expect(explained.pools.map(({ name }) => name)).toEqual(['batch']);
  });
});

describe('the verdict', () => {
  test.each<[string, Records]>([
    ['starting', { memory: 'none' }],
    ['steady', {}],
    [
      'growing',
      { groupMemories: [{ group: web, request: { increase: 1, since: noon, expectedBy: later(15) } }] },
    ],
    ['shrinking', { groups: [{ pool: 'web', instances: [{ ...running(nodeA), state: 'deleting' }] }] }],
  ])('%s', (kind, records) => {
    expect(new ScalingCase({ groups: [two], ...records }).explain().verdict.kind).toBe(kind);
  });
});

describe('decisions', () => {
  const group = (pool: string) => ({ group: groupId(pool), pool, targetSize: 1, maxSize: 3 });
  const change = { group: web, pool: 'web', from: 1, to: 3, max: 3 };
  const failure = { code: 'SkuNotAvailable', message: 'none left', scarce: 'capacity' } as const;
  const gone = { node: 'n1', group: web, pods: [], unneededSince: before(12), utilization: 0 } as const;
  const decisions: NonNullable<Records['decisions']> = [
    {
      kind: 'scale-up',
      at: before(50),
      pods: [{ example: 'shop/cart-1', count: 4, refusedBy: { [groupId('old')]: ['Insufficient cpu'] } }],
      considered: [
        { ...group('web'), kind: 'option', nodes: 2, pods: 3, scores: [], chosen: true },
        { ...group('old'), kind: 'no help' },
      ],
      plan: [change],
    },
    {
      kind: 'scale-up',
      at: before(40),
      pods: [],
      considered: [],
      plan: [change],
      failure: { ...failure, group: web },
    },
    { kind: 'scale-up failed', at: before(35), group: web, failure, nodes: 2 },
    { kind: 'minimum', at: before(30), plan: [{ ...change, from: 0, to: 1 }] },
    {
      kind: 'no scale-up',
      at: before(25),
      lastAt: before(20),
      times: 9,
      pods: [],
      considered: [],
      exhaustions: [],
    },
    { kind: 'scale-down', at: before(10), nodes: [{ ...gone, kind: 'empty' }] },
    {
      kind: 'scale-down',
      at: before(9),
      nodes: [{ ...gone, kind: 'drained', utilization: 0.25, pods: ['a/b', 'a/c'] }],
    },
    {
      kind: 'scale-down',
      at: before(8),
      nodes: [
        { ...gone, kind: 'empty' },
        { ...gone, kind: 'empty', node: 'n2' },
        { ...gone, kind: 'empty', group: groupId('gone') },
      ],
    },
    { kind: 'scale-down failed', at: before(7), node: 'n1', group: web, message: 'it would not' },
  ];
  const records = { groups: [two], decisions };

  test('are told in a line each, pools of groups that are gone by what is known of them', () => {
    const explained = new ScalingCase(records).explain();
    expect(explained.decisions.map(({ text }) => text)).toEqual([
      '2 more nodes of pool web for 3 of 4 pods',
      '2 more nodes of pool web for 0 pods failed: SkuNotAvailable: none left',
      '2 nodes of pool web did not come: SkuNotAvailable: none left',
      '1 more node of pool web, up to the minimum',
      'no pool grows for 0 pods',
      'node n1 of pool web goes (empty)',
      'node n1 of pool web goes (used 25%, 2 pods moved)',
      '2 nodes of pool web and 1 node of pool aks-gone-1-vmss go',
      'node n1 could not be taken away: it would not',
    ]);
    expect(explained.decisions[0]).toMatchObject({
      at: '2026-08-21T11:10:00Z',
      pods: [{ refusedBy: { old: ['Insufficient cpu'] } }],
    });
  });

  test.each([
    ['the newest', { limit: 2 }, ['11:52:00', '11:53:00']],
    ['those of the last minutes', { within: minutes(9) }, ['11:51:00', '11:52:00', '11:53:00']],
    [
      'one that was still taken then',
      { within: minutes(20), limit: 1000 },
      ['11:35:00', '11:50:00', '11:51:00', '11:52:00', '11:53:00'],
    ],
  ])('%s', (_name, question, times) => {
    const { decisions: told } = new ScalingCase(records).explain(question);
    expect(told.map(({ at }) => at)).toEqual(times.map((time) => `2026-08-21T${time}Z`));
  });

  test('of one pool have the others left out', () => {
    const explained = new ScalingCase({ ...records, groups: [two, { pool: 'old' }] }).explain({
      pool: 'old',
    });
    expect(explained.decisions).toEqual([
      expect.objectContaining({ kind: 'scale-up', considered: [{ ...group('old'), kind: 'no help' }] }),
    ]);
  });
});

describe('what can not be explained', () => {
  test.each([
    [
      'a pool that is not there',
      { pool: 'none' },
      /^There is no pool none in cluster rg1\/shop\. There are: system\.$/,
    ],
    [
      'a pool without an autoscaler',
      { pool: 'system' },
      /not in charge of pool system .*--name system --enable-cluster-autoscaler --min-count MIN --max-count MAX$/,
    ],
    ['a cluster that is not there', { cluster: 'none' }, /none/],
  ])('%s', (_name, question, message) => {
    expect(() => new ScalingCase({ groups: [two] }).explain(question)).toThrow(message);
  });

  test('a cluster without an autoscaler', () => {
    expect(() => new ScalingCase({}).explain()).toThrow(
      'No pool of cluster rg1/shop has the cluster autoscaler enabled: az aks nodepool update ' +
        '--resource-group rg1 --cluster-name shop --name NAME --enable-cluster-autoscaler --min-count MIN --max-count MAX',
    );
  });
});
