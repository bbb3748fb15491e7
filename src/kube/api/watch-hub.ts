import type { Clock } from '../../sim/index.js';
import type { Change, Commit, Revision, Store } from '../../store/index.js';
import { TooOldError } from '../../store/index.js';
import type { KubeObject, Stored } from '../object.js';
import type { ResourceType, View } from '../resource-type.js';
import type { Scope } from './context.js';
import type { Matcher } from './reads.js';
import { presented, shown } from './reads.js';
import { StatusError } from './status-error.js';

export type WatchEventType = 'ADDED' | 'MODIFIED' | 'DELETED';

/** What happened to one object, as every watcher that sees it shares it. */
export class ObjectChange {
  readonly revision: Revision;
  readonly before: KubeObject | undefined;
  readonly after: KubeObject | undefined;
  readonly #type: ResourceType;
  readonly #last: Stored;
  readonly #view: View;
  readonly #lines = new Map<WatchEventType, string>();

  /**
   * @param type the kind in the version of the watches that this is for.
   * @param view what the object is looked at with.
   */
  constructor(type: ResourceType, change: Change, revision: Revision, view: View) {
    this.#view = view;
    this.#type = type;
    this.revision = revision;
    this.before = (change.before as Stored | undefined)?.object;
    this.after = (change.after as Stored | undefined)?.object;
    this.#last = (change.after ?? change.before) as Stored;
  }

  /** The object as the event shows it: a deleted one in its last state, with the deletion's revision. */
  get object(): KubeObject {
    return shown(this.#type, presented(this.#type, this.#last, this.#view), this.revision);
  }

  /** The event as a line of a watch's answer; made once, however many watch. */
  line(type: WatchEventType): string {
    const known = this.#lines.get(type);
    if (known !== undefined) return known;
    const line = `${JSON.stringify({ type, object: this.object })}\n`;
    this.#lines.set(type, line);
    return line;
  }
}

/** One watcher's view of a change. */
export type WatchListener = (type: WatchEventType, change: ObjectChange) => void;

interface Subscriber {
  readonly type: ResourceType;
  readonly namespace: string | undefined;
  readonly matches: Matcher | undefined;
  /** What has happened up to this revision is not told. */
  readonly from: Revision;
  readonly listener: WatchListener;
}

/** Hands the commits of the store to the watches of the Kubernetes API. */
export class WatchHub {
  readonly #store: Store;
  readonly #clock: Clock;
  /** By collection and cluster. */
  readonly #subscribers = new Map<string, Map<string, Set<Subscriber>>>();

  constructor({ store, clock }: { store: Store; clock: Clock }) {
    this.#store = store;
    this.#clock = clock;
    store.watch({}, (commit) => this.#deliver(commit));
  }

  /**
   * Tells every change of a kind in a scope after the revision `from`, which may be still to come; those that have happened
   * already at once.
   *
   * @throws StatusError 410 when changes after `from` are no longer kept.
   */
  subscribe(
    type: ResourceType,
    scope: Scope,
    matches: Matcher | undefined,
    from: Revision,
    listener: WatchListener,
  ): { close(): void } {
    const subscriber = {
      type,
      namespace: type.namespaced ? scope.namespace : undefined,
      matches,
      from,
      listener,
    };
    for (const commit of this.#missed(type, from)) {
      for (const change of commit.changes) {
        if (change.collection === type.collection.name && clusterOf(change) === scope.cluster) {
          tell(subscriber, this.#asChange(type, change, commit.revision));
        }
      }
    }
    const { name } = type.collection;
    const clusters = this.#subscribers.get(name) ?? new Map<string, Set<Subscriber>>();
    this.#subscribers.set(name, clusters);
    const peers = clusters.get(scope.cluster) ?? new Set();
    clusters.set(scope.cluster, peers);
    peers.add(subscriber);
    return {
      close: () => {
        peers.delete(subscriber);
        if (peers.size === 0 && clusters.get(scope.cluster) === peers) clusters.delete(scope.cluster);
        if (clusters.size === 0 && this.#subscribers.get(name) === clusters) this.#subscribers.delete(name);
      },
    };
  }

  #asChange(type: ResourceType, change: Change, revision: Revision): ObjectChange {
    const view = { reader: this.#store, now: this.#clock.now() };
    return new ObjectChange(type, change, revision, view);
  }

  #missed({ collection }: ResourceType, from: Revision): readonly Commit[] {
    try {
      return this.#store.since(from, [collection]);
    } catch (error) {
      if (!(error instanceof TooOldError)) throw error;
      throw StatusError.expired(
        `too old resource version: ${String(from)} (${String(this.#store.revision)})`,
      );
    }
  }

  #deliver(commit: Commit): void {
    for (const change of commit.changes) {
      const clusters = this.#subscribers.get(change.collection);
      const cluster = clusters && clusterOf(change);
      const peers = cluster === undefined ? undefined : clusters?.get(cluster);
      if (!peers) continue;
      // Watches of one version share what is made of a change.
      const shared = new Map<ResourceType, ObjectChange>();
      for (const subscriber of [...peers]) {
        const { type, from } = subscriber;
        if (commit.revision <= from) continue;
        const one = shared.get(type) ?? this.#asChange(type, change, commit.revision);
        shared.set(type, one);
        tell(subscriber, one);
      }
    }
  }
}

const clusterOf = ({ before, after }: Change): string | undefined =>
  ((after ?? before) as Partial<Stored> | undefined)?.cluster;

/** An object that comes into the selection is added to it, one that leaves it is deleted from it. */
function tell({ namespace, matches, listener }: Subscriber, change: ObjectChange): void {
  const { before, after } = change;
  if (namespace !== undefined && (after ?? before)?.metadata.namespace !== namespace) return;
  const was = before !== undefined && (!matches || matches(before));
  const is = after !== undefined && (!matches || matches(after));
  if (is) listener(was ? 'MODIFIED' : 'ADDED', change);
  else if (was) listener('DELETED', change);
}
