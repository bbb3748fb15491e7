import { defineCollection } from '../store/index.js';
import type { Reader, Transaction } from '../store/index.js';
import type { Brand, Instant } from '../units/index.js';
import { after, formatIpv4Address } from '../units/index.js';
import type { Seed } from '../sim/index.js';
import { freeAddresses, leaseAddresses, releaseAddresses, subnetIsFull } from './addresses.js';
import { armKey } from './arm-id.js';
import { allocationFailed, isOfferedNowhere, remainingCapacity, useCapacity } from './capacity.js';
import type { Place } from './capacity.js';
import type { Catalog, VmSize } from './catalog.js';
import { AzureError } from './error.js';
import type { LatencyProfile } from './latency.js';
import { sample } from './latency.js';
import { findSubnet } from './networks.js';
import { quotaExceeded, quotaShortfall, useQuota } from './quota.js';
import type { Priority } from './quota.js';

/** A scale set's lower-case ARM id. */
export type ScaleSetKey = Brand<string, 'ScaleSetKey'>;

/** A virtual machine scale set of a node pool. */
export interface ScaleSet {
  readonly key: ScaleSetKey;
  readonly id: string;
  readonly name: string;
  readonly resourceGroup: string;
  readonly location: string;
  readonly vmSize: string;
  readonly zones: readonly string[];
  readonly priority: Priority;
  readonly tags: Readonly<Record<string, string>>;
  /** Number of the next instance: numbers only grow, so gaps remain where instances were. */
  readonly nextInstance: number;
  /** Lower-case ARM id of the agent pool it serves. */
  readonly agentPool: string;
  /** What each VM leases: its own address first. */
  readonly addresses: readonly { readonly subnetId: string; readonly count: number }[];
}

/** Why a VM did not come up. */
export interface VmFailure {
  /** E.g. `ZonalAllocationFailed`. */
  readonly code: string;
  readonly message: string;
}

export type VirtualMachineState =
  /** `failure`: it does not come up then, but has failed. */
  | { readonly kind: 'creating'; readonly until: Instant; readonly failure?: VmFailure }
  | { readonly kind: 'running'; readonly since: Instant }
  /** Never came up; holds its quota and addresses until it is deleted. */
  | { readonly kind: 'failed'; readonly since: Instant; readonly error: VmFailure }
  /** Off, and billed. */
  | { readonly kind: 'stopped'; readonly since: Instant }
  /** Off, and not billed. */
  | { readonly kind: 'deallocated'; readonly since: Instant }
  | { readonly kind: 'deleting'; readonly until: Instant };

/** An instance of a scale set. */
export interface VirtualMachine {
  readonly key: string;
  readonly scaleSet: ScaleSetKey;
  readonly instanceId: number;
  /** Computer name, which becomes the node's name. */
  readonly name: string;
  readonly zone?: string;
  readonly vmSize: string;
  readonly location: string;
  readonly priority: Priority;
  readonly ip: string;
  readonly state: VirtualMachineState;
  /** False for a VM that was given no room, or whose room Azure took back: its deletion makes none. */
  readonly holdsCapacity?: false;
}

/** Scale sets by lower-case ARM id. */
export const scaleSets = defineCollection<ScaleSet>('scaleSets', {
  byResourceGroup: (scaleSet) => scaleSet.resourceGroup.toLowerCase(),
  byAgentPool: (scaleSet) => scaleSet.agentPool,
});

/** VMs by scale set and instance suffix. */
export const virtualMachines = defineCollection<VirtualMachine>('virtualMachines', {
  byScaleSet: (vm) => vm.scaleSet,
  byScaleSetAndZone: (vm) => `${vm.scaleSet}|${vm.zone ?? ''}`,
});

/** What compute needs besides the transaction. */
export interface ComputeParts {
  readonly catalog: Catalog;
  readonly latency: LatencyProfile;
  readonly seed: Seed;
}

/** Instance suffix: six base-36 digits (AKS: node names). */
export const instanceSuffix = (instanceId: number): string => instanceId.toString(36).padStart(6, '0');

/** Makes an empty scale set. */
export function createScaleSet(tx: Transaction, init: Omit<ScaleSet, 'key' | 'nextInstance'>): ScaleSet {
  const key = armKey(init.id) as ScaleSetKey;
  const scaleSet: ScaleSet = { ...init, key, nextInstance: 0 };
  tx.put(scaleSets, key, scaleSet, 'absent');
  return scaleSet;
}

/** Removes a scale set whose VMs are gone; one that has VMs would leave them with nobody to release what they hold. */
export function deleteScaleSet(tx: Transaction, key: ScaleSetKey): void {
  if (tx.count(virtualMachines, 'byScaleSet', key) > 0) throw new Error(`${key} still has VMs`);
  tx.delete(scaleSets, key);
}

/** VMs asked for: those that are being created, and why not all are. */
export interface Allocation {
  readonly created: readonly VirtualMachine[];
  readonly failure?: AzureError;
}

/**
 * Asks for `count` more VMs, spread over the scale set's zones: the zone with the fewest first, in zone order among equals
 * (Azure: best-effort zone balance). Stops at the first VM that nowhere has room; those before it stay.
 */
export function createInstances(
  tx: Transaction,
  parts: ComputeParts,
  key: ScaleSetKey,
  count: number,
  now: Instant,
): Allocation {
  const { scaleSet, size } = existingScaleSet(tx, parts.catalog, key);
  return allocate(tx, { parts, scaleSet, size, now, withoutRoom: 'refuse' }, count);
}

/**
 * Sets a scale set's capacity higher by `count`: all VMs are accepted or none. What the subscription lacks is told at once:
 * quota, addresses, a size that it is not offered. A VM that nowhere has room is accepted, and fails later (Azure: allocation
 * failures of scale sets are asynchronous).
 */
export function raiseCapacity(
  tx: Transaction,
  parts: ComputeParts,
  key: ScaleSetKey,
  count: number,
  now: Instant,
): AzureError | readonly VirtualMachine[] {
  const { scaleSet, size } = existingScaleSet(tx, parts.catalog, key);
  const { location, priority } = scaleSet;
  const shortfall = quotaShortfall(tx, location, [{ size, count, priority }]);
  if (shortfall) return quotaExceeded(location, shortfall);
  const lacking = lackOfAddresses(tx, scaleSet, count);
  if (lacking) return lacking;
  if (isOfferedNowhere(tx, { location, size: size.name }, scaleSet.zones)) {
    return allocationFailed(tx, { location, size: size.name }, scaleSet.zones);
  }
  const { created, failure } = allocate(tx, { parts, scaleSet, size, now, withoutRoom: 'fail later' }, count);
  if (failure) throw new Error(`${key}: what was checked together failed one by one: ${failure.message}`);
  return created;
}

function existingScaleSet(
  reader: Reader,
  catalog: Catalog,
  key: ScaleSetKey,
): { readonly scaleSet: ScaleSet; readonly size: VmSize } {
  const scaleSet = reader.get(scaleSets, key);
  const size = scaleSet && catalog.vmSize(scaleSet.vmSize);
  if (!scaleSet || !size) throw new Error(`There is no scale set ${key} of a known size`);
  return { scaleSet, size };
}

/** Which VMs are asked for, and what becomes of one that nowhere has room. */
interface AllocationRequest {
  readonly parts: ComputeParts;
  readonly scaleSet: ScaleSet;
  readonly size: VmSize;
  readonly now: Instant;
  readonly withoutRoom: 'refuse' | 'fail later';
}

type VmsByZone = ReadonlyMap<string | undefined, number>;

function allocate(tx: Transaction, request: AllocationRequest, count: number): Allocation {
  const { scaleSet } = request;
  const { key, zones } = scaleSet;
  const created: VirtualMachine[] = [];
  const perZone = new Map(
    (zones.length > 0 ? zones : [undefined]).map(
      (zone) => [zone, tx.count(virtualMachines, 'byScaleSetAndZone', `${key}|${zone ?? ''}`)] as const,
    ),
  );
  let failure: AzureError | undefined;
  while (created.length < count) {
    const instance = allocateOne(tx, request, scaleSet.nextInstance + created.length, perZone);
    if (instance instanceof AzureError) {
      failure = instance;
      break;
    }
    perZone.set(instance.zone, (perZone.get(instance.zone) ?? 0) + 1);
    created.push(instance);
  }
  if (created.length > 0) {
    tx.put(scaleSets, key, { ...scaleSet, nextInstance: scaleSet.nextInstance + created.length });
  }
  return { created, ...(failure && { failure }) };
}

function allocateOne(
  tx: Transaction,
  { parts, scaleSet, size, now, withoutRoom }: AllocationRequest,
  instanceId: number,
  perZone: VmsByZone,
): VirtualMachine | AzureError {
  const { location, priority } = scaleSet;
  const shortfall = quotaShortfall(tx, location, [{ size, count: 1, priority }]);
  if (shortfall) return quotaExceeded(location, shortfall);
  const place = roomiestPlace(tx, scaleSet, size, perZone);
  const noRoom = place ? undefined : allocationFailed(tx, { location, size: size.name }, scaleSet.zones);
  if (noRoom && withoutRoom === 'refuse') return noRoom;

  const suffix = instanceSuffix(instanceId);
  const key = `${scaleSet.key}/${suffix}`;
  const ip = leaseAll(tx, scaleSet, key);
  if (ip instanceof AzureError) {
    releaseAddresses(tx, key);
    return ip;
  }
  useQuota(tx, { location, size, priority }, 1);
  if (place) useCapacity(tx, place, priority, 1);
  const zone = place ? place.zone : emptiestZone(perZone);
  const until = after(now, sample(parts.latency, 'vmCreate', parts.seed.stream('vm-create', key)));
  const failure = noRoom && { code: noRoom.code, message: noRoom.message };
  const vm: VirtualMachine = {
    key,
    scaleSet: scaleSet.key,
    instanceId,
    name: `${scaleSet.name}${suffix}`,
    ...(zone !== undefined && { zone }),
    vmSize: size.name,
    location,
    priority,
    ip,
    state: { kind: 'creating', until, ...(failure && { failure }) },
    ...(failure && { holdsCapacity: false }),
  };
  tx.put(virtualMachines, key, vm, 'absent');
  return vm;
}

/** The first addresses that `count` more VMs of a scale set would not find, if any. */
function lackOfAddresses(reader: Reader, scaleSet: ScaleSet, count: number): AzureError | undefined {
  const needs = new Map<string, number>();
  for (const { subnetId, count: perVm } of scaleSet.addresses) {
    const needed = (needs.get(subnetId) ?? 0) + perVm * count;
    needs.set(subnetId, needed);
    const found = findSubnet(reader, subnetId);
    if (!found) return subnetNotFound(subnetId);
    if (needed > freeAddresses(reader, found.range)) return subnetIsFull(found.range, needed);
  }
  return undefined;
}

/** Where the next VM would go if there were room: the zone with the fewest, in zone order among equals. */
function emptiestZone(perZone: VmsByZone): string | undefined {
  const [first] = [...perZone].sort(([, a], [, b]) => a - b);
  return first?.[0];
}

/** The zone with the fewest VMs among those that have room; the region, for a scale set without zones. */
function roomiestPlace(
  reader: Reader,
  { location, priority }: ScaleSet,
  size: VmSize,
  perZone: VmsByZone,
): Place | undefined {
  let best: Place | undefined;
  let fewest = Infinity;
  for (const [zone, vms] of perZone) {
    const place = { location, size: size.name, ...(zone !== undefined && { zone }) };
    if (vms >= fewest || remainingCapacity(reader, place, priority) <= 0) continue;
    best = place;
    fewest = vms;
  }
  return best;
}

/** Leases all addresses of a VM; answers the first, which is the VM's own. */
function leaseAll(tx: Transaction, scaleSet: ScaleSet, owner: string): string | AzureError {
  let own: string | undefined;
  for (const { subnetId, count } of scaleSet.addresses) {
    const found = findSubnet(tx, subnetId);
    if (!found) return subnetNotFound(subnetId);
    const lease = leaseAddresses(tx, found.range, owner, count);
    if (lease instanceof AzureError) return lease;
    own ??= formatIpv4Address(found.range.first + (lease.blocks[0]?.first ?? 0));
  }
  return own ?? '0.0.0.0';
}

const subnetNotFound = (id: string): AzureError =>
  new AzureError({ status: 400, code: 'SubnetNotFound', message: `Subnet ${id} was not found.` });

/** Begins to delete VMs; those that are being deleted already go on. */
export function beginDeleteInstances(
  tx: Transaction,
  parts: ComputeParts,
  keys: readonly string[],
  now: Instant,
): void {
  for (const key of keys) {
    const vm = tx.get(virtualMachines, key);
    if (!vm || vm.state.kind === 'deleting') continue;
    const until = after(now, sample(parts.latency, 'vmDelete', parts.seed.stream('vm-delete', key)));
    tx.put(virtualMachines, key, { ...vm, state: { kind: 'deleting', until } });
  }
}

/** Turns running VMs off. What they hold of quota, capacity and addresses stays theirs. */
export function stopInstances(
  tx: Transaction,
  keys: readonly string[],
  kind: 'stopped' | 'deallocated',
  now: Instant,
): void {
  for (const key of keys) {
    const vm = tx.get(virtualMachines, key);
    if (vm?.state.kind === 'running') tx.put(virtualMachines, key, { ...vm, state: { kind, since: now } });
  }
}

/**
 * Azure takes the room of running spot VMs back (Azure: eviction policy): they are deleted, and their room is not theirs to give
 * back, or they are deallocated, and keep what they hold. VMs of regular priority, and those that do not run, are let be.
 */
export function evictInstances(
  tx: Transaction,
  parts: ComputeParts,
  keys: readonly string[],
  policy: 'Delete' | 'Deallocate',
  now: Instant,
): void {
  const evicted = keys.filter((key) => {
    const vm = tx.get(virtualMachines, key);
    return vm?.priority === 'Spot' && vm.state.kind === 'running';
  });
  if (policy === 'Deallocate') {
    stopInstances(tx, evicted, 'deallocated', now);
    return;
  }
  for (const key of evicted) {
    const vm = tx.get(virtualMachines, key);
    if (vm) tx.put(virtualMachines, key, { ...vm, holdsCapacity: false });
  }
  beginDeleteInstances(tx, parts, evicted, now);
}

/** Turns VMs on again that are off. */
export function startInstances(tx: Transaction, keys: readonly string[], now: Instant): void {
  for (const key of keys) {
    const vm = tx.get(virtualMachines, key);
    if (vm && isOff(vm)) tx.put(virtualMachines, key, { ...vm, state: { kind: 'running', since: now } });
  }
}

/** True while a VM is stopped or deallocated. */
export const isOff = ({ state }: VirtualMachine): boolean =>
  state.kind === 'stopped' || state.kind === 'deallocated';

/** Takes a deleted VM out of the books. */
export function removeInstance(tx: Transaction, catalog: Catalog, vm: VirtualMachine): void {
  const { location, priority, zone } = vm;
  const size = catalog.vmSize(vm.vmSize);
  if (!size) throw new Error(`${vm.key} is of an unknown size`);
  releaseAddresses(tx, vm.key);
  useQuota(tx, { location, size, priority }, -1);
  if (vm.holdsCapacity !== false) {
    useCapacity(tx, { location, size: size.name, ...(zone !== undefined && { zone }) }, priority, -1);
  }
  tx.delete(virtualMachines, vm.key);
}

/** All VMs of a scale set, in the order of their instance numbers. */
export const instancesOf = (reader: Reader, key: ScaleSetKey): readonly VirtualMachine[] =>
  reader.find(virtualMachines, 'byScaleSet', key);

/** VMs that are not being deleted, in the order of their instance numbers. */
export const liveInstances = (reader: Reader, key: ScaleSetKey): readonly VirtualMachine[] =>
  instancesOf(reader, key).filter((vm) => vm.state.kind !== 'deleting');
