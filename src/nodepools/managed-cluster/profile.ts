import { isObject } from '../../kube/index.js';
import type { ClusterProfile } from '../../kube/index.js';
import type { AgentPool, ManagedCluster } from '../model.js';

/** The tag by which a cluster is made without AKS's own workloads. */
const workloadsTag = 'poolkeeper-system-workloads';

/** What of a cluster decides what its Kubernetes begins with and runs by itself. */
export function clusterProfile(
  { properties, tags }: Omit<ManagedCluster, 'etag'>,
  pools: readonly Pick<AgentPool, 'properties'>[],
  systemWorkloads: ClusterProfile['systemWorkloads'],
): ClusterProfile {
  const { networkPlugin, networkDataplane, networkPolicy, dnsServiceIP } = properties.networkProfile;
  const zones = new Set(pools.flatMap((pool) => pool.properties.availabilityZones ?? []));
  return {
    kubernetesVersion: properties.currentKubernetesVersion,
    zones: zones.size > 1 ? 'several' : 'one',
    network: {
      plugin: networkPlugin === 'kubenet' || networkPlugin === 'none' ? networkPlugin : 'azure',
      dataplane: networkDataplane === 'cilium' ? 'cilium' : 'azure',
      policy:
        networkPolicy === 'azure' || networkPolicy === 'calico' || networkPolicy === 'cilium'
          ? networkPolicy
          : 'none',
      dnsServiceIp: dnsServiceIP ?? '10.0.0.10',
    },
    workloadIdentity: isEnabled(properties.securityProfile, 'workloadIdentity') ? 'enabled' : 'disabled',
    systemWorkloads: tags?.[workloadsTag] === 'none' ? 'none' : systemWorkloads,
  };
}

/** True where a member of a profile says `enabled: true`. */
function isEnabled(profile: unknown, member: string): boolean {
  const found = isObject(profile) ? profile[member] : undefined;
  return isObject(found) && found['enabled'] === true;
}
