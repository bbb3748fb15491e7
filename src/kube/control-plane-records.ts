import type { Collection } from '../store/index.js';
import { nodeHealth, nodeZones } from './controllers/node-lifecycle/records.js';
import { lostNodes } from './controllers/pod-garbage-collector/lost-nodes.js';
import { scheduledEvictions } from './controllers/taint-eviction/scheduled-evictions.js';
import { nodeImages } from './kubelet/node-images.js';
import { nodePressures } from './kubelet/pressure.js';
import { clusterProfiles } from './cluster/profile.js';
import { keptAddOns } from './controllers/add-ons/kept-add-ons.js';
import { kubelets } from './nodes/kubelets.js';

/** What control planes and kubelets keep beside the objects: rows that have the index `byCluster`. */
export const controlPlaneRecords: readonly Collection<never>[] = [
  kubelets,
  nodeHealth,
  nodeZones,
  lostNodes,
  scheduledEvictions,
  nodeImages,
  nodePressures,
  clusterProfiles,
  keptAddOns,
];
