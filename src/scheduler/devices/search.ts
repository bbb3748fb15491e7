import { claimLimits } from '../../kube/index.js';
import type { DeviceAttribute, ResourceClaim } from '../../kube/index.js';
import type { Alternative, ClaimDemand, Fault, Request } from './demand.js';
import type { Pool, PooledDevice } from './inventory.js';
import { own } from '../../units/index.js';

/** A device with the way of meeting a request that it was chosen for. */
export interface Chosen {
  readonly alternative: Alternative;
  readonly device: PooledDevice;
}

/** Devices by claim, in the claims' order; 'none' where not all claims can be met; a fault where that can't be told. */
export type SearchResult = readonly (readonly Chosen[])[] | 'none' | Fault;

/** Thrown within this file alone. */
class Stopped extends Error {
  readonly fault: string;

  constructor(fault: string) {
    super(fault);
    this.fault = fault;
  }
}

/**
 * Looks for devices for all of a pod's claims on one node: claim by claim, request by request, the first alternative that can
 * be had, devices in the order of their pools (kube-scheduler: structured allocator). The first that is found is taken.
 */
export function searchDevices(
  claims: readonly ClaimDemand[],
  pools: readonly Pool[],
  isTaken: (device: PooledDevice) => boolean,
): SearchResult {
  const tooMany = claims.flatMap(({ claim, requests }) => {
    const least = requests.reduce((sum, request) => sum + leastOf(request), 0);
    const { namespace = '', name } = claim.metadata;
    if (least <= claimLimits.devices) return [];
    return `claim ${namespace}/${name}: number of requested devices ${String(least)} exceeds the claim limit of ${String(claimLimits.devices)}`;
  });
  if (tooMany[0] !== undefined) return { fault: tooMany[0] };
  try {
    const found = new Search(claims, pools, isTaken).run();
    if (found) return found;
  } catch (error) {
    if (error instanceof Stopped) return { fault: error.fault };
    throw error;
  }
  return pools.some(({ state }) => state === 'invalid')
    ? { fault: 'invalid resource pools were encountered' }
    : 'none';
}

/** The least devices that meet a request, as far as it says how many. */
const leastOf = ({ alternatives }: Request): number =>
  Math.min(...alternatives.map(({ count }) => (count === 'all' ? 0 : count)));

class Search {
  readonly #claims: readonly ClaimDemand[];
  readonly #pools: readonly Pool[];
  readonly #isTaken: (device: PooledDevice) => boolean;
  readonly #constraints: readonly (readonly Constraint[])[];
  readonly #chosen: Chosen[][];
  /** Devices that are chosen for claims of this pod. */
  readonly #inUse = new Set<string>();
  readonly #candidates = new Map<Alternative, readonly PooledDevice[]>();

  constructor(
    claims: readonly ClaimDemand[],
    pools: readonly Pool[],
    isTaken: (device: PooledDevice) => boolean,
  ) {
    this.#claims = claims;
    this.#pools = pools;
    this.#isTaken = isTaken;
    this.#constraints = claims.map(({ claim }) => constraintsOf(claim));
    this.#chosen = claims.map(() => []);
  }

  run(): readonly (readonly Chosen[])[] | undefined {
    return this.#meet(0, 0) ? this.#chosen : undefined;
  }

  #meet(claimAt: number, requestAt: number): boolean {
    const claim = this.#claims[claimAt];
    if (!claim) return true;
    const request = claim.requests[requestAt];
    if (!request) return this.#meet(claimAt + 1, 0);
    const goOn = (): boolean => this.#meet(claimAt, requestAt + 1);
    return request.alternatives.some((alternative) => {
      const candidates = this.#candidatesOf(claim.claim, alternative);
      if (alternative.count === 'all')
        // All of none is nothing to go on with.
        return candidates.length > 0 && this.#pick(claimAt, alternative, candidates, candidates.length, goOn);
      return this.#pick(claimAt, alternative, candidates, alternative.count, goOn);
    });
  }

  /** Tries the ways of choosing so many of the candidates; devices of one request stay in their order. */
  #pick(
    claimAt: number,
    alternative: Alternative,
    candidates: readonly PooledDevice[],
    left: number,
    goOn: () => boolean,
  ): boolean {
    if (left === 0) return goOn();
    const chosen = this.#chosen[claimAt] ?? [];
    if (chosen.length + left > claimLimits.devices) return false;
    for (let at = 0; candidates.length - at >= left; at += 1) {
      const device = candidates[at];
      if (!device || !this.#isFree(alternative, device)) continue;
      const undo = this.#constrain(claimAt, alternative, device);
      if (!undo) continue;
      chosen.push({ alternative, device });
      if (!alternative.isAdmin) this.#inUse.add(device.key);
      if (this.#pick(claimAt, alternative, candidates.slice(at + 1), left - 1, goOn)) return true;
      chosen.pop();
      if (!alternative.isAdmin) this.#inUse.delete(device.key);
      undo();
    }
    return false;
  }

  #isFree({ isAdmin }: Alternative, device: PooledDevice): boolean {
    return isAdmin || !(this.#inUse.has(device.key) || this.#isTaken(device));
  }

  /** Holds a device against what devices of the claim must have in common; undefined where it differs. */
  #constrain(claimAt: number, alternative: Alternative, device: PooledDevice): (() => void) | undefined {
    const added: Constraint[] = [];
    const undo = () => {
      for (const constraint of added) constraint.remove();
    };
    for (const constraint of this.#constraints[claimAt] ?? []) {
      if (!constraint.isOf(alternative.name)) continue;
      if (!constraint.add(device)) {
        undo();
        return undefined;
      }
      added.push(constraint);
    }
    return undo;
  }

  #candidatesOf({ metadata }: ResourceClaim, alternative: Alternative): readonly PooledDevice[] {
    const known = this.#candidates.get(alternative);
    if (known) return known;
    const asksForAll = alternative.count === 'all';
    const found: PooledDevice[] = [];
    for (const { id, devices, state } of this.#pools) {
      if (asksForAll && state !== 'whole') {
        const why = state === 'invalid' ? 'invalid' : 'being updated';
        throw new Stopped(
          `claim ${metadata.namespace ?? ''}/${metadata.name}, request ${alternative.name.split('/').at(-1) ?? ''}: asks for all devices, but resource pool ${id} is currently ${why}`,
        );
      }
      if (state === 'invalid') continue;
      for (const device of devices) {
        const verdict = alternative.accepts(device);
        if (typeof verdict !== 'boolean') throw new Stopped(verdict.fault);
        if (verdict) found.push(device);
      }
    }
    this.#candidates.set(alternative, found);
    return found;
  }
}

const constraintsOf = ({ spec }: ResourceClaim): readonly Constraint[] =>
  (spec.devices?.constraints ?? []).map(
    ({ requests, matchAttribute }) => new Constraint(requests ?? [], matchAttribute ?? ''),
  );

/** An attribute that devices of a claim must have in common (DeviceConstraint: matchAttribute). */
class Constraint {
  readonly #requests: ReadonlySet<string>;
  readonly #attribute: string;
  #value: DeviceAttribute | undefined;
  #devices = 0;

  constructor(requests: readonly string[], attribute: string) {
    this.#requests = new Set(requests);
    this.#attribute = attribute;
  }

  /** True when it is about a request, or the alternative of one. */
  isOf(request: string): boolean {
    if (this.#requests.size === 0) return true;
    return this.#requests.has(request) || this.#requests.has(request.split('/')[0] ?? '');
  }

  add({ driver, device }: PooledDevice): boolean {
    const value = attributeOf(driver, device.attributes ?? {}, this.#attribute);
    if (!value) return false;
    if (this.#devices > 0 && !isSame(value, this.#value)) return false;
    this.#value = value;
    this.#devices += 1;
    return true;
  }

  remove(): void {
    this.#devices -= 1;
  }
}

/** Attributes of the driver's own domain may be written without it. */
function attributeOf(
  driver: string,
  attributes: Readonly<Record<string, DeviceAttribute>>,
  name: string,
): DeviceAttribute | undefined {
  const [domain, short = ''] = name.split('/');
  return own(attributes, name) ?? (domain === driver ? own(attributes, short) : undefined);
}

const isSame = (a: DeviceAttribute, b: DeviceAttribute | undefined): boolean =>
  a.string === b?.string && a.int === b?.int && a.bool === b?.bool && a.version === b?.version;
