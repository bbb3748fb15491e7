import { describe, expect, test } from 'vitest';
import type { JsonObject, Pod } from '../../kube/index.js';
import { defaultOptions } from '../options.js';
import type { AutoscalerOptions } from '../options.js';
import { BudgetTracker } from '../scale-down/budget-tracker.js';
import { budget, cluster, noon, pod, storeOf } from '../scale-down/fixtures.js';
import type { PodDraft } from '../scale-down/fixtures.js';
import { drainContext, drainability, podsToMove } from './index.js';
import type { DrainContext } from './index.js';

const controller = (plural: string, name: string, replicas?: number): readonly [string, JsonObject] => [
  plural,
  { metadata: { name, namespace: 'default' }, spec: { ...(replicas !== undefined && { replicas }) } },
];

const controllers = [
  controller('replicasets', 'web', 3),
  controller('replicasets', 'single', 1),
  controller('replicationcontrollers', 'old', 1),
  controller('jobs', 'import'),
  controller('statefulsets', 'db', 1),
  controller('daemonsets', 'agent'),
  ['replicasets', { metadata: { name: 'dns', namespace: 'kube-system' }, spec: { replicas: 2 } }],
] as const;

function contextOf(
  options: Partial<AutoscalerOptions> = {},
  budgets: readonly (readonly [string, JsonObject])[] = [],
  minor = 34,
): DrainContext {
  const store = storeOf(...controllers, ...budgets);
  const all = { ...defaultOptions(minor), ...options };
  return drainContext(store, cluster, {
    now: noon,
    options: all,
    budgets: new BudgetTracker(store, cluster),
  });
}

const verdict = (one: Pod, context = contextOf()): string => {
  const found = drainability(one, context);
  return found.kind === 'blocks' ? found.reason : found.kind;
};

const ours = (name: string) => `cluster-autoscaler.kubernetes.io/${name}`;
const safe = (value: string, draft: PodDraft = {}): PodDraft => ({
  ...draft,
  annotations: { ...draft.annotations, [ours('safe-to-evict')]: value },
});
const system = (draft: PodDraft = {}): PodDraft => ({
  namespace: 'kube-system',
  owner: 'ReplicaSet dns',
  createdAt: '2026-08-21T11:30:00Z',
  labels: { app: 'dns' },
  ...draft,
});
const volumes = (...list: NonNullable<Pod['spec']['volumes']>): PodDraft => ({ spec: { volumes: list } });
const disk = { name: 'disk', emptyDir: {} };
const scratch = { name: 'scratch', emptyDir: { medium: 'Memory' } };
const host = { name: 'host', hostPath: { path: '/var' } };
const local = { skipNodesWithLocalStorage: true };
const custom = { skipNodesWithCustomControllerPods: false };

describe('a pod of a node that is to go', () => {
  test.each<[string, PodDraft, Partial<AutoscalerOptions>, string]>([
    ['of a ReplicaSet', {}, {}, 'movable'],
    [
      'that stands for a static pod',
      { owner: 'nobody', annotations: { 'kubernetes.io/config.mirror': 'x' } },
      {},
      'skipped',
    ],

    ['that ends now', { deletedAt: '2026-08-21T12:00:00Z' }, {}, 'movable'],
    ['that ended grace and 30 s ago', { deletedAt: '2026-08-21T11:59:00Z' }, {}, 'movable'],
    ['that ended longer ago', { deletedAt: '2026-08-21T11:58:59Z' }, {}, 'skipped'],
    [
      'that has a longer grace',
      { deletedAt: '2026-08-21T11:58:59Z', spec: { terminationGracePeriodSeconds: 60 } },
      {},
      'movable',
    ],

    ['whose ReplicaSet is gone', { owner: 'ReplicaSet gone' }, {}, 'ControllerNotFound'],
    [
      'whose ReplicationController is gone',
      { owner: 'ReplicationController gone' },
      {},
      'ControllerNotFound',
    ],
    ['whose Job is gone', { owner: 'Job gone' }, {}, 'ControllerNotFound'],
    ['whose StatefulSet is gone', { owner: 'StatefulSet gone' }, {}, 'ControllerNotFound'],
    ['whose DaemonSet is gone', { owner: 'DaemonSet gone' }, {}, 'ControllerNotFound'],
    ['whose ReplicaSet is gone, where nobody minds', { owner: 'ReplicaSet gone' }, custom, 'movable'],
    ['of a Job', { owner: 'Job import' }, {}, 'movable'],
    ['of a StatefulSet', { owner: 'StatefulSet db' }, {}, 'movable'],
    ['of a single replica', { owner: 'ReplicaSet single' }, {}, 'movable'],
    [
      'of fewer replicas than wanted',
      { owner: 'ReplicaSet single' },
      { minReplicaCount: 2 },
      'MinReplicasReached',
    ],
    [
      'of a controller with fewer replicas',
      { owner: 'ReplicationController old' },
      { minReplicaCount: 2 },
      'MinReplicasReached',
    ],
    ['of a StatefulSet with fewer replicas', { owner: 'StatefulSet db' }, { minReplicaCount: 2 }, 'movable'],
    ['of as many replicas as wanted', {}, { minReplicaCount: 3 }, 'movable'],

    ['of a DaemonSet', { owner: 'DaemonSet agent' }, {}, 'daemon'],
    ['of a DaemonSet, that is not to be evicted', safe('false', { owner: 'DaemonSet agent' }), {}, 'daemon'],
    [
      'that is like a daemon',
      { owner: 'nobody', annotations: { [ours('daemonset-pod')]: 'true' } },
      {},
      'daemon',
    ],
    ['that is said to be no daemon', { annotations: { [ours('daemonset-pod')]: 'false' } }, {}, 'movable'],

    ['alone that may be evicted', safe('true', { owner: 'nobody' }), {}, 'movable'],
    ['with storage that may be evicted', safe('true', volumes(host)), local, 'movable'],
    ['of kube-system that may be evicted', safe('true', system()), {}, 'movable'],
    [
      'whose controller is gone that may be evicted',
      safe('true', { owner: 'Job gone' }),
      {},
      'ControllerNotFound',
    ],

    ['alone that failed', { owner: 'nobody', status: { phase: 'Failed' } }, {}, 'skipped'],
    [
      'alone that is done',
      { owner: 'nobody', status: { phase: 'Succeeded' }, spec: { restartPolicy: 'Never' } },
      {},
      'skipped',
    ],
    [
      'alone that is done for once',
      { owner: 'nobody', status: { phase: 'Succeeded' }, spec: { restartPolicy: 'OnFailure' } },
      {},
      'skipped',
    ],
    [
      'alone that will start again',
      { owner: 'nobody', status: { phase: 'Succeeded' }, spec: { restartPolicy: 'Always' } },
      {},
      'NotReplicated',
    ],

    ['alone', { owner: 'nobody' }, {}, 'NotReplicated'],
    ['alone, where others do not mind', { owner: 'nobody' }, custom, 'NotReplicated'],
    ['of an operator', { owner: 'Game lobby' }, {}, 'NotReplicated'],
    ['of an operator, where that will do', { owner: 'Game lobby' }, custom, 'movable'],

    ['of kube-system', system(), {}, 'UnmovableKubeSystemPod'],
    [
      'of kube-system, for an hour',
      system({ createdAt: '2026-08-21T11:00:00Z' }),
      {},
      'UnmovableKubeSystemPod',
    ],
    ['of kube-system, for longer', system({ createdAt: '2026-08-21T10:59:59Z' }), {}, 'movable'],
    [
      'of kube-system, for longer, that is not to be evicted',
      safe('false', system({ createdAt: '2026-08-21T10:59:59Z' })),
      {},
      'movable',
    ],
    ['of kube-system, where that will do', system(), { skipNodesWithSystemPods: false }, 'movable'],

    ['that is not to be evicted', safe('false'), {}, 'NotSafeToEvictAnnotation'],
    ['that says something else', safe('maybe'), {}, 'movable'],

    ['with storage, where that will do', volumes(host, disk), {}, 'movable'],
    ['with a path of its host', volumes(host), local, 'LocalStorageRequested'],
    ['with a directory on disk', volumes(scratch, disk), local, 'LocalStorageRequested'],
    ['with a directory in memory', volumes(scratch), local, 'movable'],
    [
      'with disposable storage',
      { ...volumes(disk, host), annotations: { [ours('safe-to-evict-local-volumes')]: 'host,disk' } },
      local,
      'movable',
    ],
    [
      'with storage of which some is disposable',
      { ...volumes(disk, host), annotations: { [ours('safe-to-evict-local-volumes')]: 'host' } },
      local,
      'LocalStorageRequested',
    ],
  ])('%s', (_, draft, options, expected) => {
    expect(verdict(pod('p', draft), contextOf(options))).toBe(expected);
  });

  test.each([
    [35, 'movable'],
    [36, 'waits'],
  ])('that ends by itself is known from 1.36 on: 1.%i', (minor, expected) => {
    expect(verdict(pod('p', safe('on-completion')), contextOf({}, [], minor))).toBe(expected);
  });

  test.each<[string, PodDraft, readonly (readonly [string, JsonObject])[], string]>([
    ['that lets one go', { labels: { app: 'web' } }, [budget('b', 1, { app: 'web' })], 'movable'],
    ['that lets none go', { labels: { app: 'web' } }, [budget('b', 0, { app: 'web' })], 'NotEnoughPdb'],
    ['of others', { labels: { app: 'web' } }, [budget('b', 0, { app: 'db' })], 'movable'],
    ['of another namespace', { labels: { app: 'web' } }, [budget('b', 0, { app: 'web' }, 'x')], 'movable'],
    ['for all', {}, [budget('b', 0)], 'NotEnoughPdb'],
    [
      'of two the stricter',
      { labels: { app: 'web' } },
      [budget('a', 1, { app: 'web' }), budget('b', 0)],
      'NotEnoughPdb',
    ],
    ['that it need not mind', safe('true', { labels: { app: 'web' } }), [budget('b', 0)], 'movable'],
    ['of kube-system', system(), [budget('b', 1, { app: 'dns' }, 'kube-system')], 'movable'],
    [
      'of kube-system that lets none go',
      system(),
      [budget('b', 0, { app: 'dns' }, 'kube-system')],
      'NotEnoughPdb',
    ],
  ])('has a budget %s', (_, draft, budgets, expected) => {
    expect(verdict(pod('p', draft), contextOf({}, budgets))).toBe(expected);
  });
});

test.each<[PodDraft, Partial<AutoscalerOptions>, string]>([
  [
    { owner: 'ReplicaSet gone' },
    {},
    'replication controller for default/p is not available, err: replicaset.apps "gone" not found',
  ],
  [
    { owner: 'ReplicationController gone' },
    {},
    'replication controller for default/p is not available, err: replicationcontroller "gone" not found',
  ],
  [{ owner: 'Job gone' }, {}, 'job for default/p is not available: err: job.batch "gone" not found'],
  [
    { owner: 'StatefulSet gone' },
    {},
    'statefulset for default/p is not available: err: statefulset.apps "gone" not found',
  ],
  [
    { owner: 'DaemonSet gone' },
    {},
    'daemonset for default/p is not present, err: daemonset.apps "gone" not found',
  ],
  [
    { owner: 'ReplicaSet single' },
    { minReplicaCount: 2 },
    'replication controller for default/p has too few replicas spec: 1 min: 2',
  ],
  [{ owner: 'nobody' }, {}, 'default/p is not replicated'],
  [system(), {}, 'non-daemonset, non-mirrored, non-pdb-assigned kube-system pod present: p'],
  [safe('false'), {}, 'pod annotated as not safe to evict present: p'],
  [volumes(host), local, 'pod with local storage present: p'],
])('what blocks says so: %j %j', (draft, options, message) => {
  expect(drainability(pod('p', draft), contextOf(options))).toMatchObject({ message });
});

test('the pods of a node are sorted', () => {
  const context = contextOf({}, [], 36);
  const all = [
    pod('web'),
    pod('agent', { owner: 'DaemonSet agent' }),
    pod('static', { annotations: { 'kubernetes.io/config.mirror': 'x' } }),
    pod('batch', safe('on-completion')),
    pod('dns', safe('true', { owner: 'nobody' })),
  ];
  const names = (list: readonly Pod[]) => list.map(({ metadata }) => metadata.name);
  const sorted = podsToMove(all, context);
  if (sorted.kind === 'blocked') throw new Error(sorted.message);
  expect([sorted.movable, sorted.daemons, sorted.waiting].map(names)).toEqual([
    ['web', 'dns'],
    ['agent'],
    ['batch'],
  ]);
});

test('the first pod that blocks is named', () => {
  const all = [pod('web'), pod('alone', { owner: 'nobody' }), pod('kept', safe('false'))];
  expect(podsToMove(all, contextOf())).toMatchObject({
    kind: 'blocked',
    pod: { metadata: { name: 'alone' } },
    reason: 'NotReplicated',
  });
});
