export { bareCluster, clusterProfiles } from './profile.js';
export type { ClusterProfile, KeptProfile } from './profile.js';
export {
  metricsServerName,
  metricsServerSize,
  systemNamespace,
  systemWorkloads,
} from './system-workloads/index.js';
export type { Manifest } from './system-workloads/index.js';
export {
  addNamespaceDefaults,
  bootstrapCluster,
  isBootstrapped,
  removeCluster,
  rootCertificateName,
} from './bootstrap.js';
