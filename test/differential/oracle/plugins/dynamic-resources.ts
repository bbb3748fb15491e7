import type { Case } from '../../case.js';
import type { DeviceRequestBody, DeviceSelector, Pod, ResourceClaim, ResourceSlice } from '../../objects.js';
import { keyOf } from '../cluster.js';
import type { NodeView } from '../cluster.js';
import { normalized, refused } from '../plugin.js';
import type { Attempt, Plugin } from '../plugin.js';
import { selectsNode } from '../selectors.js';
import { scoresDevices } from '../version.js';

/** Claims of devices: those that are allocated must be usable on the node, the others must be allocatable there, all together. */
export const dynamicResources: Plugin = {
  name: 'DynamicResources',
  hasPreFilter: true,
  prepare: (attempt) => {
    const { input } = attempt;
    const claims = claimsOf(attempt);
    if (claims.length === 0) return { kind: 'skip' };
    for (const request of claims.filter((claim) => !isAllocated(claim)).flatMap(requestsOf))
      for (const { deviceClassName, label } of alternativesOf(request))
        if (!input.deviceClasses?.some(({ metadata }) => metadata.name === deviceClassName))
          return {
            kind: 'reject',
            message: `request ${label}: device class ${deviceClassName} does not exist`,
          };
    return {
      kind: 'filter',
      filter: (view) => {
        if (allocate(input, claims, view) === undefined) return refused('UU', 'cannot allocate all claims');
        if (claims.some((claim) => !isUsableOn(claim, view))) return refused('UU', claimUnavailable);
        return undefined;
      },
    };
  },
  score: (attempt, feasible) => {
    if (!scoresDevices(attempt.version)) return undefined;
    const claims = claimsOf(attempt);
    const sums = feasible.map((view) =>
      (allocate(attempt.input, claims, view) ?? []).reduce((sum, preference) => sum + preference, 0),
    );
    return normalized(sums, 'straight');
  },
};

export const claimUnavailable = 'resourceclaim not available on the node';

export const noClaims = 'no new claims to deallocate';

/** What the plugin says when the pod fits nowhere, given the nodes that it refused because a claim is not for them. */
export function afterFailure(attempt: Attempt, refusedNodes: readonly NodeView[]): string {
  const claims = claimsOf(attempt);
  if (claims.length === 0) return noClaims;
  const unusable = claims.filter((claim) => refusedNodes.some((view) => !isUsableOn(claim, view)));
  const isIdle = ({ status }: ResourceClaim): boolean => {
    const [first, ...others] = status?.reservedFor ?? [];
    return others.length === 0 && (first === undefined || first.uid === attempt.pod.metadata.uid);
  };
  return unusable.some(isIdle) ? 'deallocation of ResourceClaim completed' : 'still not schedulable';
}

function claimsOf({ input, pod }: Attempt): readonly ResourceClaim[] {
  return (pod.spec.resourceClaims ?? []).flatMap((reference) => {
    const name = reference.resourceClaimName ?? generatedName(pod, reference.name);
    if (name === undefined) return [];
    const claim = input.resourceClaims?.find(
      (each) => keyOf(each) === `${pod.metadata.namespace ?? ''}/${name}`,
    );
    if (claim === undefined)
      throw new Error(`a pod whose claim ${name} is missing does not get as far as scheduling`);
    return [claim];
  });
}

const generatedName = ({ status }: Pod, reference: string): string | undefined =>
  status?.resourceClaimStatuses?.find(({ name }) => name === reference)?.resourceClaimName;

const isAllocated = ({ status }: ResourceClaim): boolean => status?.allocation !== undefined;

function isUsableOn({ status }: ResourceClaim, { node }: NodeView): boolean {
  const selector = status?.allocation?.nodeSelector;
  return selector === undefined || selectsNode(selector, node);
}

/** One way to satisfy a request. */
interface Alternative extends DeviceRequestBody {
  readonly label: string;
  /** What it scores: the first of several most. */
  readonly preference: number;
}

type Request = NonNullable<NonNullable<ResourceClaim['spec']['devices']>['requests']>[number];

const requestsOf = ({ spec }: ResourceClaim): readonly Request[] => spec.devices?.requests ?? [];

function alternativesOf({ name, exactly, firstAvailable = [] }: Request): readonly Alternative[] {
  if (exactly !== undefined) return [{ ...exactly, label: name, preference: 0 }];
  return firstAvailable.map((alternative, index) => ({
    ...alternative,
    label: `${name}/${alternative.name}`,
    preference: mostAlternatives - index,
  }));
}

const mostAlternatives = 8;

interface Device {
  readonly id: string;
  readonly driver: string;
}

/** What the requests of the claims that are not allocated yet score on the node; undefined when they can't be satisfied. */
function allocate(
  input: Case,
  claims: readonly ResourceClaim[],
  view: NodeView,
): readonly number[] | undefined {
  const devices = devicesFor(input, view);
  const taken = new Set(
    (input.resourceClaims ?? [])
      .flatMap(({ status }) => status?.allocation?.devices?.results ?? [])
      .map(({ driver, pool, device }) => `${driver}/${pool}/${device}`),
  );
  const requests = claims.filter((claim) => !isAllocated(claim)).flatMap(requestsOf);
  return satisfy(input, requests, devices, taken);
}

/** Tries everything, in order. */
function satisfy(
  input: Case,
  [request, ...others]: readonly Request[],
  devices: readonly Device[],
  taken: ReadonlySet<string>,
): readonly number[] | undefined {
  if (request === undefined) return [];
  for (const alternative of alternativesOf(request)) {
    const eligible = devices.filter((device) => isEligible(input, alternative, device));
    const isAll = alternative.allocationMode === 'All';
    if (isAll && eligible.length === 0) continue;
    const count = isAll ? eligible.length : (alternative.count ?? 1);
    for (const chosen of choices(
      eligible.filter(({ id }) => !taken.has(id)),
      count,
    )) {
      const rest = satisfy(input, others, devices, new Set([...taken, ...chosen.map(({ id }) => id)]));
      if (rest !== undefined) return [alternative.preference, ...rest];
    }
  }
  return undefined;
}

/** Every way to take so many of them. */
function* choices(devices: readonly Device[], count: number): Generator<readonly Device[]> {
  if (count === 0) {
    yield [];
    return;
  }
  if (devices.length < count) return;
  const [first, ...others] = devices;
  if (first === undefined) return;
  for (const rest of choices(others, count - 1)) yield [first, ...rest];
  yield* choices(others, count);
}

function devicesFor(input: Case, { node, name }: NodeView): readonly Device[] {
  const pools = new Map<string, ResourceSlice[]>();
  for (const slice of input.resourceSlices ?? []) {
    const { driver, pool, nodeName, allNodes, nodeSelector } = slice.spec;
    const isHere =
      nodeName === undefined
        ? allNodes === true || (nodeSelector !== undefined && selectsNode(nodeSelector, node))
        : nodeName === name;
    if (isHere) pools.set(`${driver}/${pool.name}`, [...(pools.get(`${driver}/${pool.name}`) ?? []), slice]);
  }
  return [...pools].flatMap(([pool, slices]) => {
    const generation = Math.max(...slices.map(({ spec }) => spec.pool.generation ?? 0));
    const current = slices.filter(({ spec }) => (spec.pool.generation ?? 0) === generation);
    return current.flatMap(({ spec }) =>
      (spec.devices ?? []).map((device) => ({ id: `${pool}/${device.name}`, driver: spec.driver })),
    );
  });
}

function isEligible(input: Case, { deviceClassName, selectors = [] }: Alternative, device: Device): boolean {
  const ofClass =
    input.deviceClasses?.find(({ metadata }) => metadata.name === deviceClassName)?.spec?.selectors ?? [];
  return [...ofClass, ...selectors].every((selector) => isSelected(selector, device));
}

/** @throws Error for any expression but a comparison of the driver, which is all that the oracle understands of CEL */
function isSelected({ cel }: DeviceSelector, { driver }: Device): boolean {
  const [, wanted] = /^\s*device\.driver\s*==\s*["']([^"']+)["']\s*$/.exec(cel?.expression ?? '') ?? [];
  if (wanted === undefined)
    throw new Error(`not understood by the oracle: ${cel?.expression ?? 'no expression'}`);
  return wanted === driver;
}
