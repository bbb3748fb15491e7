import type { ObjectChange } from '../framework/cluster-event.js';
import type { Plugin, PluginContext, Subject } from '../framework/plugin.js';
import { unresolvable, unschedulable } from '../framework/refusal.js';
import { isFinished } from '../../kube/index.js';
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
    const users = claims ? otherUsers(subject, context, claims, named) : [];
    if (disks.length === 0 && users.length === 0) return undefined;
    return {
      filter: (node) => {
        if (disks.length > 0 && podsOf(node).some((pod) => disksClash(subject.pod, pod))) return noDisk;
        return users.some((user) => isStillThere(user, node)) ? taken : undefined;
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

/** A pod that uses a claim that it alone may use, and its node. */
interface User {
  readonly uid: string;
  readonly node: string;
}

/** Other pods on nodes that have one of the pod's claims that only one pod may have. */
function otherUsers(
  { info }: Subject,
  { cache }: PluginContext,
  { objects }: PodClaims,
  uses: readonly ClaimUse[],
): readonly User[] {
  return uses.flatMap(({ entry }) => {
    const claim = entry?.value.object;
    if (!claim?.spec.accessModes?.includes('ReadWriteOncePod')) return [];
    return objects.usersOf(claim).flatMap((pod): readonly User[] => {
      const { uid } = pod.metadata;
      if (uid === info.uid || isFinished(pod)) return [];
      const node = cache.nodeOf(uid)?.name ?? pod.spec.nodeName;
      return node ? [{ uid, node }] : [];
    });
  });
}

/** A pod of the node that is looked at may have been taken off it for a trial. */
const isStillThere = ({ uid, node: where }: User, node: NodeInfo): boolean =>
  where !== node.name || node.pods.has(uid);
