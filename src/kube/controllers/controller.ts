import { WorkQueue } from '../../sim/index.js';
import type { Clock } from '../../sim/index.js';
import type { Change, Collection, Store, Transaction, Versioned } from '../../store/index.js';
import { instant } from '../../units/index.js';
import type { Instant } from '../../units/index.js';
import type { WriteContext } from '../api/index.js';
import { StatusError } from '../api/status-error.js';
import type { KubeObject, Stored } from '../object.js';
import { controllerOf } from '../object.js';
import type { ResourceType } from '../resource-type.js';
import { isOfObjects, objectKey } from '../resource-type.js';
import { mayBeSelecting } from '../selectors/index.js';

/** What controllers are built from. */
export interface ControllerParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly context: WriteContext;
}

/** A change of an object, as controllers look at it. */
export interface Seen {
  readonly cluster: string;
  readonly key: string;
  readonly collection: string;
  readonly before: KubeObject | undefined;
  readonly after: KubeObject | undefined;
}

/** Which objects to look at again when one of another kind, or a record beside the objects, has changed: their keys. */
export interface Trigger {
  /** `every` for the changes of all kinds, custom resources too. */
  readonly type: 'every' | { readonly collection: Collection<never> };
  readonly keys: (seen: Seen, store: Store) => readonly string[];
}

/** What a turn leaves to do: nothing, a look at a moment when time has changed something, or another try. */
export type Next = Instant | 'retry' | undefined;

/** A try that failed is made again after 5 ms, then after twice as long each time (client-go: rate limiting queue). */
const retryDelay = { first: 5, longest: 1_000_000 };

/**
 * A level-triggered control loop over objects of one kind: whatever changes, the object's key is queued, and its turn looks
 * at nothing but the store. So a world that was closed at any moment goes on when it is opened.
 */
export abstract class Controller {
  protected readonly parts: ControllerParts;
  readonly #type: ResourceType;
  readonly #queue: WorkQueue;
  /** Failed tries in a row, by key. */
  readonly #failures = new Map<string, number>();

  protected constructor(parts: ControllerParts, type: ResourceType) {
    this.parts = parts;
    this.#type = type;
    this.#queue = new WorkQueue({
      name: new.target.name,
      clock: parts.clock,
      reconcile: (key) => this.#run(key),
    });
  }

  /** Kinds other than its own whose changes it looks at. */
  protected abstract readonly triggers: readonly Trigger[];

  /** Whether an object of its kind may need it at all: others cost it nothing. */
  protected readonly concerns: (object: KubeObject) => boolean = () => true;

  /** When an object's turn comes after a change: at once, unless its changes are gathered. */
  protected readonly dueAt: (key: string) => Instant = () => this.parts.clock.now();

  /**
   * Brings one object closer to what it should be.
   *
   * @returns when to look again, if time alone can change something; `retry` when it has to be tried again.
   */
  protected abstract reconcile(tx: Transaction, entry: Versioned<Stored>): Next;

  /** Takes up all objects there are, then follows changes. */
  start(): void {
    const { store } = this.parts;
    for (const { key, value } of store.entries(this.#type.collection)) {
      if (this.concerns(value.object)) this.#queue.add(key);
    }
    const triggers = new Map<string, Trigger['keys'][]>();
    const everywhere: Trigger['keys'][] = [];
    const collections: Collection<never>[] = [];
    const own: Trigger = {
      type: this.#type,
      keys: ({ key, after }) => (after && this.concerns(after) ? [key] : []),
    };
    for (const { type, keys } of [own, ...this.triggers]) {
      if (type === 'every') {
        everywhere.push(keys);
        continue;
      }
      collections.push(type.collection);
      const { name } = type.collection;
      triggers.set(name, [...(triggers.get(name) ?? []), keys]);
    }
    const triggersOf = (collection: string) => {
      const found = triggers.get(collection);
      if (everywhere.length === 0 || !isOfObjects(collection)) return found;
      return [...(found ?? []), ...everywhere];
    };
    // Most commits are nothing to most controllers.
    store.watch(everywhere.length > 0 ? {} : { collections }, ({ changes }) => {
      for (const change of changes) {
        const found = triggersOf(change.collection);
        if (!found) continue;
        const seen = asSeen(change);
        for (const keys of found)
          for (const key of keys(seen, store)) this.#queue.addAt(key, this.dueAt(key));
      }
    });
  }

  #run(key: string): void {
    const { store } = this.parts;
    if (!store.entry(this.#type.collection, key)) {
      this.#failures.delete(key);
      return;
    }
    const next = this.#reconciled(key);
    if (next !== 'retry') this.#failures.delete(key);
    if (next !== undefined) this.#queue.addAt(key, next === 'retry' ? this.#retryAt(key) : next);
  }

  /** A turn that the API refuses something, e.g. in a namespace that is going, changes nothing and is tried again. */
  #reconciled(key: string): Next {
    try {
      return this.parts.store.transact((tx) => {
        const entry = tx.entry(this.#type.collection, key);
        return entry && this.reconcile(tx, entry);
      });
    } catch (error) {
      if (error instanceof StatusError) return 'retry';
      throw error;
    }
  }

  #retryAt(key: string): Instant {
    const failures = this.#failures.get(key) ?? 0;
    this.#failures.set(key, failures + 1);
    const delay = Math.min(retryDelay.longest, retryDelay.first * 2 ** failures);
    return instant(this.parts.clock.now() + delay);
  }
}

function asSeen({ key, collection, before, after }: Change): Seen {
  const was = before as Stored | undefined;
  const is = after as Stored | undefined;
  return { key, collection, cluster: (is ?? was)?.cluster ?? '', before: was?.object, after: is?.object };
}

/** Triggers the controller of a changed object, when it is of the kind `kind`. */
export const byController =
  (kind: string): Trigger['keys'] =>
  ({ cluster, before, after }) => [
    ...new Set([before, after].flatMap((object) => keyOfController(cluster, object, kind))),
  ];

/** As `byController`, and those that may adopt an object that has none. */
export const byControllerOrSelector =
  (type: ResourceType): Trigger['keys'] =>
  (seen, store) => {
    const { cluster, after } = seen;
    const owners = byController(type.kind)(seen, store);
    if (!after || controllerOf(after) || after.metadata.deletionTimestamp !== undefined) return owners;
    const { namespace = '', labels = {} } = after.metadata;
    const adopters = mayBeSelecting(store, type, { cluster, namespace }, labels).map(({ key }) => key);
    return [...owners, ...adopters];
  };

function keyOfController(cluster: string, object: KubeObject | undefined, kind: string): readonly string[] {
  const owner = object && controllerOf(object);
  return owner?.kind === kind ? [objectKey(cluster, object?.metadata.namespace, owner.name)] : [];
}
