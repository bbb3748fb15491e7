import type { ClusterProfile } from '../profile.js';
import type { SystemImages } from './images.js';
import {
  account,
  budget,
  configMap,
  deployment,
  ensured,
  keepReplicas,
  reconciled,
  service,
} from './manifest.js';
import type { Manifest } from './manifest.js';
import { proportionalAutoscaler } from './proportional-autoscaler.js';
import { onSystemNodes } from './placement.js';

const labels = { 'k8s-app': 'kube-dns' };

/** How many CoreDNS pods a cluster gets by its cores and nodes (AKS: CoreDNS autoscaling). */
const ladder = {
  coresToReplicas: [
    [1, 2],
    [512, 3],
    [1024, 4],
    [2048, 5],
  ],
  nodesToReplicas: [
    [1, 2],
    [8, 3],
    [16, 4],
    [32, 5],
  ],
};

const corefile = `.:53 {
    errors
    ready
    health {
      lameduck 5s
    }
    kubernetes cluster.local in-addr.arpa ip6.arpa {
      pods insecure
      fallthrough in-addr.arpa ip6.arpa
      ttl 30
    }
    prometheus :9153
    forward . /etc/resolv.conf
    cache 30
    loop
    reload
    loadbalance
    import custom/*.override
}
import custom/*.server
`;

/** The cluster's DNS, and what decides how many pods it has. */
export const coredns = ({ network }: ClusterProfile, images: SystemImages): readonly Manifest[] => [
  account('coredns'),
  account('coredns-autoscaler'),
  configMap('coredns', { Corefile: corefile }, { ...reconciled, ...labels }),
  configMap('coredns-custom', {}, { ...ensured, ...labels }),
  configMap('coredns-autoscaler', { ladder: JSON.stringify(ladder) }, ensured),
  deployment({
    name: 'coredns',
    labels,
    replicas: 2,
    account: 'coredns',
    priority: 'system-node-critical',
    affinity: onSystemNodes(labels),
    containers: [
      {
        name: 'coredns',
        image: images.coredns,
        cpu: '100m',
        memory: '70Mi',
        cpuLimit: '3',
        memoryLimit: '500Mi',
      },
    ],
    keep: keepReplicas,
  }),
  budget('coredns-pdb', labels),
  service('kube-dns', { ...labels, 'kubernetes.io/name': 'CoreDNS' }, () => ({
    selector: { ...labels },
    clusterIP: network.dnsServiceIp,
    ports: [
      { name: 'dns', port: 53, protocol: 'UDP', targetPort: 53 },
      { name: 'dns-tcp', port: 53, protocol: 'TCP', targetPort: 53 },
    ],
  })),
  proportionalAutoscaler('coredns-autoscaler', images),
];
