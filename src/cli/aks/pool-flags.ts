import { readFileSync } from 'node:fs';
import type { AgentPool } from '@azure/arm-containerservice';
import { InvalidValueError, UsageError } from '../usage-error.js';

/** The flags of `nodepool add`, as commander gives them. */
export interface AddFlags {
  readonly nodeVmSize?: string;
  readonly nodeCount: string;
  readonly osType?: string;
  readonly osSku?: string;
  readonly kubernetesVersion?: string;
  readonly mode: string;
  readonly enableClusterAutoscaler?: boolean;
  readonly minCount?: string;
  readonly maxCount?: string;
  readonly maxPods?: string;
  readonly zones?: readonly string[];
  readonly labels?: readonly string[];
  readonly tags?: readonly string[];
  readonly nodeTaints?: string;
  readonly nodeOsdiskType?: string;
  readonly nodeOsdiskSize?: string;
  readonly priority: string;
  readonly evictionPolicy?: string;
  readonly spotMaxPrice?: string;
  readonly scaleDownMode: string;
  readonly maxSurge?: string;
  readonly maxUnavailable?: string;
  readonly drainTimeout?: string;
  readonly nodeSoakDuration?: string;
  readonly undrainableNodeBehavior?: string;
  readonly vnetSubnetId?: string;
  readonly podSubnetId?: string;
  readonly enableNodePublicIp?: boolean;
  readonly enableEncryptionAtHost?: boolean;
  readonly enableUltraSsd?: boolean;
  readonly enableFipsImage?: boolean;
  readonly gpuInstanceProfile?: string;
  readonly gpuDriver?: string;
  readonly vmSetType?: string;
  readonly podIpAllocationMode?: string;
  readonly nodePublicIpPrefixId?: string;
  readonly nodePublicIpTags?: readonly string[];
  readonly allowedHostPorts?: string;
  readonly asgIds?: string;
  readonly ppg?: string;
  readonly hostGroupId?: string;
  readonly crgId?: string;
  readonly snapshotId?: string;
  readonly enableVtpm?: boolean;
  readonly enableSecureBoot?: boolean;
  readonly sshAccess?: string;
  /** Paths of JSON files. */
  readonly kubeletConfig?: string;
  readonly linuxOsConfig?: string;
  /** Path of a text file. */
  readonly messageOfTheDay?: string;
  readonly workloadRuntime?: string;
  readonly disableWindowsOutboundNat?: boolean;
}

/** The flags that turn a pool's autoscaler on or off, and set its bounds. */
export interface AutoscalerFlags {
  readonly enableClusterAutoscaler?: boolean;
  readonly disableClusterAutoscaler?: boolean;
  readonly updateClusterAutoscaler?: boolean;
  readonly minCount?: string;
  readonly maxCount?: string;
}

/** The flags of `nodepool update`. */
export interface UpdateFlags extends AutoscalerFlags {
  readonly labels?: readonly string[];
  readonly tags?: readonly string[];
  readonly nodeTaints?: string;
  readonly mode?: string;
  readonly scaleDownMode?: string;
  readonly maxSurge?: string;
  readonly maxUnavailable?: string;
  readonly drainTimeout?: string;
  readonly nodeSoakDuration?: string;
  readonly undrainableNodeBehavior?: string;
}

/** A whole number from a flag. @throws UsageError that names the flag. */
export function wholeNumber(flag: string, text: string): number {
  if (/^-?\d+$/.test(text)) return Number(text);
  throw new UsageError(`argument ${flag}: invalid int value: '${text}'`);
}

const optionalNumber = (flag: string, text: string | undefined): number | undefined =>
  text === undefined ? undefined : wholeNumber(flag, text);

/** `a=b c=d` as a map; a flag with an empty value clears. @throws UsageError for an item without a key. */
export function pairs(flag: string, items: readonly string[]): Record<string, string> {
  const words = items.flatMap((item) => item.split(/\s+/)).filter((word) => word !== '');
  return Object.fromEntries(
    words.map((word) => {
      const at = word.indexOf('=');
      const key = at < 0 ? word : word.slice(0, at);
      if (key === '') throw new InvalidValueError(`${flag}: '${word}' must be KEY=VALUE`);
      return [key, at < 0 ? '' : word.slice(at + 1)];
    }),
  );
}

const taintPattern =
  /^[a-zA-Z\d][\w\-./]{0,252}=[a-zA-Z\d][\w\-.]{0,62}:(NoSchedule|PreferNoSchedule|NoExecute)$/;

/** `k=v:Effect,…`; an empty text clears. @throws UsageError with az's words. */
export function taints(text: string): string[] {
  const list = text.split(',').map((taint) => taint.trim());
  const given = list.filter((taint) => taint !== '');
  const bad = given.find((taint) => !taintPattern.test(taint));
  if (bad !== undefined) throw new InvalidValueError(`Invalid node taint: ${bad}`);
  return given;
}

/** @throws UsageError with az's words. */
export function checkPoolName(name: string): string {
  if (name.length > 12) throw new InvalidValueError('--nodepool-name can contain at most 12 characters');
  if (!/^[a-zA-Z0-9]+$/.test(name)) {
    throw new InvalidValueError('--nodepool-name should contain only alphanumeric characters');
  }
  return name;
}

interface Bounds {
  readonly minCount: number;
  readonly maxCount: number;
}

function bounds(minText: string | undefined, maxText: string | undefined, mode: string): Bounds {
  if (minText === undefined || maxText === undefined) {
    throw new InvalidValueError(
      'Please specify both min-count and max-count when --enable-cluster-autoscaler enabled',
    );
  }
  const minCount = inRange('--min-count', minText);
  const maxCount = inRange('--max-count', maxText);
  if (minCount > maxCount) {
    throw new InvalidValueError('Value of min-count should be less than or equal to value of max-count');
  }
  if (mode === 'System' && minCount < 1) {
    throw new InvalidValueError(
      'Value of min-count should be greater than or equal to 1 for System node pools',
    );
  }
  return { minCount, maxCount };
}

function inRange(flag: string, text: string): number {
  const value = wholeNumber(flag, text);
  if (value < 0 || value > 1000) throw new InvalidValueError(`${flag} must be in the range [0,1000]`);
  return value;
}

function upgradeSettings(flags: UpdateFlags): NonNullable<AgentPool['upgradeSettings']> | undefined {
  const { maxSurge, maxUnavailable, undrainableNodeBehavior } = flags;
  for (const [flag, value] of [
    ['--max-surge', maxSurge],
    ['--max-unavailable', maxUnavailable],
  ] as const) {
    if (value !== undefined && !/^\d+%?$/.test(value)) {
      throw new InvalidValueError(`${flag} should be an int or percentage`);
    }
  }
  const settings = defined({
    maxSurge,
    maxUnavailable,
    drainTimeoutInMinutes: optionalNumber('--drain-timeout', flags.drainTimeout),
    nodeSoakDurationInMinutes: optionalNumber('--node-soak-duration', flags.nodeSoakDuration),
    undrainableNodeBehavior,
  });
  return Object.keys(settings).length > 0 ? settings : undefined;
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** The members that have a value. */
const defined = <T extends object>(members: T): Defined<T> =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Defined<T>;

/** The body of `nodepool add`. @throws UsageError with az's words for what az refuses itself. */
export function poolToAdd(flags: AddFlags): AgentPool {
  const count = wholeNumber('--node-count', flags.nodeCount);
  const limits = autoscalerToAdd(flags, count);
  if (flags.spotMaxPrice !== undefined) checkSpotPrice(flags.priority, flags.spotMaxPrice);
  const spot = flags.priority === 'Spot';
  return defined({
    ...limits,
    count,
    vmSize: flags.nodeVmSize ?? '',
    osType: flags.osType,
    osSKU: flags.osSku,
    orchestratorVersion: flags.kubernetesVersion,
    mode: flags.mode,
    typePropertiesType: flags.vmSetType ?? 'VirtualMachineScaleSets',
    scaleDownMode: flags.scaleDownMode,
    maxPods: optionalNumber('--max-pods', flags.maxPods),
    availabilityZones: flags.zones && [...flags.zones],
    nodeLabels: flags.labels && pairs('--labels', flags.labels),
    tags: flags.tags && pairs('--tags', flags.tags),
    nodeTaints: flags.nodeTaints === undefined ? undefined : taints(flags.nodeTaints),
    osDiskType: flags.nodeOsdiskType,
    osDiskSizeGB: optionalNumber('--node-osdisk-size', flags.nodeOsdiskSize),
    scaleSetPriority: flags.priority,
    scaleSetEvictionPolicy: spot ? (flags.evictionPolicy ?? 'Delete') : undefined,
    spotMaxPrice: spot ? Number(flags.spotMaxPrice ?? -1) : undefined,
    upgradeSettings: upgradeSettings(flags),
    vnetSubnetID: flags.vnetSubnetId,
    podSubnetID: flags.podSubnetId,
    enableNodePublicIP: flags.enableNodePublicIp,
    enableEncryptionAtHost: flags.enableEncryptionAtHost,
    enableUltraSSD: flags.enableUltraSsd,
    enableFips: flags.enableFipsImage,
    gpuInstanceProfile: flags.gpuInstanceProfile,
    ...placementOf(flags),
    ...nodeConfigurationOf(flags),
    networkProfile: networkProfileOf(flags),
    securityProfile: securityProfileOf(flags),
  });
}

const placementOf = (flags: AddFlags): Partial<AgentPool> =>
  defined({
    podIPAllocationMode: flags.podIpAllocationMode,
    nodePublicIPPrefixID: flags.nodePublicIpPrefixId,
    proximityPlacementGroupID: flags.ppg,
    hostGroupID: flags.hostGroupId,
    capacityReservationGroupID: flags.crgId,
    creationData: flags.snapshotId === undefined ? undefined : { sourceResourceId: flags.snapshotId },
  });

const nodeConfigurationOf = (flags: AddFlags): Partial<AgentPool> =>
  defined({
    kubeletConfig:
      flags.kubeletConfig === undefined ? undefined : jsonFile('--kubelet-config', flags.kubeletConfig),
    linuxOSConfig:
      flags.linuxOsConfig === undefined ? undefined : jsonFile('--linux-os-config', flags.linuxOsConfig),
    messageOfTheDay:
      flags.messageOfTheDay === undefined
        ? undefined
        : textFile('--message-of-the-day', flags.messageOfTheDay).toString('base64'),
    workloadRuntime: flags.workloadRuntime,
    gpuProfile: flags.gpuDriver === undefined ? undefined : { driver: flags.gpuDriver },
    windowsProfile: flags.disableWindowsOutboundNat ? { disableOutboundNat: true } : undefined,
  });

/** `80/tcp,4000-5000/udp` and lists of ids, as az takes them. @throws InvalidValueError for a port that is none. */
function networkProfileOf(flags: AddFlags): AgentPool['networkProfile'] {
  const profile = defined({
    allowedHostPorts: flags.allowedHostPorts?.split(',').map((text) => {
      const [, first, last, protocol] = /^(\d+)(?:-(\d+))?\/(tcp|udp)$/i.exec(text.trim()) ?? [];
      if (first === undefined || protocol === undefined) {
        throw new InvalidValueError(
          `--allowed-host-ports: '${text}' must be PORT/PROTOCOL or PORT-PORT/PROTOCOL`,
        );
      }
      return { portStart: Number(first), portEnd: Number(last ?? first), protocol: protocol.toUpperCase() };
    }),
    applicationSecurityGroups: flags.asgIds?.split(',').map((id) => id.trim()),
    nodePublicIPTags:
      flags.nodePublicIpTags &&
      Object.entries(pairs('--node-public-ip-tags', flags.nodePublicIpTags)).map(([ipTagType, tag]) => ({
        ipTagType,
        tag,
      })),
  });
  return Object.keys(profile).length > 0 ? profile : undefined;
}

function securityProfileOf(flags: AddFlags): AgentPool['securityProfile'] {
  const profile = defined({
    enableVtpm: flags.enableVtpm,
    enableSecureBoot: flags.enableSecureBoot,
    sshAccess: flags.sshAccess,
  });
  return Object.keys(profile).length > 0 ? profile : undefined;
}

function textFile(flag: string, path: string): Buffer {
  try {
    return readFileSync(path);
  } catch {
    throw new InvalidValueError(`${flag}: ${path} is not a file that can be read.`);
  }
}

function jsonFile(flag: string, path: string): Record<string, never> {
  try {
    return JSON.parse(textFile(flag, path).toString()) as Record<string, never>;
  } catch (error) {
    if (error instanceof InvalidValueError) throw error;
    throw new InvalidValueError(
      `${flag}: ${path} is no JSON: ${error instanceof Error ? error.message : ''}`,
    );
  }
}

function autoscalerToAdd(flags: AddFlags, count: number): Partial<AgentPool> {
  if (!flags.enableClusterAutoscaler) {
    if (flags.minCount !== undefined || flags.maxCount !== undefined) throw boundsWithoutFlag();
    return {};
  }
  const limits = bounds(flags.minCount, flags.maxCount, flags.mode);
  if (count < limits.minCount || count > limits.maxCount) {
    throw new InvalidValueError('node-count is not in the range of min-count and max-count');
  }
  return { enableAutoScaling: true, ...limits };
}

function checkSpotPrice(priority: string, text: string): void {
  if (priority !== 'Spot')
    throw new InvalidValueError('--spot-max-price can only be set when --priority is Spot');
  const price = Number(text);
  if (!/^-?\d+(\.\d+)?$/.test(text) || (price !== -1 && price <= 0)) {
    throw new InvalidValueError(
      '--spot-max-price should be any decimal value greater than zero, or -1 which indicates default price',
    );
  }
  if ((text.split('.')[1] ?? '').length > 5) {
    throw new InvalidValueError('--spot-max-price can only include up to 5 decimal places');
  }
}

const boundsWithoutFlag = (): InvalidValueError =>
  new InvalidValueError(
    'min-count and max-count are required for --enable-cluster-autoscaler or --update-cluster-autoscaler, please use the flag',
  );

/** What an update comes to: the whole pool to put back, or a warning and nothing to do. */
export type PoolUpdate =
  { readonly kind: 'put'; readonly pool: AgentPool } | { readonly kind: 'nothing'; readonly warning: string };

/** Applies the flags of `nodepool update` to the pool as it was read. @throws UsageError with az's words. */
export function poolToUpdate(current: AgentPool, flags: UpdateFlags): PoolUpdate {
  if (Object.keys(flags).length === 0) {
    throw new InvalidValueError(
      'Please specify one or more of --enable-cluster-autoscaler, --disable-cluster-autoscaler, --update-cluster-autoscaler, --tags, --mode, --max-surge, --labels, --node-taints or --scale-down-mode',
    );
  }
  const scaling = autoscalerChange(current, flags);
  if (scaling.kind === 'nothing') return scaling;
  const settings = upgradeSettings(flags);
  const changes = defined({
    ...scaling.changes,
    nodeLabels: flags.labels && pairs('--labels', flags.labels),
    tags: flags.tags && pairs('--tags', flags.tags),
    nodeTaints: flags.nodeTaints === undefined ? undefined : taints(flags.nodeTaints),
    mode: flags.mode,
    scaleDownMode: flags.scaleDownMode,
    upgradeSettings: settings && { ...current.upgradeSettings, ...settings },
  });
  const pool: AgentPool = { ...current, ...changes };
  if (flags.disableClusterAutoscaler) {
    delete pool.minCount;
    delete pool.maxCount;
  }
  return { kind: 'put', pool };
}

/** What the flags change of a pool's autoscaler, or a warning and nothing to do. @throws InvalidValueError with az's words. */
export function autoscalerChange(
  current: Pick<AgentPool, 'name' | 'mode' | 'enableAutoScaling'>,
  flags: AutoscalerFlags & { readonly mode?: string },
):
  | {
      readonly kind: 'change';
      readonly changes: Pick<AgentPool, 'enableAutoScaling' | 'minCount' | 'maxCount'>;
    }
  | { readonly kind: 'nothing'; readonly warning: string } {
  const { enableClusterAutoscaler, disableClusterAutoscaler, updateClusterAutoscaler } = flags;
  const switched = [enableClusterAutoscaler, disableClusterAutoscaler, updateClusterAutoscaler].filter(
    (flag) => flag === true,
  ).length;
  if (switched > 1) {
    throw new InvalidValueError(
      'Please specify only one of --enable-cluster-autoscaler, --disable-cluster-autoscaler and --update-cluster-autoscaler',
    );
  }
  const name = current.name ?? '';
  if (switched === 0) {
    if (flags.minCount !== undefined || flags.maxCount !== undefined) throw boundsWithoutFlag();
    return { kind: 'change', changes: {} };
  }
  if (disableClusterAutoscaler) {
    return current.enableAutoScaling
      ? { kind: 'change', changes: { enableAutoScaling: false } }
      : { kind: 'nothing', warning: 'Autoscaler is already disabled for this node pool.' };
  }
  const limits = bounds(flags.minCount, flags.maxCount, flags.mode ?? current.mode ?? 'User');
  if (enableClusterAutoscaler && current.enableAutoScaling) {
    return {
      kind: 'nothing',
      warning: `Autoscaler is already enabled for this node pool. Please run "az aks nodepool update --update-cluster-autoscaler" if you want to update min-count or max-count of ${name}.`,
    };
  }
  if (updateClusterAutoscaler && !current.enableAutoScaling) {
    throw new InvalidValueError(
      'Cluster autoscaler is not enabled for this node pool. Run "poolkeeper aks nodepool update --enable-cluster-autoscaler" to enable cluster with min-count and max-count.',
    );
  }
  return { kind: 'change', changes: { enableAutoScaling: true, ...limits } };
}
