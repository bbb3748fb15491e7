import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { nodeCondition, pods } from '../../kube/index.js';
import type { KubeNode, Pod, Stored } from '../../kube/index.js';
import { TestCluster, podTemplate } from './fixtures.js';
import { cutOff, follow, nodeOf, reconnect, renewedAt, taintsOf } from './node-fixtures.js';

const health = (node: KubeNode): string => {
  const { status, reason } = nodeCondition(node, 'Ready') ?? {};
  return `${String(status)} ${String(reason)} [${taintsOf(node)}]`;
};
const healthOf =
  (name: string) =>
  (node: KubeNode): string | undefined =>
    node.metadata.name === name ? health(node) : undefined;

/** A cluster with a pool of two nodes and pods on them; the node of the first is cut off, `heard` is its last heartbeat. */
function failing(replicas: number, spec: object = {}, init: { readonly data?: string } = {}) {
  const cluster = TestCluster.open(2, init);
  cluster.addPool('np', 2);
  cluster.pass(30);
  const labels = { app: 'web' };
  const template = podTemplate(labels, { nodeSelector: { agentpool: 'np' }, ...spec });
  cluster.create('deployments', {
    metadata: { name: 'web' },
    spec: { replicas, selector: { matchLabels: labels }, template },
  });
  cluster.pass(30);
  const pod = firstPod(cluster);
  const node = pod.spec.nodeName ?? '';
  cutOff(cluster, node);
  return { cluster, pod: pod.metadata.name, node, heard: renewedAt(cluster, node) };
}

const podsOf = (cluster: TestCluster): readonly Pod[] =>
  cluster.list('pods', 'app=web') as unknown as readonly Pod[];

function firstPod(cluster: TestCluster): Pod {
  const [pod] = podsOf(cluster);
  if (!pod) throw new Error('There is no pod');
  return pod;
}

/** Notes what becomes of pods: ready, not ready, going, gone; with the seconds since `begin`. */
function followPods(cluster: TestCluster, begin: number): readonly string[] {
  const seen: string[] = [];
  const last = new Map<string, string>();
  const stateOf = (pod: Pod | undefined): string => {
    if (!pod) return 'gone';
    if (pod.metadata.deletionTimestamp !== undefined) return 'going';
    const ready = pod.status?.conditions?.find(({ type }) => type === 'Ready')?.status === 'True';
    return ready ? 'ready' : 'not ready';
  };
  cluster.world.store.watch({ collections: [pods.collection] }, ({ changes }) => {
    for (const { collection, key, before, after } of changes) {
      if (collection !== pods.collection.name) continue;
      const [was, is] = [before, after].map((stored) => (stored as Stored<Pod> | undefined)?.object);
      if ((is ?? was)?.metadata.labels?.['app'] !== 'web') continue;
      const state = stateOf(is);
      const name = (is ?? was)?.metadata.name ?? '';
      if (last.get(key) === state) continue;
      last.set(key, state);
      seen.push(`${String((cluster.world.clock.now() - begin) / 1000)} s: ${name} ${state}`);
    }
  });
  return seen;
}

describe('a node that falls silent', () => {
  test('is given up 50 s after its last heartbeat, and its pods are replaced 300 s later', () => {
    const { cluster, pod, node, heard } = failing(1);
    const seenNodes = follow(cluster, heard, healthOf(node));
    const seenPods = followPods(cluster, heard);
    cluster.pass(420);
    expect(seenNodes).toEqual([
      '50 s: Unknown NodeStatusUnknown [unreachable:NoSchedule unreachable:NoExecute]',
    ]);
    expect(seenPods.slice(0, 3)).toEqual([
      `50 s: ${pod} not ready`,
      `350 s: ${pod} going`,
      expect.stringMatching(/^350 s: web-.* not ready$/),
    ]);
    expect(seenPods.slice(3)).toEqual([expect.stringMatching(/^35\d\.\d+ s: web-.* ready$/)]);
    const replacement = podsOf(cluster).find(({ metadata }) => metadata.name !== pod);
    expect(replacement?.spec.nodeName).not.toBe(node);
    // Nobody on the node lets it go.
    expect(
      podsOf(cluster).find(({ metadata }) => metadata.name === pod)?.metadata.deletionTimestamp,
    ).toBeDefined();
    expect(cluster.events(node).slice(-1)).toEqual([`NodeNotReady Node ${node} status is now: NodeNotReady`]);
    expect(cluster.events(pod).slice(-2)).toEqual([
      'NodeNotReady Node is not ready',
      `TaintManagerEviction Marking for deletion Pod default/${pod}`,
    ]);
    expect(cluster.condition('pods', pod, 'DisruptionTarget')).toBe(
      'True DeletionByTaintManager Taint manager: deleting due to NoExecute taint',
    );
  });

  test('and posts again before its grace ends was never missed', () => {
    const { cluster, node, heard } = failing(1);
    const seen = [...follow(cluster, heard, healthOf(node)), ...followPods(cluster, heard)];
    cluster.pass((heard + 49_900 - cluster.world.clock.now()) / 1000);
    reconnect(cluster, node);
    cluster.pass(600);
    expect(seen).toEqual([]);
    expect(health(nodeOf(cluster, node))).toBe('True KubeletReady []');
  });

  test('and posts again before its pods go keeps them', () => {
    const { cluster, pod, node, heard } = failing(1);
    const seenNodes = follow(cluster, heard, healthOf(node));
    const seenPods = followPods(cluster, heard);
    cluster.pass((heard + 340_000 - cluster.world.clock.now()) / 1000);
    reconnect(cluster, node);
    cluster.pass(600);
    expect(seenNodes.slice(1)).toEqual([
      '340 s: True KubeletReady [unreachable:NoSchedule unreachable:NoExecute]',
      '340 s: True KubeletReady []',
    ]);
    expect(seenPods).toEqual([`50 s: ${pod} not ready`, `340 s: ${pod} ready`]);
    expect(cluster.events(pod).slice(-1)).toEqual([
      `TaintManagerEviction Cancelling deletion of Pod default/${pod}`,
    ]);
  });

  test('and posts again when its pods were replaced lets the old ones go', () => {
    const { cluster, pod, node } = failing(1);
    cluster.pass(500);
    expect(cluster.names('pods', 'app=web')).toContain(pod);
    reconnect(cluster, node);
    cluster.pass(60);
    expect(cluster.names('pods', 'app=web')).not.toContain(pod);
  });

  test.each([
    ['nothing of its own', [], 350],
    [
      'the taint for 10 s',
      [
        {
          key: 'node.kubernetes.io/unreachable',
          operator: 'Exists',
          effect: 'NoExecute',
          tolerationSeconds: 10,
        },
      ],
      60,
    ],
    [
      'the taint for no time',
      [
        {
          key: 'node.kubernetes.io/unreachable',
          operator: 'Exists',
          effect: 'NoExecute',
          tolerationSeconds: 0,
        },
      ],
      50,
    ],
    [
      'the taint for ever',
      [{ key: 'node.kubernetes.io/unreachable', operator: 'Exists', effect: 'NoExecute' }],
      undefined,
    ],
    ['everything', [{ operator: 'Exists' }], undefined],
  ])('loses a pod that tolerates %s after %j', (_, tolerations, after) => {
    const { cluster, pod, heard } = failing(1, { tolerations });
    const seen = followPods(cluster, heard);
    cluster.pass(1000);
    const going = seen.filter((text) => text.endsWith(`${pod} going`));
    expect(going).toEqual(after === undefined ? [] : [`${String(after)} s: ${pod} going`]);
  });

  test('and is declared out of service lets go of the pods that it holds', () => {
    const { cluster, pod, node, heard } = failing(1);
    cluster.pass((heard + 360_000 - cluster.world.clock.now()) / 1000);
    const seen = followPods(cluster, cluster.world.clock.now());
    cluster.pass(300);
    expect(seen.filter((text) => text.includes(pod))).toEqual([]);
    const declared = { key: 'node.kubernetes.io/out-of-service', value: 'nodeshutdown', effect: 'NoExecute' };
    cluster.patch('nodes', node, {
      spec: { taints: [...(nodeOf(cluster, node).spec.taints ?? []), declared] },
    });
    cluster.pass(20);
    expect(seen.filter((text) => text.includes(pod))).toEqual([
      expect.stringMatching(/ going$/),
      expect.stringMatching(/ gone$/),
    ]);
  });

  test('is deleted: its pods are failed and gone within a minute', () => {
    const { cluster, pod, node } = failing(1);
    const begin = cluster.world.clock.now();
    const seen = followPods(cluster, begin);
    const phases: string[] = [];
    cluster.world.store.watch({ collections: [pods.collection] }, ({ changes }) => {
      for (const { after } of changes) {
        const found = (after as Stored<Pod> | undefined)?.object;
        if (found?.metadata.name === pod)
          phases.push(
            `${String(found.status?.phase)} ${String(found.status?.conditions?.find(({ type }) => type === 'DisruptionTarget')?.message)}`,
          );
      }
    });
    cluster.delete('nodes', node);
    cluster.pass(61);
    expect(phases).toEqual(['Failed PodGC: node no longer exists']);
    const gone = seen.find((text) => text.endsWith(`${pod} gone`));
    const after = Number.parseFloat(gone ?? '');
    expect([after >= 40, after <= 60]).toEqual([true, true]);
    expect(cluster.events(node).slice(-1)).toEqual([
      `RemovingNode Node ${node} event: Removing Node ${node} from Controller`,
    ]);
    // Its VM is still there, but a kubelet makes its node only when it starts.
    reconnect(cluster, node);
    cluster.pass(600);
    expect(cluster.names('nodes')).not.toContain(node);
  });
});

describe('closed and opened again', () => {
  const directories: string[] = [];
  afterEach(() => {
    for (const directory of directories.splice(0)) rmSync(directory, { recursive: true, force: true });
  });

  test.each([20, 51, 200, 349])(
    '%i s after its last heartbeat, a silent node goes on its way',
    async (closedAt) => {
      const data = mkdtempSync(join(tmpdir(), 'poolkeeper-nodes-'));
      directories.push(data);
      const { cluster, pod, node, heard } = failing(1, {}, { data });
      cluster.pass((heard + closedAt * 1000 - cluster.world.clock.now()) / 1000);
      const again = await cluster.reopen({ data, start: cluster.world.clock.now() });
      const seenNodes = follow(again, heard, healthOf(node));
      const seenPods = followPods(again, heard);
      again.pass(400);
      const givenUp = '50 s: Unknown NodeStatusUnknown [unreachable:NoSchedule unreachable:NoExecute]';
      expect(seenNodes).toEqual(closedAt < 50 ? [givenUp] : []);
      expect(seenPods.filter((text) => text.includes(pod))).toEqual([
        ...(closedAt < 50 ? [`50 s: ${pod} not ready`] : []),
        `350 s: ${pod} going`,
      ]);
      expect(health(nodeOf(again, node))).toBe(givenUp.slice(6));
      await again.world.close();
    },
  );

  test('between the loss of a node and the collection of its pods, collects them in time', async () => {
    const data = mkdtempSync(join(tmpdir(), 'poolkeeper-nodes-'));
    directories.push(data);
    const { cluster, pod, node } = failing(1, {}, { data });
    const begin = cluster.world.clock.now();
    cluster.delete('nodes', node);
    cluster.pass(30);
    const again = await cluster.reopen({ data, start: cluster.world.clock.now() });
    const seen = followPods(again, begin);
    again.pass(31);
    const after = Number.parseFloat(seen.find((text) => text.endsWith(`${pod} gone`)) ?? '');
    expect([after >= 40, after <= 60]).toEqual([true, true]);
    await again.world.close();
  });
});
