import type { SystemImages } from './images.js';
import { deployment } from './manifest.js';
import type { Manifest } from './manifest.js';
import { onSystemNodes } from './placement.js';

/** The workload that keeps another one's replicas to a ladder of nodes and cores (cluster-proportional-autoscaler). */
export function proportionalAutoscaler(name: string, images: SystemImages): Manifest {
  const labels = { 'k8s-app': name };
  return deployment({
    name,
    labels,
    replicas: 1,
    account: name,
    priority: 'system-node-critical',
    affinity: onSystemNodes(labels),
    containers: [
      {
        name: 'autoscaler',
        image: images.proportionalAutoscaler,
        cpu: '20m',
        memory: '10Mi',
        cpuLimit: '200m',
        memoryLimit: '500Mi',
      },
    ],
  });
}
