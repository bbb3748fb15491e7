import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { TestCluster, typeOf } from './fixtures.js';
import type { Shown } from './fixtures.js';

const driver = 'gpu.example.com';

/** Two GPU nodes with two devices each. */
function openGpuPool(init: object = {}): TestCluster {
  const cluster = TestCluster.open(1, init);
  cluster.addPool('gpu', 2);
  cluster.pass(60);
  cluster.create('deviceclasses', {
    metadata: { name: 'gpu' },
    spec: { selectors: [{ cel: { expression: `device.driver == "${driver}"` } }] },
  });
  for (const node of gpuNodes(cluster)) cluster.create('resourceslices', slice(node, 2));
  return cluster;
}

const gpuNodes = (cluster: TestCluster): readonly string[] =>
  cluster.names('nodes').filter((name) => name.startsWith('aks-gpu'));

const slice = (nodeName: string, count: number, generation = 1) => ({
  metadata: { name: `${nodeName}-gpu` },
  spec: {
    driver,
    nodeName,
    pool: { name: nodeName, generation, resourceSliceCount: 1 },
    devices: Array.from({ length: count }, (_, at) => ({
      name: `gpu-${String(at)}`,
      attributes: { model: { string: 'A100' } },
      capacity: { memory: { value: '80Gi' } },
    })),
  },
});

const claimSpec = (exactly: object = {}) => ({
  devices: { requests: [{ name: 'gpu', exactly: { deviceClassName: 'gpu', ...exactly } }] },
});

const template = (exactly: object = {}) => ({
  metadata: { name: 'one-gpu' },
  spec: { metadata: { labels: { app: 'train' } }, spec: claimSpec(exactly) },
});

const pod = (name: string, claim: object, spec: object = {}) => ({
  metadata: { name },
  spec: {
    containers: [{ name: 'c', image: 'image:1', resources: { claims: [{ name: 'gpu' }] } }],
    resourceClaims: [{ name: 'gpu', ...claim }],
    ...spec,
  },
});
const ofTemplate = { resourceClaimTemplateName: 'one-gpu' };
const byName = (resourceClaimName: string) => ({ resourceClaimName });

let cluster: TestCluster;

beforeEach(() => {
  cluster = openGpuPool();
});

const placeOf = (name: string): unknown => cluster.get('pods', name).spec['nodeName'];
const waits = (name: string): string | undefined => cluster.condition('pods', name, 'PodScheduled');
const statusOf = (name: string) =>
  cluster.get('resourceclaims', name).status as unknown as {
    readonly allocation?: { readonly devices: { readonly results: readonly { readonly device: string }[] } };
    readonly reservedFor?: readonly { readonly name: string }[];
  };
const claimsOf = (): readonly Shown[] => cluster.list('resourceclaims');

describe('a pod with a template for its claim', () => {
  test('gets a claim of its own, with a device of the node that it runs on', () => {
    cluster.create('resourceclaimtemplates', template());
    cluster.create('pods', pod('train', ofTemplate));
    cluster.pass(3);
    const web = cluster.get('pods', 'train');
    expect(web.status['phase']).toBe('Running');
    const node = placeOf('train');
    expect(gpuNodes(cluster)).toContain(node);
    const [claim] = claimsOf();
    const name = claim?.metadata.name ?? '';
    expect(name).toMatch(/^train-gpu-[a-z0-9]{5}$/);
    expect(web.status['resourceClaimStatuses']).toEqual([{ name: 'gpu', resourceClaimName: name }]);
    expect(claim).toMatchObject({
      metadata: {
        generateName: 'train-gpu-',
        labels: { app: 'train' },
        annotations: { 'resource.kubernetes.io/pod-claim-name': 'gpu' },
        finalizers: ['resource.kubernetes.io/delete-protection'],
        ownerReferences: [{ kind: 'Pod', name: 'train', uid: web.metadata.uid, controller: true }],
      },
      status: {
        allocation: {
          devices: { results: [{ request: 'gpu', driver, pool: node, device: 'gpu-0' }] },
          nodeSelector: {
            nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: [node] }] }],
          },
        },
        reservedFor: [{ resource: 'pods', name: 'train', uid: web.metadata.uid }],
      },
    });
  });

  test('is not tried, and told nothing, before there is such a template', () => {
    cluster.create('pods', pod('train', ofTemplate));
    cluster.pass(600);
    expect(waits('train')).toBeUndefined();
    expect(cluster.events('train')).toEqual([
      'FailedResourceClaimCreation PodResourceClaim gpu: resource claim template "one-gpu": resourceclaimtemplate.resource.k8s.io "one-gpu" not found',
    ]);
    cluster.create('resourceclaimtemplates', template());
    cluster.pass(3);
    expect(cluster.get('pods', 'train').status['phase']).toBe('Running');
  });

  test('waits while all devices are taken, and runs when one is given back', () => {
    cluster.create('resourceclaimtemplates', template());
    for (const name of ['a', 'b', 'c', 'd', 'e']) cluster.create('pods', pod(name, ofTemplate));
    cluster.pass(3);
    expect(waits('e')).toBe(
      'False Unschedulable 0/3 nodes are available: 3 cannot allocate all claims. still not schedulable, preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.',
    );
    const devices = claimsOf().flatMap(({ metadata }) =>
      (statusOf(metadata.name).allocation?.devices.results ?? []).map((one) =>
        JSON.stringify({ ...one, request: '' }),
      ),
    );
    expect([devices.length, new Set(devices).size]).toEqual([4, 4]);
    cluster.delete('pods', 'b', 'Background', 0);
    cluster.pass(3);
    expect(cluster.get('pods', 'e').status['phase']).toBe('Running');
    expect(claimsOf().map(({ metadata }) => metadata.name.split('-')[0])).toEqual(['a', 'c', 'd', 'e']);
  });

  test('gives its device back when it has ended, though it stays', () => {
    cluster.create('resourceclaimtemplates', template());
    cluster.create('pods', pod('once', ofTemplate, { restartPolicy: 'Never' }));
    cluster.pass(60);
    expect([cluster.get('pods', 'once').status['phase'], claimsOf()]).toEqual(['Succeeded', []]);
  });

  test('keeps its claim and its devices in a world that was closed', async () => {
    const data = mkdtempSync(join(tmpdir(), 'resource-claims-'));
    try {
      cluster = openGpuPool({ data });
      cluster.create('resourceclaimtemplates', template({ count: 2 }));
      for (const name of ['a', 'b', 'c']) cluster.create('pods', pod(name, ofTemplate));
      cluster.pass(0.1);
      cluster = await cluster.reopen({ data });
      cluster.pass(5);
      expect([placeOf('a'), placeOf('b')].sort()).toEqual([...gpuNodes(cluster)].sort());
      expect(waits('c')).toMatch(/3 cannot allocate all claims/);
      cluster = await cluster.reopen({ data });
      const freed = placeOf('a');
      cluster.delete('pods', 'a', 'Background', 0);
      cluster.pass(3);
      expect(placeOf('c')).toBe(freed);
      await cluster.world.close();
    } finally {
      rmSync(data, { recursive: true });
    }
  });
});

describe('a claim that somebody has made', () => {
  test('is shared by pods of one node, and freed when the last has gone', () => {
    cluster.create('resourceclaims', { metadata: { name: 'shared' }, spec: claimSpec() });
    for (const name of ['a', 'b', 'c']) cluster.create('pods', pod(name, byName('shared')));
    cluster.pass(3);
    expect(new Set(['a', 'b', 'c'].map(placeOf)).size).toBe(1);
    expect(statusOf('shared').reservedFor?.map(({ name }) => name)).toEqual(['a', 'b', 'c']);
    cluster.delete('resourceclaims', 'shared');
    for (const name of ['a', 'b']) cluster.delete('pods', name, 'Background', 0);
    cluster.pass(1);
    expect(statusOf('shared').reservedFor?.map(({ name }) => name)).toEqual(['c']);
    cluster.delete('pods', 'c', 'Background', 0);
    cluster.pass(1);
    expect(claimsOf()).toEqual([]);
  });

  test('stays, without devices, when no pod uses it any more', () => {
    cluster.create('resourceclaims', { metadata: { name: 'mine' }, spec: claimSpec() });
    cluster.create('pods', pod('a', byName('mine')));
    cluster.pass(3);
    cluster.delete('pods', 'a', 'Background', 0);
    cluster.pass(1);
    expect(cluster.get('resourceclaims', 'mine').status).toEqual({});
    expect(cluster.get('resourceclaims', 'mine').metadata.finalizers).toBeUndefined();
  });

  test('is waited for, without a word, while it is not there', () => {
    cluster.create('pods', pod('a', byName('late')));
    cluster.pass(60);
    expect([waits('a'), cluster.events('a')]).toEqual([undefined, []]);
    cluster.create('resourceclaims', { metadata: { name: 'late' }, spec: claimSpec() });
    cluster.pass(3);
    expect(cluster.get('pods', 'a').status['phase']).toBe('Running');
  });

  test('gives back devices that keep its pod from every node', () => {
    const [first = '', second = ''] = gpuNodes(cluster);
    cluster.create('resourceclaims', { metadata: { name: 'mine' }, spec: claimSpec() });
    cluster.world.kubernetes.objects.patch(
      typeOf('resourceclaims'),
      { cluster: cluster.key, namespace: 'default' },
      'mine',
      {
        type: 'merge',
        body: {
          status: {
            allocation: {
              devices: { results: [{ request: 'gpu', driver, pool: first, device: 'gpu-0' }] },
              nodeSelector: {
                nodeSelectorTerms: [
                  { matchFields: [{ key: 'metadata.name', operator: 'In', values: [first] }] },
                ],
              },
            },
          },
        },
      },
      'status',
      { dryRun: false, fieldValidation: 'Strict' },
    );
    cluster.create('pods', pod('a', byName('mine'), { nodeSelector: { 'kubernetes.io/hostname': second } }));
    cluster.pass(3);
    expect(cluster.events('a')[0]).toBe(
      "FailedScheduling 0/3 nodes are available: 1 resourceclaim not available on the node, 2 node(s) didn't match Pod's node affinity/selector. deallocation of ResourceClaim completed, preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.",
    );
    expect([placeOf('a'), cluster.get('pods', 'a').status['phase']]).toEqual([second, 'Running']);
  });
});

test('a driver that offers another device lets a pod go on', () => {
  cluster.create('resourceclaimtemplates', template({ count: 3 }));
  cluster.create('pods', pod('large', ofTemplate));
  cluster.pass(3);
  expect(waits('large')).toMatch(
    /^False Unschedulable 0\/3 nodes are available: 3 cannot allocate all claims\. /,
  );
  const [node = ''] = gpuNodes(cluster);
  cluster.patch('resourceslices', `${node}-gpu`, { spec: slice(node, 3, 2).spec });
  cluster.pass(3);
  expect(placeOf('large')).toBe(node);
});

test('a pod that was put on a node without its claim being its own does not start', () => {
  const [node = ''] = gpuNodes(cluster);
  const claim = cluster.create('resourceclaims', { metadata: { name: 'mine' }, spec: claimSpec() });
  const made = cluster.create('pods', pod('a', byName('mine'), { nodeName: node }));
  cluster.pass(60);
  expect(cluster.get('pods', 'a').status['phase']).toBe('Pending');
  expect(cluster.events('a')).toEqual([
    `FailedPrepareDynamicResources Failed to prepare dynamic resources: prepare dynamic resources: pod a(${made.metadata.uid}) is not allowed to use resource claim mine(${claim.metadata.uid})`,
  ]);
  // Another pod gives the claim its devices on that node: then both may use it.
  cluster.create('pods', pod('b', byName('mine'), { nodeSelector: { 'kubernetes.io/hostname': node } }));
  cluster.pass(3);
  expect([cluster.get('pods', 'a').status['phase'], placeOf('b')]).toEqual(['Running', node]);
});
