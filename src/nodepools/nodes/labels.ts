import { effectiveOsSku } from '../images/index.js';
import type { AgentPool, ManagedCluster, VmSizeFacts } from '../model.js';
import { parseTaint } from '../rules/taint-syntax.js';
import type { Taint } from '../rules/taint-syntax.js';

/** What of a VM its node shows. */
export interface NodeMachine {
  /** Computer name: the node's name. */
  readonly name: string;
  /** Lower-case ARM id of the scale set. */
  readonly scaleSet: string;
  readonly instanceId: number;
  readonly zone?: string;
  readonly location: string;
  readonly ip?: string;
}

const azure = (name: string): string => `kubernetes.azure.com/${name}`;

/** A label value: cut to 63 characters, and to a letter or digit at its end. */
const labelValue = (text: string): string => text.slice(0, 63).replace(/[^a-zA-Z0-9]+$/, '');

const lastSegment = (id: string): string => id.slice(id.lastIndexOf('/') + 1);

function networkLabels(subnetId: string | undefined): Readonly<Record<string, string>> {
  const match = /\/virtualNetworks\/([^/]+)\/subnets\/([^/]+)$/i.exec(subnetId ?? '');
  if (!match) return {};
  const [, network = '', subnet = ''] = match;
  return { [azure('network-name')]: labelValue(network), [azure('network-subnet')]: labelValue(subnet) };
}

function featureLabels({ properties: pool }: AgentPool, size: VmSizeFacts): Readonly<Record<string, string>> {
  return {
    ...(size.gpu?.manufacturer === 'nvidia' && { [azure('accelerator')]: 'nvidia', accelerator: 'nvidia' }),
    ...(pool.enableFIPS && { [azure('fips_enabled')]: 'true' }),
    ...(pool.securityProfile?.enableVTPM && { [azure('security-type')]: 'TrustedLaunch' }),
    ...(pool.proximityPlacementGroupID !== undefined && {
      [azure('ppg')]: labelValue(lastSegment(pool.proximityPlacementGroupID)),
    }),
  };
}

/** The labels of a pool's node: AKS's own, with the pool's `nodeLabels` on top (AKS: reserved system labels). */
export function nodeLabelsOf(
  {
    pool,
    cluster,
    vm,
  }: { readonly pool: AgentPool; readonly cluster: ManagedCluster; readonly vm: NodeMachine },
  size: VmSizeFacts,
): Readonly<Record<string, string>> {
  const { properties } = pool;
  const os = properties.osType.toLowerCase();
  const architecture = size.cpuArchitecture === 'arm64' ? 'arm64' : 'amd64';
  const zone = vm.zone === undefined ? '0' : `${vm.location}-${vm.zone}`;
  const storageProfile = properties.osDiskType === 'Ephemeral' ? 'ephemeral' : 'managed';
  const storageTier = size.premiumIO === false ? 'Standard_LRS' : 'Premium_LRS';
  const { networkPluginMode } = cluster.properties.networkProfile;
  const effective = effectiveOsSku({
    osSKU: properties.osSKU,
    kubernetesVersion: properties.currentOrchestratorVersion,
    fips: properties.enableFIPS === true,
  });
  return {
    agentpool: pool.name,
    'beta.kubernetes.io/arch': architecture,
    'beta.kubernetes.io/instance-type': properties.vmSize,
    'beta.kubernetes.io/os': os,
    'failure-domain.beta.kubernetes.io/region': vm.location,
    'failure-domain.beta.kubernetes.io/zone': zone,
    [azure('agentpool')]: pool.name,
    ...(networkPluginMode === 'overlay' && { [azure('azure-cni-overlay')]: 'true' }),
    [azure('cluster')]: labelValue(cluster.properties.nodeResourceGroup),
    [azure('managedby')]: 'aks',
    [azure('mode')]: properties.mode.toLowerCase(),
    [azure('node-image-version')]: properties.nodeImageVersion,
    [azure('nodepool-type')]: properties.type,
    [azure('os-sku')]: properties.osSKU,
    [azure('os-sku-effective')]: effective,
    [azure('os-sku-requested')]: properties.osSKU,
    [azure('priority')]: properties.scaleSetPriority === 'Spot' ? 'spot' : 'regular',
    [azure('role')]: 'agent',
    [azure('sku-cpu')]: String(size.vCPUs),
    [azure('sku-memory')]: String(Math.floor(size.memoryGiB)),
    [azure('storageprofile')]: storageProfile,
    [azure('storagetier')]: storageTier,
    ...networkLabels(properties.vnetSubnetID),
    ...featureLabels(pool, size),
    'kubernetes.io/arch': architecture,
    'kubernetes.io/hostname': vm.name,
    'kubernetes.io/os': os,
    'kubernetes.io/role': 'agent',
    'node-role.kubernetes.io/agent': 'agent',
    'node.kubernetes.io/instance-type': properties.vmSize,
    storageprofile: storageProfile,
    storagetier: storageTier,
    // As the disks' driver registers it: it knows zones alone, and calls their absence so.
    'topology.disk.csi.azure.com/zone': vm.zone === undefined ? '' : zone,
    'topology.kubernetes.io/region': vm.location,
    'topology.kubernetes.io/zone': zone,
    ...properties.nodeLabels,
  };
}

/** Taint that keeps everything but the egress gateway off Gateway pools. */
const gatewayTaint: Taint = { key: azure('mode'), value: 'gateway', effect: 'NoSchedule' };

/** The taints of a pool's nodes. */
export const nodeTaintsOf = ({ properties }: AgentPool): readonly Taint[] => [
  ...(properties.mode === 'Gateway' ? [gatewayTaint] : []),
  ...(properties.nodeTaints ?? []).flatMap((text) => parseTaint(text) ?? []),
];
