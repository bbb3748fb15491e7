import { matchesTerms, resourceClaims, resourceSlices } from '../../kube/index.js';
import type { Allocation, Device, KubeNode, ResourceClaim, ResourceSlice, Stored } from '../../kube/index.js';
import type { Reader } from '../../store/index.js';

/** A device of a pool. */
export interface PooledDevice {
  readonly driver: string;
  readonly pool: string;
  readonly device: Device;
  readonly slice: ResourceSlice;
  /** Tells it from all others. */
  readonly key: string;
}

/** Devices that belong together, as far as one node can use them. */
export interface Pool {
  /** `driver/pool` */
  readonly id: string;
  readonly devices: readonly PooledDevice[];
  /** Not all of its slices are there, or devices share a name. */
  readonly state: 'whole' | 'incomplete' | 'invalid';
}

interface Known {
  readonly revision: number;
  readonly inventory: DeviceInventory;
}

const known = new WeakMap<Reader, Map<string, Known>>();

/**
 * The devices of a cluster, and those that claims have. Gathered once for a transaction, of which no part may change slices;
 * who allocates or frees devices says so.
 */
export class DeviceInventory {
  readonly #byNode = new Map<string, ResourceSlice[]>();
  /** Slices for several nodes, or all. */
  readonly #shared: ResourceSlice[] = [];
  readonly #pools = new Map<string, readonly Pool[]>();
  readonly #taken = new Set<string>();

  private constructor(reader: Reader, cluster: string) {
    const slices = reader.find(resourceSlices.collection, 'byCluster', cluster) as readonly Stored[];
    for (const { object } of slices) {
      const slice = object as ResourceSlice;
      const { nodeName } = slice.spec;
      if (!nodeName) this.#shared.push(slice);
      else {
        const there = this.#byNode.get(nodeName) ?? [];
        there.push(slice);
        this.#byNode.set(nodeName, there);
      }
    }
    const claims = reader.find(resourceClaims.collection, 'allocated', cluster) as readonly Stored[];
    for (const { object } of claims) this.take((object as ResourceClaim).status?.allocation);
  }

  static of(reader: Reader, cluster: string): DeviceInventory {
    const ofReader = known.get(reader) ?? new Map<string, Known>();
    known.set(reader, ofReader);
    const before = ofReader.get(cluster);
    if (before?.revision === reader.revision) return before.inventory;
    const inventory = new DeviceInventory(reader, cluster);
    ofReader.set(cluster, { revision: reader.revision, inventory });
    return inventory;
  }

  /** True for a device that a claim has. */
  isTaken({ key }: PooledDevice): boolean {
    return this.#taken.has(key);
  }

  take(allocation: Allocation | undefined): void {
    for (const key of keysOf(allocation)) this.#taken.add(key);
  }

  free(allocation: Allocation | undefined): void {
    for (const key of keysOf(allocation)) this.#taken.delete(key);
  }

  /** The pools that a node can use, in order of driver and name. */
  poolsOf(node: KubeNode): readonly Pool[] {
    const { name } = node.metadata;
    const before = this.#pools.get(name);
    if (before) return before;
    const shared = this.#shared.filter((slice) => isForNode(slice, node));
    const pools = poolsOf([...(this.#byNode.get(name) ?? []), ...shared]);
    this.#pools.set(name, pools);
    return pools;
  }
}

/** The devices that a claim keeps from others: those that it may only look at are not among them. */
const keysOf = (allocation: Allocation | undefined): readonly string[] =>
  (allocation?.devices?.results ?? [])
    .filter(({ adminAccess }) => adminAccess !== true)
    .map(({ driver, pool, device }) => keyOf(driver, pool, device));

const keyOf = (driver: string, pool: string, device: string): string => `${driver}/${pool}/${device}`;

/** A slice that names nodes in a way that is not known here is for none. */
function isForNode({ spec: { allNodes, nodeSelector } }: ResourceSlice, { metadata }: KubeNode): boolean {
  if (allNodes === true) return true;
  return (
    nodeSelector !== undefined &&
    matchesTerms(nodeSelector.nodeSelectorTerms, metadata.labels ?? {}, metadata.name)
  );
}

function poolsOf(slices: readonly ResourceSlice[]): readonly Pool[] {
  const byId = new Map<string, ResourceSlice[]>();
  for (const slice of slices) {
    const id = `${slice.spec.driver}/${slice.spec.pool.name}`;
    const there = byId.get(id) ?? [];
    const newest = there[0]?.spec.pool.generation ?? -1;
    const { generation } = slice.spec.pool;
    if (generation > newest) byId.set(id, [slice]);
    else if (generation === newest) there.push(slice);
  }
  return [...byId].map(([id, there]) => poolOf(id, there)).sort((a, b) => (a.id < b.id ? -1 : 1));
}

function poolOf(id: string, slices: readonly ResourceSlice[]): Pool {
  const devices = slices.flatMap((slice) =>
    (slice.spec.devices ?? []).map((device): PooledDevice => {
      const { driver, pool } = slice.spec;
      return { driver, pool: pool.name, device, slice, key: keyOf(driver, pool.name, device.name) };
    }),
  );
  const isWhole = slices.length === slices[0]?.spec.pool.resourceSliceCount;
  const isValid = new Set(devices.map(({ key }) => key)).size === devices.length;
  return { id, devices, state: isValid ? (isWhole ? 'whole' : 'incomplete') : 'invalid' };
}
