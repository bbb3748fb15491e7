import { decide } from '../decide.js';
import type { SchedulingDecision, SchedulingInput } from '../decide.js';
import type { KubeNode, KubeObject, Pod } from '../../kube/index.js';

/** Any members of an object, as a manifest would have them. */
type Members = Readonly<Record<string, unknown>>;

export const object = (kind: string, name: string, members: Members, metadata: Members = {}): KubeObject =>
  ({
    apiVersion: 'v1',
    kind,
    metadata: { name, uid: `uid-${name}`, ...metadata },
    ...members,
  }) as unknown as KubeObject;

export const node = (name: string, labels: Members = {}): KubeNode =>
  ({
    ...object('Node', name, {}, { labels: { 'kubernetes.io/hostname': name, ...labels } }),
    spec: {},
    status: { allocatable: { cpu: '4', memory: '16Gi', pods: '110' } },
  }) as KubeNode;

export const pod = (name: string, volumes: readonly Members[], spec: Members = {}): Pod =>
  object(
    'Pod',
    name,
    { spec: { containers: [{ name: 'c' }], volumes, ...spec } },
    { namespace: 'default' },
  ) as Pod;

/** A pod's volume that a claim stands for. */
export const use = (claimName: string): Members => ({
  name: claimName,
  persistentVolumeClaim: { claimName },
});

/** A pod's volume whose claim is made for it. */
export const ephemeral = (name: string): Members => ({
  name,
  ephemeral: { volumeClaimTemplate: { spec: {} } },
});

export const claim = (
  name: string,
  spec: Members = {},
  metadata: Members = {},
  status: Members = {},
): KubeObject =>
  object(
    'PersistentVolumeClaim',
    name,
    {
      spec: {
        storageClassName: 'late',
        volumeMode: 'Filesystem',
        accessModes: ['ReadWriteOnce'],
        resources: { requests: { storage: '10Gi' } },
        ...spec,
      },
      status: { phase: 'Pending', ...status },
    },
    { namespace: 'default', ...metadata },
  );

/** A claim that has its volume for good. */
export const bound = (name: string, volumeName: string, spec: Members = {}): KubeObject =>
  claim(
    name,
    { volumeName, ...spec },
    { annotations: { 'pv.kubernetes.io/bind-completed': 'yes' } },
    { phase: 'Bound' },
  );

export const volume = (name: string, spec: Members = {}, labels: Members = {}): KubeObject =>
  object(
    'PersistentVolume',
    name,
    {
      spec: {
        storageClassName: 'late',
        volumeMode: 'Filesystem',
        accessModes: ['ReadWriteOnce'],
        capacity: { storage: '10Gi' },
        ...spec,
      },
      status: { phase: 'Available' },
    },
    { labels },
  );

/** That a volume is reached from hosts alone. */
export const onHosts = (...values: readonly string[]): Members => ({
  nodeAffinity: {
    required: {
      nodeSelectorTerms: [{ matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values }] }],
    },
  },
});

export const storageClass = (name: string, members: Members = {}): KubeObject =>
  object('StorageClass', name, {
    provisioner: 'disk.csi.azure.com',
    volumeBindingMode: 'WaitForFirstConsumer',
    ...members,
  });

export const csiNode = (name: string, count: number, annotations: Members = {}): KubeObject =>
  object(
    'CSINode',
    name,
    { spec: { drivers: [{ name: 'disk.csi.azure.com', nodeID: name, allocatable: { count } }] } },
    { annotations },
  );

export const attachment = (name: string, nodeName: string, persistentVolumeName: string): KubeObject =>
  object('VolumeAttachment', name, {
    spec: { nodeName, attacher: 'disk.csi.azure.com', source: { persistentVolumeName } },
  });

export const csiDriver = (name: string, storageCapacity: boolean): KubeObject =>
  object('CSIDriver', name, { spec: { storageCapacity, attachRequired: true } });

export const capacity = (name: string, members: Members): KubeObject =>
  object('CSIStorageCapacity', name, members, { namespace: 'kube-system' });

/** What 1.34.2 decides of a pod, unless told otherwise. */
export const decided = (
  input: Pick<SchedulingInput, 'nodes' | 'pod'> & Partial<SchedulingInput>,
): SchedulingDecision => decide({ kubernetesVersion: '1.34.2', pods: [], ...input });

/** The reasons of a node's refusal with its code; undefined for a node that will do. */
export function refusalOf({ refusals }: SchedulingDecision, name: string): string | undefined {
  const refusal = refusals[name];
  return (
    refusal &&
    `${refusal.code === 'Unschedulable' ? 'U' : 'UU'} ${refusal.plugin}: ${refusal.reasons.join(' + ')}`
  );
}
