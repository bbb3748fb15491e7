import {
  classNameOf,
  isReachable,
  matchesOf,
  mayBeMadeFor,
  requestedBytes,
  volumeAnnotations,
} from '../../kube/index.js';
import type { ClaimEntry, KubeNode, PersistentVolume, PersistentVolumeClaim } from '../../kube/index.js';
import { isFullyBound } from './pod-claims.js';
import type { PodClaims } from './pod-claims.js';
import type { VolumeObjects } from './objects.js';
import { RankedVolumes } from './ranked-volumes.js';
import { roomFor } from './storage-capacity.js';

/** A claim and the volume that there is for it. */
export interface StaticBinding {
  readonly claim: ClaimEntry;
  readonly volume: PersistentVolume;
}

/** How a pod's claims would do on a node. */
export interface Fit {
  /** Why they would not, in kube-scheduler's words; empty when they would. */
  readonly reasons: readonly string[];
  readonly bindings: readonly StaticBinding[];
  /** Claims whose volumes are to be made where the node is. */
  readonly provisions: readonly ClaimEntry[];
}

const conflict = "node(s) didn't match PersistentVolume's node affinity";
const unbindable = "node(s) didn't find available persistent volumes to bind";
const tooLittle = 'node(s) did not have enough free storage';
const missing = 'node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)';

const noProvisioner = 'kubernetes.io/no-provisioner';

/** Why a volume can't be made where a node is; undefined when it can. */
type CheckMaking = (node: KubeNode) => typeof unbindable | typeof tooLittle | undefined;

/** A claim that is bound where the pod is put. */
interface Waiting {
  readonly claim: ClaimEntry;
  /** The node that its volume is being made for already. */
  readonly selectedNode: string | undefined;
  readonly matches: RankedVolumes;
  readonly checkMaking: CheckMaking;
}

/** Holds a pod's claims against nodes (VolumeBinding): what does not hang on the node is looked up once. */
export class VolumeFit {
  readonly #bound: readonly (PersistentVolume | undefined)[];
  /** The smallest first, as the smallest volumes are for them. */
  readonly #waiting: readonly Waiting[];

  constructor({ objects, uses }: PodClaims) {
    const claims = uses.flatMap(({ entry }) => entry ?? []);
    this.#bound = claims
      .filter(({ value }) => isFullyBound(value.object))
      .map(({ value }) => objects.volume(value.object.spec.volumeName));
    this.#waiting = claims
      .filter(({ value }) => !isFullyBound(value.object))
      .map((claim) => waitingOf(objects, claim))
      .sort((a, b) => requestedBytes(a.claim.value.object) - requestedBytes(b.claim.value.object));
  }

  on(node: KubeNode): Fit {
    const reasons: string[] = [];
    const refused = this.#bound.find((volume) => !volume || !isReachable(volume, node));
    if (refused) reasons.push(conflict);
    const isMissing = !refused && this.#bound.includes(undefined);
    const { bindings, provisions, fault } = this.#bind(node);
    if (fault !== undefined) reasons.push(fault);
    if (isMissing) reasons.push(missing);
    return { reasons, bindings, provisions };
  }

  #bind(node: KubeNode): Omit<Fit, 'reasons'> & { readonly fault?: string } {
    const bindings: StaticBinding[] = [];
    const toMake: Waiting[] = [];
    const none = { bindings: [], provisions: [] };
    const { name } = node.metadata;
    if (this.#waiting.some(({ selectedNode }) => selectedNode !== undefined && selectedNode !== name))
      return { ...none, fault: unbindable };
    const taken = new Set<string>();
    for (const waiting of this.#waiting) {
      const volume = waiting.selectedNode === undefined ? waiting.matches.firstFor(node, taken) : undefined;
      if (!volume) toMake.push(waiting);
      else {
        taken.add(volume.metadata.name);
        bindings.push({ claim: waiting.claim, volume });
      }
    }
    for (const { checkMaking } of toMake) {
      const fault = checkMaking(node);
      if (fault !== undefined) return { ...none, fault };
    }
    return { bindings, provisions: toMake.map(({ claim }) => claim) };
  }
}

function waitingOf(objects: VolumeObjects, entry: ClaimEntry): Waiting {
  const claim = entry.value.object;
  return {
    claim: entry,
    selectedNode: claim.metadata.annotations?.[volumeAnnotations.selectedNode],
    matches: new RankedVolumes(matchesOf(claim, objects.volumesFor(classNameOf(claim), claim))),
    checkMaking: makingOf(objects, claim),
  };
}

function makingOf(objects: VolumeObjects, claim: PersistentVolumeClaim): CheckMaking {
  const storageClass = objects.classOf(claim);
  if (!storageClass || storageClass.provisioner === noProvisioner) return () => unbindable;
  const hasRoom = roomFor(objects, claim, storageClass);
  return (node) => {
    if (!mayBeMadeFor(storageClass, node)) return unbindable;
    return hasRoom(node) ? undefined : tooLittle;
  };
}
