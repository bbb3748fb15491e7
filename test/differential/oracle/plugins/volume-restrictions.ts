import type { Pod, Volume } from '../../objects.js';
import { refused } from '../plugin.js';
import type { Plugin } from '../plugin.js';
import { claimOf } from './volumes.js';

/** Disks that can be used once, and claims that one pod at a time may use. */
export const volumeRestrictions: Plugin = {
  name: 'VolumeRestrictions',
  hasPreFilter: true,
  prepare: ({ input, pod, cluster, version }) => {
    const volumes = pod.spec.volumes ?? [];
    const exclusive = new Set<string>();
    for (const name of claimNames(pod)) {
      const claim = claimOf(input, pod, name);
      if (claim === undefined)
        return { kind: 'reject', message: `persistentvolumeclaim "${name}" not found` };
      if (claim.spec.accessModes?.includes('ReadWriteOncePod') === true) exclusive.add(name);
    }
    const uses = (other: Pod): readonly string[] =>
      other.metadata.namespace === pod.metadata.namespace
        ? claimNames(other).filter((name) => exclusive.has(name))
        : [];
    // The claims in use count once each here; below, each mention of one of their names by a pod counts, whatever the
    // namespace of that pod is.
    const inUse = new Set(cluster.nodes.flatMap(({ pods }) => pods.flatMap(uses))).size;
    const mentions = (pods: readonly Pod[]): number =>
      pods.flatMap(claimNames).filter((name) => exclusive.has(name)).length;
    if (inUse === 0 && !volumes.some(isDisk)) return { kind: 'skip' };
    return {
      kind: 'filter',
      filter: (view) => {
        const others = view.pods.flatMap(({ spec }) => spec.volumes ?? []);
        if (volumes.some((volume) => others.some((other) => clash(volume, other))))
          return refused('U', 'node(s) had no available disk');
        if (inUse + mentions(view.added) - mentions(view.removed) <= 0) return undefined;
        return refused(
          'U',
          version.minor <= 33
            ? 'node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod access mode'
            : 'node(s) unavailable due to PersistentVolumeClaim with ReadWriteOncePod access mode already in-use by another pod',
        );
      },
    };
  },
};

const claimNames = ({ spec }: Pod): readonly string[] =>
  (spec.volumes ?? []).flatMap(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName ?? []);

const isDisk = ({ gcePersistentDisk, awsElasticBlockStore, iscsi, rbd }: Volume): boolean =>
  [gcePersistentDisk, awsElasticBlockStore, iscsi, rbd].some((disk) => disk !== undefined);

const poolOf = ({ pool = 'rbd' }: { readonly pool?: string }): string => pool;

/** The same disk, unless both only read it; an EBS volume even then. */
function clash(left: Volume, right: Volume): boolean {
  const onlyRead = (one?: { readOnly?: boolean }, other?: { readOnly?: boolean }): boolean =>
    one?.readOnly === true && other?.readOnly === true;
  if (left.gcePersistentDisk !== undefined && right.gcePersistentDisk !== undefined) {
    const [one, other] = [left.gcePersistentDisk, right.gcePersistentDisk];
    if (one.pdName === other.pdName && !onlyRead(one, other)) return true;
  }
  if (left.awsElasticBlockStore !== undefined && right.awsElasticBlockStore !== undefined)
    if (left.awsElasticBlockStore.volumeID === right.awsElasticBlockStore.volumeID) return true;
  if (left.iscsi !== undefined && right.iscsi !== undefined) {
    const [one, other] = [left.iscsi, right.iscsi];
    if (one.iqn === other.iqn && !onlyRead(one, other)) return true;
  }
  if (left.rbd !== undefined && right.rbd !== undefined) {
    const [one, other] = [left.rbd, right.rbd];
    const isSame =
      one.monitors.some((monitor) => other.monitors.includes(monitor)) &&
      poolOf(one) === poolOf(other) &&
      one.image === other.image;
    if (isSame && !onlyRead(one, other)) return true;
  }
  return false;
}
