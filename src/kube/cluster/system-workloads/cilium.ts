import type { ClusterProfile } from '../profile.js';
import type { SystemImages } from './images.js';
import { account, daemon, deployment } from './manifest.js';
import type { Manifest } from './manifest.js';
import { onSystemNodes } from './placement.js';

const operatorLabels = { name: 'cilium-operator', 'io.cilium/app': 'operator' };

/** Azure CNI powered by Cilium: its agent takes the place of kube-proxy; amounts are inferred. */
export const cilium = ({ network }: ClusterProfile, images: SystemImages): readonly Manifest[] =>
  network.dataplane !== 'cilium'
    ? []
    : [
        account('cilium'),
        account('cilium-operator'),
        daemon({
          name: 'cilium',
          labels: { 'k8s-app': 'cilium' },
          account: 'cilium',
          containers: [{ name: 'cilium-agent', image: images.cilium, cpu: '100m', memory: '300Mi' }],
        }),
        deployment({
          name: 'cilium-operator',
          labels: operatorLabels,
          replicas: 1,
          account: 'cilium-operator',
          priority: 'system-cluster-critical',
          affinity: onSystemNodes(operatorLabels),
          containers: [{ name: 'cilium-operator', image: images.ciliumOperator, cpu: '10m', memory: '64Mi' }],
        }),
      ];
