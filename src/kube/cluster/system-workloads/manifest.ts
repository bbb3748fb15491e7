import {
  configMaps,
  daemonSets,
  deployments,
  podDisruptionBudgets,
  serviceAccounts,
  services,
} from '../../kinds/index.js';
import type { KubeObject } from '../../object.js';
import type { Draft, ResourceType } from '../../resource-type.js';
import { daemonTolerations, linuxNodes, systemTolerations, windowsNodes } from './placement.js';

/** An object that AKS keeps in every cluster that is to have it. */
export interface Manifest {
  readonly type: ResourceType;
  readonly namespace?: string;
  readonly name: string;
  /** A new body each time: it is completed on its way into the store. */
  readonly draft: () => Draft;
  /** Takes over into a new body what others decide of the object that is there. */
  readonly keep?: (draft: Draft, present: KubeObject) => void;
}

/** A container of one of AKS's pods. Amounts are quantities, e.g. `100m`, `70Mi`. */
export interface SystemContainer {
  readonly name: string;
  readonly image: string;
  readonly cpu?: string;
  readonly memory?: string;
  readonly cpuLimit?: string;
  readonly memoryLimit?: string;
}

type Labels = Readonly<Record<string, string>>;

export const systemNamespace = 'kube-system';

/** The label by which AKS's add-on manager tells that it puts an object back. */
export const reconciled = { 'addonmanager.kubernetes.io/mode': 'Reconcile' };
export const ensured = { 'addonmanager.kubernetes.io/mode': 'EnsureExists' };
const clusterService = { 'kubernetes.io/cluster-service': 'true' };

function containerDraft({ name, image, cpu, memory, cpuLimit, memoryLimit }: SystemContainer): Draft {
  const requests = { ...(cpu && { cpu }), ...(memory && { memory }) };
  const limits = { ...(cpuLimit && { cpu: cpuLimit }), ...(memoryLimit && { memory: memoryLimit }) };
  return {
    name,
    image,
    imagePullPolicy: 'IfNotPresent',
    resources: {
      ...(Object.keys(requests).length > 0 && { requests }),
      ...(Object.keys(limits).length > 0 && { limits }),
    },
  };
}

export interface DaemonInit {
  readonly name: string;
  readonly labels: Labels;
  readonly containers: readonly SystemContainer[];
  readonly os?: 'linux' | 'windows';
  readonly account?: string;
  readonly maxUnavailable?: string;
  readonly namespace?: string;
}

/** A daemon on every node of an operating system, with the node's own network, which nothing keeps off (AKS: system pods). */
export const daemon = ({
  name,
  labels,
  containers,
  os = 'linux',
  account,
  maxUnavailable = '10%',
  namespace = systemNamespace,
}: DaemonInit): Manifest => ({
  type: daemonSets,
  namespace,
  name,
  draft: () => ({
    metadata: { name, labels: { ...reconciled, ...clusterService, ...labels } },
    spec: {
      selector: { matchLabels: { ...labels } },
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable } },
      template: {
        metadata: { labels: { ...labels, 'kubernetes.azure.com/managedby': 'aks' } },
        spec: {
          priorityClassName: 'system-node-critical',
          ...(account !== undefined && { serviceAccountName: account }),
          ...(os === 'linux' && { hostNetwork: true }),
          tolerations: daemonTolerations(),
          affinity: { nodeAffinity: os === 'linux' ? linuxNodes() : windowsNodes() },
          containers: containers.map(containerDraft),
        },
      },
    },
  }),
});

export interface DeploymentInit {
  readonly name: string;
  readonly labels: Labels;
  readonly containers: readonly SystemContainer[];
  readonly replicas: number;
  readonly account?: string;
  readonly priority: 'system-node-critical' | 'system-cluster-critical';
  readonly affinity: () => Draft;
  readonly namespace?: string;
  readonly keep?: Manifest['keep'];
}

/** Pods that AKS runs for the whole cluster. */
export const deployment = ({
  name,
  labels,
  containers,
  replicas,
  account,
  priority,
  affinity,
  namespace = systemNamespace,
  keep,
}: DeploymentInit): Manifest => ({
  type: deployments,
  namespace,
  name,
  draft: () => ({
    metadata: { name, labels: { ...reconciled, ...clusterService, ...labels } },
    spec: {
      replicas,
      selector: { matchLabels: { ...labels } },
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1, maxSurge: 1 } },
      template: {
        metadata: { labels: { ...labels, 'kubernetes.azure.com/managedby': 'aks' } },
        spec: {
          priorityClassName: priority,
          ...(account !== undefined && { serviceAccountName: account }),
          tolerations: systemTolerations(),
          affinity: affinity(),
          containers: containers.map(containerDraft),
        },
      },
    },
  }),
  ...(keep && { keep }),
});

/** Keeps the number of pods that an autoscaler has decided. */
export function keepReplicas(draft: Draft, present: KubeObject): void {
  const { replicas } = (present as KubeObject & { readonly spec: { readonly replicas?: number } }).spec;
  if (replicas !== undefined) (draft['spec'] as Draft)['replicas'] = replicas;
}

export const account = (name: string, namespace = systemNamespace): Manifest => ({
  type: serviceAccounts,
  namespace,
  name,
  draft: () => ({ metadata: { name, labels: { ...reconciled, ...clusterService } } }),
});

/** One of the pods may be away at most, as AKS's budgets have it: at least one stays. */
export const budget = (name: string, matchLabels: Labels, namespace = systemNamespace): Manifest => ({
  type: podDisruptionBudgets,
  namespace,
  name,
  draft: () => ({
    metadata: { name, labels: { ...reconciled } },
    spec: { minAvailable: 1, selector: { matchLabels: { ...matchLabels } } },
  }),
});

export const configMap = (name: string, data: Labels, labels: Labels = reconciled): Manifest => ({
  type: configMaps,
  namespace: systemNamespace,
  name,
  draft: () => ({ metadata: { name, labels: { ...labels } }, data: { ...data } }),
});

export const service = (name: string, labels: Labels, spec: () => Draft): Manifest => ({
  type: services,
  namespace: systemNamespace,
  name,
  draft: () => ({
    metadata: { name, labels: { ...reconciled, ...clusterService, ...labels } },
    spec: spec(),
  }),
});
