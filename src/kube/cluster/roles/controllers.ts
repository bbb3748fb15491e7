import type { PolicyRule } from '../../authorization/index.js';
import type { DefaultBinding } from './bindings.js';
import { on, read, records } from './grant.js';
import type { DefaultRole } from './grant.js';

/** A rule on workloads, which once were in another group. */
const onApps = (resources: string, verbs: readonly string[]): PolicyRule => ({
  ...on('apps', resources, verbs),
  apiGroups: ['apps', 'extensions'],
});

/**
 * What the control plane's loops may do, by the names of their service accounts (Kubernetes: roles for built-in controllers;
 * as kube-apiserver 1.34.4 has them).
 */
const controllers: Readonly<Record<string, readonly PolicyRule[]>> = {
  'attachdetach-controller': [
    on('', 'persistentvolumeclaims persistentvolumes', ['list', 'watch']),
    on('', 'nodes', read),
    on('', 'nodes/status', ['patch', 'update']),
    on('', 'pods', ['list', 'watch']),
    records,
    on('storage.k8s.io', 'volumeattachments', ['create', 'delete', 'get', 'list', 'watch']),
    on('storage.k8s.io', 'csidrivers', read),
    on('storage.k8s.io', 'csinodes', read),
  ],
  'certificate-controller': [
    on('certificates.k8s.io', 'certificatesigningrequests', ['delete', 'get', 'list', 'watch']),
    on('certificates.k8s.io', 'certificatesigningrequests/approval certificatesigningrequests/status', [
      'update',
    ]),
    {
      ...on('certificates.k8s.io', 'signers', ['approve']),
      resourceNames: ['kubernetes.io/kube-apiserver-client-kubelet'],
    },
    {
      ...on('certificates.k8s.io', 'signers', ['sign']),
      resourceNames: [
        'kubernetes.io/kube-apiserver-client',
        'kubernetes.io/kube-apiserver-client-kubelet',
        'kubernetes.io/kubelet-serving',
        'kubernetes.io/legacy-unknown',
      ],
    },
    on('authorization.k8s.io', 'subjectaccessreviews', ['create']),
    records,
  ],
  'clusterrole-aggregation-controller': [
    on('rbac.authorization.k8s.io', 'clusterroles', ['escalate', 'get', 'list', 'patch', 'update', 'watch']),
  ],
  'cronjob-controller': [
    on('batch', 'cronjobs', ['get', 'list', 'update', 'watch']),
    on('batch', 'jobs', ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch']),
    on('batch', 'cronjobs/status', ['update']),
    on('batch', 'cronjobs/finalizers', ['update']),
    on('', 'pods', ['delete', 'list', 'watch']),
    records,
  ],
  'daemon-set-controller': [
    onApps('daemonsets', read),
    onApps('daemonsets/status', ['update']),
    onApps('daemonsets/finalizers', ['update']),
    on('', 'nodes', ['list', 'watch']),
    on('', 'pods', ['create', 'delete', 'list', 'patch', 'watch']),
    on('', 'pods/binding', ['create']),
    on('apps', 'controllerrevisions', ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch']),
    records,
  ],
  'deployment-controller': [
    onApps('deployments', ['get', 'list', 'update', 'watch']),
    onApps('deployments/status', ['update']),
    onApps('deployments/finalizers', ['update']),
    onApps('replicasets', ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch']),
    on('', 'pods', ['get', 'list', 'update', 'watch']),
    records,
  ],
  'disruption-controller': [
    onApps('deployments', read),
    onApps('replicasets', read),
    on('', 'replicationcontrollers', read),
    on('policy', 'poddisruptionbudgets', read),
    on('apps', 'statefulsets', read),
    on('policy', 'poddisruptionbudgets/status', ['update']),
    on('', 'pods/status', ['patch', 'update']),
    on('*', '*/scale', ['get']),
    records,
  ],
  'endpoint-controller': [
    on('', 'pods services', read),
    on('', 'endpoints', ['create', 'delete', 'get', 'list', 'update', 'watch']),
    on('', 'endpoints/restricted', ['create']),
    records,
  ],
  'endpointslice-controller': [
    on('', 'nodes pods services', read),
    on('', 'services/finalizers', ['update']),
    on('discovery.k8s.io', 'endpointslices', ['create', 'delete', 'get', 'list', 'update', 'watch']),
    records,
  ],
  'endpointslicemirroring-controller': [
    on('', 'endpoints services', read),
    on('', 'services/finalizers', ['update']),
    on('', 'endpoints/finalizers', ['update']),
    on('discovery.k8s.io', 'endpointslices', ['create', 'delete', 'get', 'list', 'update', 'watch']),
    records,
  ],
  'ephemeral-volume-controller': [
    on('', 'pods', read),
    on('', 'pods/finalizers', ['update']),
    on('', 'persistentvolumeclaims', ['create', 'get', 'list', 'watch']),
    records,
  ],
  'expand-controller': [
    on('', 'persistentvolumes', ['get', 'list', 'patch', 'update', 'watch']),
    on('', 'persistentvolumeclaims/status', ['patch', 'update']),
    on('', 'persistentvolumeclaims', read),
    records,
    on('', 'services', ['get']),
  ],
  'generic-garbage-collector': [on('*', '*', ['delete', 'get', 'list', 'patch', 'update', 'watch']), records],
  'horizontal-pod-autoscaler': [
    on('autoscaling', 'horizontalpodautoscalers', read),
    on('autoscaling', 'horizontalpodautoscalers/status', ['update']),
    on('*', '*/scale', ['get', 'update']),
    on('', 'pods', ['list', 'watch']),
    on('metrics.k8s.io', 'pods', ['list', 'watch']),
    on('custom.metrics.k8s.io', '*', read),
    on('external.metrics.k8s.io', '*', read),
    records,
  ],
  'job-controller': [
    on('batch', 'jobs', ['get', 'list', 'patch', 'update', 'watch']),
    on('batch', 'jobs/status', ['update']),
    on('batch', 'jobs/finalizers', ['update']),
    on('', 'pods', ['create', 'delete', 'list', 'patch', 'watch']),
    records,
  ],
  'legacy-service-account-token-cleaner': [
    {
      ...on('', 'configmaps', ['get']),
      resourceNames: ['kube-apiserver-legacy-service-account-token-tracking'],
    },
    on('', 'secrets', ['delete', 'patch']),
  ],
  'namespace-controller': [
    on('', 'namespaces', ['delete', 'get', 'list', 'watch']),
    on('', 'namespaces/finalize namespaces/status', ['update']),
    on('*', '*', ['delete', 'deletecollection', 'get', 'list', 'watch']),
  ],
  'node-controller': [
    on('', 'nodes', ['delete', 'get', 'list', 'patch', 'update', 'watch']),
    on('', 'nodes/status', ['patch', 'update']),
    on('', 'pods/status', ['patch', 'update']),
    on('', 'pods', ['delete', 'get', 'list', 'watch']),
    records,
  ],
  'persistent-volume-binder': [
    on('', 'persistentvolumes', ['create', 'delete', 'get', 'list', 'update', 'watch']),
    on('', 'persistentvolumes/status', ['update']),
    on('', 'persistentvolumeclaims', ['get', 'list', 'update', 'watch']),
    on('', 'persistentvolumeclaims/status', ['update']),
    on('', 'pods', ['create', 'delete', 'get', 'list', 'watch']),
    on('storage.k8s.io', 'storageclasses', read),
    on('', 'nodes', ['list', 'watch']),
    records,
    on('', 'events', ['watch']),
    on('', 'services', ['get']),
  ],
  'pod-garbage-collector': [
    on('', 'pods', ['delete', 'list', 'watch']),
    on('', 'nodes', read),
    on('', 'pods/status', ['patch']),
  ],
  'pv-protection-controller': [on('', 'persistentvolumes', ['get', 'list', 'update', 'watch']), records],
  'pvc-protection-controller': [
    on('', 'persistentvolumeclaims', ['get', 'list', 'update', 'watch']),
    on('', 'pods', read),
    records,
  ],
  'replicaset-controller': [
    onApps('replicasets', ['get', 'list', 'update', 'watch']),
    onApps('replicasets/status', ['update']),
    onApps('replicasets/finalizers', ['update']),
    on('', 'pods', ['create', 'delete', 'list', 'patch', 'watch']),
    records,
  ],
  'replication-controller': [
    on('', 'replicationcontrollers', ['get', 'list', 'update', 'watch']),
    on('', 'replicationcontrollers/status', ['update']),
    on('', 'replicationcontrollers/finalizers', ['update']),
    on('', 'pods', ['create', 'delete', 'list', 'patch', 'watch']),
    records,
  ],
  'resource-claim-controller': [
    on('', 'pods', read),
    on('', 'pods/finalizers', ['update']),
    on('resource.k8s.io', 'resourceclaims', ['create', 'delete', 'get', 'list', 'watch']),
    on('resource.k8s.io', 'resourceclaims resourceclaims/status', ['patch', 'update']),
    on('', 'pods/status', ['patch', 'update']),
    records,
  ],
  'resourcequota-controller': [
    on('*', '*', ['list', 'watch']),
    on('', 'resourcequotas/status', ['update']),
    records,
  ],
  'root-ca-cert-publisher': [on('', 'configmaps', ['create', 'update']), records],
  'route-controller': [on('', 'nodes', ['list', 'watch']), on('', 'nodes/status', ['patch']), records],
  'selinux-warning-controller': [
    records,
    on('', 'persistentvolumes', read),
    on('', 'persistentvolumeclaims', read),
    on('', 'pods', read),
    on('storage.k8s.io', 'csidrivers', read),
  ],
  'service-account-controller': [on('', 'serviceaccounts', ['create']), records],
  'service-cidrs-controller': [
    on('networking.k8s.io', 'servicecidrs', ['get', 'list', 'patch', 'update', 'watch']),
    on('networking.k8s.io', 'servicecidrs/finalizers', ['patch', 'update']),
    on('networking.k8s.io', 'servicecidrs/status', ['patch', 'update']),
    on('networking.k8s.io', 'ipaddresses', read),
    records,
  ],
  'service-controller': [
    on('', 'services', read),
    on('', 'services/status', ['patch', 'update']),
    on('', 'nodes', ['list', 'watch']),
    records,
  ],
  'statefulset-controller': [
    on('', 'pods', ['list', 'watch']),
    on('apps', 'statefulsets', read),
    on('apps', 'statefulsets/status', ['update']),
    on('apps', 'statefulsets/finalizers', ['update']),
    on('', 'pods', ['create', 'delete', 'get', 'patch', 'update']),
    on('apps', 'controllerrevisions', ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch']),
    on('', 'persistentvolumeclaims', ['create', 'get', 'list', 'watch']),
    records,
    on('', 'persistentvolumeclaims', ['delete', 'update']),
    on('', 'pods/finalizers', ['update']),
  ],
  'ttl-after-finished-controller': [on('batch', 'jobs', ['delete', 'get', 'list', 'watch']), records],
  'ttl-controller': [on('', 'nodes', ['list', 'patch', 'update', 'watch']), records],
  'validatingadmissionpolicy-status-controller': [
    on('admissionregistration.k8s.io', 'validatingadmissionpolicies', read),
    on('admissionregistration.k8s.io', 'validatingadmissionpolicies/status', ['get', 'patch', 'update']),
    records,
  ],
  'volumeattributesclass-protection-controller': [
    on('', 'persistentvolumeclaims', read),
    on('', 'persistentvolumes', read),
    on('storage.k8s.io', 'volumeattributesclasses', ['get', 'list', 'update', 'watch']),
    records,
  ],
};

const roleOf = (name: string): string => `system:controller:${name}`;

/** The roles of the control plane's loops. */
export const controllerRoles: Readonly<Record<string, DefaultRole>> = Object.fromEntries(
  Object.entries(controllers).map(([name, rules]) => [roleOf(name), { rules }]),
);

/** The bindings of those roles to the loops' service accounts. */
export const controllerBindings: Readonly<Record<string, DefaultBinding>> = Object.fromEntries(
  Object.keys(controllers).map((name) => [
    roleOf(name),
    { role: roleOf(name), accounts: [['kube-system', name]] },
  ]),
);
