import { describe, expect, test } from 'vitest';
import type { KubeObject, Pod } from '../../kube/index.js';
import { decide } from '../decide.js';
import type { PodDraft, Question } from '../fixtures.js';
import { ask, node, object, pod, usualVersion } from '../fixtures.js';

/** A pod on a node: its priority, its cores, and the hour at which it started. */
function there(
  name: string,
  on: string,
  priority: number,
  cpu: string,
  hour?: number,
  draft: PodDraft = {},
): Pod {
  return pod(name, {
    on,
    priority,
    requests: { cpu },
    ...(hour !== undefined && {
      status: { startTime: `2026-08-21T${String(hour).padStart(2, '0')}:00:00Z` },
    }),
    ...draft,
  });
}
const incoming = (priority: number, cpu: string, draft: PodDraft = {}) =>
  pod('p', { priority, requests: { cpu }, ...draft });
/** Who has to go, as `node: victims`, or what preemption says. */
function outcome(question: Question): string {
  const { preemption, message, node: taken } = ask(question);
  if (preemption)
    return `${preemption.node}: ${preemption.victims.map((name) => name.replace('default/', '')).join(' ')}`;
  return taken ?? message?.replace(/^.*?(preemption: (0\/\d+ nodes are available: )?|not found)/, '') ?? '';
}
const one = [node('n')];
const two = [node('a'), node('b')];
const notHelpful = 'Preemption is not helpful for scheduling.';
const nobody = 'No preemption victims found for incoming pod.';

describe('who has to go', () => {
  test.each<[what: string, pods: readonly Pod[], incoming: Pod, expected: string]>([
    ['nobody, where there is room', [], incoming(10, '1'), 'n'],
    ['one of lower priority', [there('v', 'n', 1, '4')], incoming(10, '1'), 'n: v'],
    ['none of the same priority', [there('v', 'n', 10, '4')], incoming(10, '1'), `1 ${nobody}`],
    ['none of higher priority', [there('v', 'n', 11, '4')], incoming(10, '1'), `1 ${nobody}`],
    [
      'a pod without a priority has 0',
      [pod('v', { on: 'n', requests: { cpu: '4' } })],
      incoming(1, '1'),
      'n: v',
    ],
    [
      'a pod of priority 0 drives out those below',
      [there('v', 'n', -1, '4')],
      pod('p', { requests: { cpu: '1' } }),
      'n: v',
    ],
    // The more important are spared first.
    [
      'the least important that will do',
      [there('u', 'n', 1, '1'), there('v', 'n', 2, '1'), there('w', 'n', 3, '2')],
      incoming(10, '1'),
      'n: u',
    ],
    [
      'as many as it takes',
      [there('u', 'n', 1, '1'), there('v', 'n', 2, '1'), there('w', 'n', 3, '2')],
      incoming(10, '2'),
      'n: u v',
    ],
    ['all of them', [there('u', 'n', 1, '2'), there('v', 'n', 2, '2')], incoming(10, '4'), 'n: u v'],
    [
      'a large one for a small one, if it is less important',
      [there('u', 'n', 1, '3'), there('v', 'n', 2, '1')],
      incoming(10, '1'),
      'n: u',
    ],
    // v can't stay, u can.
    [
      'a more important one, where the less important has to go and is not enough',
      [there('u', 'n', 1, '1'), there('v', 'n', 2, '3')],
      incoming(10, '3'),
      'n: v',
    ],
    [
      'of the same priority, who started later',
      [there('u', 'n', 1, '2', 9), there('v', 'n', 1, '2', 8)],
      incoming(10, '2'),
      'n: u',
    ],
    [
      'of the same priority, who has not started',
      [there('u', 'n', 1, '2'), there('v', 'n', 1, '2', 8)],
      incoming(10, '2'),
      'n: u',
    ],
    [
      'those of higher priority stay',
      [there('u', 'n', 20, '2'), there('v', 'n', 1, '2')],
      incoming(10, '2'),
      'n: v',
    ],
    [
      'nobody, where it would not be enough',
      [there('u', 'n', 20, '2'), there('v', 'n', 1, '2')],
      incoming(10, '3'),
      '1 Insufficient cpu.',
    ],
    ['nobody, where the node is too small', [there('v', 'n', 1, '4')], incoming(10, '5'), `1 ${notHelpful}`],
    [
      'one that is being deleted, too',
      [there('v', 'n', 1, '4', 8, { isTerminating: true })],
      incoming(10, '1'),
      'n: v',
    ],
  ])('%s', (_what, pods, asked, expected) => {
    expect(outcome({ nodes: one, pods, pod: asked })).toBe(expected);
  });

  const port = (name: string): Partial<Pod['spec']> => ({
    containers: [{ name, ports: [{ containerPort: 80, hostPort: 80 }] }],
  });
  const zoned = [node('n', { labels: { zone: 'z' } })];
  const about = (app: string) => ({ topologyKey: 'zone', labelSelector: { matchLabels: { app } } });
  const away = (app: string) => ({
    affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [about(app)] } },
  });
  const near = (app: string) => ({
    affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [about(app)] } },
  });
  test.each<[what: string, question: Question, expected: string]>([
    [
      'who has a port',
      {
        nodes: one,
        pods: [pod('u', { on: 'n' }), pod('v', { on: 'n', spec: port('v') })],
        pod: pod('p', { priority: 1, spec: port('p') }),
      },
      'n: v',
    ],
    [
      'who takes a place',
      {
        nodes: [node('n', { allocatable: { pods: '2' } })],
        pods: [there('u', 'n', 1, '0', 8), there('v', 'n', 1, '0', 9)],
        pod: incoming(10, '0'),
      },
      'n: v',
    ],
    [
      'whom it is to be away from',
      {
        nodes: zoned,
        pods: [pod('v', { on: 'n', labels: { app: 'x' } }), pod('u', { on: 'n' })],
        pod: pod('p', { priority: 1, spec: away('x') }),
      },
      'n: v',
    ],
    [
      'who is to be away from it',
      {
        nodes: zoned,
        pods: [pod('v', { on: 'n', spec: away('x') }), pod('u', { on: 'n' })],
        pod: pod('p', { priority: 1, labels: { app: 'x' } }),
      },
      'n: v',
    ],
    // Without v it would not be near any.
    [
      'nobody that it is to be near to',
      {
        nodes: zoned,
        pods: [there('v', 'n', 1, '4', 8, { labels: { app: 'x' } })],
        pod: incoming(10, '1', { spec: near('x') }),
      },
      "1 node(s) didn't match pod affinity rules.",
    ],
    [
      'who makes a domain too full',
      {
        nodes: [
          node('n', { labels: { zone: 'z' } }),
          node('m', { labels: { zone: 'y' }, unschedulable: true }),
        ],
        pods: [pod('v', { on: 'n', labels: { app: 'x' } })],
        pod: pod('p', {
          priority: 1,
          labels: { app: 'x' },
          spec: {
            topologySpreadConstraints: [
              {
                maxSkew: 1,
                topologyKey: 'zone',
                whenUnsatisfiable: 'DoNotSchedule',
                labelSelector: { matchLabels: { app: 'x' } },
              },
            ],
          },
        }),
      },
      'n: v',
    ],
  ])('%s', (_what, question, expected) => expect(outcome(question)).toBe(expected));

  test('each node says why it is none', () => {
    const nodes = [node('a'), node('b'), node('c', { unschedulable: true }), node('d'), node('e')];
    const pods = [
      there('t', 'a', 10, '4'),
      there('u', 'b', 1, '1'),
      there('v', 'b', 10, '3'),
      there('w', 'd', 10, '4'),
      there('x', 'e', 1, '2', 8, {
        spec: { containers: [{ name: 'c', resources: { requests: { cpu: '2', memory: '7Gi' } } }] },
      }),
      there('y', 'e', 10, '2', 8, {
        spec: { containers: [{ name: 'c', resources: { requests: { cpu: '2', memory: '1Gi' } } }] },
      }),
    ];
    const asked = pod('p', { priority: 10, requests: { cpu: '2', memory: '8Gi' } });
    // b and e are tried and would not do: b has 1 core left; e lacks memory.
    expect(outcome({ nodes, pods, pod: asked })).toBe(
      '1 Insufficient cpu, 1 Insufficient memory, 1 Preemption is not helpful for scheduling, 2 No preemption victims found for incoming pod.',
    );
  });
});

describe('who may drive others out', () => {
  const leaving = (priority: number, conditions: readonly object[]) =>
    there('v', 'n', priority, '4', 8, { isTerminating: true, status: { conditions } });
  const byScheduler = { type: 'DisruptionTarget', status: 'True', reason: 'PreemptionByScheduler' };
  const waiting = (draft: PodDraft = {}) =>
    incoming(10, '1', { status: { nominatedNodeName: 'n' }, ...draft });
  const waits = 'not eligible due to a terminating pod on the nominated node.';
  test.each<[what: string, pods: readonly Pod[], incoming: Pod, expected: string]>([
    [
      'not who says never',
      [there('v', 'n', 1, '4')],
      incoming(10, '1', { spec: { preemptionPolicy: 'Never' } }),
      'not eligible due to preemptionPolicy=Never.',
    ],
    [
      'who says what is usual',
      [there('v', 'n', 1, '4')],
      incoming(10, '1', { spec: { preemptionPolicy: 'PreemptLowerPriority' } }),
      'n: v',
    ],
    ['not while one makes way for it', [leaving(1, [byScheduler])], waiting(), waits],
    ['while one goes for another reason', [leaving(1, [])], waiting(), 'n: v'],
    [
      'while one is evicted',
      [leaving(1, [{ ...byScheduler, reason: 'EvictionByEvictionAPI' }])],
      waiting(),
      'n: v',
    ],
    [
      'while one was to make way and no more is',
      [leaving(1, [{ ...byScheduler, status: 'False' }])],
      waiting(),
      'n: v',
    ],
    ['while one makes way for a third', [leaving(10, [byScheduler])], waiting(), `1 ${nobody}`],
    [
      'while one makes way where it is not kept a node',
      [leaving(1, [byScheduler])],
      incoming(10, '1'),
      'n: v',
    ],
    [
      'who is kept a node that is gone',
      [there('v', 'n', 1, '4')],
      waiting({ status: { nominatedNodeName: 'gone' } }),
      'n: v',
    ],
    // The node that is kept for it will never do: it looks for another.
    [
      'who is kept a node that is too small',
      [leaving(1, [byScheduler])],
      { ...waiting(), spec: incoming(10, '5').spec },
      `1 ${notHelpful}`,
    ],
  ])('%s', (_what, pods, asked, expected) =>
    expect(outcome({ nodes: one, pods, pod: asked })).toBe(expected),
  );

  test('who is kept a node that is cordoned looks at others', () => {
    const nodes = [node('n', { unschedulable: true }), node('m')];
    const pods = [leaving(1, [byScheduler]), there('w', 'm', 1, '4')];
    expect(outcome({ nodes, pods, pod: waiting() })).toBe('m: w');
  });
});

describe('budgets', () => {
  const budget = (name: string, selector: object, status: object, namespace = 'default'): KubeObject =>
    object('policy/v1', 'PodDisruptionBudget', name, { spec: { selector }, status }, { namespace });
  const x = { labels: { app: 'x' } };
  const ofX = { matchLabels: { app: 'x' } };
  // v is less important than w, and one of both has to go.
  const pods = [there('v', 'n', 1, '2', 8, x), there('w', 'n', 2, '2', 8, { labels: { app: 'y' } })];
  test.each<[what: string, budgets: readonly KubeObject[], expected: string]>([
    ['none', [], 'n: v'],
    ['that lets none go spares', [budget('b', ofX, { disruptionsAllowed: 0 })], 'n: w'],
    ['that lets one go', [budget('b', ofX, { disruptionsAllowed: 1 })], 'n: v'],
    ['that nobody has told of yet lets none go', [budget('b', ofX, {})], 'n: w'],
    [
      'that counts the pod as gone',
      [budget('b', ofX, { disruptionsAllowed: 0, disruptedPods: { v: '2026-08-21T00:00:00Z' } })],
      'n: v',
    ],
    [
      'that counts another as gone',
      [budget('b', ofX, { disruptionsAllowed: 0, disruptedPods: { w: '2026-08-21T00:00:00Z' } })],
      'n: w',
    ],
    ['of another namespace', [budget('b', ofX, { disruptionsAllowed: 0 }, 'other')], 'n: v'],
    ['of other pods', [budget('b', { matchLabels: { app: 'z' } }, { disruptionsAllowed: 0 })], 'n: v'],
    ['of all pods is left out', [budget('b', {}, { disruptionsAllowed: 0 })], 'n: v'],
    [
      'by an expression',
      [
        budget(
          'b',
          { matchExpressions: [{ key: 'app', operator: 'In', values: ['x'] }] },
          { disruptionsAllowed: 0 },
        ),
      ],
      'n: w',
    ],
    [
      'of both, then the less important goes',
      [budget('b', { matchExpressions: [{ key: 'app', operator: 'Exists' }] }, { disruptionsAllowed: 0 })],
      'n: v',
    ],
    // w is looked at first and takes what there is.
    [
      'of both that lets one go',
      [budget('b', { matchExpressions: [{ key: 'app', operator: 'Exists' }] }, { disruptionsAllowed: 1 })],
      'n: w',
    ],
    [
      'two, of which one lets none go',
      [budget('b', ofX, { disruptionsAllowed: 1 }), budget('c', ofX, { disruptionsAllowed: 0 })],
      'n: w',
    ],
  ])('%s', (_what, objects, expected) => {
    expect(outcome({ nodes: one, pods, objects, pod: incoming(10, '2') })).toBe(expected);
  });

  test('a pod without labels is of no budget', () => {
    const bare = [there('v', 'n', 1, '2'), there('w', 'n', 2, '2')];
    const objects = [
      budget(
        'b',
        { matchExpressions: [{ key: 'app', operator: 'DoesNotExist' }] },
        { disruptionsAllowed: 0 },
      ),
    ];
    expect(outcome({ nodes: one, pods: bare, objects, pod: incoming(10, '2') })).toBe('n: v');
  });

  test('they are gone against where nothing else helps', () => {
    const objects = [budget('b', ofX, { disruptionsAllowed: 0 })];
    expect(
      outcome({ nodes: one, pods: [there('v', 'n', 1, '4', 8, x)], objects, pod: incoming(10, '1') }),
    ).toBe('n: v');
  });

  test('a node where none is gone against is better, whatever the priorities', () => {
    const objects = [budget('b', ofX, { disruptionsAllowed: 0 })];
    const both = [there('v', 'a', 1, '4', 8, x), there('w', 'b', 9, '4')];
    expect(outcome({ nodes: two, pods: both, objects, pod: incoming(10, '1') })).toBe('b: w');
  });

  test('a node where fewer are gone against is better', () => {
    const objects = [budget('b', ofX, { disruptionsAllowed: 1 })];
    const both = [
      there('u', 'a', 1, '2', 8, x),
      there('v', 'a', 1, '2', 8, x),
      there('w', 'b', 9, '4', 8, x),
    ];
    // On a one is within the budget and the other is not; on b the one is.
    expect(outcome({ nodes: two, pods: both, objects, pod: incoming(10, '4') })).toBe('b: w');
  });
});

describe('which node', () => {
  const least = -(2 ** 31);
  test.each<[what: string, pods: readonly Pod[], expected: string]>([
    [
      'whose most important victim is least important',
      [there('v', 'a', 5, '4'), there('w', 'b', 3, '4')],
      'b: w',
    ],
    [
      'though it has more of them',
      [there('v', 'a', 5, '4'), there('w', 'b', 4, '2'), there('x', 'b', 4, '2')],
      'b: w x',
    ],
    [
      'whose victims are less important in sum',
      [there('u', 'a', 5, '2'), there('v', 'a', 4, '2'), there('w', 'b', 5, '2'), there('x', 'b', 3, '2')],
      'b: w x',
    ],
    // Each counts with its priority and 2^31, so that two of negative priority are more than one.
    [
      'where the sum is of fewer',
      [there('u', 'a', -1, '2'), there('v', 'a', -9, '2'), there('w', 'b', -1, '4')],
      'b: w',
    ],
    [
      'with fewer victims',
      [there('u', 'a', 0, '2'), there('v', 'a', least, '2'), there('w', 'b', 0, '4')],
      'b: w',
    ],
    ['whose victim started later', [there('v', 'a', 1, '4', 8), there('w', 'b', 1, '4', 9)], 'b: w'],
    [
      'whose first victim started later',
      [
        there('u', 'a', 1, '2', 8),
        there('v', 'a', 1, '2', 12),
        there('w', 'b', 1, '2', 9),
        there('x', 'b', 1, '2', 10),
      ],
      'b: w x',
    ],
    // Only the most important victims are asked when they started.
    [
      'whatever the less important say',
      [
        there('u', 'a', 2, '2', 9),
        there('v', 'a', 1, '2', 7),
        there('w', 'b', 2, '2', 8),
        there('x', 'b', 1, '2', 12),
      ],
      'a: u v',
    ],
    ['the first of equals', [there('v', 'a', 1, '4', 8), there('w', 'b', 1, '4', 8)], 'a: v'],
  ])('%s', (_what, pods, expected) => {
    expect(outcome({ nodes: two, pods, pod: incoming(10, '4') })).toBe(expected);
  });

  test('the look begins at a node that is drawn', () => {
    const pods = [there('v', 'a', 1, '4', 8), there('w', 'b', 1, '4', 8)];
    const { preemption } = decide(
      { kubernetesVersion: usualVersion, nodes: two, pods, pod: incoming(10, '4') },
      () => 1,
    );
    expect(preemption).toEqual({ node: 'b', victims: ['default/w'] });
  });

  const x = { labels: { app: 'x' } };
  const budget = object('policy/v1', 'PodDisruptionBudget', 'b', {
    spec: { selector: { matchLabels: x.labels } },
    status: { disruptionsAllowed: 0 },
  });
  test.each<[what: string, args: object, objects: readonly KubeObject[], expected: string]>([
    ['all, in a small cluster', {}, [], 'b: w'],
    [
      'one, where one is enough',
      { minCandidateNodesAbsolute: 1, minCandidateNodesPercentage: 0 },
      [],
      'a: v',
    ],
    ['a share of them', { minCandidateNodesAbsolute: 0, minCandidateNodesPercentage: 50 }, [], 'a: v'],
    [
      'more, while each goes against a budget',
      { minCandidateNodesAbsolute: 1, minCandidateNodesPercentage: 0 },
      [budget],
      'b: w',
    ],
  ])('of how many: %s', (_what, args, objects, expected) => {
    const pods = [there('v', 'a', 5, '4', 8, x), there('w', 'b', 3, '4')];
    expect(
      outcome({ nodes: two, pods, objects, pod: incoming(10, '4'), args: { DefaultPreemption: args } }),
    ).toBe(expected);
  });
});

describe('pods that wait for a node', () => {
  const waiting = (priority: number) => incoming(priority, '3', { status: { nominatedNodeName: 'n' } });
  const other = (priority: number): Pod => ({
    ...waiting(priority),
    metadata: { ...waiting(0).metadata, name: 'w', uid: 'w' },
  });
  test.each([
    // With the other there, too, it would not fit though v went.
    [9, 'n: v'],
    [10, '1 Insufficient cpu.'],
    [11, '1 Insufficient cpu.'],
  ])('of priority %i, for one of 10: %s', (priority, expected) => {
    const pods = [there('v', 'n', 1, '4'), other(priority)];
    expect(outcome({ nodes: one, pods, pod: incoming(10, '2') })).toBe(expected);
  });

  test('both fit once one has gone', () => {
    const pods = [there('v', 'n', 1, '4'), other(10)];
    expect(outcome({ nodes: one, pods, pod: incoming(10, '1') })).toBe('n: v');
  });

  test('the node that is kept for a pod is taken without a look at others', () => {
    const asked = incoming(10, '1', { status: { nominatedNodeName: 'b' } });
    expect(ask({ nodes: two, pods: [there('v', 'b', 1, '2')], pod: asked })).toMatchObject({
      node: 'b',
      feasible: ['b'],
    });
  });

  test('another is taken when that one will not do any more', () => {
    const asked = incoming(10, '1', { status: { nominatedNodeName: 'b' } });
    expect(ask({ nodes: two, pods: [there('v', 'b', 20, '4')], pod: asked }).node).toBe('a');
  });
});
