import { latestNodeImage } from '../images/index.js';
import type {
  AgentPoolProperties,
  AgentPoolPropertiesInput,
  ClusterFacts,
  PoolContext,
  VmSizeFacts,
} from '../model.js';
import { defaultOsDisk } from '../rules/disks.js';
import { defaultOsSku } from '../rules/operating-system.js';
import { withoutDuplicateTags } from '../rules/tags.js';
import { spotTaint } from '../rules/taint-syntax.js';
import { defaultUpgradeSettings } from '../rules/upgrade-settings.js';
import { atLeastMinor, knownVersion } from '../versions/index.js';
import type { ResolvedVersion } from '../versions/index.js';

/** Pods per node by network mode (AKS: maximum pods per node); with a bring-your-own CNI, the kubelet's own default. */
export function defaultMaxPods(cluster: ClusterFacts, podSubnetID: string | undefined): number {
  if (cluster.networkPlugin !== 'azure') return 110;
  if (cluster.networkPluginMode === 'overlay') return 250;
  return podSubnetID === undefined ? 30 : 110;
}

/** Label that AKS gives the nodes of Spot pools and shows among the pool's. */
const spotLabel = { 'kubernetes.azure.com/scalesetpriority': 'spot' } as const;

type Loose = Pick<AgentPoolPropertiesInput, 'nodeLabels' | 'nodeTaints'>;

/** The label and taint of a Spot pool, added whatever the request says of others. */
export function withSpotMarks({ nodeLabels = {}, nodeTaints = [] }: Loose): Required<Loose> {
  const marked = nodeTaints.includes(spotTaint) ? nodeTaints : [...nodeTaints, spotTaint];
  return { nodeLabels: { ...nodeLabels, ...spotLabel }, nodeTaints: marked };
}

/** The `localDNSProfile` with the state that AKS derives: on by itself from 1.36. */
export function withLocalDnsState(
  profile: NonNullable<AgentPoolProperties['localDNSProfile']>,
  kubernetesVersion: string,
): NonNullable<AgentPoolProperties['localDNSProfile']> {
  const preferred = atLeastMinor(knownVersion(kubernetesVersion), 36);
  const enabled = profile.mode === 'Required' || (profile.mode !== 'Disabled' && preferred);
  return { ...profile, state: enabled ? 'Enabled' : 'Disabled' };
}

/** The newest image for a pool's nodes. */
export function imageFor(
  pool: Pick<
    AgentPoolProperties,
    'osType' | 'osSKU' | 'currentOrchestratorVersion' | 'enableFIPS' | 'securityProfile' | 'workloadRuntime'
  >,
  size: VmSizeFacts | undefined,
  today: PoolContext['today'],
): string {
  const { enableVTPM, enableSecureBoot } = pool.securityProfile ?? {};
  const choice = {
    osType: pool.osType,
    osSKU: pool.osSKU,
    kubernetesVersion: pool.currentOrchestratorVersion,
    size,
    fips: pool.enableFIPS === true,
    trustedLaunch: enableVTPM === true || enableSecureBoot === true,
    podSandboxing: pool.workloadRuntime === 'KataVmIsolation',
  };
  return latestNodeImage(choice, today);
}

/** A subnet for a pool that names none: the one its siblings are in, as all must be in one virtual network. */
const inheritedSubnet = ({ siblings }: PoolContext): string | undefined =>
  siblings.find(({ properties }) => properties.vnetSubnetID !== undefined)?.properties.vnetSubnetID;

/** The members that have a value. */
const given = <T extends object>(members: T): { [M in keyof T]?: Exclude<T[M], undefined> } =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as {
    [M in keyof T]?: Exclude<T[M], undefined>;
  };

/**
 * A new pool's properties: what was sent, and AKS's default for everything it leaves open. The rules have not run yet;
 * the image is filled after them, as it may not exist for a combination they refuse.
 */
export function withDefaults(
  sent: AgentPoolPropertiesInput,
  mode: AgentPoolProperties['mode'],
  version: ResolvedVersion,
  size: VmSizeFacts,
  ctx: PoolContext,
): AgentPoolProperties {
  const osType = sent.osType ?? 'Linux';
  const osSKU = sent.osSKU ?? defaultOsSku(osType, knownVersion(version.full));
  const isSpot = sent.scaleSetPriority === 'Spot';
  const keepsDisks = sent.scaleDownMode === 'Deallocate' || sent.scaleSetEvictionPolicy === 'Deallocate';
  const disk = defaultOsDisk(keepsDisks ? { osDiskType: 'Managed', ...sent } : sent, size);
  const { tags, scaleSetPriority, scaleSetEvictionPolicy, spotMaxPrice, nodeTaints, ...rest } = sent;
  const marks = isSpot
    ? withSpotMarks(sent)
    : given({ nodeTaints: nodeTaints?.length ? nodeTaints : undefined });
  return {
    ...rest,
    count: sent.count ?? sent.minCount ?? 1,
    vmSize: size.name,
    ...disk,
    kubeletDiskType: sent.kubeletDiskType ?? 'OS',
    ...given({ vnetSubnetID: sent.vnetSubnetID ?? inheritedSubnet(ctx) }),
    maxPods: sent.maxPods ?? defaultMaxPods(ctx.cluster, sent.podSubnetID),
    ...(sent.podSubnetID !== undefined && {
      podIPAllocationMode: sent.podIPAllocationMode ?? 'DynamicIndividual',
    }),
    type: sent.type ?? 'VirtualMachineScaleSets',
    enableAutoScaling: sent.enableAutoScaling ?? false,
    scaleDownMode: sent.scaleDownMode ?? 'Delete',
    provisioningState: 'Creating',
    powerState: { code: 'Running' },
    orchestratorVersion: version.requested,
    currentOrchestratorVersion: version.full,
    enableNodePublicIP: sent.enableNodePublicIP ?? false,
    ...(isSpot && {
      scaleSetPriority: 'Spot',
      scaleSetEvictionPolicy: scaleSetEvictionPolicy ?? 'Delete',
      spotMaxPrice: spotMaxPrice ?? -1,
    }),
    ...(tags && { tags: withoutDuplicateTags(tags) }),
    ...marks,
    mode,
    enableEncryptionAtHost: sent.enableEncryptionAtHost ?? false,
    enableUltraSSD: sent.enableUltraSSD ?? false,
    osType,
    osSKU,
    nodeImageVersion: '',
    upgradeSettings: isSpot
      ? (sent.upgradeSettings ?? {})
      : { ...defaultUpgradeSettings, ...sent.upgradeSettings },
    enableFIPS: sent.enableFIPS ?? osSKU === 'Windows2025',
    securityProfile: {
      sshAccess: 'LocalUser',
      enableVTPM: false,
      enableSecureBoot: false,
      ...sent.securityProfile,
    },
    ...(mode === 'Gateway' && { gatewayProfile: { publicIPPrefixSize: 31, ...sent.gatewayProfile } }),
    ...(sent.localDNSProfile && { localDNSProfile: withLocalDnsState(sent.localDNSProfile, version.full) }),
  };
}
