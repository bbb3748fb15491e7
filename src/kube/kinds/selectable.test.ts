import { describe, expect, test } from 'vitest';
import { compileSelection } from '../api/reads.js';
import type { KubeObject } from '../object.js';
import { builtInTypes } from './index.js';

const typeOf = (plural: string) => {
  const found = builtInTypes.find((one) => one.plural === plural);
  if (!found) throw new Error(plural);
  return found;
};

/** True when a selection takes an object; its refusal otherwise. */
function takes(plural: string, body: object, fieldSelector: string, labelSelector = ''): unknown {
  const object = { apiVersion: 'v1', kind: 'X', metadata: { name: 'x', namespace: 'n' }, ...body };
  try {
    return compileSelection(typeOf(plural), { fieldSelector, labelSelector })?.(
      object as unknown as KubeObject,
    );
  } catch (error) {
    return (error as Error).message;
  }
}

const involvedObject = { kind: 'Pod', namespace: 'n', name: 'p', uid: 'u', apiVersion: 'v1', fieldPath: 'f' };
const podSpec = { nodeName: 'n1', restartPolicy: 'Always', schedulerName: 's', serviceAccountName: 'a' };

describe('fields that select', () => {
  test.each<[plural: string, body: object, selector: string, taken: boolean]>([
    ['pods', {}, 'metadata.name=x', true],
    ['pods', {}, 'metadata.name!=x', false],
    ['pods', {}, 'metadata.namespace==n,metadata.name=x', true],
    ['pods', { spec: podSpec }, 'spec.nodeName=n1', true],
    ['pods', { spec: {} }, 'spec.nodeName=', true],
    ['pods', { spec: podSpec }, 'spec.nodeName=', false],
    ['pods', { spec: podSpec }, 'spec.restartPolicy=Always,spec.schedulerName=s', true],
    ['pods', { spec: podSpec }, 'spec.serviceAccountName=b', false],
    ['pods', { spec: { hostNetwork: true } }, 'spec.hostNetwork=true', true],
    ['pods', { spec: {} }, 'spec.hostNetwork=false', true],
    [
      'pods',
      { status: { phase: 'Running', podIP: '10.1.0.1' } },
      'status.phase!=Failed,status.podIP=10.1.0.1',
      true,
    ],
    ['pods', { status: { nominatedNodeName: 'm' } }, 'status.nominatedNodeName=m', true],
    ['nodes', { spec: { unschedulable: true } }, 'spec.unschedulable=true', true],
    ['nodes', { spec: {} }, 'spec.unschedulable=false', true],
    ['namespaces', { status: { phase: 'Active' } }, 'status.phase=Active', true],
    ['secrets', { type: 'Opaque' }, 'type=kubernetes.io/tls', false],
    [
      'services',
      { spec: { type: 'ClusterIP', clusterIP: 'None' } },
      'spec.type=ClusterIP,spec.clusterIP=None',
      true,
    ],
    ['replicationcontrollers', { status: { replicas: 2 } }, 'status.replicas=2', true],
    ['replicationcontrollers', { status: {} }, 'status.replicas=0', true],
    ['jobs', { status: { succeeded: 1 } }, 'status.successful=1', true],
    ['events', { involvedObject }, 'involvedObject.kind=Pod,involvedObject.name=p', true],
    [
      'events',
      { involvedObject },
      'involvedObject.namespace=n,involvedObject.uid=u,involvedObject.fieldPath=f',
      true,
    ],
    ['events', { reason: 'Pulled', type: 'Normal' }, 'reason=Pulled,type!=Warning', true],
    ['events', { source: { component: 'kubelet' } }, 'source=kubelet', true],
    ['events', { reportingComponent: 'kubelet' }, 'reportingComponent=kubelet', true],
    ['certificatesigningrequests', { spec: { signerName: 's' } }, 'spec.signerName=s', true],
    ['resourceslices', { spec: { nodeName: 'm', driver: 'd' } }, 'spec.nodeName=m,spec.driver=d', true],
  ])('%s %j by %s', (plural, body, selector, taken) => {
    expect(takes(plural, body, selector)).toBe(taken);
  });
});

describe('what selects nothing', () => {
  const none = (field: string) =>
    `"${field}" is not a known field selector: only "metadata.name", "metadata.namespace"`;
  test.each([
    ['pods', 'spec.containers=a', 'field label not supported: spec.containers'],
    ['nodes', 'status.phase=a', 'field label not supported: status.phase'],
    ['secrets', 'data=a', 'field label not supported: data'],
    ['deployments', 'metadata.name=a,spec.replicas=1', none('spec.replicas')],
    ['replicasets', 'status.replicas=1', none('status.replicas')],
    ['configmaps', 'x=1', none('x')],
    ['jobs', 'spec.x!=1', 'field label "spec.x" not supported for Job'],
    ['resourceslices', 'x=1', 'field label not supported for resource.k8s.io/v1, Kind=ResourceSlice: x'],
  ])('of %s: %s', (plural, selector, message) => {
    expect(takes(plural, {}, selector)).toBe(message);
  });
});

test.each([
  ['pods', ['po'], ['all']],
  ['services', ['svc'], ['all']],
  ['deployments', ['deploy'], ['all']],
  ['replicasets', ['rs'], ['all']],
  ['statefulsets', ['sts'], ['all']],
  ['daemonsets', ['ds'], ['all']],
  ['replicationcontrollers', ['rc'], ['all']],
  ['jobs', [], ['all']],
  ['cronjobs', ['cj'], ['all']],
  ['horizontalpodautoscalers', ['hpa'], ['all']],
  ['configmaps', ['cm'], []],
  ['endpoints', ['ep'], []],
  ['events', ['ev'], []],
  ['limitranges', ['limits'], []],
  ['namespaces', ['ns'], []],
  ['nodes', ['no'], []],
  ['persistentvolumeclaims', ['pvc'], []],
  ['persistentvolumes', ['pv'], []],
  ['resourcequotas', ['quota'], []],
  ['serviceaccounts', ['sa'], []],
  ['ingresses', ['ing'], []],
  ['networkpolicies', ['netpol'], []],
  ['poddisruptionbudgets', ['pdb'], []],
  ['priorityclasses', ['pc'], []],
  ['storageclasses', ['sc'], []],
  ['certificatesigningrequests', ['csr'], []],
  ['customresourcedefinitions', ['crd', 'crds'], ['api-extensions']],
])('%s are called %j too, and are in %j', (plural, shortNames, categories) => {
  expect(typeOf(plural)).toMatchObject({ shortNames, categories });
});
