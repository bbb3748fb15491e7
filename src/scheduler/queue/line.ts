/** What can stand in a line: in one at a time. */
export interface InLine<T extends InLine<T>> {
  line: Line<T> | undefined;
  ahead: T | undefined;
  behind: T | undefined;
}

/** A queue that anybody in it can leave at any time. Joining, leaving and seeing who is first cost the same however long it is. */
export class Line<T extends InLine<T>> implements Iterable<T> {
  #first: T | undefined;
  #last: T | undefined;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get first(): T | undefined {
    return this.#first;
  }

  /** Puts one at the end, out of the line that it is in. */
  join(one: T): void {
    one.line?.leave(one);
    one.line = this;
    one.ahead = this.#last;
    if (this.#last) this.#last.behind = one;
    else this.#first = one;
    this.#last = one;
    this.#size += 1;
  }

  /** Takes one out that is in this line. */
  leave(one: T): void {
    const { ahead, behind } = one;
    if (ahead) ahead.behind = behind;
    else this.#first = behind;
    if (behind) behind.ahead = ahead;
    else this.#last = ahead;
    one.line = undefined;
    one.ahead = undefined;
    one.behind = undefined;
    this.#size -= 1;
  }

  /** Those in the line, the first first. Who is given may leave at once. */
  *[Symbol.iterator](): Iterator<T> {
    for (let one = this.#first; one;) {
      const next: T | undefined = one.behind;
      yield one;
      one = next;
    }
  }
}
