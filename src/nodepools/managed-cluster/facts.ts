import type { ClusterFacts, ManagedCluster } from '../model.js';

/** What the pool rules need to know of a cluster. */
export function clusterFacts(cluster: Omit<ManagedCluster, 'etag'>, beingCreated = false): ClusterFacts {
  const { properties, identity } = cluster;
  const { networkPlugin, networkPluginMode, podCidr, loadBalancerSku, outboundType } =
    properties.networkProfile;
  return {
    name: cluster.name,
    resourceGroup: cluster.resourceGroup,
    location: cluster.location,
    requestedVersion: properties.kubernetesVersion,
    kubernetesVersion: properties.currentKubernetesVersion,
    supportPlan: properties.supportPlan,
    tier: cluster.sku.tier,
    networkPlugin: networkPlugin ?? 'azure',
    ...(networkPluginMode !== undefined && { networkPluginMode }),
    ...(podCidr !== undefined && { podCidr }),
    loadBalancerSku: loadBalancerSku ?? 'standard',
    outboundType: outboundType ?? 'loadBalancer',
    hasWindowsProfile: properties.windowsProfile !== undefined,
    hasUserAssignedIdentity: identity?.type === 'UserAssigned',
    beingCreated,
  };
}
