import type { ClusterProfile } from '../profile.js';
import type { SystemImages } from './images.js';
import { account, configMap, daemon } from './manifest.js';
import type { Manifest } from './manifest.js';

/** Gives pods their addresses (Azure CNI). */
export const azureCns = ({ network }: ClusterProfile, images: SystemImages): readonly Manifest[] => {
  if (network.plugin !== 'azure') return [];
  const container = {
    name: 'cns-container',
    image: images.azureCns,
    cpu: '40m',
    memory: '250Mi',
    cpuLimit: '40m',
    memoryLimit: '250Mi',
  };
  return [
    account('azure-cns'),
    daemon({
      name: 'azure-cns',
      labels: { 'k8s-app': 'azure-cns' },
      account: 'azure-cns',
      containers: [container],
    }),
    daemon({
      name: 'azure-cns-win',
      labels: { 'k8s-app': 'azure-cns-win' },
      account: 'azure-cns',
      os: 'windows',
      containers: [container],
    }),
  ];
};

/** Hides pods' addresses behind the node's where they leave the cluster. */
export const ipMasqAgent = ({ network }: ClusterProfile, images: SystemImages): readonly Manifest[] =>
  network.plugin === 'none'
    ? []
    : [
        configMap('azure-ip-masq-agent-config-reconciled', {
          'ip-masq-agent-reconciled': 'masqLinkLocal: true\n',
        }),
        daemon({
          name: 'azure-ip-masq-agent',
          labels: { 'k8s-app': 'azure-ip-masq-agent' },
          containers: [
            {
              name: 'azure-ip-masq-agent',
              image: images.ipMasqAgent,
              cpu: '50m',
              memory: '36Mi',
              cpuLimit: '500m',
              memoryLimit: '250Mi',
            },
          ],
        }),
      ];

/** Azure's own network policies. */
export const azureNpm = ({ network }: ClusterProfile, images: SystemImages): readonly Manifest[] => {
  if (network.policy !== 'azure') return [];
  const container = {
    name: 'azure-npm',
    image: images.azureNpm,
    cpu: '50m',
    memory: '300Mi',
    cpuLimit: '250m',
    memoryLimit: '1000Mi',
  };
  return [
    account('azure-npm'),
    daemon({
      name: 'azure-npm',
      labels: { 'k8s-app': 'azure-npm' },
      account: 'azure-npm',
      containers: [container],
    }),
    daemon({
      name: 'azure-npm-win',
      labels: { 'k8s-app': 'azure-npm-win' },
      account: 'azure-npm',
      os: 'windows',
      containers: [container],
    }),
  ];
};
