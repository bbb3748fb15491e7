/**
 * A case: one pending pod, the cluster that a scheduler sees when it looks at it, and (in recorded cases) what was decided.
 * The format is documented in docs/differential.md.
 */
import type {
  CsiDriver,
  CsiNode,
  CsiStorageCapacity,
  DeviceClass,
  Namespace,
  Node,
  NodeAffinity,
  PersistentVolume,
  PersistentVolumeClaim,
  Pod,
  PodDisruptionBudget,
  ReplicationController,
  ResourceClaim,
  ResourceSlice,
  SelectingController,
  Service,
  StorageClass,
  TopologySpreadConstraint,
  VolumeAttachment,
} from './objects.js';

export interface WeightedResource {
  readonly name: string;
  /** 1 when absent or 0. */
  readonly weight?: number;
}

export interface UtilizationShapePoint {
  /** 0..100 */
  readonly utilization: number;
  /** 0..10 */
  readonly score: number;
}

/** Arguments by plugin: those of `KubeSchedulerConfiguration` v1 that the default plugins have. */
export interface PluginArguments {
  readonly NodeResourcesFit?: {
    readonly ignoredResources?: readonly string[];
    readonly ignoredResourceGroups?: readonly string[];
    readonly scoringStrategy?: {
      readonly type?: 'LeastAllocated' | 'MostAllocated' | 'RequestedToCapacityRatio';
      readonly resources?: readonly WeightedResource[];
      readonly requestedToCapacityRatio?: { readonly shape: readonly UtilizationShapePoint[] };
    };
  };
  readonly NodeResourcesBalancedAllocation?: { readonly resources?: readonly WeightedResource[] };
  readonly PodTopologySpread?: {
    readonly defaultConstraints?: readonly TopologySpreadConstraint[];
    readonly defaultingType?: 'System' | 'List';
  };
  readonly InterPodAffinity?: {
    readonly hardPodAffinityWeight?: number;
    readonly ignorePreferredTermsOfExistingPods?: boolean;
  };
  readonly NodeAffinity?: { readonly addedAffinity?: NodeAffinity };
  readonly DefaultPreemption?: {
    readonly minCandidateNodesPercentage?: number;
    readonly minCandidateNodesAbsolute?: number;
  };
}

export type PluginConfiguration = {
  [Name in keyof PluginArguments]-?: {
    readonly name: Name;
    readonly args: NonNullable<PluginArguments[Name]>;
  };
}[keyof PluginArguments];

export interface PluginSet {
  readonly enabled?: readonly { readonly name: string; readonly weight?: number }[];
  /** `*` is all of them. */
  readonly disabled?: readonly { readonly name: string }[];
}

/** The extension points whose plugins make a difference to one decision. */
export type ExtensionPoint = 'preFilter' | 'filter' | 'postFilter' | 'preScore' | 'score';

export interface ProfileConfiguration {
  readonly schedulerName?: string;
  readonly percentageOfNodesToScore?: number;
  readonly plugins?: { readonly [Point in ExtensionPoint | 'multiPoint']?: PluginSet };
  readonly pluginConfig?: readonly PluginConfiguration[];
}

export interface Configuration {
  readonly percentageOfNodesToScore?: number;
  readonly profiles?: readonly ProfileConfiguration[];
}

/** What a scheduler said. Absent members are not compared. */
export interface Decision {
  /** The node bound to. */
  readonly node?: string;
  /** The whole text of a failure; a text of 1024 bytes that ends in ` ...` is compared as far as it goes. */
  readonly message?: string;
  readonly nominatedNode?: string;
  /** `namespace/name` of those preempted. */
  readonly victims?: readonly string[];
  /** By node, of those looked at; `U` when removing pods may help, else `UU`. */
  readonly refusals?: Readonly<
    Record<
      string,
      { readonly plugin: string; readonly reasons: readonly string[]; readonly code: 'U' | 'UU' }
    >
  >;
  /** In the order found. */
  readonly feasible?: readonly string[];
  /** Weighted, by node and plugin. */
  readonly scores?: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

export interface Case {
  readonly formatVersion: 1;
  readonly kubernetesVersion: string;
  readonly configuration?: Configuration;
  /** Where the scheduler's round over the nodes goes on; 0 when absent. */
  readonly startNodeIndex?: number;
  /** In the order in which they arrived. */
  readonly nodes: readonly Node[];
  /** Those bound to a node, nominated to one, or terminating. */
  readonly pods: readonly Pod[];
  readonly pod: Pod;
  readonly namespaces?: readonly Namespace[];
  readonly services?: readonly Service[];
  readonly replicationControllers?: readonly ReplicationController[];
  readonly replicaSets?: readonly SelectingController[];
  readonly statefulSets?: readonly SelectingController[];
  readonly persistentVolumeClaims?: readonly PersistentVolumeClaim[];
  readonly persistentVolumes?: readonly PersistentVolume[];
  readonly storageClasses?: readonly StorageClass[];
  readonly csiNodes?: readonly CsiNode[];
  readonly csiDrivers?: readonly CsiDriver[];
  readonly csiStorageCapacities?: readonly CsiStorageCapacity[];
  readonly volumeAttachments?: readonly VolumeAttachment[];
  readonly podDisruptionBudgets?: readonly PodDisruptionBudget[];
  readonly resourceClaims?: readonly ResourceClaim[];
  readonly deviceClasses?: readonly DeviceClass[];
  readonly resourceSlices?: readonly ResourceSlice[];
  readonly decision?: Decision;
}

/** The members of a case that are lists of objects. */
export const objectLists = [
  'nodes',
  'pods',
  'namespaces',
  'services',
  'replicationControllers',
  'replicaSets',
  'statefulSets',
  'persistentVolumeClaims',
  'persistentVolumes',
  'storageClasses',
  'csiNodes',
  'csiDrivers',
  'csiStorageCapacities',
  'volumeAttachments',
  'podDisruptionBudgets',
  'resourceClaims',
  'deviceClasses',
  'resourceSlices',
] as const satisfies readonly (keyof Case)[];

const members: ReadonlySet<string> = new Set<keyof Case>([
  ...objectLists,
  'formatVersion',
  'kubernetesVersion',
  'configuration',
  'startNodeIndex',
  'pod',
  'decision',
]);

type Members = Readonly<Record<string, unknown>>;

const isMembers = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A file that is not in the format; the message says where and what is wrong. */
export class CaseError extends Error {
  override readonly name = 'CaseError';
}

/**
 * The cases of a file: one, an array of them, or one per line.
 * @throws CaseError
 */
export function parseCases(text: string, file: string): readonly Case[] {
  const whole = jsonOf(text);
  if (whole !== undefined)
    return Array.isArray(whole)
      ? whole.map((value, index) => parseCase(value, `${file}[${String(index)}]`))
      : [parseCase(whole, file)];
  return text.split('\n').flatMap((line, index) => {
    if (line.trim() === '') return [];
    const where = `${file}:${String(index + 1)}`;
    const value = jsonOf(line);
    if (value === undefined) throw new CaseError(`${where}: neither JSON nor JSON lines`);
    return [parseCase(value, where)];
  });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/**
 * Checks what is this format's own. Objects were validated by the API server that returned them; here they need no more than
 * a name, and pods a spec with containers.
 * @throws CaseError
 */
export function parseCase(value: unknown, where: string): Case {
  const fail = (problem: string): never => {
    throw new CaseError(`${where}: ${problem}`);
  };
  if (!isMembers(value)) return fail('a case is an object');
  for (const member of Object.keys(value)) if (!members.has(member)) fail(`unknown member ${member}`);
  if (value['formatVersion'] !== 1) fail('formatVersion must be 1');
  const version = value['kubernetesVersion'];
  if (typeof version !== 'string' || !/^v?\d+\.\d+\.\d+/.test(version))
    fail('kubernetesVersion must be a version such as "1.34.1"');
  const start = value['startNodeIndex'];
  if (start !== undefined && (typeof start !== 'number' || !Number.isInteger(start) || start < 0))
    fail('startNodeIndex must be a whole number from 0');
  for (const list of objectLists) {
    const objects = value[list];
    if (objects === undefined && list !== 'nodes' && list !== 'pods') continue;
    if (!Array.isArray(objects)) return fail(`${list} must be an array`);
    objects.forEach((object: unknown, index) => {
      checkNamed(object, `${where}: ${list}[${String(index)}]`);
      if (list === 'pods') checkPod(object, `${where}: pods[${String(index)}]`);
    });
  }
  checkNamed(value['pod'], `${where}: pod`);
  checkPod(value['pod'], `${where}: pod`);
  for (const member of ['configuration', 'decision'])
    if (value[member] !== undefined && !isMembers(value[member])) fail(`${member} must be an object`);
  return value as unknown as Case;
}

function checkNamed(object: unknown, where: string): void {
  const metadata = isMembers(object) ? object['metadata'] : undefined;
  if (!isMembers(metadata) || typeof metadata['name'] !== 'string')
    throw new CaseError(`${where} must be an object with metadata.name`);
}

function checkPod(object: unknown, where: string): void {
  const spec = isMembers(object) ? object['spec'] : undefined;
  if (!isMembers(spec) || !Array.isArray(spec['containers']))
    throw new CaseError(`${where} must have spec.containers`);
}
