import { TooOldError } from './errors.js';
import type { Change, Commit, Revision } from './reader.js';
import { weightOf } from './weight.js';

/** The latest commits that touched one collection, oldest first. */
interface Ring {
  commits: Commit[];
  /** About how many bytes the values of each of `commits` take. */
  weights: number[];
  /** Changes of the collection in `commits`: what the ring holds in memory. */
  changes: number;
  /** The sum of `weights`. */
  weight: number;
  /** Every commit after this revision that touched the collection is still here. */
  completeFrom: Revision;
}

/** Large objects that are written again and again must not fill the memory with what they were. */
const defaultWeight = 128 * 1024 * 1024;

/**
 * The latest commits, kept by collection: one that changes often does not push out what another has to tell, so that who
 * looks on at a quiet one can always go on from where he was.
 */
export class History {
  readonly #limit: number;
  readonly #mostWeight: number;
  readonly #start: Revision;
  readonly #rings = new Map<string, Ring>();

  #weight = 0;

  /** Keeps about `limit` changes a collection and `mostWeight` bytes in all; nothing before `start` is known. */
  constructor(limit: number, start: Revision, mostWeight = defaultWeight) {
    this.#limit = limit;
    this.#mostWeight = mostWeight;
    this.#start = start;
  }

  push(commit: Commit): void {
    const { changes } = commit;
    // The changes of a collection come one after the other: they are counted by their runs.
    for (let first = 0, end = 0; first < changes.length; first = end) {
      const { collection } = changes[first] as Change;
      const ring = this.#ring(collection);
      let weight = 0;
      for (; end < changes.length && changes[end]?.collection === collection; end += 1)
        weight += weightOfChange(changes[end] as Change);
      ring.changes += end - first;
      this.#weigh(ring, weight);
      if (ring.commits.at(-1) === commit) ring.weights.push((ring.weights.pop() ?? 0) + weight);
      else {
        ring.commits.push(commit);
        ring.weights.push(weight);
      }
      // Dropped in bulk, so that keeping the bound costs nothing per commit.
      if (ring.changes > 2 * this.#limit) this.#shorten(collection, ring, this.#limit, ring.weight);
    }
    while (this.#weight > this.#mostWeight && this.#lighten());
  }

  #weigh(ring: Ring, weight: number): void {
    ring.weight += weight;
    this.#weight += weight;
  }

  /** Drops the older half of what weighs most. @returns whether there was anything to drop */
  #lighten(): boolean {
    const [collection, ring] = [...this.#rings].reduce((most, one) =>
      one[1].weight > most[1].weight ? one : most,
    );
    const before = ring.commits.length;
    this.#shorten(collection, ring, ring.changes, ring.weight / 2);
    return ring.commits.length < before;
  }

  /**
   * The commits after a revision that touched one of `collections` (any, if absent), in order.
   *
   * @throws TooOldError when some of them are no longer kept.
   */
  since(from: Revision, collections: Iterable<string> = this.#rings.keys()): readonly Commit[] {
    const names = [...collections];
    const oldest = Math.max(this.#start, ...names.map((name) => this.#rings.get(name)?.completeFrom ?? 0));
    if (from < oldest) {
      throw new TooOldError(
        `Revision ${String(from)} is too old: commits are kept from ${String(oldest + 1)} on`,
      );
    }
    const found = names.map((name) => after(this.#rings.get(name)?.commits ?? [], from));
    if (found.length === 1) return found[0] ?? [];
    return [...new Set(found.flat())].sort((a, b) => a.revision - b.revision);
  }

  #ring(collection: string): Ring {
    const present = this.#rings.get(collection);
    if (present) return present;
    const made: Ring = { commits: [], weights: [], changes: 0, weight: 0, completeFrom: this.#start };
    this.#rings.set(collection, made);
    return made;
  }

  /** Drops the oldest commits until no more changes and bytes are left; the latest commit stays. */
  #shorten(collection: string, ring: Ring, mostChanges: number, mostWeight: number): void {
    let dropped = 0;
    while ((ring.changes > mostChanges || ring.weight > mostWeight) && dropped < ring.commits.length - 1) {
      const commit = ring.commits[dropped];
      for (const change of commit?.changes ?? []) if (change.collection === collection) ring.changes -= 1;
      this.#weigh(ring, -(ring.weights[dropped] ?? 0));
      ring.completeFrom = commit?.revision ?? ring.completeFrom;
      dropped += 1;
    }
    ring.commits = ring.commits.slice(dropped);
    ring.weights = ring.weights.slice(dropped);
  }
}

/** What a value was before is the change before this one's, or of no change that is kept. */
const weightOfChange = ({ before, after }: Change): number => weightOf(after ?? before);

/** The commits after a revision, of commits in order. */
function after(commits: readonly Commit[], from: Revision): readonly Commit[] {
  let low = 0;
  let high = commits.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((commits[middle]?.revision ?? 0) <= from) low = middle + 1;
    else high = middle;
  }
  return commits.slice(low);
}
