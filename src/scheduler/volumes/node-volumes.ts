import { claimsOf, controllerOf, driverOf } from '../../kube/index.js';
import type { CsiNode, PersistentVolume, PersistentVolumeClaim, Pod } from '../../kube/index.js';
import type { ClusterCache } from '../cache/cluster-cache.js';
import type { NodeInfo } from '../cache/node-info.js';
import type { VolumeObjects } from './objects.js';

/** Volumes by a name of their own, which pods that share one have in common, with their drivers. */
export type AttachableVolumes = ReadonlyMap<string, string>;

/** What a node has, and what it can take. */
interface NodeVolumes {
  /** The most volumes, by driver; a driver that is not there has no limit. */
  readonly limits: ReadonlyMap<string, number>;
  /** Those of its pods. */
  readonly used: AttachableVolumes;
  /** Those attached to it that none of its pods uses, by driver. */
  readonly idle: ReadonlyMap<string, number>;
  /** True when Azure's disks that pods name themselves are its driver's (CSI migration). */
  readonly takesInlineDisks: boolean;
}

interface Known {
  readonly generation: number;
  readonly volumes: NodeVolumes;
}

const known = new WeakMap<NodeInfo, Known>();

const azureDisk = { plugin: 'kubernetes.io/azure-disk', driver: 'disk.csi.azure.com' };
const migratedPlugins = 'storage.alpha.kubernetes.io/migrated-plugins';

/** The volumes of a node and its limits; looked up again when the node or its pods have changed. */
export function nodeVolumes(objects: VolumeObjects, cache: ClusterCache, node: NodeInfo): NodeVolumes {
  const generation = cache.generations.of(node.slot);
  const before = known.get(node);
  if (before?.generation === generation) return before.volumes;
  const volumes = lookUp(objects, node);
  known.set(node, { generation, volumes });
  return volumes;
}

const none: NodeVolumes = { limits: new Map(), used: new Map(), idle: new Map(), takesInlineDisks: false };

function lookUp(objects: VolumeObjects, node: NodeInfo): NodeVolumes {
  const csiNode = objects.csiNode(node.name);
  const limits = limitsOf(csiNode);
  if (limits.size === 0) return none;
  const takesInlineDisks = isMigrated(csiNode);
  const used = new Map<string, string>();
  for (const { pod } of node.pods.values())
    for (const [name, driver] of volumesOf(objects, pod, takesInlineDisks)) used.set(name, driver);
  const idle = new Map<string, string>();
  for (const { spec } of objects.attachmentsOf(node.name)) {
    const volume = objects.volume(spec.source.persistentVolumeName);
    const found = volume && handleOf(volume);
    if (found && !used.has(found[0])) idle.set(...found);
  }
  return { limits, used, idle: countsOf(idle), takesInlineDisks };
}

function countsOf(volumes: AttachableVolumes): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const driver of volumes.values()) counts.set(driver, (counts.get(driver) ?? 0) + 1);
  return counts;
}

function limitsOf(csiNode: CsiNode | undefined): ReadonlyMap<string, number> {
  const limits = new Map<string, number>();
  for (const { name, allocatable } of csiNode?.spec.drivers ?? [])
    if (allocatable?.count !== undefined) limits.set(name, allocatable.count);
  return limits;
}

const isMigrated = (csiNode: CsiNode | undefined): boolean =>
  csiNode?.metadata.annotations?.[migratedPlugins]?.split(',').includes(azureDisk.plugin) === true;

/** The volumes of a pod that have to be attached; those that are still to be made go by their claim. */
export function volumesOf(objects: VolumeObjects, pod: Pod, takesInlineDisks: boolean): AttachableVolumes {
  const found = new Map<string, string>();
  const { namespace, uid } = pod.metadata;
  for (const { name, volume } of claimsOf(pod)) {
    const claim = objects.claim(namespace, name)?.value.object;
    if (!claim || (volume.ephemeral && controllerOf(claim)?.uid !== uid)) continue;
    const one = volumeOf(objects, claim);
    if (one) found.set(...one);
  }
  if (takesInlineDisks) {
    for (const { azureDisk: disk } of pod.spec.volumes ?? [])
      if (disk) found.set(...named(azureDisk.driver, disk.diskURI ?? ''));
  }
  return found;
}

function volumeOf(
  objects: VolumeObjects,
  claim: PersistentVolumeClaim,
): readonly [name: string, driver: string] | undefined {
  const volume = objects.volume(claim.spec.volumeName);
  if (volume) return handleOf(volume);
  const storageClass = objects.classOf(claim);
  if (!storageClass) return undefined;
  const { namespace = '', name } = claim.metadata;
  return [`claim ${namespace}/${name}`, driverOf(storageClass)];
}

function handleOf({
  spec: { csi, azureDisk: disk },
}: PersistentVolume): readonly [name: string, driver: string] | undefined {
  if (csi) return named(csi.driver, csi.volumeHandle);
  return disk && named(azureDisk.driver, disk.diskURI ?? '');
}

const named = (driver: string, handle: string): readonly [string, string] => [`${driver}/${handle}`, driver];

/**
 * True when a node can't take the volumes that a pod brings beside those it has (NodeVolumeLimits). A volume of the pod that is
 * attached already, and that no pod uses yet, counts twice, as it does for kube-scheduler.
 */
export function exceedsLimits({ limits, used, idle }: NodeVolumes, brought: AttachableVolumes): boolean {
  const added = countsOf(new Map([...brought].filter(([name]) => !used.has(name))));
  for (const [driver, count] of added) {
    const limit = limits.get(driver);
    if (limit === undefined) continue;
    let present = idle.get(driver) ?? 0;
    for (const one of used.values()) if (one === driver) present += 1;
    if (present + count > limit) return true;
  }
  return false;
}
