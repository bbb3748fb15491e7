import type { ClusterProfile } from '../profile.js';

const registry = 'mcr.microsoft.com';

/** Tags of one range of minor versions of Kubernetes. */
interface Tags {
  /** The first minor version that has them. */
  readonly from: number;
  readonly coredns: string;
  readonly metricsServer: string;
  readonly addonResizer: string;
  readonly proportionalAutoscaler: string;
  readonly konnectivity: string;
  readonly csi: string;
  readonly cilium: string;
}

/** As seen on clusters of 2025 and 2026; those between are inferred. */
const ranges: readonly Tags[] = [
  {
    from: 34,
    coredns: 'v1.13.1-20',
    metricsServer: 'v0.8.0-21',
    addonResizer: 'v1.8.23-30',
    proportionalAutoscaler: 'v1.9.0-23',
    konnectivity: 'v0.32.1-14',
    csi: 'v1.34.2',
    cilium: 'v1.18.12-260901',
  },
  {
    from: 0,
    coredns: 'v1.11.3-8',
    metricsServer: 'v0.7.2-6',
    addonResizer: 'v1.8.23-2',
    proportionalAutoscaler: 'v1.9.0-1',
    konnectivity: 'v0.30.3-hotfix.20240819',
    csi: 'v1.32.1',
    cilium: 'v1.17.9-250927',
  },
];

/** The images of AKS's own workloads for a cluster's version of Kubernetes. */
export function imagesFor({ kubernetesVersion }: ClusterProfile) {
  const minor = Number(kubernetesVersion.split('.')[1] ?? 0);
  const tags = ranges.find(({ from }) => minor >= from) ?? (ranges.at(-1) as Tags);
  const kubernetes = (name: string, tag: string) => `${registry}/oss/v2/kubernetes/${name}:${tag}`;
  const csi = (name: string, tag: string) => `${registry}/oss/v2/kubernetes-csi/${name}:${tag}`;
  const networking = (name: string, tag: string) => `${registry}/containernetworking/${name}:${tag}`;
  return {
    coredns: kubernetes('coredns', tags.coredns),
    metricsServer: kubernetes('metrics-server', tags.metricsServer),
    addonResizer: kubernetes('autoscaler/addon-resizer', tags.addonResizer),
    proportionalAutoscaler: kubernetes(
      'autoscaler/cluster-proportional-autoscaler',
      tags.proportionalAutoscaler,
    ),
    konnectivity: kubernetes('apiserver-network-proxy/agent', tags.konnectivity),
    kubeProxy: kubernetes('kube-proxy', `v${kubernetesVersion}`),
    cloudNodeManager: kubernetes('azure-cloud-node-manager', `v${kubernetesVersion}`),
    azureDisk: csi('azuredisk-csi', tags.csi),
    azureFiles: csi('azurefile-csi', tags.csi),
    livenessProbe: csi('livenessprobe', 'v2.17.0'),
    nodeDriverRegistrar: csi('csi-node-driver-registrar', 'v2.15.0'),
    azureCns: networking('v2/azure-cns', 'v1.8.13'),
    azureNpm: networking('azure-npm', 'v1.5.45'),
    cilium: networking('cilium/cilium', tags.cilium),
    ciliumOperator: networking('cilium/operator-generic', tags.cilium),
    ipMasqAgent: `${registry}/oss/v2/azure/ip-masq-agent-v2:v0.1.15-2`,
    workloadIdentity: `${registry}/oss/v2/azure/workload-identity/webhook:v1.5.1-20`,
    calico: (name: string) => `${registry}/oss/calico/${name}:v3.30.3`,
    tigeraOperator: `${registry}/oss/tigera/operator:v1.38.6`,
  };
}

export type SystemImages = ReturnType<typeof imagesFor>;
