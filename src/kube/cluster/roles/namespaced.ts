import type { PolicyRule } from '../../authorization/index.js';
import type { DefaultBinding } from './bindings.js';
import { on, read, records } from './grant.js';

/** A role of one namespace as a new cluster has it, and whom it is given by the binding of the same name. */
export interface NamespacedRole extends Omit<DefaultBinding, 'role'> {
  readonly namespace: 'kube-public' | 'kube-system';
  readonly name: string;
  /** The binding's name where it is another one. */
  readonly bindingName?: string;
  readonly rules: readonly PolicyRule[];
}

const named = (rule: PolicyRule, ...resourceNames: readonly string[]): PolicyRule => ({
  ...rule,
  resourceNames,
});

/** The roles of single namespaces that every cluster begins with (Kubernetes: namespace policy). */
export const namespacedRoles: readonly NamespacedRole[] = [
  {
    namespace: 'kube-public',
    name: 'system:controller:bootstrap-signer',
    rules: [on('', 'configmaps', read), named(on('', 'configmaps', ['update']), 'cluster-info'), records],
    accounts: [['kube-system', 'bootstrap-signer']],
  },
  {
    namespace: 'kube-system',
    name: 'extension-apiserver-authentication-reader',
    bindingName: 'system::extension-apiserver-authentication-reader',
    rules: [named(on('', 'configmaps', read), 'extension-apiserver-authentication')],
    users: ['system:kube-controller-manager', 'system:kube-scheduler'],
  },
  {
    namespace: 'kube-system',
    name: 'system::leader-locking-kube-controller-manager',
    rules: [
      on('', 'configmaps', ['watch']),
      named(on('', 'configmaps', ['get', 'update']), 'kube-controller-manager'),
      on('coordination.k8s.io', 'leases', ['create', 'get', 'list', 'update', 'watch']),
      on('coordination.k8s.io', 'leasecandidates', ['create', 'get', 'list', 'update', 'watch']),
    ],
    users: ['system:kube-controller-manager'],
    accounts: [
      ['kube-system', 'kube-controller-manager'],
      ['kube-system', 'leader-election-controller'],
    ],
  },
  {
    namespace: 'kube-system',
    name: 'system::leader-locking-kube-scheduler',
    rules: [
      on('', 'configmaps', ['watch']),
      named(on('', 'configmaps', ['get', 'update']), 'kube-scheduler'),
      on('coordination.k8s.io', 'leases', ['create', 'get', 'list', 'update', 'watch']),
      on('coordination.k8s.io', 'leasecandidates', ['create', 'get', 'list', 'update', 'watch']),
    ],
    users: ['system:kube-scheduler'],
    accounts: [['kube-system', 'kube-scheduler']],
  },
  {
    namespace: 'kube-system',
    name: 'system:controller:bootstrap-signer',
    rules: [on('', 'secrets', read)],
    accounts: [['kube-system', 'bootstrap-signer']],
  },
  {
    namespace: 'kube-system',
    name: 'system:controller:cloud-provider',
    rules: [on('', 'configmaps', ['create', 'get', 'list', 'watch'])],
    accounts: [['kube-system', 'cloud-provider']],
  },
  {
    namespace: 'kube-system',
    name: 'system:controller:token-cleaner',
    rules: [on('', 'secrets', ['delete', 'get', 'list', 'watch']), records],
    accounts: [['kube-system', 'token-cleaner']],
  },
];
