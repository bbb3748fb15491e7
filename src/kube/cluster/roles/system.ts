import { on, onPaths, read } from './grant.js';
import type { DefaultRole } from './grant.js';

const probes = ['/healthz', '/livez', '/readyz'];
const versions = ['/version', '/version/'];
const discovery = ['/api', '/api/*', '/apis', '/apis/*', '/openapi', '/openapi/*'];
const update = ['patch', 'update'];
const signer = (name: string, verb: 'approve' | 'sign') => ({
  ...on('certificates.k8s.io', 'signers', [verb]),
  resourceNames: [name],
});
const approver = (name: string): DefaultRole => ({ rules: [signer(name, 'approve')] });

/** Roles of the system's own parts (Kubernetes: core component roles and discovery roles). */
export const systemRoles: Readonly<Record<string, DefaultRole>> = {
  'system:basic-user': {
    rules: [
      on('authorization.k8s.io', 'selfsubjectaccessreviews selfsubjectrulesreviews', ['create']),
      on('authentication.k8s.io', 'selfsubjectreviews', ['create']),
    ],
  },
  'system:discovery': { rules: [onPaths([...discovery, ...probes, ...versions])] },
  'system:public-info-viewer': { rules: [onPaths([...probes, ...versions])] },
  'system:service-account-issuer-discovery': {
    rules: [onPaths(['/.well-known/openid-configuration', '/openid/v1/jwks'])],
  },
  'system:monitoring': {
    rules: [onPaths(['/metrics', '/metrics/slis', ...probes.flatMap((path) => [path, `${path}/*`])])],
  },
  'system:auth-delegator': {
    rules: [
      on('authentication.k8s.io', 'tokenreviews', ['create']),
      on('authorization.k8s.io', 'subjectaccessreviews', ['create']),
    ],
  },
  'system:certificates.k8s.io:certificatesigningrequests:nodeclient': {
    rules: [on('certificates.k8s.io', 'certificatesigningrequests/nodeclient', ['create'])],
  },
  'system:certificates.k8s.io:certificatesigningrequests:selfnodeclient': {
    rules: [on('certificates.k8s.io', 'certificatesigningrequests/selfnodeclient', ['create'])],
  },
  'system:certificates.k8s.io:kube-apiserver-client-approver': approver(
    'kubernetes.io/kube-apiserver-client',
  ),
  'system:certificates.k8s.io:kube-apiserver-client-kubelet-approver': approver(
    'kubernetes.io/kube-apiserver-client-kubelet',
  ),
  'system:certificates.k8s.io:kubelet-serving-approver': approver('kubernetes.io/kubelet-serving'),
  'system:certificates.k8s.io:legacy-unknown-approver': approver('kubernetes.io/legacy-unknown'),
  'system:heapster': {
    rules: [on('', 'events namespaces nodes pods', read), on('apps', 'deployments', read)],
  },
  'system:kube-aggregator': { rules: [on('', 'services endpoints', read)] },
  'system:kube-dns': { rules: [on('', 'endpoints services', ['list', 'watch'])] },
  'system:kubelet-api-admin': {
    rules: [
      on('', 'nodes', [...read, 'proxy']),
      on('', 'nodes/configz nodes/healthz nodes/log nodes/metrics nodes/pods nodes/proxy nodes/stats', ['*']),
    ],
  },
  'system:persistent-volume-provisioner': {
    rules: [
      on('', 'persistentvolumes', ['create', 'delete', ...read]),
      on('', 'persistentvolumeclaims', [...read, 'update']),
      on('storage.k8s.io', 'storageclasses', read),
      on('', 'events', ['watch', 'create', ...update]),
    ],
  },
  'system:volume-scheduler': {
    rules: [
      on('', 'persistentvolumes', [...read, ...update]),
      on('', 'persistentvolumeclaims', [...read, ...update]),
      on('storage.k8s.io', 'storageclasses', read),
    ],
  },
  'system:node-problem-detector': {
    rules: [
      on('', 'nodes', ['get']),
      on('', 'nodes/status', ['patch']),
      on('', 'events', ['create', ...update]),
    ],
  },
  'system:node-proxier': {
    rules: [
      on('', 'services endpoints', ['list', 'watch']),
      on('', 'nodes', read),
      on('', 'events', ['create', ...update]),
      on('discovery.k8s.io', 'endpointslices', ['list', 'watch']),
    ],
  },
  'system:node-bootstrapper': {
    rules: [on('certificates.k8s.io', 'certificatesigningrequests', ['create', ...read])],
  },
  'system:node': {
    rules: [
      on('authentication.k8s.io', 'tokenreviews', ['create']),
      on('authorization.k8s.io', 'localsubjectaccessreviews subjectaccessreviews', ['create']),
      on('', 'services', read),
      on('', 'nodes', ['create', ...read]),
      on('', 'nodes/status', update),
      on('', 'nodes', update),
      on('', 'events', ['create', ...update]),
      on('', 'pods', read),
      on('', 'pods', ['create', 'delete']),
      on('', 'pods/status', update),
      on('', 'pods/eviction', ['create']),
      on('', 'configmaps secrets', read),
      on('', 'persistentvolumeclaims persistentvolumes', ['get']),
      on('', 'endpoints', ['get']),
      on('certificates.k8s.io', 'certificatesigningrequests', ['create', ...read]),
      on('coordination.k8s.io', 'leases', ['create', 'delete', 'get', ...update]),
      on('storage.k8s.io', 'volumeattachments', ['get']),
      on('', 'serviceaccounts/token', ['create']),
      on('', 'persistentvolumeclaims/status', ['get', ...update]),
      on('storage.k8s.io', 'csidrivers', read),
      on('storage.k8s.io', 'csinodes', ['create', 'delete', 'get', ...update]),
      on('node.k8s.io', 'runtimeclasses', read),
    ],
  },
  'system:kube-scheduler': {
    rules: [
      on('', 'events', ['create', ...update]),
      on('events.k8s.io', 'events', ['create', ...update]),
      on('coordination.k8s.io', 'leases', ['create', 'get', 'list', 'update', 'watch']),
      on('', 'nodes', read),
      on('', 'pods', ['delete', ...read]),
      on('', 'bindings pods/binding', ['create']),
      on('', 'pods/status', update),
      on('', 'replicationcontrollers services', read),
      on('apps', 'replicasets statefulsets', read),
      on('policy', 'poddisruptionbudgets', read),
      on('', 'persistentvolumeclaims persistentvolumes', read),
      on('authentication.k8s.io', 'tokenreviews', ['create']),
      on('authorization.k8s.io', 'subjectaccessreviews', ['create']),
      on('storage.k8s.io', 'csinodes csidrivers csistoragecapacities', read),
      on('', 'namespaces', read),
      on('resource.k8s.io', 'deviceclasses resourceclaims resourceslices', read),
      on('resource.k8s.io', 'resourceclaims/status', update),
    ],
  },
  'system:kube-controller-manager': {
    rules: [
      on('', 'events', ['create', ...update]),
      on('events.k8s.io', 'events', ['create', ...update]),
      on('coordination.k8s.io', 'leases', ['create', 'get', 'list', 'update', 'watch']),
      on('', 'secrets serviceaccounts', ['create', 'get', 'update']),
      on('', 'namespaces', ['get']),
      on('', 'configmaps', ['get']),
      on('', 'secrets', ['delete']),
      on('authentication.k8s.io', 'tokenreviews', ['create']),
      on('authorization.k8s.io', 'subjectaccessreviews', ['create']),
      on('*', '*', ['list', 'watch']),
      on('', 'serviceaccounts/token', ['create']),
    ],
  },
};
