import type { ClusterProfile } from '../profile.js';
import type { SystemImages } from './images.js';
import { account, daemon } from './manifest.js';
import type { Manifest } from './manifest.js';

/** The nodes' half of Azure's cloud provider: addresses, zones, ids. */
export const cloudNodeManager = (_profile: ClusterProfile, images: SystemImages): readonly Manifest[] => {
  const container = {
    name: 'cloud-node-manager',
    image: images.cloudNodeManager,
    cpu: '50m',
    memory: '50Mi',
    memoryLimit: '512Mi',
  };
  return [
    account('cloud-node-manager'),
    daemon({
      name: 'cloud-node-manager',
      labels: { 'k8s-app': 'cloud-node-manager' },
      account: 'cloud-node-manager',
      containers: [container],
    }),
    daemon({
      name: 'cloud-node-manager-windows',
      labels: { 'k8s-app': 'cloud-node-manager-windows' },
      account: 'cloud-node-manager',
      os: 'windows',
      containers: [container],
    }),
  ];
};
