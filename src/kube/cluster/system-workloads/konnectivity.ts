import type { ClusterProfile } from '../profile.js';
import type { SystemImages } from './images.js';
import { account, budget, configMap, deployment, ensured, keepReplicas } from './manifest.js';
import type { Manifest } from './manifest.js';
import { proportionalAutoscaler } from './proportional-autoscaler.js';
import { onAnyNodes } from './placement.js';

const labels = { app: 'konnectivity-agent' };

/** How many agents a cluster gets by its nodes (inferred). */
const ladder = {
  nodesToReplicas: [
    [1, 2],
    [100, 3],
    [250, 4],
    [500, 5],
  ],
};

/** The tunnel from the control plane to the nodes, whose agents may run on any of them. */
export const konnectivity = (_profile: ClusterProfile, images: SystemImages): readonly Manifest[] => [
  account('konnectivity-agent'),
  account('konnectivity-agent-autoscaler'),
  configMap('konnectivity-agent-autoscaler', { ladder: JSON.stringify(ladder) }, ensured),
  deployment({
    name: 'konnectivity-agent',
    labels,
    replicas: 2,
    account: 'konnectivity-agent',
    priority: 'system-node-critical',
    affinity: onAnyNodes(labels),
    containers: [
      {
        name: 'konnectivity-agent',
        image: images.konnectivity,
        cpu: '20m',
        memory: '20Mi',
        cpuLimit: '1',
        memoryLimit: '1Gi',
      },
    ],
    keep: keepReplicas,
  }),
  budget('konnectivity-agent', labels),
  proportionalAutoscaler('konnectivity-agent-autoscaler', images),
];
