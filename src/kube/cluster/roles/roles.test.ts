import { beforeAll, describe, expect, test } from 'vitest';
import { TestCluster } from '../../fixtures.js';
import { clusterRoleBindings, clusterRoles, roleBindings, roles } from '../../kinds/index.js';
import type { KubeObject } from '../../object.js';
import type { ResourceType } from '../../resource-type.js';

let cluster: TestCluster;
const found = ({ collection }: ResourceType, name: string, namespace?: string): KubeObject | undefined =>
  cluster.store
    .find(collection, 'byCluster', cluster.key)
    .map(({ object }) => object)
    .find(({ metadata }) => metadata.name === name && metadata.namespace === namespace);
const marks = {
  labels: { 'kubernetes.io/bootstrapping': 'rbac-defaults' },
  annotations: { 'rbac.authorization.kubernetes.io/autoupdate': 'true' },
};

beforeAll(() => {
  cluster = new TestCluster();
});

test('every loop of the control plane has a role and a binding to its service account', () => {
  const loops = cluster.store
    .find(clusterRoles.collection, 'byCluster', cluster.key)
    .map(({ object }) => object.metadata.name)
    .filter((name) => name.startsWith('system:controller:'));
  expect(loops).toHaveLength(37);
  for (const name of loops) {
    expect(found(clusterRoleBindings, name)).toMatchObject({
      metadata: marks,
      roleRef: { kind: 'ClusterRole', name },
      subjects: [
        { kind: 'ServiceAccount', namespace: 'kube-system', name: name.replace('system:controller:', '') },
      ],
    });
  }
});

test('a loop may do what it does', () => {
  expect(found(clusterRoles, 'system:controller:ttl-controller')).toMatchObject({
    metadata: marks,
    rules: [
      { apiGroups: [''], resources: ['nodes'], verbs: ['list', 'patch', 'update', 'watch'] },
      { apiGroups: ['', 'events.k8s.io'], resources: ['events'], verbs: ['create', 'patch', 'update'] },
    ],
  });
});

describe('roles of namespaces', () => {
  test.each<[namespace: string, role: string, binding: string, first: object]>([
    [
      'kube-public',
      'system:controller:bootstrap-signer',
      'system:controller:bootstrap-signer',
      { name: 'bootstrap-signer' },
    ],
    [
      'kube-system',
      'extension-apiserver-authentication-reader',
      'system::extension-apiserver-authentication-reader',
      { name: 'system:kube-controller-manager' },
    ],
    [
      'kube-system',
      'system::leader-locking-kube-controller-manager',
      'system::leader-locking-kube-controller-manager',
      { name: 'system:kube-controller-manager' },
    ],
    [
      'kube-system',
      'system::leader-locking-kube-scheduler',
      'system::leader-locking-kube-scheduler',
      { name: 'system:kube-scheduler' },
    ],
    [
      'kube-system',
      'system:controller:bootstrap-signer',
      'system:controller:bootstrap-signer',
      { name: 'bootstrap-signer' },
    ],
    [
      'kube-system',
      'system:controller:cloud-provider',
      'system:controller:cloud-provider',
      { name: 'cloud-provider' },
    ],
    [
      'kube-system',
      'system:controller:token-cleaner',
      'system:controller:token-cleaner',
      { name: 'token-cleaner' },
    ],
  ])('%s/%s', (namespace, role, binding, first) => {
    expect(found(roles, role, namespace)).toMatchObject({ metadata: marks });
    const bound = found(roleBindings, binding, namespace) as { subjects?: unknown[] } | undefined;
    expect(bound).toMatchObject({ metadata: marks, roleRef: { kind: 'Role', name: role } });
    expect(bound?.subjects?.[0]).toMatchObject(first);
  });
});
