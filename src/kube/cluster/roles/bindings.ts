/** Whom a new cluster gives a cluster role. */
export interface DefaultBinding {
  readonly role: string;
  readonly groups?: readonly string[];
  readonly users?: readonly string[];
  /** Namespace and name of service accounts. */
  readonly accounts?: readonly (readonly [namespace: string, name: string])[];
}

const authenticated = 'system:authenticated';

/** The bindings that every cluster begins with (Kubernetes: default cluster role bindings; AKS: its own users). */
export const defaultBindings: Readonly<Record<string, DefaultBinding>> = {
  'cluster-admin': { role: 'cluster-admin', groups: ['system:masters'] },
  'system:basic-user': { role: 'system:basic-user', groups: [authenticated] },
  'system:discovery': { role: 'system:discovery', groups: [authenticated] },
  'system:public-info-viewer': {
    role: 'system:public-info-viewer',
    groups: [authenticated, 'system:unauthenticated'],
  },
  'system:monitoring': { role: 'system:monitoring', groups: ['system:monitoring'] },
  'system:service-account-issuer-discovery': {
    role: 'system:service-account-issuer-discovery',
    groups: ['system:serviceaccounts'],
  },
  'system:node': { role: 'system:node' },
  'system:node-proxier': { role: 'system:node-proxier', users: ['system:kube-proxy'] },
  'system:kube-controller-manager': {
    role: 'system:kube-controller-manager',
    users: ['system:kube-controller-manager'],
  },
  'system:kube-scheduler': { role: 'system:kube-scheduler', users: ['system:kube-scheduler'] },
  'system:volume-scheduler': { role: 'system:volume-scheduler', users: ['system:kube-scheduler'] },
  'system:kube-dns': { role: 'system:kube-dns', accounts: [['kube-system', 'kube-dns']] },
  'aks-cluster-admin-binding': { role: 'cluster-admin', users: ['clusterAdmin', 'clusterUser'] },
  'aks-cluster-monitoring-user-binding': { role: 'view', users: ['clusterMonitoringUser'] },
};
