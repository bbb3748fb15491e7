import { all, on, onPaths, read, write } from './grant.js';
import type { DefaultRole } from './grant.js';

const aggregateTo = (role: 'admin' | 'edit' | 'view') => `rbac.authorization.k8s.io/aggregate-to-${role}`;
const labelled = (...roles: readonly ('admin' | 'edit' | 'view')[]) =>
  Object.fromEntries(roles.map((role) => [aggregateTo(role), 'true']));

const appsScaled = 'deployments/scale replicasets/scale statefulsets/scale';
const appsStatus = 'daemonsets/status deployments/status replicasets/status statefulsets/status';

const viewRules = [
  on(
    '',
    'configmaps endpoints persistentvolumeclaims persistentvolumeclaims/status pods replicationcontrollers replicationcontrollers/scale serviceaccounts services services/status',
    read,
  ),
  on(
    '',
    'bindings events limitranges namespaces/status pods/log pods/status replicationcontrollers/status resourcequotas resourcequotas/status',
    read,
  ),
  on('', 'namespaces', read),
  on('discovery.k8s.io', 'endpointslices', read),
  on(
    'apps',
    `controllerrevisions daemonsets deployments replicasets statefulsets ${appsStatus} ${appsScaled}`,
    read,
  ),
  on('autoscaling', 'horizontalpodautoscalers horizontalpodautoscalers/status', read),
  on('batch', 'cronjobs cronjobs/status jobs jobs/status', read),
  on('policy', 'poddisruptionbudgets poddisruptionbudgets/status', read),
  on('networking.k8s.io', 'ingresses ingresses/status networkpolicies', read),
  on('resource.k8s.io', 'resourceclaims resourceclaims/status resourceclaimtemplates', read),
];

const editRules = [
  on('', 'pods/attach pods/exec pods/portforward pods/proxy secrets services/proxy', read),
  on('', 'serviceaccounts', ['impersonate']),
  on('', 'pods pods/attach pods/exec pods/portforward pods/proxy', write),
  on('', 'pods/eviction', ['create']),
  on(
    '',
    'configmaps events persistentvolumeclaims replicationcontrollers replicationcontrollers/scale secrets serviceaccounts services services/proxy',
    write,
  ),
  on('', 'serviceaccounts/token', ['create']),
  on('apps', `daemonsets deployments deployments/rollback replicasets statefulsets ${appsScaled}`, write),
  on('autoscaling', 'horizontalpodautoscalers', write),
  on('batch', 'cronjobs jobs', write),
  on('policy', 'poddisruptionbudgets', write),
  on('networking.k8s.io', 'ingresses networkpolicies', write),
  on('coordination.k8s.io', 'leases', [...write, ...read]),
  on('resource.k8s.io', 'resourceclaims resourceclaimtemplates', write),
];

const adminRules = [
  on('authorization.k8s.io', 'localsubjectaccessreviews', ['create']),
  on('rbac.authorization.k8s.io', 'roles rolebindings', [...write, ...read]),
];

/** The roles that are meant for people (Kubernetes: user-facing roles), with those that they gather their rules from. */
export const userFacingRoles: Readonly<Record<string, DefaultRole>> = {
  'cluster-admin': { rules: [on('*', '*', all), onPaths(['*'], all)] },
  'system:aggregate-to-admin': { rules: adminRules, labels: labelled('admin') },
  'system:aggregate-to-edit': { rules: editRules, labels: labelled('edit') },
  'system:aggregate-to-view': { rules: viewRules, labels: labelled('view') },
  // Of the metrics server, which AKS runs in every cluster.
  'system:aggregated-metrics-reader': {
    rules: [on('metrics.k8s.io', 'pods nodes', read)],
    labels: labelled('admin', 'edit', 'view'),
  },
  view: { rules: [], labels: labelled('edit'), aggregates: aggregateTo('view') },
  edit: { rules: [], labels: labelled('admin'), aggregates: aggregateTo('edit') },
  admin: { rules: [], aggregates: aggregateTo('admin') },
};
