import { beforeEach, describe, expect, test } from 'vitest';
import { TestCluster, podTemplate } from './fixtures.js';

const labels = { app: 'web' };
const deployment = (replicas: number, name = 'web') => ({
  metadata: { name },
  spec: {
    replicas,
    selector: { matchLabels: { ...labels, of: name } },
    template: podTemplate({ ...labels, of: name }),
  },
});
const budget = (spec: object, selector: object = { matchLabels: labels }) => ({
  metadata: { name: 'web' },
  spec: { selector, ...spec },
});

let cluster: TestCluster;
const status = () => cluster.get('poddisruptionbudgets', 'web').status;
const counts = () =>
  ['expectedPods', 'desiredHealthy', 'currentHealthy', 'disruptionsAllowed'].map((name) => status()[name]);
const condition = () => cluster.condition('poddisruptionbudgets', 'web', 'DisruptionAllowed');
const bare = (name: string) =>
  cluster.create('pods', { metadata: { name, labels }, spec: podTemplate(labels).spec });

beforeEach(() => {
  cluster = TestCluster.open(2);
});

describe('a budget', () => {
  test('counts the scales of all controllers of its pods', () => {
    cluster.create('deployments', deployment(3));
    cluster.create('deployments', deployment(4, 'more'));
    cluster.create('poddisruptionbudgets', budget({ maxUnavailable: '30%' }));
    cluster.pass(10);
    // A third of seven, rounded up, is three.
    expect([counts(), condition()]).toEqual([[7, 4, 7, 3], 'True SufficientPods']);
  });

  test('counts the scale of a StatefulSet', () => {
    cluster.create('statefulsets', {
      metadata: { name: 'db' },
      spec: {
        replicas: 2,
        serviceName: 'db',
        selector: { matchLabels: labels },
        template: podTemplate(labels),
        podManagementPolicy: 'Parallel',
      },
    });
    cluster.create('poddisruptionbudgets', budget({ minAvailable: '50%' }));
    cluster.pass(10);
    expect(counts()).toEqual([2, 1, 2, 1]);
  });

  test('that names a number needs no controllers', () => {
    bare('a');
    bare('b');
    cluster.create('poddisruptionbudgets', budget({ minAvailable: 1 }));
    cluster.pass(10);
    expect(counts()).toEqual([2, 1, 2, 1]);
  });

  test('warns of pods that nobody manages, where it counts controllers', () => {
    cluster.create('deployments', deployment(2));
    bare('a');
    cluster.create('poddisruptionbudgets', budget({ maxUnavailable: 1 }));
    cluster.pass(10);
    expect(counts()).toEqual([2, 1, 3, 2]);
    expect(cluster.events('web').find((text) => text.startsWith('UnmanagedPods'))).toContain(
      'UnmanagedPods Pods selected by this PodDisruptionBudget (selector: app=web) were found to be unmanaged.',
    );
  });

  test('of pods whose controller does not scale allows nothing', () => {
    cluster.create('daemonsets', {
      metadata: { name: 'agent' },
      spec: { selector: { matchLabels: labels }, template: podTemplate(labels) },
    });
    cluster.create('poddisruptionbudgets', budget({ maxUnavailable: 1 }));
    cluster.pass(10);
    expect([status()['disruptionsAllowed'], condition()]).toEqual([
      0,
      'False SyncFailed daemonsets.apps does not implement the scale subresource',
    ]);
    expect(cluster.events('web')).toContain(
      'CalculateExpectedPodCountFailed Failed to calculate the number of expected pods: daemonsets.apps does not implement the scale subresource',
    );
  });

  test('of no pods says so', () => {
    cluster.create('poddisruptionbudgets', budget({ minAvailable: 1 }, { matchLabels: { app: 'none' } }));
    cluster.pass(1);
    expect([counts(), condition(), cluster.events('web')]).toEqual([
      [0, 1, 0, 0],
      'False InsufficientPods',
      ['NoPods No matching pods found'],
    ]);
  });

  test('of an empty selector counts all pods of its namespace', () => {
    cluster.create('deployments', deployment(2));
    cluster.create('poddisruptionbudgets', budget({ minAvailable: 1 }, {}));
    cluster.pass(10);
    expect(counts()).toEqual([2, 1, 2, 1]);
  });

  test('counts an eviction for two minutes, and longer if nobody sees it', () => {
    cluster.create('deployments', deployment(3));
    cluster.create('poddisruptionbudgets', budget({ minAvailable: 1 }));
    cluster.pass(10);
    const [name = ''] = cluster.names('pods', 'app=web');
    const when = new Date(cluster.world.clock.now()).toISOString().replace(/\.\d+/, '');
    cluster.patch('poddisruptionbudgets', 'web', { status: { disruptedPods: { [name]: when } } }, 'status');
    cluster.pass(1);
    expect(counts()).toEqual([3, 1, 2, 1]);
    cluster.pass(120);
    expect([counts(), status()['disruptedPods']]).toEqual([[3, 1, 3, 2], undefined]);
    expect(cluster.events(name)).toContain(
      "NotDeleted Pod was expected by PDB default/web to be deleted but it wasn't",
    );
  });
});
