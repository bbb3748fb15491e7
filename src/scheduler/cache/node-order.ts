import type { KubeNode } from '../../kube/index.js';
import type { NodeInfo } from './node-info.js';

/** A node's region and zone, by the former labels or the present ones (component-helpers: GetZoneKey). */
function zoneOf({ metadata: { labels = {} } }: KubeNode): string {
  const region =
    labels['failure-domain.beta.kubernetes.io/region'] ?? labels['topology.kubernetes.io/region'] ?? '';
  const zone =
    labels['failure-domain.beta.kubernetes.io/zone'] ?? labels['topology.kubernetes.io/zone'] ?? '';
  return `${region}:\0:${zone}`;
}

/**
 * The order in which nodes are looked at: the first of every zone, then the second of every zone, and so on; zones and the
 * nodes in them in the order they came (kube-scheduler: node tree).
 */
export class NodeOrder {
  readonly #zones = new Map<string, NodeInfo[]>();
  readonly #zoneOf = new Map<NodeInfo, string>();
  #list: readonly NodeInfo[] | undefined;
  #slots: Int32Array | undefined;

  /** Adds a node, or moves it to the zone it says now. */
  put(info: NodeInfo, node: KubeNode): void {
    const zone = zoneOf(node);
    const before = this.#zoneOf.get(info);
    if (before === zone) return;
    if (before !== undefined) this.remove(info);
    const members = this.#zones.get(zone) ?? [];
    this.#zones.set(zone, members);
    members.push(info);
    this.#zoneOf.set(info, zone);
    this.#list = undefined;
    this.#slots = undefined;
  }

  remove(info: NodeInfo): void {
    const zone = this.#zoneOf.get(info);
    if (zone === undefined) return;
    const members = this.#zones.get(zone) ?? [];
    members.splice(members.indexOf(info), 1);
    if (members.length === 0) this.#zones.delete(zone);
    this.#zoneOf.delete(info);
    this.#list = undefined;
    this.#slots = undefined;
  }

  /** The way back to the order of now, once the same nodes are in again. */
  mark(): () => void {
    const zones = [...this.#zones].map(([zone, members]) => [zone, [...members]] as [string, NodeInfo[]]);
    const list = this.#list;
    const slots = this.#slots;
    return () => {
      this.#zones.clear();
      for (const [zone, members] of zones) this.#zones.set(zone, members);
      this.#list = list;
      this.#slots = slots;
    };
  }

  /** All nodes in order. */
  list(): readonly NodeInfo[] {
    this.#list ??= this.#interleaved();
    return this.#list;
  }

  /** The slots of all nodes, in order. */
  slots(): Int32Array {
    this.#slots ??= Int32Array.from(this.list(), ({ slot }) => slot);
    return this.#slots;
  }

  #interleaved(): readonly NodeInfo[] {
    const zones = [...this.#zones.values()];
    const longest = Math.max(0, ...zones.map(({ length }) => length));
    const list: NodeInfo[] = [];
    for (let round = 0; round < longest; round += 1) {
      for (const members of zones) {
        const info = members[round];
        if (info) list.push(info);
      }
    }
    return list;
  }
}
