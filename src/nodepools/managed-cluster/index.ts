export { parseManagedClusterBody, parseTagsBody } from '../schema/parse-managed-cluster.js';
export { effectiveAutoScalerProfile } from './autoscaler-profile.js';
export { resolveNewManagedCluster } from './create.js';
export { clusterFacts } from './facts.js';
export { clusterProfile } from './profile.js';
export { checkSubnetAgainstRanges } from './network-profile.js';
export { renderManagedCluster } from './render.js';
export { resolveManagedClusterUpdate } from './update.js';
