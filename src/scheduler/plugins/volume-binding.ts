import { canonicalJson, capacityBytes, classNameOf, requestedBytes } from '../../kube/index.js';
import type { CsiDriver, CsiStorageCapacity } from '../../kube/index.js';
import { quantityValue } from '../../units/index.js';
import type { NodeInfo } from '../cache/node-info.js';
import type { ObjectChange } from '../framework/cluster-event.js';
import type { ShapePoint } from '../framework/configuration.js';
import type { Plugin, Scorer } from '../framework/plugin.js';
import { unresolvable } from '../framework/refusal.js';
import type { Refusal } from '../framework/refusal.js';
import { isNodePlaced, isOwnClaim } from '../volumes/hints.js';
import { claimFault, podClaims } from '../volumes/pod-claims.js';
import { reserveVolumes, volumesReady } from '../volumes/reservation.js';
import { VolumeFit } from '../volumes/volume-fit.js';
import type { StaticBinding } from '../volumes/volume-fit.js';
import { scoreByShape } from './resource-strategies.js';

const name = 'VolumeBinding';

/** Puts a pod where its volumes are, or where they can be made. */
export const volumeBinding: Plugin = {
  name,
  dependsOn: 'objects',
  weight: 1,
  wakesOn: (event, { pod }) =>
    isNodePlaced(event) ||
    (event.kind === 'object changed' && (isOwnClaim(pod, event) || mayMakeRoom(event))),
  readiness: (subject, context, node) => {
    const claims = podClaims(subject, context);
    return claims ? volumesReady(claims, context, node) : 'ready';
  },
  compile: (subject, context) => {
    const claims = podClaims(subject, context);
    if (!claims) return undefined;
    const fault = claimFault(subject, claims);
    if (fault !== undefined) return { rejection: unresolvable(name, fault) };
    const fit = new VolumeFit(claims);
    const refusalOf = refusals();
    const { shape } = context.args.VolumeBinding ?? {};
    return {
      filter: ({ node }) => {
        const { reasons } = node ? fit.on(node) : { reasons: [] };
        return reasons.length > 0 ? refusalOf(reasons) : undefined;
      },
      reserve: ({ node }, tx, now) => {
        if (node) reserveVolumes(tx, context.cluster, fit.on(node), node.metadata.name, now);
      },
      ...(shape && { scorer: () => scorerOf(fit, shape) }),
    };
  },
};

/** One refusal for equal reasons, so that they are counted as one. */
function refusals(): (reasons: readonly string[]) => Refusal {
  const made = new Map<string, Refusal>();
  return (reasons) => {
    const key = reasons.join('|');
    const refusal = made.get(key) ?? unresolvable(name, ...reasons);
    made.set(key, refusal);
    return refusal;
  };
}

/** Changes of other objects than the pod's claims by which a volume may be found for it. */
function mayMakeRoom({ of, before, after }: ObjectChange): boolean {
  if (!after) return false;
  switch (of) {
    case 'persistentvolumes':
    case 'storageclasses':
      return !before || canonicalJson({ ...before, status: '' }) !== canonicalJson({ ...after, status: '' });
    case 'csinodes':
      return true;
    case 'csidrivers':
      return isWatchingRoom(before as CsiDriver | undefined) && !isWatchingRoom(after as CsiDriver);
    case 'csistoragecapacities':
      return !before || hasMoreRoom(before as CsiStorageCapacity, after as CsiStorageCapacity);
    default:
      return false;
  }
}

const isWatchingRoom = (driver: CsiDriver | undefined): boolean => driver?.spec.storageCapacity === true;

const hasMoreRoom = (before: CsiStorageCapacity, after: CsiStorageCapacity): boolean =>
  quantityValue(after.capacity ?? '0') > quantityValue(before.capacity ?? '0') ||
  quantityValue(after.maximumVolumeSize ?? '0') > quantityValue(before.maximumVolumeSize ?? '0');

/** Scores a node by how full the volumes would be that there are for the pod there, each class counting alike. */
function scorerOf(fit: VolumeFit, shape: readonly ShapePoint[]): Scorer {
  const scoreOf = scoreByShape(shape);
  const bindingsOn = ({ node }: NodeInfo): readonly StaticBinding[] => (node ? fit.on(node).bindings : []);
  return {
    prepare: (feasible) => (feasible.nodes().some((node) => bindingsOn(node).length > 0) ? 'score' : 'skip'),
    score: (node) => {
      const classes = new Map<string, { requested: number; capacity: number }>();
      for (const { claim, volume } of bindingsOn(node)) {
        const className = classNameOf(claim.value.object) ?? '';
        const { requested, capacity } = classes.get(className) ?? { requested: 0, capacity: 0 };
        classes.set(className, {
          requested: requested + requestedBytes(claim.value.object),
          capacity: capacity + capacityBytes(volume),
        });
      }
      if (classes.size === 0) return 0;
      let sum = 0;
      for (const { requested, capacity } of classes.values())
        sum += scoreOf(
          capacity === 0 || requested > capacity ? 100 : Math.floor((requested * 100) / capacity),
        );
      return Math.round(sum / classes.size);
    },
  };
}
