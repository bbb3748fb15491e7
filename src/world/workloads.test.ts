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

  test.each([
    ['configmaps', 'kube-root-ca.crt'],
    ['serviceaccounts', 'default'],
  ])('what every namespace has comes back: %s %s', (plural, name) => {
    const { uid } = get(plural, name).metadata;
    remove(plural, name);
    pass(1);
    expect(get(plural, name).metadata.uid).not.toBe(uid);
  });

  test.each(['default', 'kube-system'])('the namespace %s stays', (name) => {
    expect(refusal(() => remove('namespaces', name))).toBe(
      `403 namespaces "${name}" is forbidden: this namespace may not be deleted`,
    );
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
        message:
          '0/2 nodes are available: 2 Insufficient cpu. no new claims to deallocate, preemption: 0/2 nodes are available: 2 Preemption is not helpful for scheduling.',
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
