import type { KubeObject } from '../../object.js';
import type { Draft } from '../../resource-type.js';
import type { ClusterProfile } from '../profile.js';
import type { SystemImages } from './images.js';
import { account, budget, deployment, service } from './manifest.js';
import type { Manifest } from './manifest.js';
import { onSystemNodes } from './placement.js';

const labels = { 'k8s-app': 'metrics-server' };

/** The name of the deployment and of its container. */
export const metricsServerName = 'metrics-server';

/** What the metrics server asks for: a base, and a little for each node (AKS: metrics server vertical pod autoscaler). */
export const metricsServerSize = (nodes: number): { readonly cpu: string; readonly memory: string } => ({
  cpu: `${String(Math.ceil(150 + 0.5 * nodes))}m`,
  memory: `${String(100 + 4 * nodes)}Mi`,
});

/** What `kubectl top` and autoscalers ask. */
export const metricsServer = (_profile: ClusterProfile, images: SystemImages): readonly Manifest[] => {
  const size = metricsServerSize(1);
  return [
    account(metricsServerName),
    deployment({
      name: metricsServerName,
      labels,
      replicas: 2,
      account: metricsServerName,
      priority: 'system-cluster-critical',
      affinity: onSystemNodes(labels),
      containers: [
        {
          name: 'metrics-server-vpa',
          image: images.addonResizer,
          cpu: '5m',
          memory: '30Mi',
          cpuLimit: '100m',
          memoryLimit: '300Mi',
        },
        {
          name: metricsServerName,
          image: images.metricsServer,
          ...size,
          cpuLimit: size.cpu,
          memoryLimit: size.memory,
        },
      ],
      keep: keepResources,
    }),
    budget('metrics-server-pdb', labels),
    service(metricsServerName, { 'kubernetes.io/name': 'Metrics-server' }, () => ({
      selector: { ...labels },
      ports: [{ port: 443, protocol: 'TCP', targetPort: 4443 }],
    })),
  ];
};

interface Template {
  readonly spec: {
    readonly template: {
      readonly spec: { readonly containers: readonly { name: string; resources?: object }[] };
    };
  };
}

/** Keeps the amounts that were found for the cluster's size. */
function keepResources(draft: Draft, present: KubeObject): void {
  const { containers } = (present as KubeObject & Template).spec.template.spec;
  for (const container of (draft as unknown as Template).spec.template.spec.containers) {
    const known = containers.find(({ name }) => name === container.name);
    if (known?.resources) container.resources = structuredClone(known.resources);
  }
}
