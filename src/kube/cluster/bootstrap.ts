import type { Transaction } from '../../store/index.js';
import type { WriteContext } from '../api/index.js';
import { insertObject } from '../api/index.js';
import type { ClusterKinds } from '../custom/index.js';
import { controlPlaneRecords } from '../control-plane-records.js';
import {
  configMaps,
  csiDrivers,
  defaultServiceCidr,
  namespaces,
  priorityClasses,
  serviceAccounts,
  serviceCidrs,
  services,
  storageClasses,
} from '../kinds/index.js';
import type { Draft, ResourceType } from '../resource-type.js';
import { objectKey } from '../resource-type.js';
import type { ClusterProfile } from './profile.js';
import { addDefaultRoles } from './roles/index.js';

const namespaceNames = ['default', 'kube-node-lease', 'kube-public', 'kube-system'];
const disk = 'disk.csi.azure.com';

/**
 * AKS's storage classes: name, provisioner, parameters (AKS: storage options). Disks of a cluster that spreads over several
 * zones are zone redundant.
 */
const aksStorageClasses = (
  redundancy: 'LRS' | 'ZRS',
): readonly (readonly [name: string, provisioner: string, parameters: Draft])[] => [
  ['default', disk, { skuname: `StandardSSD_${redundancy}` }],
  ['managed', disk, { skuname: `StandardSSD_${redundancy}` }],
  ['managed-csi', disk, { skuname: `StandardSSD_${redundancy}` }],
  ['managed-csi-premium', disk, { skuname: `Premium_${redundancy}` }],
  ['managed-premium', disk, { skuname: `Premium_${redundancy}` }],
  ['azurefile', 'file.csi.azure.com', { skuName: 'Standard_LRS' }],
  ['azurefile-csi', 'file.csi.azure.com', { skuName: 'Standard_LRS' }],
  ['azurefile-csi-premium', 'file.csi.azure.com', { skuName: 'Premium_LRS' }],
  ['azurefile-premium', 'file.csi.azure.com', { skuName: 'Premium_LRS' }],
];

/** AKS's storage drivers, as they register themselves. */
const aksCsiDrivers: Readonly<Record<string, Draft>> = {
  'disk.csi.azure.com': { attachRequired: true, podInfoOnMount: false, fsGroupPolicy: 'File' },
  'file.csi.azure.com': {
    attachRequired: false,
    podInfoOnMount: true,
    fsGroupPolicy: 'ReadWriteOnceWithFSType',
    tokenRequests: [{ audience: 'api://AzureADTokenExchange' }],
    volumeLifecycleModes: ['Persistent', 'Ephemeral'],
  },
};

/** True once a cluster has what every cluster begins with. */
export const isBootstrapped = (tx: Pick<Transaction, 'get'>, cluster: string): boolean =>
  tx.get(namespaces.collection, objectKey(cluster, undefined, 'kube-system')) !== undefined;

/** Gives a new cluster its namespaces, roles, priority and storage classes. `caPem` goes where pods look for it. */
export function bootstrapCluster(
  tx: Transaction,
  context: WriteContext,
  cluster: string,
  { zones }: ClusterProfile,
): void {
  const add = (type: ResourceType, draft: Draft, namespace?: string) =>
    insertObject(context, tx, type, { cluster, ...(namespace !== undefined && { namespace }) }, draft);

  for (const name of namespaceNames) {
    add(namespaces, { metadata: { name } });
    addNamespaceDefaults(tx, context, cluster, name);
  }
  addDefaultRoles(tx, context, cluster);
  for (const [name, value, use] of [
    [
      'system-cluster-critical',
      2_000_000_000,
      'must run in the cluster, but can be moved to another node if necessary.',
    ],
    ['system-node-critical', 2_000_001_000, 'must not be moved from their current node.'],
  ] as const) {
    add(priorityClasses, {
      metadata: { name },
      value,
      description: `Used for system critical pods that ${use}`,
    });
  }
  for (const [name, spec] of Object.entries(aksCsiDrivers))
    add(csiDrivers, { metadata: { name }, spec: { ...spec } });
  for (const [name, provisioner, parameters] of aksStorageClasses(zones === 'several' ? 'ZRS' : 'LRS')) {
    add(storageClasses, {
      metadata: {
        name,
        labels: {
          'addonmanager.kubernetes.io/mode': 'EnsureExists',
          'kubernetes.io/cluster-service': 'true',
        },
        ...(name === 'default' && { annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } }),
      },
      provisioner,
      parameters,
      reclaimPolicy: 'Delete',
      allowVolumeExpansion: true,
      volumeBindingMode: provisioner === disk ? 'WaitForFirstConsumer' : 'Immediate',
    });
  }
  add(serviceCidrs, {
    metadata: { name: defaultServiceCidr.name },
    spec: { cidrs: [defaultServiceCidr.cidr] },
  });
  add(
    services,
    {
      metadata: { name: 'kubernetes', labels: { component: 'apiserver', provider: 'kubernetes' } },
      spec: { clusterIP: '10.0.0.1', ports: [{ name: 'https', port: 443, targetPort: 443 }] },
    },
    'default',
  );
}

/** The ConfigMap with the authority's certificate, which every namespace has. */
export const rootCertificateName = 'kube-root-ca.crt';

/** What every namespace begins with: its service account and the authority's certificate. */
export function addNamespaceDefaults(
  tx: Transaction,
  context: WriteContext,
  cluster: string,
  namespace: string,
): void {
  const scope = { cluster, namespace };
  if (!tx.get(serviceAccounts.collection, objectKey(cluster, namespace, 'default'))) {
    insertObject(context, tx, serviceAccounts, scope, { metadata: { name: 'default' } });
  }
  if (!tx.get(configMaps.collection, objectKey(cluster, namespace, rootCertificateName))) {
    insertObject(context, tx, configMaps, scope, {
      metadata: { name: rootCertificateName },
      data: { 'ca.crt': '' },
    });
  }
}

/** Takes all objects of a deleted cluster away, and what was kept beside them. */
export function removeCluster(tx: Transaction, kinds: ClusterKinds, cluster: string): void {
  for (const collection of [...kinds.stored.map((type) => type.collection), ...controlPlaneRecords]) {
    for (const { key } of tx.findEntries(collection, 'byCluster', cluster)) tx.delete(collection, key);
  }
}
