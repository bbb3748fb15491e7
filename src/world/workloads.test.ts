import { beforeEach, describe, expect, test } from 'vitest';
import { resourceGroups } from '../azure/index.js';
import { StatusError, builtInTypes } from '../kube/index.js';
import type { JsonObject, KubeObject, ResourceType } from '../kube/index.js';
import { instant, seconds } from '../units/index.js';
import { World } from './index.js';

const day = instant(Date.UTC(2026, 7, 21));
const writing = { dryRun: false, fieldValidation: 'Strict' } as const;

let world: World;
let cluster: string;

const typeOf = (plural: string): ResourceType => {
  const found = builtInTypes.find((type) => type.plural === plural);
  if (!found) throw new Error(plural);
  return found;
};
const scope = (namespace = 'default') => ({ cluster, namespace });
const placeOf = (type: ResourceType) => (type.namespaced ? scope() : { cluster });
const apply = (plural: string, body: object): KubeObject => {
  const type = typeOf(plural);
  return world.kubernetes.objects.create(type, placeOf(type), body, writing).object;
};
const patch = (plural: string, name: string, body: object): KubeObject => {
  const type = typeOf(plural);
  return world.kubernetes.objects.patch(type, placeOf(type), name, { type: 'merge', body }, 'object', writing)
    .object;
};
const get = (plural: string, name: string) => {
  const type = typeOf(plural);
  return world.kubernetes.objects.get(type, placeOf(type), name) as KubeObject & {
    readonly spec: JsonObject;
    readonly status: JsonObject;
  };
};
const list = (plural: string, labelSelector = '') => {
  const type = typeOf(plural);
  return world.kubernetes.lists.list(type, placeOf(type), { labelSelector }).items as readonly (KubeObject & {
    readonly spec: JsonObject;
    readonly status: JsonObject;
  })[];
};
const remove = (
  plural: string,
  name: string,
  propagationPolicy: 'Background' | 'Foreground' | 'Orphan' = 'Background',
) => {
  const type = typeOf(plural);
  return world.kubernetes.objects.delete(type, placeOf(type), name, { propagationPolicy }, { dryRun: false });
};
const pass = (n: number) => world.clock.step(seconds(n));
const phases = (labelSelector = '') => list('pods', labelSelector).map(({ status }) => status['phase']);
const refusal = (action: () => unknown): string => {
  try {
    action();
  } catch (error) {
    if (error instanceof StatusError) return `${String(error.code)} ${error.message}`;
    throw error;
  }
  return 'was not refused';
};

const template = (labels: object, spec: object = {}, annotations: object = {}) => ({
  metadata: { labels, annotations },
  spec: {
    containers: [{ name: 'c', image: 'image:1', resources: { requests: { cpu: '100m', memory: '64Mi' } } }],
    ...spec,
  },
});
const deployment = (replicas: number, spec: object = {}) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web' },
  spec: { replicas, selector: { matchLabels: { app: 'web' } }, template: template({ app: 'web' }), ...spec },
});

beforeEach(() => {
  world = World.open({ mode: { kind: 'virtual' }, start: day, systemWorkloads: 'none' });
  world.store.transact((tx) => {
    tx.put(resourceGroups, 'rg1', { name: 'rg1', location: 'westeurope', provisioningState: 'Succeeded' });
  });
  const path = { resourceGroup: 'rg1', cluster: 'shop' };
  world.aks.putCluster(path, {
    location: 'westeurope',
    properties: {
      dnsPrefix: 'shop',
      agentPoolProfiles: [{ name: 'system', mode: 'System', count: 2, vmSize: 'Standard_D4s_v5' }],
    },
  });
  world.clock.runUntilIdle();
  cluster = world.aks.cluster(path).id.toLowerCase();
});

describe('a Deployment', () => {
  test('runs its pods, and says so', () => {
    apply('deployments', deployment(3));
    pass(0);
    expect(phases()).toEqual(['Pending', 'Pending', 'Pending']);
    pass(2);
    expect(phases()).toEqual(['Running', 'Running', 'Running']);
    const { status } = get('deployments', 'web');
    expect(status).toMatchObject({ replicas: 3, readyReplicas: 3, availableReplicas: 3, updatedReplicas: 3 });
    expect(status['conditions']).toMatchObject([
      { type: 'Available', status: 'True', reason: 'MinimumReplicasAvailable' },
      { type: 'Progressing', status: 'True', reason: 'NewReplicaSetAvailable' },
    ]);
  });

  test('never has more pods than its surge, nor fewer available than its minimum, while it rolls', () => {
    apply('deployments', deployment(8));
    pass(5);
    patch('deployments', 'web', {
      spec: { template: template({ app: 'web' }, { containers: [{ name: 'c', image: 'image:2' }] }) },
    });
    const seen = { most: 0, least: 8 };
    for (let step = 0; step < 200; step += 1) {
      world.clock.step(seconds(0.1));
      const active = list('pods').filter(({ metadata }) => metadata.deletionTimestamp === undefined);
      const ready = active.filter(({ status }) =>
        (status['conditions'] as readonly { type: string; status: string }[] | undefined)?.some(
          (one) => one.type === 'Ready' && one.status === 'True',
        ),
      );
      seen.most = Math.max(seen.most, active.length);
      seen.least = Math.min(seen.least, ready.length);
    }
    expect(seen).toEqual({ most: 10, least: 6 });
    const images = list('pods').map(
      ({ spec }) => (spec['containers'] as readonly { image: string }[])[0]?.image,
    );
    expect(images).toEqual(Array.from({ length: 8 }, () => 'image:2'));
    expect(
      list('replicasets')
        .map(({ spec }) => spec['replicas'])
        .sort(),
    ).toEqual([0, 8]);
  });

  test('that recreates has no old pod beside a new one', () => {
    apply('deployments', deployment(2, { strategy: { type: 'Recreate' } }));
    pass(5);
    patch('deployments', 'web', {
      spec: { template: template({ app: 'web' }, { containers: [{ name: 'c', image: 'image:2' }] }) },
    });
    for (let step = 0; step < 60; step += 1) {
      world.clock.step(seconds(0.1));
      const images = new Set(
        list('pods').map(({ spec }) => (spec['containers'] as readonly { image: string }[])[0]?.image),
      );
      expect(images.size).toBeLessThanOrEqual(1);
    }
    expect(phases()).toEqual(['Running', 'Running']);
  });

  test('that can make no progress says so after its deadline', () => {
    apply(
      'deployments',
      deployment(1, {
        progressDeadlineSeconds: 60,
        template: template({ app: 'web' }, { nodeSelector: { none: 'such' } }),
      }),
    );
    pass(59);
    expect(get('deployments', 'web').status['conditions']).toMatchObject([
      {},
      { reason: 'ReplicaSetUpdated' },
    ]);
    pass(2);
    expect(get('deployments', 'web').status['conditions']).toMatchObject([
      { type: 'Available', status: 'False' },
      { type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded' },
    ]);
  });

  test('scaled to nothing loses its pods after their grace', () => {
    apply('deployments', deployment(3));
    pass(5);
    patch('deployments', 'web', { spec: { replicas: 0 } });
    pass(0);
    expect(list('pods').every(({ metadata }) => metadata.deletionGracePeriodSeconds === 30)).toBe(true);
    pass(1);
    expect(list('pods')).toEqual([]);
  });
});

describe('what belongs to a deleted object', () => {
  test.each(['Background', 'Foreground'] as const)('goes with it in the %s', (propagation) => {
    apply('deployments', deployment(2));
    pass(5);
    remove('deployments', 'web', propagation);
    pass(0);
    expect(world.store.count(typeOf('deployments').collection)).toBe(propagation === 'Foreground' ? 1 : 0);
    pass(5);
    expect([list('deployments'), list('replicasets'), list('pods')]).toEqual([[], [], []]);
  });

  test('stays when it is orphaned', () => {
    apply('deployments', deployment(2));
    pass(5);
    remove('deployments', 'web', 'Orphan');
    pass(5);
    expect([list('deployments').length, list('replicasets').length, list('pods').length]).toEqual([0, 1, 2]);
    expect(list('replicasets')[0]?.metadata.ownerReferences).toBeUndefined();
  });

  test('a namespace goes with all that is in it, and takes nothing new meanwhile', () => {
    const namespaces = typeOf('namespaces');
    world.kubernetes.objects.create(namespaces, { cluster }, { metadata: { name: 'team' } }, writing);
    pass(0);
    const inTeam = scope('team');
    world.kubernetes.objects.create(typeOf('deployments'), inTeam, deployment(2), writing);
    pass(5);
    world.kubernetes.objects.delete(namespaces, { cluster }, 'team', {}, { dryRun: false });
    expect(
      refusal(() =>
        world.kubernetes.objects.create(typeOf('configmaps'), inTeam, { metadata: { name: 'x' } }, writing),
      ),
    ).toBe(
      '403 configmaps "x" is forbidden: unable to create new content in namespace team because it is being terminated',
    );
    pass(10);
    expect(refusal(() => world.kubernetes.objects.get(namespaces, { cluster }, 'team'))).toBe(
      '404 namespaces "team" not found',
    );
    expect(world.kubernetes.lists.list(typeOf('pods'), inTeam, {}).items).toEqual([]);
  });

  test.each(['default', 'kube-system'])('the namespace %s stays', (name) => {
    expect(refusal(() => remove('namespaces', name))).toBe(
      `403 namespaces "${name}" is forbidden: this namespace may not be deleted`,
    );
  });
});

describe('a DaemonSet', () => {
  const daemon = (spec: object = {}) => ({
    metadata: { name: 'agent' },
    spec: { selector: { matchLabels: { app: 'agent' } }, template: template({ app: 'agent' }), ...spec },
  });

  test('has a pod on every node, cordoned ones too, and on those that join', () => {
    const [first] = list('nodes');
    patch('nodes', first?.metadata.name ?? '', { spec: { unschedulable: true } });
    apply('daemonsets', daemon());
    pass(5);
    expect(get('daemonsets', 'agent').status).toMatchObject({ desiredNumberScheduled: 2, numberReady: 2 });
    world.aks.putAgentPool(
      { resourceGroup: 'rg1', cluster: 'shop', agentPool: 'more' },
      { properties: { mode: 'User', count: 1, vmSize: 'Standard_D4s_v5' } },
    );
    pass(20);
    expect(get('daemonsets', 'agent').status).toMatchObject({ desiredNumberScheduled: 3, numberReady: 3 });
  });

  test('stays off tainted nodes that it does not tolerate', () => {
    world.aks.putAgentPool(
      { resourceGroup: 'rg1', cluster: 'shop', agentPool: 'gpu' },
      {
        properties: { mode: 'User', count: 1, vmSize: 'Standard_D4s_v5', nodeTaints: ['gpu=yes:NoSchedule'] },
      },
    );
    pass(20);
    apply('daemonsets', daemon());
    pass(5);
    expect(get('daemonsets', 'agent').status).toMatchObject({ desiredNumberScheduled: 2 });
  });

  test('replaces its pods one by one', () => {
    apply('daemonsets', daemon());
    pass(5);
    patch('daemonsets', 'agent', {
      spec: { template: template({ app: 'agent' }, { containers: [{ name: 'c', image: 'image:2' }] }) },
    });
    pass(0);
    expect(list('pods').filter(({ metadata }) => metadata.deletionTimestamp).length).toBe(1);
    pass(20);
    expect(get('daemonsets', 'agent').status).toMatchObject({ updatedNumberScheduled: 2, numberReady: 2 });
  });
});

describe('a StatefulSet', () => {
  const set = (spec: object = {}) => ({
    metadata: { name: 'db' },
    spec: {
      replicas: 3,
      serviceName: 'db',
      selector: { matchLabels: { app: 'db' } },
      template: template({ app: 'db' }, {}, { 'poolkeeper.dev/ready-delay': '4s' }),
      volumeClaimTemplates: [
        {
          metadata: { name: 'data' },
          spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
        },
      ],
      ...spec,
    },
  });
  const names = () => list('pods').map(({ metadata }) => metadata.name);

  test('makes its pods one after the other, each with its claim', () => {
    apply('statefulsets', set());
    pass(1);
    expect(names()).toEqual(['db-0']);
    pass(5);
    expect(names()).toEqual(['db-0', 'db-1']);
    pass(10);
    expect(names()).toEqual(['db-0', 'db-1', 'db-2']);
    expect(list('persistentvolumeclaims').map(({ metadata }) => metadata.name)).toEqual([
      'data-db-0',
      'data-db-1',
      'data-db-2',
    ]);
    expect(get('statefulsets', 'db').status).toMatchObject({
      replicas: 3,
      readyReplicas: 3,
      currentReplicas: 3,
      updatedReplicas: 3,
    });
  });

  test('makes them all at once when it is parallel', () => {
    apply('statefulsets', set({ podManagementPolicy: 'Parallel' }));
    pass(0);
    expect(names()).toEqual(['db-0', 'db-1', 'db-2']);
  });

  test('shrinks from the highest, and keeps the claims', () => {
    apply('statefulsets', set());
    pass(30);
    patch('statefulsets', 'db', { spec: { replicas: 1 } });
    pass(0);
    expect(
      list('pods').flatMap(({ metadata }) => (metadata.deletionTimestamp ? [metadata.name] : [])),
    ).toEqual(['db-2']);
    pass(5);
    expect(names()).toEqual(['db-0']);
    expect(list('persistentvolumeclaims').length).toBe(3);
  });

  test('replaces its pods from the highest down to the partition', () => {
    apply('statefulsets', set());
    pass(30);
    const changed = template({ app: 'db' }, { containers: [{ name: 'c', image: 'image:2' }] });
    patch('statefulsets', 'db', {
      spec: { template: changed, updateStrategy: { rollingUpdate: { partition: 1 } } },
    });
    pass(30);
    const images = list('pods').map(
      ({ spec }) => (spec['containers'] as readonly { image: string }[])[0]?.image,
    );
    expect(images).toEqual(['image:1', 'image:2', 'image:2']);
  });
});

describe('a Job', () => {
  const job = (spec: object, annotations: object = {}) => ({
    metadata: { name: 'once' },
    spec: { template: template({}, { restartPolicy: 'Never' }, annotations), ...spec },
  });

  test('runs its pods side by side until enough have succeeded', () => {
    apply('jobs', job({ completions: 3, parallelism: 2 }, { 'poolkeeper.dev/run-duration': '10s' }));
    pass(5);
    expect(get('jobs', 'once').status).toMatchObject({ active: 2, ready: 2 });
    pass(30);
    const { status } = get('jobs', 'once');
    expect(status).toMatchObject({
      succeeded: 3,
      conditions: [{ type: 'SuccessCriteriaMet' }, { type: 'Complete' }],
    });
    expect(list('pods').map(({ metadata }) => metadata.finalizers)).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  test('runs one pod for each index', () => {
    apply('jobs', job({ completions: 3, parallelism: 3, completionMode: 'Indexed' }));
    pass(20);
    expect(get('jobs', 'once').status).toMatchObject({ succeeded: 3, completedIndexes: '0-2' });
  });

  test('gives up after its backoff limit, waiting longer each time', () => {
    apply(
      'jobs',
      job({ backoffLimit: 2 }, { 'poolkeeper.dev/exit-code': '1', 'poolkeeper.dev/run-duration': '1s' }),
    );
    pass(60);
    expect(get('jobs', 'once').status).toMatchObject({
      failed: 3,
      conditions: [{ type: 'FailureTarget', reason: 'BackoffLimitExceeded' }, { type: 'Failed' }],
    });
    const made = list('pods')
      .map(({ metadata }) => Date.parse(metadata.creationTimestamp))
      .sort();
    expect(made.slice(1).map((time, index) => Math.round((time - (made[index] ?? 0)) / 10_000))).toEqual([
      1, 2,
    ]);
  });

  test('goes after its time to live, with its pods', () => {
    apply('jobs', job({ ttlSecondsAfterFinished: 60 }));
    pass(30);
    expect(list('jobs').length).toBe(1);
    pass(60);
    expect([list('jobs'), list('pods')]).toEqual([[], []]);
  });
});

describe('a disruption budget', () => {
  const evict = (name: string) => world.kubernetes.evict(scope(), name, {});
  const budget = (spec: object) =>
    apply('poddisruptionbudgets', {
      metadata: { name: 'web' },
      spec: { selector: { matchLabels: { app: 'web' } }, ...spec },
    });

  test.each([
    [{ minAvailable: 2 }, { disruptionsAllowed: 2, currentHealthy: 4, desiredHealthy: 2, expectedPods: 4 }],
    [{ minAvailable: '50%' }, { disruptionsAllowed: 2, desiredHealthy: 2 }],
    [{ minAvailable: '51%' }, { disruptionsAllowed: 1, desiredHealthy: 3 }],
    [{ maxUnavailable: 1 }, { disruptionsAllowed: 1, desiredHealthy: 3 }],
    [{ maxUnavailable: '30%' }, { disruptionsAllowed: 2, desiredHealthy: 2 }],
    [{ maxUnavailable: 0 }, { disruptionsAllowed: 0, desiredHealthy: 4 }],
    [{ minAvailable: '100%' }, { disruptionsAllowed: 0, desiredHealthy: 4 }],
  ])('%j of four pods', (spec, status) => {
    apply('deployments', deployment(4));
    pass(5);
    budget(spec);
    pass(0);
    expect(get('poddisruptionbudgets', 'web').status).toMatchObject(status);
  });

  test('lets as many pods go as it allows, and more once others are ready', () => {
    apply('deployments', deployment(3));
    pass(5);
    budget({ minAvailable: 2 });
    pass(0);
    const [first = '', second = ''] = list('pods').map(({ metadata }) => metadata.name);
    evict(first);
    expect(refusal(() => evict(second))).toBe(
      "429 Cannot evict pod as it would violate the pod's disruption budget.",
    );
    pass(3);
    evict(second);
    pass(3);
    expect(list('pods').length).toBe(3);
    expect(list('pods').some(({ metadata }) => metadata.name === first || metadata.name === second)).toBe(
      false,
    );
  });

  test('does not keep a pod that has not started', () => {
    apply(
      'deployments',
      deployment(1, { template: template({ app: 'web' }, { nodeSelector: { none: 'such' } }) }),
    );
    pass(1);
    budget({ maxUnavailable: 0 });
    pass(0);
    const [waiting = ''] = list('pods').map(({ metadata }) => metadata.name);
    evict(waiting);
    pass(0);
    expect(list('pods').map(({ metadata }) => metadata.name)).not.toContain(waiting);
  });
});

describe('a pod', () => {
  test('that fits nowhere waits and says why, and runs once it fits', () => {
    apply(
      'deployments',
      deployment(1, {
        template: template(
          { app: 'web' },
          { containers: [{ name: 'c', image: 'i', resources: { requests: { cpu: '6' } } }] },
        ),
      }),
    );
    pass(1);
    const [pod] = list('pods');
    expect(pod?.status['conditions']).toMatchObject([
      {
        type: 'PodScheduled',
        status: 'False',
        reason: 'Unschedulable',
        message: '0/2 nodes are available: 2 Insufficient cpu.',
      },
    ]);
    world.aks.putAgentPool(
      { resourceGroup: 'rg1', cluster: 'shop', agentPool: 'large' },
      { properties: { mode: 'User', count: 1, vmSize: 'Standard_D8s_v5' } },
    );
    pass(20);
    expect(phases()).toEqual(['Running']);
  });

  test('of a node that is gone is replaced after its quarantine', () => {
    world.aks.putAgentPool(
      { resourceGroup: 'rg1', cluster: 'shop', agentPool: 'np' },
      { properties: { mode: 'User', count: 1, vmSize: 'Standard_D4s_v5' } },
    );
    pass(20);
    apply(
      'deployments',
      deployment(1, { template: template({ app: 'web' }, { nodeSelector: { agentpool: 'np' } }) }),
    );
    pass(5);
    const before = list('pods')[0]?.metadata.name;
    world.aks.deleteAgentPool({ resourceGroup: 'rg1', cluster: 'shop', agentPool: 'np' });
    pass(20);
    expect(list('pods').map(({ metadata }) => metadata.name)).toEqual([before]);
    pass(60);
    expect(list('pods').map(({ metadata }) => metadata.name)).not.toContain(before);
    expect(phases()).toEqual(['Pending']);
  });

  test('goes on after the world was closed at any moment', () => {
    // The life of a pod is in its status alone: the same world, made again from the same history, is at the same point.
    apply('deployments', deployment(2));
    for (let step = 0; step < 15; step += 1) {
      world.clock.step(seconds(0.1));
      for (const { status } of list('pods')) expect(['Pending', 'Running']).toContain(status['phase']);
    }
    expect(phases()).toEqual(['Running', 'Running']);
  });
});

test('a service knows the addresses behind it', () => {
  apply('services', {
    metadata: { name: 'web' },
    spec: { selector: { app: 'web' }, ports: [{ port: 80, targetPort: 8080 }] },
  });
  apply('deployments', deployment(2));
  pass(5);
  const [slice] = list('endpointslices') as unknown as readonly {
    endpoints: readonly { addresses: string[]; conditions: object }[];
    ports: object[];
  }[];
  expect(slice?.endpoints.map(({ conditions }) => conditions)).toEqual(
    Array.from({ length: 2 }, () => ({ ready: true, serving: true, terminating: false })),
  );
  expect(new Set(slice?.endpoints.flatMap(({ addresses }) => addresses)).size).toBe(2);
  expect(slice?.ports).toMatchObject([{ port: 8080, protocol: 'TCP' }]);
});
