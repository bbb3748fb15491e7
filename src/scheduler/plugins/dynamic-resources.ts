import { deviceClasses, matchesTerms, objectKey, resourceClaimNames } from '../../kube/index.js';
import type { Allocation, DeviceClass, KubeNode, Pod, ResourceClaim } from '../../kube/index.js';
import type { Transaction } from '../../store/index.js';
import type { NodeInfo } from '../cache/node-info.js';
import { allocationOf } from '../devices/allocation.js';
import {
  canBeReserved,
  deallocate,
  isReservedFor,
  reserveClaim,
  unreserveClaims,
} from '../devices/claim-status.js';
import { demandOf } from '../devices/demand.js';
import type { ClaimDemand } from '../devices/demand.js';
import { DeviceInventory } from '../devices/inventory.js';
import { podResourceClaims } from '../devices/pod-claims.js';
import type { ResourceClaimEntry } from '../devices/pod-claims.js';
import { searchDevices } from '../devices/search.js';
import type { Chosen } from '../devices/search.js';
import type { ObjectChange } from '../framework/cluster-event.js';
import { normalizeByLargest } from '../framework/normalize.js';
import type { GivenBack, Plugin, PluginContext, Program, Scorer } from '../framework/plugin.js';
import { unresolvable } from '../framework/refusal.js';
import type { Refusal } from '../framework/refusal.js';

const name = 'DynamicResources';

/** The most alternatives that a request can have; the first of them scores this. */
const mostAlternatives = 8;

/** Gives pods the devices that their claims ask for, on nodes that have them. */
export const dynamicResources: Plugin = {
  name,
  dependsOn: 'objects',
  weight: 2,
  wakesOn: (event, { pod }) => {
    if (event.kind === 'node added' || event.kind === 'node updated') return true;
    return event.kind === 'object changed' && mayHelp(event, pod);
  },
  preEnqueue: ({ pod }, { reader, cluster, features }) => {
    if (!features.dynamicResources || !pod.spec.resourceClaims) return undefined;
    const claims = podResourceClaims(reader, cluster, pod);
    return typeof claims === 'string' ? unresolvable(name, claims) : undefined;
  },
  unreserve: ({ pod }, { cluster, features }, tx) => {
    if (features.dynamicResources && pod.spec.resourceClaims) unreserveClaims(tx, cluster, pod);
  },
  compile: ({ pod }, context) => {
    const { reader, cluster, features } = context;
    if (!features.dynamicResources || !pod.spec.resourceClaims) return undefined;
    const claims = podResourceClaims(reader, cluster, pod);
    if (typeof claims === 'string') return { rejection: unresolvable(name, claims) };
    if (claims.length === 0) return undefined;
    const demands: ClaimDemand[] = [];
    for (const { value } of claims) {
      const claim = value.object;
      if (claim.status?.allocation) {
        if (!canBeReserved(claim) && !isReservedFor(claim, pod))
          return { rejection: unresolvable(name, 'resourceclaim in use') };
        continue;
      }
      const demand = demandOf(claim, classesOf(context));
      if (typeof demand === 'string') return { rejection: unresolvable(name, demand) };
      demands.push(demand);
    }
    return new Claims(pod, context, claims, demands).program();
  },
};

const classesOf =
  ({ reader, cluster }: PluginContext) =>
  (className: string): DeviceClass | undefined =>
    reader.get(deviceClasses.collection, objectKey(cluster, undefined, className))?.object as
      DeviceClass | undefined;

const notThere = unresolvable(name, 'resourceclaim not available on the node');
const notAll = unresolvable(name, 'cannot allocate all claims');

/** Devices that were found for the claims that have none, in the order of their demands. */
type Found = readonly (readonly Chosen[])[];

/** A pod's claims during one attempt. */
class Claims {
  readonly #pod: Pod;
  readonly #claims: readonly ResourceClaimEntry[];
  readonly #demands: readonly ClaimDemand[];
  readonly #inventory: DeviceInventory;
  readonly #scores: boolean;
  /** What was found on each node: whose pods are there makes no difference. */
  readonly #onNode = new Map<NodeInfo, Found | Refusal>();
  /** Claims that have devices elsewhere than on some node. */
  readonly #unavailable = new Set<ResourceClaimEntry>();
  readonly #faults = new Map<string, Refusal>();

  constructor(
    pod: Pod,
    { reader, cluster, features }: PluginContext,
    claims: readonly ResourceClaimEntry[],
    demands: readonly ClaimDemand[],
  ) {
    this.#pod = pod;
    this.#claims = claims;
    this.#demands = demands;
    this.#inventory = DeviceInventory.of(reader, cluster);
    this.#scores = features.scoresDevices;
  }

  program(): Program {
    return {
      filter: (node) => {
        const found = this.#find(node);
        return found && 'code' in found ? found : undefined;
      },
      giveBack: () => this.#giveBack(),
      reserve: (node, tx) => {
        this.#reserve(node, tx);
      },
      ...(this.#scores && this.#demands.some(hasAlternatives) && { scorer: () => this.#scorer() }),
    };
  }

  #find(node: NodeInfo): Found | Refusal | undefined {
    if (!node.node) return undefined;
    const known = this.#onNode.get(node);
    if (known) return known;
    const found = this.#search(node.node);
    this.#onNode.set(node, found);
    return found;
  }

  #search(node: KubeNode): Found | Refusal {
    const elsewhere = this.#claims.filter(({ value }) => !isUsableFrom(value.object, node));
    let found: Found = [];
    if (this.#demands.length > 0) {
      const result = searchDevices(this.#demands, this.#inventory.poolsOf(node), (device) =>
        this.#inventory.isTaken(device),
      );
      if (result === 'none') return notAll;
      if ('fault' in result) return this.#refuse(result.fault);
      found = result;
    }
    if (elsewhere.length === 0) return found;
    for (const claim of elsewhere) this.#unavailable.add(claim);
    return notThere;
  }

  #refuse(fault: string): Refusal {
    const refusal = this.#faults.get(fault) ?? unresolvable(name, fault);
    this.#faults.set(fault, refusal);
    return refusal;
  }

  /** A claim that keeps its devices elsewhere for nobody gives them back. */
  #giveBack(): GivenBack {
    const idle = [...this.#unavailable].find(({ value }) => {
      const { reservedFor = [] } = value.object.status ?? {};
      return reservedFor.length === 0 || (reservedFor.length === 1 && isReservedFor(value.object, this.#pod));
    });
    if (!idle) return { message: 'still not schedulable' };
    return {
      message: 'deallocation of ResourceClaim completed',
      act: (tx) => {
        deallocate(tx, idle);
      },
    };
  }

  #reserve(node: NodeInfo, tx: Transaction): void {
    const found = this.#find(node);
    if (!found || 'code' in found)
      throw new Error(`Nothing was found for ${this.#pod.metadata.name}'s claims`);
    for (const entry of this.#claims) {
      const at = this.#demands.findIndex(({ claim }) => claim === entry.value.object);
      const demand = this.#demands[at];
      const allocation: Allocation | undefined = demand && allocationOf(demand, found[at] ?? [], node.name);
      if (allocation || !isReservedFor(entry.value.object, this.#pod))
        reserveClaim(tx, entry, this.#pod, allocation);
    }
  }

  #scorer(): Scorer {
    return {
      score: (node) => {
        const found = this.#find(node);
        return found && !('code' in found) ? scoreOf(this.#demands, found) : 0;
      },
      normalize: normalizeByLargest,
    };
  }
}

const isUsableFrom = ({ status }: ResourceClaim, { metadata }: KubeNode): boolean => {
  const terms = status?.allocation?.nodeSelector?.nodeSelectorTerms;
  return terms === undefined || matchesTerms(terms, metadata.labels ?? {}, metadata.name);
};

const hasAlternatives = ({ claim }: ClaimDemand): boolean =>
  claim.spec.devices?.requests?.some(({ firstAvailable }) => firstAvailable !== undefined) === true;

/** The earlier the alternatives that a node has, the more. */
function scoreOf(demands: readonly ClaimDemand[], found: Found): number {
  let score = 0;
  for (const [at, { claim, requests }] of demands.entries()) {
    const names = new Set((found[at] ?? []).map(({ alternative }) => alternative.name));
    for (const [requestAt, { alternatives }] of requests.entries()) {
      if (claim.spec.devices?.requests?.[requestAt]?.exactly) continue;
      const rank = alternatives.findIndex((alternative) => names.has(alternative.name));
      if (rank >= 0) score += mostAlternatives - rank;
    }
  }
  return score;
}

/** Whether a change of claims, classes or devices may let a pod go on. */
function mayHelp({ of, before, after }: ObjectChange, pod: Pod): boolean {
  switch (of) {
    case 'resourceslices':
    case 'deviceclasses':
      return after !== undefined;
    case 'resourceclaims':
      return isOwn(after, pod) || (hasDevices(before) && !hasDevices(after));
    default:
      return false;
  }
}

/** A claim that the pod uses, or that was made for it: its status may not say so yet. */
const isOwn = (claim: ObjectChange['after'], pod: Pod): boolean =>
  claim !== undefined &&
  claim.metadata.namespace === pod.metadata.namespace &&
  (resourceClaimNames(pod).includes(claim.metadata.name) ||
    claim.metadata.ownerReferences?.some(({ uid }) => uid === pod.metadata.uid) === true);

const hasDevices = (claim: ObjectChange['after']): boolean =>
  (claim as ResourceClaim | undefined)?.status?.allocation !== undefined;
