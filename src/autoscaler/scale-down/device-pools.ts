import { objectKey, resourceClaimNames, resourceClaims, resourceSlices } from '../../kube/index.js';
import type { Pod, ResourceClaim, ResourceSlice } from '../../kube/index.js';
import type { Reader } from '../../store/index.js';

/** How many of a pool's devices are taken, 0 to 1. */
export interface PoolUse {
  /** `driver/pool`. */
  readonly name: string;
  readonly ratio: number;
}

/** The pools of devices that belong to the nodes of a cluster; nothing is looked at where there are none. */
export class DevicePools {
  readonly #reader: Reader;
  readonly #cluster: string;
  readonly #slices = new Map<string, ResourceSlice[]>();

  constructor(reader: Reader, cluster: string) {
    this.#reader = reader;
    this.#cluster = cluster;
    for (const { object } of reader.find(resourceSlices.collection, 'byCluster', cluster)) {
      const slice = object as ResourceSlice;
      const { nodeName } = slice.spec;
      if (nodeName === undefined) continue;
      const here = this.#slices.get(nodeName);
      if (here) here.push(slice);
      else this.#slices.set(nodeName, [slice]);
    }
  }

  /**
   * The pools of a node, as the claims of its pods use them; undefined for a node without devices of its own, and none when
   * a pool is not published in full (cluster autoscaler: what can not be told is unused). Devices that share counters each
   * count as one.
   */
  of(node: string, pods: () => readonly Pod[]): readonly PoolUse[] | undefined {
    const slices = this.#slices.get(node);
    if (!slices) return undefined;
    const taken = this.#taken(pods());
    const pools = new Map<string, ResourceSlice[]>();
    for (const slice of slices) {
      const { driver, pool } = slice.spec;
      const name = `${driver}/${pool.name}`;
      pools.set(name, [...(pools.get(name) ?? []), slice]);
    }
    const uses: PoolUse[] = [];
    for (const [name, of] of [...pools].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const newest = Math.max(...of.map(({ spec }) => spec.pool.generation));
      const current = of.filter(({ spec }) => spec.pool.generation === newest);
      if (current.length !== current[0]?.spec.pool.resourceSliceCount) return [];
      const devices = current.flatMap(({ spec }) => spec.devices ?? []);
      const used = devices.filter((device) => taken.has(`${name}/${device.name}`)).length;
      if (devices.length > 0) uses.push({ name, ratio: used / devices.length });
    }
    return uses;
  }

  /** `driver/pool/device` of what the claims of pods have. */
  #taken(pods: readonly Pod[]): ReadonlySet<string> {
    const taken = new Set<string>();
    for (const pod of pods) {
      for (const name of resourceClaimNames(pod)) {
        const key = objectKey(this.#cluster, pod.metadata.namespace, name);
        const claim = this.#reader.get(resourceClaims.collection, key)?.object as ResourceClaim | undefined;
        for (const { driver, pool, device } of claim?.status?.allocation?.devices?.results ?? [])
          taken.add(`${driver}/${pool}/${device}`);
      }
    }
    return taken;
  }
}
