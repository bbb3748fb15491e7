import { defineCollection } from '../../store/index.js';

/** What of a managed cluster decides what its Kubernetes begins with and runs by itself. */
export interface ClusterProfile {
  /** Of the control plane, e.g. `1.34.2`. */
  readonly kubernetesVersion: string;
  /** Whether its first pools spread over several zones. */
  readonly zones: 'several' | 'one';
  readonly network: {
    readonly plugin: 'azure' | 'kubenet' | 'none';
    readonly dataplane: 'azure' | 'cilium';
    readonly policy: 'azure' | 'calico' | 'cilium' | 'none';
    /** The address of its DNS, e.g. `10.0.0.10`. */
    readonly dnsServiceIp: string;
  };
  readonly workloadIdentity: 'enabled' | 'disabled';
  /** Whether AKS's own workloads run in it. */
  readonly systemWorkloads: 'all' | 'none';
}

/** A cluster of which nothing is known: nothing runs in it by itself. */
export const bareCluster: ClusterProfile = {
  kubernetesVersion: '1.34.0',
  zones: 'one',
  network: { plugin: 'azure', dataplane: 'azure', policy: 'none', dnsServiceIp: '10.0.0.10' },
  workloadIdentity: 'disabled',
  systemWorkloads: 'none',
};

/** A profile as the store keeps it. */
export interface KeptProfile {
  readonly cluster: string;
  readonly profile: ClusterProfile;
}

/** The profiles of clusters, by cluster. */
export const clusterProfiles = defineCollection<KeptProfile>('kube/cluster-profiles', {
  byCluster: ({ cluster }) => cluster,
});
