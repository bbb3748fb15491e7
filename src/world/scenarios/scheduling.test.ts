import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { TestCluster, isGoing } from './fixtures.js';
import { claim, diskClass } from './volume-fixtures.js';

let cluster: TestCluster;
let node: string;

beforeEach(() => {
  cluster = TestCluster.open(1);
  [node = ''] = cluster.names('nodes');
});

/** A pod that asks for so many cores; the node has 3.86 of them. */
const wanting = (name: string, cpu: string, spec: object = {}, labels: object = {}) => ({
  metadata: { name, labels },
  spec: { containers: [{ name: 'c', image: 'image:1', resources: { requests: { cpu } } }], ...spec },
});
const create = (name: string, cpu: string, spec: object = {}, labels: object = {}) =>
  cluster.create('pods', wanting(name, cpu, spec, labels));
const priorityClass = (name: string, value: number, members: object = {}) =>
  cluster.create('priorityclasses', { metadata: { name }, value, ...members });

/** Where a pod is: on a node, kept one, or waiting; and whether it is being deleted. */
function stateOf(name: string): string {
  const found = cluster.list('pods').find(({ metadata }) => metadata.name === name);
  if (!found) return 'gone';
  if (isGoing(found)) return 'going';
  if (found.spec['nodeName'] !== undefined) return 'placed';
  return found.status['nominatedNodeName'] === undefined ? 'waits' : 'kept a node';
}
const states = (...names: readonly string[]): string => names.map(stateOf).join(', ');
const whyOf = (name: string) => cluster.condition('pods', name, 'PodScheduled');

describe('a pod with gates', () => {
  test('is not tried until the last is lifted', () => {
    create('p', '100m', { schedulingGates: [{ name: 'quota' }, { name: 'image' }] });
    cluster.pass(600);
    expect([stateOf('p'), whyOf('p')]).toEqual([
      'waits',
      'False SchedulingGated Scheduling is blocked due to non-empty scheduling gates',
    ]);
    cluster.patch('pods', 'p', { spec: { schedulingGates: [{ name: 'image' }] } });
    cluster.pass(60);
    expect(stateOf('p')).toBe('waits');
    cluster.patch('pods', 'p', { spec: { schedulingGates: [] } });
    cluster.pass(0);
    expect([stateOf('p'), whyOf('p')]).toEqual(['placed', 'True']);
    expect(cluster.events('p')).toContain(`Scheduled Successfully assigned default/p to ${node}`);
  });

  test('that comes to be tried may be refused like any other', () => {
    create('p', '5', { schedulingGates: [{ name: 'quota' }] });
    cluster.pass(1);
    cluster.patch('pods', 'p', { spec: { schedulingGates: [] } });
    cluster.pass(0);
    expect(whyOf('p')).toMatch(/^False Unschedulable 0\/1 nodes are available: 1 Insufficient cpu\./);
  });
});

describe('pods that wait', () => {
  test('go by priority, then as they came', () => {
    priorityClass('high', 1000, { preemptionPolicy: 'Never' });
    create('filler', '3');
    cluster.pass(1);
    for (const name of ['low-1', 'low-2']) create(name, '2');
    create('high', '2', { priorityClassName: 'high' });
    cluster.pass(1);
    const seen = [states('low-1', 'low-2', 'high')];
    for (const name of ['filler', 'high', 'low-1']) {
      cluster.delete('pods', name, 'Background', 0);
      cluster.pass(1);
      seen.push(states('low-1', 'low-2', 'high'));
    }
    expect(seen).toEqual([
      'waits, waits, waits',
      'waits, waits, placed',
      'placed, waits, gone',
      'gone, placed, gone',
    ]);
  });

  test('are told once why, and told anew when it is for another reason', () => {
    create('p', '5');
    cluster.pass(3600);
    const failures = () => cluster.events('p').filter((text) => text.startsWith('FailedScheduling'));
    expect(failures()).toHaveLength(1);
    cluster.patch('nodes', node, { spec: { unschedulable: true } });
    create('q', '1');
    cluster.pass(3600);
    expect(whyOf('q')).toMatch(/1 node\(s\) were unschedulable/);
    expect(failures().map((text) => text.replace(/ no new claims.*/, ''))).toEqual([
      'FailedScheduling 0/1 nodes are available: 1 Insufficient cpu.',
      'FailedScheduling 0/1 nodes are available: 1 node(s) were unschedulable.',
    ]);
  });

  test('of a mass of equal ones go as room is made, and all are told the same', () => {
    for (let at = 0; at < 150; at += 1) create(`p${String(at).padStart(3, '0')}`, '1');
    cluster.pass(1);
    const placed = () => cluster.list('pods').filter(({ spec }) => spec['nodeName'] !== undefined);
    const names = () => placed().map(({ metadata }) => metadata.name);
    expect(names()).toEqual(['p000', 'p001', 'p002']);
    const reasons = new Set(cluster.names('pods').slice(3).map(whyOf));
    expect([...reasons]).toEqual([
      'False Unschedulable 0/1 nodes are available: 1 Insufficient cpu. no new claims to deallocate, preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.',
    ]);
    cluster.delete('pods', 'p001', 'Background', 0);
    cluster.pass(1);
    expect(names()).toEqual(['p000', 'p002', 'p003']);
  });
});

describe('preemption', () => {
  const grace = { terminationGracePeriodSeconds: 30 };
  beforeEach(() => {
    priorityClass('high', 1000);
  });

  test('lets the victim have its grace, keeps its node and takes it', () => {
    const [container] = wanting('low', '3').spec.containers;
    const slow = { ...container, lifecycle: { preStop: { sleep: { seconds: 20 } } } };
    cluster.create('pods', { metadata: { name: 'low' }, spec: { containers: [slow], ...grace } });
    cluster.pass(10);
    const { uid } = create('high', '3', { priorityClassName: 'high' }).metadata;
    cluster.pass(0);
    const seen = cluster.timeline(60, 1, () => states('low', 'high'));
    expect(seen).toEqual([
      [0, 'going, kept a node'],
      [21, 'gone, placed'],
    ]);
    expect(cluster.events('low')).toContain(`Preempted Preempted by pod ${uid} on node ${node}`);
    expect(cluster.events('high')).toEqual(
      expect.arrayContaining([
        'FailedScheduling 0/1 nodes are available: 1 Insufficient cpu.',
        `Scheduled Successfully assigned default/high to ${node}`,
      ]),
    );
    expect(cluster.get('pods', 'high').status['nominatedNodeName']).toBeUndefined();
  });

  test('marks the victim before it is deleted', () => {
    create('low', '3', grace);
    cluster.pass(10);
    create('high', '3', { priorityClassName: 'high' });
    cluster.pass(0);
    expect(cluster.condition('pods', 'low', 'DisruptionTarget')).toBe(
      'True PreemptionByScheduler default-scheduler: preempting to accommodate a higher priority pod',
    );
  });

  test('what is kept for a pod is not given to others of no higher priority meanwhile', () => {
    create('low', '3', grace);
    cluster.pass(10);
    create('high', '3', { priorityClassName: 'high' });
    cluster.pass(0);
    // 860m are free, but not with the one that is to come.
    create('small', '500m');
    cluster.pass(0);
    const before = states('high', 'small');
    cluster.pass(60);
    expect([before, states('high', 'small')]).toEqual(['kept a node, waits', 'placed, placed']);
  });

  test('a pod of higher priority takes what is kept for another', () => {
    priorityClass('highest', 2000);
    create('low', '3', grace);
    cluster.pass(10);
    create('high', '3', { priorityClassName: 'high' });
    cluster.pass(0);
    create('highest', '3', { priorityClassName: 'highest' });
    cluster.pass(0);
    const before = states('high', 'highest');
    cluster.pass(60);
    expect([before, states('low', 'high', 'highest')]).toEqual(['waits, kept a node', 'gone, waits, placed']);
  });

  test('a pod that goes leaves the node that was kept for it', () => {
    create('low', '3', grace);
    cluster.pass(10);
    create('high', '3', { priorityClassName: 'high' });
    create('small', '500m');
    cluster.pass(0);
    cluster.delete('pods', 'high', 'Background', 0);
    cluster.pass(1);
    expect(states('high', 'small')).toBe('gone, placed');
  });

  test('goes on in a world that was closed in the middle', async () => {
    const data = mkdtempSync(join(tmpdir(), 'scheduling-'));
    try {
      cluster = TestCluster.open(1, { data });
      priorityClass('high', 1000);
      create('low', '3', grace);
      cluster.pass(10);
      create('high', '3', { priorityClassName: 'high' });
      cluster.pass(0);
      create('small', '500m');
      cluster.pass(0);
      const before = states('low', 'high', 'small');
      cluster = await cluster.reopen({ data });
      cluster.pass(0);
      const after = states('low', 'high', 'small');
      cluster.pass(60);
      expect([before, after, states('low', 'high', 'small')]).toEqual([
        'going, kept a node, waits',
        'going, kept a node, waits',
        'gone, placed, placed',
      ]);
      await cluster.world.close();
    } finally {
      rmSync(data, { recursive: true, force: true });
    }
  });
});

describe('a pod that was refused is tried as soon as', () => {
  const zone = 'topology.kubernetes.io/zone';
  const near = (app: string) => ({
    affinity: {
      podAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: [
          { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: { app } } },
        ],
      },
    },
  });
  const away = (app: string) => ({ affinity: { podAntiAffinity: near(app).affinity.podAffinity } });
  const port = {
    containers: [{ name: 'c', image: 'image:1', ports: [{ containerPort: 80, hostPort: 80 }] }],
  };
  const patchNode = (body: object) => cluster.patch('nodes', node, body);

  const rows: readonly [
    what: string,
    before: () => unknown,
    cpu: string,
    spec: object,
    then: () => unknown,
  ][] = [
    [
      'its node is uncordoned',
      () => patchNode({ spec: { unschedulable: true } }),
      '1',
      {},
      () => patchNode({ spec: { unschedulable: false } }),
    ],
    [
      'a taint goes',
      () => patchNode({ spec: { taints: [{ key: 'k', effect: 'NoSchedule' }] } }),
      '1',
      {},
      () => patchNode({ spec: { taints: [] } }),
    ],
    [
      'it tolerates the taint',
      () => patchNode({ spec: { taints: [{ key: 'k', effect: 'NoSchedule' }] } }),
      '1',
      { tolerations: [] },
      () =>
        cluster.patch('pods', 'p', {
          spec: {
            tolerations: [
              ...(cluster.get('pods', 'p').spec['tolerations'] as readonly object[]),
              { key: 'k', operator: 'Exists' },
            ],
          },
        }),
    ],
    [
      'a node gets a label',
      () => undefined,
      '1',
      { nodeSelector: { disk: 'ssd' } },
      () => patchNode({ metadata: { labels: { disk: 'ssd' } } }),
    ],
    [
      'a pod goes',
      () => create('other', '3'),
      '2',
      {},
      () => cluster.delete('pods', 'other', 'Background', 0),
    ],
    [
      'a pod ends',
      () => create('other', '3'),
      '2',
      {},
      () => cluster.patch('pods', 'other', { status: { phase: 'Succeeded' } }, 'status'),
    ],
    [
      'a pod goes that has its port',
      () => cluster.create('pods', { metadata: { name: 'other' }, spec: port }),
      '1',
      port,
      () => cluster.delete('pods', 'other', 'Background', 0),
    ],
    [
      'a pod comes that it wants to be near',
      () => undefined,
      '1',
      near('x'),
      () => create('other', '1', {}, { app: 'x' }),
    ],
    [
      'a pod becomes one that it wants to be near',
      () => create('other', '1'),
      '1',
      near('x'),
      () => cluster.patch('pods', 'other', { metadata: { labels: { app: 'x' } } }),
    ],
    [
      'a pod goes that it wants to be away from',
      () => create('other', '1', {}, { app: 'x' }),
      '1',
      away('x'),
      () => cluster.delete('pods', 'other', 'Background', 0),
    ],
    [
      'a pod ceases to be one that it wants to be away from',
      () => create('other', '1', {}, { app: 'x' }),
      '1',
      away('x'),
      () => cluster.patch('pods', 'other', { metadata: { labels: { app: 'y' } } }),
    ],
    [
      'a node is in a domain that it is to be spread over',
      () => undefined,
      '1',
      {
        topologySpreadConstraints: [
          {
            maxSkew: 1,
            topologyKey: 'rack',
            whenUnsatisfiable: 'DoNotSchedule',
            labelSelector: { matchLabels: { app: 'x' } },
          },
        ],
      },
      () => patchNode({ metadata: { labels: { rack: 'r1' } } }),
    ],
    [
      'its claim comes',
      () => cluster.create('storageclasses', diskClass('disk')),
      '1',
      { volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'c' } }] },
      () => cluster.create('persistentvolumeclaims', claim('c')),
    ],
  ];
  test.each(rows)('%s', (_what, before, cpu, spec, then) => {
    before();
    cluster.pass(5);
    cluster.create('pods', {
      metadata: { name: 'p' },
      spec: { containers: [{ name: 'c', image: 'image:1', resources: { requests: { cpu } } }], ...spec },
    });
    cluster.pass(20);
    const waited = stateOf('p');
    then();
    // Disks take their time to be made.
    cluster.pass(10);
    expect([waited, stateOf('p')]).toEqual(['waits', 'placed']);
  });

  test('a node comes that will do', () => {
    create('p', '1', { nodeSelector: { agentpool: 'np' } });
    create('q', '7');
    cluster.pass(5);
    cluster.addPool('np', 1);
    cluster.pass(60);
    expect(states('p', 'q')).toBe('placed, waits');
    expect(cluster.get('nodes', node).metadata.labels?.[zone]).toBeDefined();
  });
});

test('a change that is no help to a pod by itself is found out within five and a half minutes', () => {
  // Before 1.36 a pod that goes wakes only those that did not want it, not those that it did not want.
  const hates = {
    affinity: {
      podAntiAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: [
          { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: { app: 'meek' } } },
        ],
      },
    },
  };
  create('hater', '1', hates);
  cluster.pass(5);
  create('meek', '1', {}, { app: 'meek' });
  cluster.pass(10);
  expect(whyOf('meek')).toMatch(/1 node\(s\) didn't satisfy existing pods anti-affinity rules/);
  cluster.delete('pods', 'hater', 'Background', 0);
  // Refused at 65 s of the world's time; five minutes later the look that is taken every half minute finds it, at 390 s.
  expect(cluster.timeline(400, 1, () => stateOf('meek'))).toEqual([
    [0, 'waits'],
    [315, 'placed'],
  ]);
});
