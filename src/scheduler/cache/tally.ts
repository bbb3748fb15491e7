/** What follows each change of a tally. */
export interface TallyFollower {
  change(slot: number, by: number): void;
}

/** A count for each node, and sums of it over domains that are kept current with it. */
export class Tally {
  /** By slot; most tallies are about few nodes. */
  readonly #perNode: number[] = [];
  readonly #followers = new Set<TallyFollower>();
  #total = 0;

  /** The sum over all nodes, those that have gone too. */
  get total(): number {
    return this.#total;
  }

  at(slot: number): number {
    return this.#perNode[slot] ?? 0;
  }

  /** Calls `visit` for each node that something is counted on. */
  each(visit: (slot: number, count: number) => void): void {
    this.#perNode.forEach((count, slot) => {
      if (count !== 0) visit(slot, count);
    });
  }

  change(slot: number, by: number): void {
    this.#total += by;
    this.#perNode[slot] = this.at(slot) + by;
    for (const follower of this.#followers) follower.change(slot, by);
  }

  follow(follower: TallyFollower): void {
    this.#followers.add(follower);
  }

  leave(follower: TallyFollower): void {
    this.#followers.delete(follower);
  }
}
