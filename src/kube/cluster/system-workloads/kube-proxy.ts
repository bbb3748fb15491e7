import type { ClusterProfile } from '../profile.js';
import type { SystemImages } from './images.js';
import { account, daemon } from './manifest.js';
import type { Manifest } from './manifest.js';

/** Leads services' addresses to their pods, unless Cilium's dataplane does. On Windows it is no pod. */
export const kubeProxy = ({ network }: ClusterProfile, images: SystemImages): readonly Manifest[] =>
  network.dataplane === 'cilium'
    ? []
    : [
        account('kube-proxy'),
        daemon({
          name: 'kube-proxy',
          labels: { component: 'kube-proxy', tier: 'node' },
          account: 'kube-proxy',
          containers: [{ name: 'kube-proxy', image: images.kubeProxy, cpu: '100m' }],
        }),
      ];
