import type { Instant } from '../../../units/index.js';
import { earliest } from '../availability.js';
import type { Progress, Summary } from './node-pods.js';

type Counted = 'desired' | 'current' | 'misscheduled' | 'ready' | 'available' | 'updated';
const counted: readonly Counted[] = ['desired', 'current', 'misscheduled', 'ready', 'available', 'updated'];

/** How often a node's pod has failed, and when the next one may be replaced. */
interface Failures {
  readonly delay: number;
  readonly last: Instant;
}

/** Failed pods are replaced after 1 s, then after twice as long each time, up to 15 min (Kubernetes: DaemonSet). */
const failureDelay = { first: 1000, longest: 900_000 };

/**
 * What a set's nodes add up to, kept current node by node, so that a change of one node costs one node's work however many
 * there are. It is made of the store and can be made of it again at any time.
 */
export class Tally {
  /** Nodes that have to be looked at. */
  readonly dirty = new Set<string>();
  /** What the set was when this was begun. */
  readonly uid: string;
  readonly generation: number;
  /** The revision of the present template, by its key, and its hash. */
  present: { readonly key: string; readonly hash: string } | undefined;
  readonly #nodes = new Map<string, Summary>();
  readonly #counts: Record<Counted, number>;
  readonly #progress: Readonly<Record<Progress, Set<string>>> = {
    done: new Set(),
    unavailable: new Set(),
    'old, unavailable': new Set(),
    'old, available': new Set(),
    both: new Set(),
  };
  readonly #coming = new Map<string, Instant>();
  readonly #failures = new Map<string, Failures>();

  constructor(uid: string, generation: number) {
    this.uid = uid;
    this.generation = generation;
    this.#counts = { desired: 0, current: 0, misscheduled: 0, ready: 0, available: 0, updated: 0 };
  }

  put(node: string, summary: Summary): void {
    const before = this.#nodes.get(node);
    for (const name of counted) this.#counts[name] += Number(summary[name]) - Number(before?.[name] ?? false);
    if (before?.progress !== summary.progress) {
      if (before) this.#progress[before.progress].delete(node);
      this.#progress[summary.progress].add(node);
    }
    if (summary.availableAt === undefined) this.#coming.delete(node);
    else this.#coming.set(node, summary.availableAt);
    this.#nodes.set(node, summary);
  }

  remove(node: string): void {
    const before = this.#nodes.get(node);
    if (!before) return;
    for (const name of counted) this.#counts[name] -= Number(before[name]);
    this.#progress[before.progress].delete(node);
    this.#coming.delete(node);
    this.#failures.delete(node);
    this.#nodes.delete(node);
  }

  count(name: Counted): number {
    return this.#counts[name];
  }

  /** Nodes that are this far in the update. */
  at(progress: Progress): ReadonlySet<string> {
    return this.#progress[progress];
  }

  /** Marks the nodes whose pods have become available by now. */
  wake(now: Instant): void {
    for (const [node, moment] of this.#coming) if (moment <= now) this.dirty.add(node);
  }

  /** When the next pod becomes available by time alone. */
  nextAvailable(): Instant | undefined {
    return earliest(...this.#coming.values());
  }

  /** When a node's failed pod may be replaced: now, which counts as one more failure, or later. */
  mayReplaceFailed(node: string, now: Instant): 'now' | Instant {
    const before = this.#failures.get(node);
    if (before && now < before.last + before.delay) return (before.last + before.delay) as Instant;
    // Twice the longest delay without a failure, and it is forgotten.
    const isFresh = !before || now - before.last > 2 * failureDelay.longest;
    const delay = isFresh ? failureDelay.first : Math.min(failureDelay.longest, before.delay * 2);
    this.#failures.set(node, { delay, last: now });
    return 'now';
  }
}
