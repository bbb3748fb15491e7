import type { KubeNode, Pod } from '../../kube/index.js';
import type { Supposed } from '../../scheduler/index.js';
import type { NodeLimit } from './limits.js';
import type { GroupTemplate } from './pod-group.js';

const hostname = 'kubernetes.io/hostname';

/** The name of a node that is only estimated with; no node can have it. */
const nameOf = (index: number): string => `estimate/${String(index)}`;

/** A node of the template, and the pods that it has from the start, put into the supposed cluster. */
export function putTemplate(supposed: Supposed, { node, pods }: GroupTemplate, index: number): string {
  const name = nameOf(index);
  supposed.putNode(renamed(node, name));
  for (const pod of pods) supposed.putPod(copyOf(pod, index), name);
  return name;
}

const renamed = (node: KubeNode, name: string): KubeNode => ({
  ...node,
  metadata: {
    ...node.metadata,
    name,
    uid: name,
    labels: { ...node.metadata.labels, [hostname]: name },
  },
});

function copyOf(pod: Pod, index: number): Pod {
  const { uid, name } = pod.metadata;
  const suffix = `/estimate/${String(index)}`;
  return { ...pod, metadata: { ...pod.metadata, name: `${name}${suffix}`, uid: `${uid || name}${suffix}` } };
}

/** Amounts of resources, in the order of the resources that the estimate is about. */
export type Amounts = readonly number[];

/** Pods of one kind that hang on amounts alone. */
export interface Fill {
  readonly pods: readonly Pod[];
  /** What each of them takes. */
  readonly asked: Amounts;
  /** Whether they are put into the supposed cluster, as the scheduler's rules count them for others. */
  readonly told: 'told' | 'not told';
}

/** The nodes that an estimate has added, in their order, with what is left on each. */
export class NewNodes {
  /** Nodes that were there before; only those are told apart that pods may be sent back to. */
  readonly #before: readonly string[];
  readonly #names: string[] = [];
  readonly #left: number[][] = [];
  /** Names of nodes, new or not, that pods were put on. */
  readonly #used = new Set<string>();
  readonly #supposed: Supposed;
  readonly #template: GroupTemplate;
  readonly #empty: Amounts;
  readonly #limit: NodeLimit;
  /** Where the next look at nodes begins: after the one found last, among all nodes. */
  #next = 0;
  /** Whether the scheduler's rules are asked about new nodes yet: then these are put into the supposed cluster. */
  rules: 'asked' | 'not asked any more' = 'asked';

  /** `empty` is what a node has before pods are put on it. */
  constructor(init: {
    readonly supposed: Supposed;
    readonly template: GroupTemplate;
    readonly empty: Amounts;
    readonly limit: NodeLimit;
    readonly before: readonly string[];
  }) {
    this.#supposed = init.supposed;
    this.#template = init.template;
    this.#empty = init.empty;
    this.#limit = init.limit;
    this.#before = init.before;
  }

  /** How many nodes have pods. A node that was there before counts too once a pod was sent back to it (upstream quirk). */
  get used(): number {
    return this.#used.size;
  }

  get mayAdd(): boolean {
    return this.#names.length < this.#limit;
  }

  /** True when the newest node has no pod yet: another like it would be no better. */
  get isNewestEmpty(): boolean {
    const newest = this.#names.at(-1);
    return newest !== undefined && !this.#used.has(newest);
  }

  add(): void {
    const index = this.#names.length;
    if (this.rules === 'asked') putTemplate(this.#supposed, this.#template, index);
    this.#names.push(nameOf(index));
    this.#left.push([...this.#empty]);
  }

  /** Puts a pod on the next new node that takes it. */
  placeOnAny(pod: Pod, asked: Amounts): 'placed' | 'refused' {
    const hasRoom = (place: number): boolean => this.#roomOn(place, asked) > 0;
    const place = this.#supposed.placeAmong(pod, this.#names, this.#start, hasRoom);
    if (place === undefined) return 'refused';
    this.#take(place, asked, 1);
    this.#found(place);
    return 'placed';
  }

  /** Puts a pod on the newest node. */
  placeOnNewest(pod: Pod, asked: Amounts): 'placed' | 'refused' {
    const place = this.#names.length - 1;
    if (place < 0 || this.#roomOn(place, asked) === 0) return 'refused';
    if (this.#supposed.placeAmong(pod, [nameOf(place)], 0) === undefined) return 'refused';
    this.#take(place, asked, 1);
    return 'placed';
  }

  /** Why the newest node refuses a pod that it has room for; nothing when it has none. */
  reasonsOfNewest(pod: Pod, asked: Amounts): readonly string[] {
    const place = this.#names.length - 1;
    if (place < 0 || this.#roomOn(place, asked) === 0) return [];
    return this.#supposed.refusalOn(pod, nameOf(place))?.reasons ?? [];
  }

  /** Puts a pod that the newest node refuses on the next of all other nodes, new or not. */
  sendBack(pod: Pod, asked: Amounts): 'placed' | 'refused' {
    const all = [...this.#before, ...this.#names];
    const first = this.#before.length;
    const hasRoom = (place: number): boolean => place < first || this.#roomOn(place - first, asked) > 0;
    const place = this.#supposed.placeAmong(pod, all, this.#next, hasRoom);
    if (place === undefined) return 'refused';
    const among = place - first;
    if (among >= 0) this.#take(among, asked, 1);
    else this.#used.add(all[place] as string);
    this.#found(among);
    return 'placed';
  }

  /**
   * Puts pods that hang on amounts alone on the new nodes, one on each in turn as long as there is room.
   *
   * @returns how many
   */
  fill({ pods, asked, told }: Fill): number {
    let active = this.#inTurn()
      .map((place) => ({ place, room: this.#roomOn(place, asked), taken: 0 }))
      .filter(({ room }) => room > 0);
    const filled = active;
    let left = pods.length;
    while (left > 0 && active.length > 0) {
      const isLastRound = left < active.length;
      const each = isLastRound
        ? 1
        : active.reduce(
            (least, { room, taken }) => Math.min(least, room - taken),
            Math.floor(left / active.length),
          );
      const now = isLastRound ? active.slice(0, left) : active;
      for (const one of now) one.taken += each;
      left -= each * now.length;
      this.#found((now.at(-1) as { place: number }).place);
      active = active.filter(({ room, taken }) => taken < room);
    }
    let at = 0;
    for (const { place, taken } of filled) {
      if (taken === 0) continue;
      this.#put(place, { pods: pods.slice(at, at + taken), asked, told });
      at += taken;
    }
    return at;
  }

  /**
   * Puts pods that hang on amounts alone, from one of them on, on the newest node.
   *
   * @returns how many
   */
  fillNewest({ pods, asked, told }: Fill, from: number): number {
    const place = this.#names.length - 1;
    const taken = Math.min(this.#roomOn(place, asked), pods.length - from);
    if (taken > 0) this.#put(place, { pods: pods.slice(from, from + taken), asked, told });
    return taken;
  }

  get #start(): number {
    return Math.max(0, this.#next - this.#before.length);
  }

  #inTurn(): readonly number[] {
    const start = this.#start;
    return this.#names.map((_, index) => (start + index) % this.#names.length);
  }

  /** A look has ended at a new node, or at one before them. */
  #found(place: number): void {
    const after = this.#before.length + place + 1;
    this.#next = after % (this.#before.length + this.#names.length);
  }

  /** How many pods a node has room for. */
  #roomOn(place: number, asked: Amounts): number {
    const left = this.#left[place] as readonly number[];
    let room = Infinity;
    for (let at = 0; at < asked.length; at += 1) {
      const amount = asked[at] as number;
      if (amount > 0) room = Math.min(room, Math.floor((left[at] as number) / amount));
    }
    return Math.max(0, room);
  }

  #put(place: number, { pods, asked, told }: Fill): void {
    this.#take(place, asked, pods.length);
    if (told === 'told') for (const pod of pods) this.#supposed.putPod(pod, nameOf(place));
  }

  #take(place: number, asked: Amounts, pods: number): void {
    const left = this.#left[place] as number[];
    for (let at = 0; at < asked.length; at += 1)
      left[at] = (left[at] as number) - pods * (asked[at] as number);
    this.#used.add(nameOf(place));
  }
}
