import type { Clock } from '../../sim/index.js';
import type { Store, Versioned } from '../../store/index.js';
import type { KubeObject, Stored } from '../object.js';
import type { ResourceType, View } from '../resource-type.js';
import type { Scope } from './context.js';
import { compileSelection, entriesIn, presented, shown } from './reads.js';
import type { Selection } from './reads.js';
import { StatusError } from './status-error.js';

/** A list as a query asks for it. */
export interface ListQuery extends Selection {
  /** Objects a page; 0 for all. */
  readonly limit?: number;
  readonly continueToken?: string;
  readonly resourceVersion?: string;
  readonly resourceVersionMatch?: string;
}

/** A page of objects, and how to get the next one. */
export class ListPage {
  readonly resourceVersion: string;
  readonly continueToken: string | undefined;
  /** Objects after this page; not told where a selector decides. */
  readonly remaining: number | undefined;
  readonly #type: ResourceType;
  readonly #entries: readonly Versioned<Stored>[];
  readonly #view: View;

  constructor(
    type: ResourceType,
    entries: readonly Versioned<Stored>[],
    view: View,
    page: { readonly resourceVersion: string; readonly continueToken?: string; readonly remaining?: number },
  ) {
    this.#type = type;
    this.#entries = entries;
    this.#view = view;
    this.resourceVersion = page.resourceVersion;
    this.continueToken = page.continueToken;
    this.remaining = page.remaining;
  }

  /** The objects, made as they are read: a long page is never there as a whole. */
  *each(): Iterable<KubeObject> {
    for (const { value, revision } of this.#entries)
      yield shown(this.#type, presented(this.#type, value, this.#view), revision);
  }

  get items(): readonly KubeObject[] {
    return [...this.each()];
  }
}

/** Snapshots kept for pages to come: a client that is slower than so many other lists begins anew. */
const keptSnapshots = 64;

interface Snapshot {
  readonly revision: string;
  /** What was listed: its pages are given to those alone who ask for the same. */
  readonly type: ResourceType;
  readonly scope: Scope;
  readonly entries: readonly Versioned<Stored>[];
}

/**
 * Lists objects in pages that belong together: the pages after the first come from the snapshot that the first was taken
 * from, kept by reference (API conventions: retrieving large result sets in chunks).
 */
export class Lists {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #snapshots = new Map<string, Snapshot>();
  #made = 0;

  constructor({ store, clock }: { store: Store; clock: Clock }) {
    this.#store = store;
    this.#clock = clock;
  }

  /** @throws StatusError 400, 410 when the snapshot is no longer there, 504 for a revision of the future */
  list(type: ResourceType, scope: Scope, query: ListQuery): ListPage {
    const matches = compileSelection(type, query);
    const { limit = 0, continueToken = '', resourceVersion: asked = '' } = query;
    if (continueToken !== '' && asked !== '' && asked !== '0')
      throw StatusError.badRequest('specifying resource version is not allowed when using continue');
    const { snapshot, id, start } =
      continueToken === '' ? this.#first(type, scope, query) : this.#resumed(type, scope, continueToken);
    const { entries, revision: resourceVersion } = snapshot;
    const page: Versioned<Stored>[] = [];
    let at = start;
    for (; at < entries.length && (limit <= 0 || page.length < limit); at += 1) {
      const entry = entries[at];
      if (entry && (!matches || matches(entry.value.object))) page.push(entry);
    }
    // A snapshot stays for a while after its last page: a client may ask for a page again.
    if (at >= entries.length) {
      return new ListPage(type, page, this.#view(), { resourceVersion });
    }
    const token = { snapshot: id ?? this.#keep(snapshot), start: at };
    return new ListPage(type, page, this.#view(), {
      resourceVersion,
      continueToken: Buffer.from(JSON.stringify(token)).toString('base64url'),
      ...(!matches && { remaining: entries.length - at }),
    });
  }

  #view(): View {
    return { reader: this.#store, now: this.#clock.now() };
  }

  #first(
    type: ResourceType,
    scope: Scope,
    query: ListQuery,
  ): { snapshot: Snapshot; id: undefined; start: number } {
    this.#checkVersion(query);
    const entries = entriesIn(this.#store, type, scope);
    const snapshot = { revision: String(this.#store.revision), type, scope, entries };
    return { snapshot, id: undefined, start: 0 };
  }

  #checkVersion({ resourceVersion = '', resourceVersionMatch = '', limit = 0 }: ListQuery): void {
    const current = this.#store.revision;
    const revision = parseRevision(resourceVersion, (why) =>
      StatusError.badRequest(`invalid resource version: ${why}`),
    );
    checkReached(revision, current, resourceVersionMatch === 'Exact' || limit > 0 ? 'ask anew' : 'wait');
    if (resourceVersionMatch === 'Exact' && revision !== current) {
      throw StatusError.expired(
        `The resourceVersion for the provided list is too old: ${String(revision)} (${String(current)}).`,
      );
    }
  }

  #resumed(
    type: ResourceType,
    scope: Scope,
    token: string,
  ): { snapshot: Snapshot; id: string; start: number } {
    const { snapshot: id, start } = parseToken(token);
    const snapshot = this.#snapshots.get(id);
    if (snapshot) {
      if (!isOf(snapshot, type, scope)) throw foreignToken();
      return { snapshot, id, start };
    }
    throw StatusError.expired(
      'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter.',
    );
  }

  #keep(snapshot: Snapshot): string {
    this.#made += 1;
    const id = `${snapshot.revision}.${String(this.#made)}`;
    this.#snapshots.set(id, snapshot);
    const [oldest] = this.#snapshots.keys();
    if (this.#snapshots.size > keptSnapshots && oldest !== undefined) this.#snapshots.delete(oldest);
    return id;
  }
}

/**
 * A revision that is still to come can't be read. Whoever may wait for it is told how long (Kubernetes: watch cache); exact
 * revisions and pages, which the store itself answers, are not waited for. @throws StatusError 504
 */
export function checkReached(revision: number, current: number, hope: 'wait' | 'ask anew' = 'wait'): void {
  if (revision <= current) return;
  throw new StatusError(
    504,
    'Timeout',
    `Timeout: Too large resource version: ${String(revision)}, current: ${String(current)}`,
    {
      causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
      ...(hope === 'wait' && { retryAfterSeconds: 1 }),
    },
  );
}

/** A resource version of a query as a number; 0 for none. @throws StatusError 500 unless `refuse` says otherwise */
export function parseRevision(
  text: string,
  refuse: (why: string) => StatusError = (why) => StatusError.internal(why),
): number {
  if (text === '') return 0;
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw refuse(
    `resourceVersion: Invalid value: "${text}": strconv.ParseUint: parsing "${text}": invalid syntax`,
  );
}

function parseToken(token: string): { readonly snapshot: string; readonly start: number } {
  try {
    const parsed = JSON.parse(Buffer.from(token, 'base64url').toString()) as {
      snapshot?: unknown;
      start?: unknown;
    };
    if (typeof parsed.snapshot === 'string' && Number.isInteger(parsed.start) && Number(parsed.start) >= 0) {
      return { snapshot: parsed.snapshot, start: Number(parsed.start) };
    }
  } catch {
    // Falls through to the refusal: a token that is no token.
  }
  throw foreignToken();
}

const foreignToken = (): StatusError =>
  StatusError.badRequest(
    'invalid continue token: continue key is not valid: it is not one that this server gave',
  );

/** A custom resource's type is made anew when its definition changes. */
const isOf = (snapshot: Snapshot, type: ResourceType, scope: Scope): boolean =>
  snapshot.type.group === type.group &&
  snapshot.type.plural === type.plural &&
  snapshot.scope.cluster === scope.cluster &&
  snapshot.scope.namespace === scope.namespace;
