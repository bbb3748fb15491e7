import { readFileSync } from 'node:fs';
import * as k8s from '@kubernetes/client-node';
import { Pkcs10CertificateRequestGenerator } from '@peculiar/x509';
import { parseAllDocuments } from 'yaml';

/** An object as people write it. */
export interface WrittenObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name?: string; readonly namespace?: string };
  readonly [member: string]: unknown;
}

const manifest = readFileSync(new URL('../manifests/every-kind.yaml', import.meta.url), 'utf8');
const pod = { kind: 'Pod', name: 'web', namespace: 'every', apiVersion: 'v1' };
const now = new k8s.V1MicroTime(Date.UTC(2026, 7, 21));
const named = (name: string) => ({ metadata: { name } });
const within = (name: string) => ({ metadata: { name, namespace: 'every' } });

/** A certificate request as it is in the API: PEM in base64. */
async function certificateRequest(): Promise<string> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256' };
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const signingAlgorithm = { name: 'ECDSA', hash: 'SHA-256' };
  const made = await Pkcs10CertificateRequestGenerator.create({ name: 'CN=every', keys, signingAlgorithm });
  return Buffer.from(made.toString('pem')).toString('base64');
}

/** An object of every kind that clients may create: those of the manifest, and those that programs write. */
export const writtenObjects: readonly WrittenObject[] = [
  ...parseAllDocuments(manifest).map((document) => document.toJS() as WrittenObject),
  {
    apiVersion: 'v1',
    kind: 'Event',
    ...within('web.1'),
    involvedObject: pod,
    reason: 'Tried',
    message: 'it was tried',
    type: 'Normal',
  },
  {
    apiVersion: 'events.k8s.io/v1',
    kind: 'Event',
    ...within('web.2'),
    eventTime: now,
    reportingController: 'example.com/tests',
    reportingInstance: 'tests-1',
    action: 'Try',
    reason: 'Tried',
    regarding: pod,
    type: 'Normal',
  },
  { apiVersion: 'v1', kind: 'Node', ...named('every-node'), spec: { unschedulable: true } },
  {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'IPAddress',
    ...named('10.0.250.250'),
    spec: { parentRef: { group: 'example.com', resource: 'gateways', namespace: 'every', name: 'edge' } },
  },
  {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'ServiceCIDR',
    ...named('every'),
    spec: { cidrs: ['10.8.0.0/24'] },
  },
  {
    apiVersion: 'apiregistration.k8s.io/v1',
    kind: 'APIService',
    ...named('v1.away.example.com'),
    spec: {
      group: 'away.example.com',
      version: 'v1',
      groupPriorityMinimum: 100,
      versionPriority: 10,
      insecureSkipTLSVerify: true,
      service: { name: 'none', namespace: 'every' },
    },
  },
  { apiVersion: 'apps/v1', kind: 'ControllerRevision', ...within('web-1'), revision: 1, data: { x: 1 } },
  {
    apiVersion: 'autoscaling/v1',
    kind: 'HorizontalPodAutoscaler',
    ...within('web-v1'),
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
      maxReplicas: 3,
      targetCPUUtilizationPercentage: 50,
    },
  },
  {
    apiVersion: 'certificates.k8s.io/v1',
    kind: 'CertificateSigningRequest',
    ...named('every'),
    spec: {
      request: await certificateRequest(),
      signerName: 'kubernetes.io/kube-apiserver-client',
      usages: ['client auth'],
    },
  },
  { apiVersion: 'storage.k8s.io/v1', kind: 'CSINode', ...named('every-node'), spec: { drivers: [] } },
  {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'CSIStorageCapacity',
    ...within('zone-1'),
    storageClassName: 'managed-csi',
    capacity: '10Gi',
  },
  {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'VolumeAttachment',
    ...named('every'),
    spec: {
      attacher: 'every.example.com',
      nodeName: 'every-node',
      source: { persistentVolumeName: 'every' },
    },
  },
  {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'VolumeAttributesClass',
    ...named('every'),
    driverName: 'every.example.com',
    parameters: { iops: '500' },
  },
  {
    apiVersion: 'resource.k8s.io/v1',
    kind: 'ResourceClaimTemplate',
    ...within('one'),
    spec: {
      spec: { devices: { requests: [{ name: 'one', exactly: { deviceClassName: 'every.example.com' } }] } },
    },
  },
  {
    apiVersion: 'resource.k8s.io/v1',
    kind: 'ResourceSlice',
    ...named('every'),
    spec: {
      driver: 'every.example.com',
      nodeName: 'every-node',
      pool: { name: 'every-node', generation: 1, resourceSliceCount: 1 },
      devices: [{ name: 'one' }],
    },
  },
  {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicy',
    ...named('every'),
    spec: {
      matchConstraints: {
        resourceRules: [
          {
            apiGroups: ['every.example.com'],
            apiVersions: ['v1'],
            operations: ['CREATE'],
            resources: ['widgets'],
          },
        ],
      },
      validations: [{ expression: 'true' }],
    },
  },
  {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicyBinding',
    ...named('every'),
    spec: { policyName: 'every', validationActions: ['Deny'] },
  },
];

/** Questions, by what class and kind: they are answered and never kept. */
export const questions: readonly WrittenObject[] = [
  { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview', metadata: {} },
  { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview', metadata: {}, spec: { token: 'x' } },
  {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'LocalSubjectAccessReview',
    metadata: { namespace: 'every' },
    spec: { user: 'bob', resourceAttributes: { verb: 'get', resource: 'pods', namespace: 'every' } },
  },
  {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectAccessReview',
    metadata: {},
    spec: { resourceAttributes: { verb: 'get', resource: 'pods' } },
  },
  {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectRulesReview',
    metadata: {},
    spec: { namespace: 'every' },
  },
  {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SubjectAccessReview',
    metadata: {},
    spec: { user: 'bob', resourceAttributes: { verb: 'get', resource: 'pods' } },
  },
];
