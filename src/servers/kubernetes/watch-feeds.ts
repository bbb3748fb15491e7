import { apiVersionOf, compileSelection } from '../../kube/index.js';
import type { ResourceType, Scope, Selection } from '../../kube/index.js';
import type { World } from '../../world/index.js';

/** Who reads a feed: it is given what is on disk. */
export interface FeedReader {
  write(lines: Buffer): void;
  /** Nothing more can be written to disk. */
  end(): void;
}

/** Events that the same readers are to see. */
interface Segment {
  readonly lines: string[];
  readonly readers: ReadonlySet<FeedReader>;
}

/** The events of one selection of objects: made into text once, however many read it. */
class WatchFeed {
  readonly #world: World;
  readonly #close: () => void;
  #readers: ReadonlySet<FeedReader> = new Set();
  #segments: Segment[] = [];

  constructor(world: World, type: ResourceType, scope: Scope, selection: Selection) {
    this.#world = world;
    const { kubernetes, store } = world;
    const matches = compileSelection(type, selection);
    const subscription = kubernetes.watches.subscribe(type, scope, matches, store.revision, (event, change) =>
      this.#push(change.line(event)),
    );
    this.#close = () => subscription.close();
  }

  get isRead(): boolean {
    return this.#readers.size > 0;
  }

  /** A reader sees what happens after it has come: the sets of readers are replaced, not changed. */
  join(reader: FeedReader): void {
    this.#readers = new Set([...this.#readers, reader]);
  }

  leave(reader: FeedReader): void {
    const readers = new Set(this.#readers);
    readers.delete(reader);
    this.#readers = readers;
    if (readers.size === 0) this.#close();
  }

  #push(line: string): void {
    const last = this.#segments.at(-1);
    if (last?.readers === this.#readers) last.lines.push(line);
    else this.#segments.push({ lines: [line], readers: this.#readers });
    // One flush for all that happens in this turn, once it is on disk.
    if (this.#segments.length === 1 && this.#segments[0]?.lines.length === 1) {
      void this.#world.durable().then(
        () => this.#flush(),
        () => {
          for (const reader of this.#readers) reader.end();
        },
      );
    }
  }

  #flush(): void {
    const segments = this.#segments;
    this.#segments = [];
    for (const { lines, readers } of segments) {
      const text = Buffer.from(lines.join(''));
      for (const reader of readers) if (this.#readers.has(reader)) reader.write(text);
    }
  }
}

/** The feeds of a world, one for each selection that somebody watches. */
export class WatchFeeds {
  readonly #world: World;
  readonly #feeds = new Map<string, WatchFeed>();

  constructor(world: World) {
    this.#world = world;
  }

  /** Gives a reader every event of a selection from now on. @throws StatusError 400 */
  join(type: ResourceType, scope: Scope, selection: Selection, reader: FeedReader): { leave(): void } {
    const { labelSelector = '', fieldSelector = '' } = selection;
    const { cluster, namespace } = scope;
    const names = [apiVersionOf(type), type.plural, cluster, namespace, labelSelector, fieldSelector];
    const key = JSON.stringify(names);
    const feed = this.#feeds.get(key) ?? new WatchFeed(this.#world, type, scope, selection);
    this.#feeds.set(key, feed);
    feed.join(reader);
    return {
      leave: () => {
        feed.leave(reader);
        if (!feed.isRead && this.#feeds.get(key) === feed) this.#feeds.delete(key);
      },
    };
  }
}
