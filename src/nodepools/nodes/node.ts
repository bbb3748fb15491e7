import type { KubeNode } from '../../kube/index.js';
import type { Instant } from '../../units/index.js';
import { toIso } from '../../units/index.js';
import { osOf } from '../images/index.js';
import type { AgentPool, AgentPoolProperties, ManagedCluster, PoolCatalog } from '../model.js';
import { nodeResources } from './capacity.js';
import { nodeLabelsOf, nodeTaintsOf } from './labels.js';
import type { NodeMachine } from './labels.js';

/** What a Kubernetes node is made from. */
export interface NodeRequest {
  readonly pool: AgentPool;
  readonly cluster: ManagedCluster;
  readonly vm: NodeMachine;
  readonly catalog: Pick<PoolCatalog, 'vmSize'>;
  readonly now: Instant;
  readonly uid: string;
  /** Of the VM's present run. */
  readonly bootId: string;
}

const lastSegment = (id: string): string => id.slice(id.lastIndexOf('/') + 1);

/** The VM as the cloud provider of Kubernetes names it. */
export const providerIdOf = (cluster: ManagedCluster, vm: NodeMachine): string =>
  `azure:///subscriptions/${cluster.subscriptionId}` +
  `/resourceGroups/${cluster.properties.nodeResourceGroup.toLowerCase()}` +
  `/providers/Microsoft.Compute/virtualMachineScaleSets/${lastSegment(vm.scaleSet)}/virtualMachines/${vm.instanceId}`;

interface OsFacts {
  readonly osImage: string;
  readonly kernelVersion: string;
  readonly containerRuntimeVersion: string;
}

/** How nodes of each OS describe themselves; patch levels are examples of mid-2026. */
const osFacts: Readonly<Record<string, OsFacts>> = {
  'Ubuntu 22.04': {
    osImage: 'Ubuntu 22.04.5 LTS',
    kernelVersion: '5.15.0-1102-azure',
    containerRuntimeVersion: 'containerd://1.7.28-1',
  },
  'Ubuntu 24.04': {
    osImage: 'Ubuntu 24.04.3 LTS',
    kernelVersion: '6.8.0-1052-azure',
    containerRuntimeVersion: 'containerd://2.1.6-1',
  },
  'Azure Linux 3.0': {
    osImage: 'Microsoft Azure Linux 3.0',
    kernelVersion: '6.6.121.1-1.azl3',
    containerRuntimeVersion: 'containerd://2.0.0',
  },
  'Azure Container Linux': {
    osImage: 'Azure Container Linux',
    kernelVersion: '6.12.62',
    containerRuntimeVersion: 'containerd://2.1.6',
  },
  'Windows Server 2019': {
    osImage: 'Windows Server 2019 Datacenter',
    kernelVersion: '10.0.17763.8146',
    containerRuntimeVersion: 'containerd://1.7.28+azure',
  },
  'Windows Server 2022': {
    osImage: 'Windows Server 2022 Datacenter',
    kernelVersion: '10.0.20348.5386',
    containerRuntimeVersion: 'containerd://1.7.28+azure',
  },
  'Windows Server 2025': {
    osImage: 'Windows Server 2025 Datacenter',
    kernelVersion: '10.0.26100.33158',
    containerRuntimeVersion: 'containerd://2.1.6+azure',
  },
};

function nodeInfo(
  pool: AgentPoolProperties,
  arm: boolean,
  { uid, bootId }: NodeRequest,
): Readonly<Record<string, string>> {
  const os = osOf({
    osSKU: pool.osSKU,
    kubernetesVersion: pool.currentOrchestratorVersion,
    fips: pool.enableFIPS === true,
  });
  const facts = osFacts[os] ?? {
    osImage: os,
    kernelVersion: '',
    containerRuntimeVersion: 'containerd://2.0.0',
  };
  return {
    architecture: arm ? 'arm64' : 'amd64',
    bootID: bootId,
    ...facts,
    kubeProxyVersion: `v${pool.currentOrchestratorVersion}`,
    kubeletVersion: `v${pool.currentOrchestratorVersion}`,
    machineID: uid.replaceAll('-', ''),
    operatingSystem: pool.osType.toLowerCase(),
    systemUUID: uid,
  };
}

/** The node that a pool's VM registers as, with AKS's labels, taints, capacity and allocatable. */
export function nodeFor(request: NodeRequest): KubeNode {
  const { pool, vm, catalog, now, uid } = request;
  const size = catalog.vmSize(pool.properties.vmSize);
  if (!size) throw new RangeError(`the catalogue has no VM size ${pool.properties.vmSize}`);
  const at = toIso(now).replace(/\.\d+Z$/, 'Z');
  const taints = nodeTaintsOf(pool);
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name: vm.name,
      uid,
      creationTimestamp: at,
      labels: nodeLabelsOf(request, size),
      annotations: {
        'node.alpha.kubernetes.io/ttl': '0',
        'volumes.kubernetes.io/controller-managed-attach-detach': 'true',
      },
    },
    spec: taints.length > 0 ? { taints } : {},
    status: {
      ...nodeResources(pool.properties, size),
      addresses: [
        ...(vm.ip === undefined ? [] : [{ type: 'InternalIP', address: vm.ip }]),
        { type: 'Hostname', address: vm.name },
      ],
      nodeInfo: nodeInfo(pool.properties, size.cpuArchitecture === 'arm64', request),
    },
  };
}
