import { beforeEach, describe, expect, test } from 'vitest';
import { TestCluster, imageOf, isGoing, podTemplate, withImage } from './fixtures.js';

const labels = { app: 'agent' };
const daemon = (spec: object = {}) => ({
  metadata: { name: 'agent' },
  spec: { selector: { matchLabels: labels }, template: podTemplate(labels), ...spec },
});
const rolling = (limits: object) => ({ updateStrategy: { type: 'RollingUpdate', rollingUpdate: limits } });

let cluster: TestCluster;
const status = () => cluster.get('daemonsets', 'agent').status;
const pods = () => cluster.list('pods', 'app=agent');
const nodeOf = (pod: { spec: object }) => (pod.spec as { nodeName?: string }).nodeName ?? '';

beforeEach(() => {
  cluster = TestCluster.open(3);
});

describe('the pods of a DaemonSet', () => {
  test('tolerate what daemons tolerate, and what their template says once', () => {
    const tolerations = [{ key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute' }];
    cluster.create(
      'daemonsets',
      daemon({ template: podTemplate(labels, { hostNetwork: true, tolerations }) }),
    );
    cluster.pass(3);
    const found = pods()[0]?.spec['tolerations'] as readonly { key: string; effect: string }[];
    expect(found.map(({ key, effect }) => `${key.replace('node.kubernetes.io/', '')}:${effect}`)).toEqual([
      'not-ready:NoExecute',
      'unreachable:NoExecute',
      'disk-pressure:NoSchedule',
      'memory-pressure:NoSchedule',
      'pid-pressure:NoSchedule',
      'unschedulable:NoSchedule',
      'network-unavailable:NoSchedule',
    ]);
  });

  test('go from a node that is tainted against running them, and stay where only new ones are kept off', () => {
    cluster.create('daemonsets', daemon());
    cluster.pass(3);
    const [first = '', second = ''] = cluster.names('nodes');
    cluster.patch('nodes', first, { spec: { taints: [{ key: 'k', effect: 'NoSchedule' }] } });
    cluster.patch('nodes', second, { spec: { taints: [{ key: 'k', effect: 'NoExecute' }] } });
    cluster.pass(5);
    expect(pods().map(nodeOf)).not.toContain(second);
    expect(pods().map(nodeOf)).toContain(first);
    expect(status()).toMatchObject({ desiredNumberScheduled: 1, numberMisscheduled: 1, numberReady: 1 });
    cluster.patch('nodes', second, { spec: { taints: [] } });
    cluster.pass(5);
    expect(status()).toMatchObject({ desiredNumberScheduled: 2, numberReady: 2 });
  });

  test('follow the labels of nodes', () => {
    cluster.create(
      'daemonsets',
      daemon({ template: podTemplate(labels, { nodeSelector: { disk: 'ssd' } }) }),
    );
    cluster.pass(3);
    expect(status()).toMatchObject({ desiredNumberScheduled: 0 });
    const [first = ''] = cluster.names('nodes');
    cluster.patch('nodes', first, { metadata: { labels: { disk: 'ssd' } } });
    cluster.pass(3);
    expect([pods().map(nodeOf), status()]).toMatchObject([[first], { numberReady: 1 }]);
    cluster.patch('nodes', first, { metadata: { labels: { disk: null } } });
    cluster.pass(3);
    expect(pods()).toEqual([]);
  });

  test('that are deleted come back, one on each node', () => {
    cluster.create('daemonsets', daemon());
    cluster.pass(3);
    const before = cluster.names('pods', 'app=agent');
    for (const name of before) cluster.delete('pods', name);
    cluster.pass(5);
    expect(pods().map(nodeOf).sort()).toEqual([...cluster.names('nodes')].sort());
    expect(cluster.names('pods', 'app=agent')).not.toEqual(before);
  });

  test('that fail are killed, each time after a longer while', () => {
    const [first = ''] = cluster.names('nodes');
    cluster.create(
      'daemonsets',
      daemon({ template: podTemplate(labels, { nodeSelector: { 'kubernetes.io/hostname': first } }) }),
    );
    cluster.pass(3);
    const made: number[] = [];
    for (let failure = 0; failure < 3; failure += 1) {
      const [pod] = pods();
      cluster.patch('pods', pod?.metadata.name ?? '', { status: { phase: 'Failed' } }, 'status');
      const begun = cluster.elapsed();
      while (pods()[0]?.metadata.uid === pod?.metadata.uid) cluster.pass(0.1);
      made.push(Math.round(cluster.elapsed() - begun));
    }
    expect(made).toEqual([0, 1, 2]);
    expect(
      cluster.events('agent').some((text) => text.startsWith('FailedDaemonPod Found failed daemon pod')),
    ).toBe(true);
  });

  test('are adopted from nobody, and released when their labels are others', () => {
    cluster.create('daemonsets', daemon());
    cluster.pass(3);
    const uids = pods().map(({ metadata }) => metadata.uid);
    cluster.delete('daemonsets', 'agent', 'Orphan');
    cluster.pass(1);
    expect(pods().every(({ metadata }) => metadata.ownerReferences === undefined)).toBe(true);
    cluster.create('daemonsets', daemon());
    cluster.pass(3);
    expect(pods().map(({ metadata }) => metadata.uid)).toEqual(uids);
    expect(status()).toMatchObject({ numberReady: 3, updatedNumberScheduled: 3 });
    const [released = ''] = cluster.names('pods', 'app=agent');
    cluster.patch('pods', released, { metadata: { labels: { app: 'debug' } } });
    cluster.pass(3);
    expect(cluster.get('pods', released).metadata.ownerReferences).toBeUndefined();
    expect(status()).toMatchObject({ numberReady: 3 });
  });
});

describe('an update of a DaemonSet', () => {
  const change = () =>
    cluster.patch('daemonsets', 'agent', { spec: { template: withImage(labels, 'image:2') } });
  const counts = () => ({
    old: pods().filter((pod) => imageOf(pod) === 'image:1' && !isGoing(pod)).length,
    new: pods().filter((pod) => imageOf(pod) === 'image:2').length,
  });

  test('takes one node after the other', () => {
    cluster.create('daemonsets', daemon());
    cluster.pass(5);
    change();
    expect(cluster.timeline(10, 0.1, counts).map(([, seen]) => seen)).toEqual([
      { old: 3, new: 0 },
      { old: 2, new: 0 },
      { old: 2, new: 1 },
      { old: 1, new: 1 },
      { old: 1, new: 2 },
      { old: 0, new: 2 },
      { old: 0, new: 3 },
    ]);
  });

  test.each([
    // maxUnavailable   pods gone at once
    [2, 2],
    ['50%', 2],
    ['100%', 3],
  ])('with maxUnavailable %s takes %i at once', (maxUnavailable, gone) => {
    cluster.create('daemonsets', daemon(rolling({ maxUnavailable })));
    cluster.pass(5);
    change();
    cluster.pass(0);
    expect(pods().filter(isGoing).length).toBe(gone);
  });

  test('with a surge has the new pod ready before the old one goes', () => {
    cluster.create('daemonsets', daemon(rolling({ maxSurge: 1, maxUnavailable: 0 })));
    cluster.pass(5);
    change();
    const seen = cluster.timeline(15, 0.1, () => ({ ...counts(), ready: status()['numberReady'] }));
    expect(Math.min(...seen.map(([, { ready }]) => Number(ready)))).toBe(3);
    expect(Math.max(...seen.map(([, one]) => one.old + one.new))).toBe(4);
    expect(seen.at(-1)?.[1]).toEqual({ old: 0, new: 3, ready: 3 });
  });

  test('on delete waits for pods to be deleted', () => {
    cluster.create('daemonsets', daemon({ updateStrategy: { type: 'OnDelete' } }));
    cluster.pass(5);
    change();
    cluster.pass(10);
    expect(counts()).toEqual({ old: 3, new: 0 });
    cluster.delete('pods', cluster.names('pods', 'app=agent')[0] ?? '');
    cluster.pass(5);
    expect(counts()).toEqual({ old: 2, new: 1 });
  });

  test('counts pods as available after the seconds they have to be ready', () => {
    cluster.create('daemonsets', daemon({ minReadySeconds: 10 }));
    cluster.pass(5);
    expect([status()['numberReady'], status()['numberAvailable']]).toEqual([3, undefined]);
    cluster.pass(10);
    expect(status()).toMatchObject({ numberReady: 3, numberAvailable: 3 });
  });

  test('writes each template down, takes one up again, and forgets those beyond its history', () => {
    cluster.create('daemonsets', daemon({ revisionHistoryLimit: 1 }));
    cluster.pass(5);
    const revisions = () =>
      cluster
        .list('controllerrevisions')
        .map((one) => (one as unknown as { revision: number }).revision)
        .sort();
    expect(revisions()).toEqual([1]);
    change();
    cluster.pass(15);
    expect(revisions()).toEqual([1, 2]);
    cluster.patch('daemonsets', 'agent', { spec: { template: podTemplate(labels) } });
    cluster.pass(15);
    expect(revisions()).toEqual([2, 3]);
    cluster.patch('daemonsets', 'agent', { spec: { template: withImage(labels, 'image:3') } });
    cluster.pass(15);
    expect(revisions()).toEqual([3, 4]);
    const tag = pods()[0]?.metadata.labels?.['controller-revision-hash'] ?? '';
    expect(cluster.names('controllerrevisions')).toContain(`agent-${tag}`);
  });
});
