import { AzureError, existingResourceGroup } from '../../azure/index.js';
import { defineCollection } from '../../store/index.js';
import type { Reader } from '../../store/index.js';
import type { AgentPool, ManagedCluster } from '../model.js';

/** The key of an ARM resource in its collection: paths are case-insensitive, so the id in lower case. */
export const resourceKey = (armId: string): string => armId.toLowerCase();

/** Managed clusters by lower-case ARM id. */
export const managedClusters = defineCollection<ManagedCluster>('managedClusters', {
  byResourceGroup: (cluster) => cluster.resourceGroup.toLowerCase(),
  byFqdn: (cluster) => cluster.properties.fqdn?.toLowerCase(),
});

/** Agent pools by lower-case ARM id. */
export const agentPools = defineCollection<AgentPool>('agentPools', { byCluster: (pool) => pool.cluster });

/** Names a cluster the way a request path does. */
export interface ClusterPath {
  readonly resourceGroup: string;
  readonly cluster: string;
}

/** Names a pool the way a request path does. */
export interface AgentPoolPath extends ClusterPath {
  readonly agentPool: string;
}

/** ARM ids as AKS answers them: `resourcegroups` in lower case. */
export const clusterId = (subscriptionId: string, path: ClusterPath): string =>
  `/subscriptions/${subscriptionId}/resourcegroups/${path.resourceGroup}` +
  `/providers/Microsoft.ContainerService/managedClusters/${path.cluster}`;

export const agentPoolId = (subscriptionId: string, path: AgentPoolPath): string =>
  `${clusterId(subscriptionId, path)}/agentPools/${path.agentPool}`;

/** 404 of ARM's front door for a cluster that does not exist. */
export const clusterNotFound = (path: ClusterPath): AzureError =>
  new AzureError({
    status: 404,
    code: 'ResourceNotFound',
    envelope: 'arm',
    message:
      `The Resource 'Microsoft.ContainerService/managedClusters/${path.cluster}' under resource group ` +
      `'${path.resourceGroup}' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix`,
  });

/** 404 of the AKS provider for a pool (or a machine of one) that does not exist. */
export const agentPoolNotFound = (name: string): AzureError =>
  new AzureError({ status: 404, code: 'NotFound', message: `Could not find the agent pool: ${name}` });

/** The pools of a cluster in the order of their names. */
export const poolsOf = (reader: Reader, clusterKey: string): readonly AgentPool[] =>
  reader.find(agentPools, 'byCluster', clusterKey);

/** @throws AzureError 404 for a resource group or a cluster that is not there. */
export function existingCluster(reader: Reader, subscriptionId: string, path: ClusterPath): ManagedCluster {
  existingResourceGroup(reader, path.resourceGroup);
  const cluster = reader.get(managedClusters, resourceKey(clusterId(subscriptionId, path)));
  if (!cluster) throw clusterNotFound(path);
  return cluster;
}
