import { namespaces } from '../../kinds/index.js';
import type { ClusterProfile } from '../profile.js';
import type { SystemImages } from './images.js';
import { account, budget, daemon, deployment, reconciled } from './manifest.js';
import type { Manifest } from './manifest.js';
import { onSystemNodes } from './placement.js';

const system = 'calico-system';
const operator = 'tigera-operator';

const namespace = (name: string): Manifest => ({
  type: namespaces,
  name,
  draft: () => ({ metadata: { name, labels: { ...reconciled } } }),
});

/** Calico's network policies, with the operator that keeps them; amounts are inferred, none are asked for by default. */
export const calico = ({ network }: ClusterProfile, images: SystemImages): readonly Manifest[] => {
  if (network.policy !== 'calico') return [];
  const one = (name: string, replicas: number, where = system): Manifest => {
    const labels = { 'k8s-app': name };
    return deployment({
      name,
      labels,
      replicas,
      namespace: where,
      account: name,
      priority: 'system-cluster-critical',
      affinity: onSystemNodes(labels),
      containers: [
        {
          name,
          image: name === operator ? images.tigeraOperator : images.calico(name.replace('calico-', '')),
        },
      ],
    });
  };
  return [
    namespace(operator),
    namespace(system),
    account(operator, operator),
    ...['calico-node', 'calico-typha', 'calico-kube-controllers'].map((name) => account(name, system)),
    one(operator, 1, operator),
    daemon({
      name: 'calico-node',
      labels: { 'k8s-app': 'calico-node' },
      namespace: system,
      account: 'calico-node',
      containers: [{ name: 'calico-node', image: images.calico('node') }],
    }),
    one('calico-typha', 2),
    budget('calico-typha', { 'k8s-app': 'calico-typha' }, system),
    one('calico-kube-controllers', 1),
  ];
};
