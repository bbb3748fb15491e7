import { expect, test } from 'vitest';
import { TestCluster, podTemplate, typeOf } from './fixtures.js';

test('a namespace that goes says what it waits for, and goes when that has gone', () => {
  const cluster = TestCluster.open(2);
  cluster.create('namespaces', { metadata: { name: 'team' } });
  cluster.pass(1);
  const inTeam = { cluster: cluster.key, namespace: 'team' };
  const writing = { dryRun: false, fieldValidation: 'Strict' } as const;
  const { objects } = cluster.world.kubernetes;
  const slow = podTemplate({ app: 'web' }, {}, { 'poolkeeper.dev/stop-duration': '20s' });
  const pod = (name: string) => ({ metadata: { name, ...slow.metadata }, spec: slow.spec });
  objects.create(typeOf('pods'), inTeam, pod('a'), writing);
  objects.create(typeOf('pods'), inTeam, pod('b'), writing);
  const held = { metadata: { name: 'held', finalizers: ['acme.io/hold'] } };
  objects.create(typeOf('configmaps'), inTeam, held, writing);
  cluster.pass(10);
  cluster.delete('namespaces', 'team');
  cluster.pass(1);
  const conditions = () =>
    cluster
      .get('namespaces', 'team')
      .status.conditions?.map(({ type, status, reason = '', message = '' }) =>
        [type, status, reason, message].join(' '),
      );
  expect(conditions()).toEqual([
    'NamespaceDeletionDiscoveryFailure False ResourcesDiscovered All resources successfully discovered',
    'NamespaceDeletionGroupVersionParsingFailure False ParsedGroupVersions All legacy kube types successfully parsed',
    'NamespaceDeletionContentFailure False ContentDeleted All content successfully deleted, may be waiting on finalization',
    'NamespaceContentRemaining True SomeResourcesRemain Some resources are remaining: configmaps. has 1 resource instances, pods. has 2 resource instances',
    'NamespaceFinalizersRemaining True SomeFinalizersRemain Some content in the namespace has finalizers remaining: acme.io/hold in 1 resource instances',
  ]);
  cluster.pass(30);
  expect(conditions()?.[3]).toContain('Some resources are remaining: configmaps. has 1 resource instances');
  const patch = { type: 'merge', body: { metadata: { finalizers: null } } } as const;
  objects.patch(typeOf('configmaps'), inTeam, 'held', patch, 'object', writing);
  cluster.pass(1);
  expect(cluster.names('namespaces')).not.toContain('team');
});

test('what a controller may not make in a namespace that goes, it does without', () => {
  const cluster = TestCluster.open(2);
  cluster.create('namespaces', { metadata: { name: 'team' } });
  cluster.pass(1);
  const inTeam = { cluster: cluster.key, namespace: 'team' };
  const writing = { dryRun: false, fieldValidation: 'Strict' } as const;
  const { objects } = cluster.world.kubernetes;
  const labels = { app: 'agent' };
  const spec = { selector: { matchLabels: labels }, template: podTemplate(labels) };
  objects.create(typeOf('daemonsets'), inTeam, { metadata: { name: 'agent' }, spec }, writing);
  cluster.pass(5);
  // A new template wants a revision of its own; at the same moment the namespace begins to go.
  const body = { spec: { template: { metadata: { annotations: { changed: 'yes' } } } } };
  objects.patch(typeOf('daemonsets'), inTeam, 'agent', { type: 'merge', body }, 'object', writing);
  cluster.delete('namespaces', 'team');
  cluster.pass(60);
  expect(cluster.names('namespaces')).not.toContain('team');
});
