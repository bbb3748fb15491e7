import type { ObjectChange } from '../framework/cluster-event.js';
import type { Plugin, PluginContext, Subject } from '../framework/plugin.js';
import { unresolvable, unschedulable } from '../framework/refusal.js';
import type { Pod } from '../../kube/index.js';
import type { NodeInfo } from '../cache/node-info.js';
import { clash, inlineDisksOf } from '../volumes/disk-conflicts.js';
import { isOwnClaim, sharesClaim } from '../volumes/hints.js';
import { notFoundText, podClaims } from '../volumes/pod-claims.js';
import type { ClaimUse, PodClaims } from '../volumes/pod-claims.js';

const name = 'VolumeRestrictions';
const noDisk = unschedulable(name, 'node(s) had no available disk');
const taken = unschedulable(
  name,
  'node(s) unavailable due to PersistentVolumeClaim with ReadWriteOncePod access mode already in-use by another pod',
);
/** Before 1.34. */
const takenByName = unschedulable(
  name,
  'node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod access mode',
);

/** Keeps a pod from disks that clash with those of a node's pods, and from a claim that one pod alone may use. */
export const volumeRestrictions: Plugin = {
  name,
  dependsOn: 'objects',
  wakesOn: (event, { pod }) => {
    switch (event.kind) {
      case 'node added':
        return true;
      case 'pod removed':
        return disksClash(pod, event.info.pod) || sharesClaim(pod, event.info.pod);
      case 'object changed':
        return isNew(event) && isOwnClaim(pod, event);
      default:
        return false;
    }
  },
  compile: (subject, context) => {
    const disks = inlineDisksOf(subject.pod);
    const claims = podClaims(subject, context);
    const named = (claims?.uses ?? []).filter(({ volume }) => volume.persistentVolumeClaim !== undefined);
    const missing = named.find(({ entry }) => !entry);
    if (missing) return { rejection: unresolvable(name, notFoundText(missing.name)) };
    const conflicts = claims ? conflictsOf(subject, context, claims, named) : undefined;
    if (disks.length === 0 && !conflicts) return undefined;
    return {
      filter: (node) => {
        if (disks.length > 0 && podsOf(node).some((pod) => disksClash(subject.pod, pod))) return noDisk;
        if (conflicts?.remain(node) !== true) return undefined;
        return context.features.singlePodClaimText === 'names-claim' ? takenByName : taken;
      },
    };
  },
};

const isNew = ({ before }: ObjectChange): boolean => before === undefined;

const podsOf = ({ pods }: NodeInfo): readonly Pod[] => [...pods.values()].map(({ pod }) => pod);

const disksClash = (a: Pod, b: Pod): boolean => {
  const disks = inlineDisksOf(a);
  return disks.length > 0 && inlineDisksOf(b).some((other) => disks.some((disk) => clash(disk, other)));
};

/** Claims that one pod alone may use, and another does. */
interface Conflicts {
  /** Whether there are any with the pods that a node has now: some may have been taken off it, or put on it, for a trial. */
  remain(node: NodeInfo): boolean;
}

/**
 * Kept as kube-scheduler keeps them: a claim that other pods use is one conflict, however many use it and wherever, but each pod
 * that is taken off a node is one less for each claim of such a name that it has, of whatever namespace.
 */
function conflictsOf(
  { info }: Subject,
  { cache }: PluginContext,
  { objects }: PodClaims,
  uses: readonly ClaimUse[],
): Conflicts | undefined {
  const isUsed = ({ entry }: ClaimUse): boolean => {
    const claim = entry?.value.object;
    return (
      claim !== undefined &&
      objects
        .usersOf(claim)
        .some(({ metadata: { uid } }) => uid !== info.uid && cache.nodeOf(uid) !== undefined)
    );
  };
  const exclusive = uses.filter(({ entry }) =>
    entry?.value.object.spec.accessModes?.includes('ReadWriteOncePod'),
  );
  // A claim that several volumes of the pod name is one.
  const count = new Set(exclusive.filter(isUsed).map(({ name: claim }) => claim)).size;
  if (count === 0) return undefined;
  const names = new Set(exclusive.map(({ name: claim }) => claim));
  const usesOn = (node: NodeInfo): number =>
    podsOf(node)
      .flatMap(({ spec: { volumes = [] } }) => volumes)
      .filter(({ persistentVolumeClaim: use }) => use?.claimName !== undefined && names.has(use.claimName))
      .length;
  const before = new Map(cache.nodes.map((node) => [node.name, usesOn(node)]));
  return { remain: (node) => count + usesOn(node) - (before.get(node.name) ?? 0) > 0 };
}
