import { TestCluster } from './fixtures.js';
import type { WorldInit } from '../world.js';

/** A cluster in a region of three zones: a node in each of them, and one in none. */
export function openZonal(init: WorldInit = {}): TestCluster {
  const cluster = TestCluster.open(1, init);
  cluster.addPool('zonal', 3, { vmSize: 'Standard_D2s_v5', availabilityZones: ['1', '2', '3'] });
  cluster.pass(60);
  cluster.create('storageclasses', diskClass('disk'));
  return cluster;
}

/** A class of locally redundant disks that wait for their first pod. */
export const diskClass = (name: string, members: object = {}) => ({
  metadata: { name },
  provisioner: 'disk.csi.azure.com',
  parameters: { skuName: 'Premium_LRS' },
  volumeBindingMode: 'WaitForFirstConsumer',
  allowVolumeExpansion: true,
  ...members,
});

/** A claim of 10 GiB of that class. */
export const claim = (name: string, spec: object = {}) => ({ metadata: { name }, spec: claimSpec(spec) });

export const claimSpec = (spec: object = {}) => ({
  accessModes: ['ReadWriteOnce'],
  resources: { requests: { storage: '10Gi' } },
  storageClassName: 'disk',
  ...spec,
});

/** A volume of 10 GiB that somebody has made. */
export const volume = (name: string, spec: object = {}) => ({
  metadata: { name },
  spec: {
    capacity: { storage: '10Gi' },
    accessModes: ['ReadWriteOnce'],
    hostPath: { path: '/data' },
    storageClassName: 'manual',
    ...spec,
  },
});

/** A pod that uses a claim. */
export const pod = (name: string, claimName: string, spec: object = {}) => ({
  metadata: { name },
  spec: {
    containers: [{ name: 'c', image: 'image:1' }],
    volumes: [{ name: 'data', persistentVolumeClaim: { claimName } }],
    ...spec,
  },
});

export const inZone = (zone: string) => ({ nodeSelector: { 'topology.kubernetes.io/zone': zone } });

const zoneLabel = 'topology.disk.csi.azure.com/zone';

/** The first node of a zone. */
export function nodeIn(cluster: TestCluster, zone: string): string {
  const found = cluster.list('nodes').find(({ metadata }) => metadata.labels?.[zoneLabel] === zone);
  if (!found) throw new Error(`No node is in ${zone}`);
  return found.metadata.name;
}

/** The zone of a node; empty where it is in none. */
export const zoneOf = (cluster: TestCluster, node: unknown): string | undefined =>
  cluster.get('nodes', String(node)).metadata.labels?.[zoneLabel];

export const phaseOf = (cluster: TestCluster, plural: string, name: string): unknown =>
  cluster.get(plural, name).status['phase'];

/** Why a pod is on no node. */
export const whyWaits = (cluster: TestCluster, name: string): string | undefined =>
  cluster.get('pods', name).status.conditions?.find(({ type }) => type === 'PodScheduled')?.message;
