import type { FastifyReply } from 'fastify';
import {
  StatusError,
  apiVersionOf,
  checkReached,
  compileSelection,
  entriesIn,
  onDefinitionChange,
  parseRevision,
  presented,
  shown,
} from '../../kube/index.js';
import type { KubeObject, ResourceType, Scope, Selection, Stored, WatchEventType } from '../../kube/index.js';
import type { Revision, Versioned } from '../../store/index.js';
import type { World } from '../../world/index.js';
import type { KubernetesRequest } from './app.js';
import { renderObject, renderTable } from './representation.js';
import type { Rendering } from './representation.js';
import { WatchConnection } from './watch-connection.js';

/** A watch as a query asks for it. */
export interface WatchQuery extends Selection {
  readonly resourceVersion: string;
  readonly sendInitialEvents: boolean;
  readonly bookmarks: boolean;
  /** Undefined for the server's own time of 30 to 60 minutes. */
  readonly timeoutSeconds: number | undefined;
}

/** What is watched, and how it is to be shown. */
export interface Watched {
  readonly type: ResourceType;
  readonly scope: Scope;
  readonly query: WatchQuery;
  readonly rendering: Rendering;
}

const bookmarkInterval = 60_000;
const shortestWatch = 30 * 60;
const longestWatch = 86_400;

/** Streams the changes of a kind until the client goes, falls behind, or the time is over. @throws StatusError 400, 504 */
export function streamWatch(
  { world, feeds, reply }: Pick<KubernetesRequest, 'world' | 'feeds' | 'reply'>,
  watched: Watched,
): void {
  const { type, scope, query, rendering } = watched;
  const { store } = world;
  const matches = compileSelection(type, query);
  const asked = startOf(query, store.revision);
  const lines = new LineMaker(world, watched);

  // The first line of a table carries its columns, so what was missed is made first.
  const found = asked === undefined ? [] : missedSince(world, watched, asked, lines);
  if (found instanceof StatusError) {
    refuseInStream(reply, rendering, found);
    return;
  }
  const missed = found;
  const present =
    asked === undefined
      ? entriesIn(store, type, scope).filter(({ value }) => !matches || matches(value.object))
      : [];
  const view = { reader: store, now: world.clock.now() };
  const added = ({ value, revision }: Versioned<Stored>): string =>
    lines.of('ADDED', shown(type, presented(type, value, view), revision));
  // Made now: the first line of a table carries its columns.
  const [head, ...others] = present;
  const first = head ? added(head) : '';
  const connection = new WatchConnection(reply.raw);
  const isAhead = asked !== undefined && asked > store.revision;
  const stop =
    rendering.representation.as === 'object' && !isAhead
      ? feeds.join(type, scope, query, connection).leave
      : follow(world, watched, isAhead ? asked : store.revision, lines, connection);
  const isMarked = query.sendInitialEvents && query.bookmarks;
  const mark = isMarked ? lines.bookmark({ 'k8s.io/initial-events-end': 'true' }) : '';
  function* beginning(): Iterable<string> {
    yield* missed;
    if (head) yield first;
    for (const entry of others) yield added(entry);
    if (isMarked) yield mark;
  }

  beginStream(reply, rendering);
  const end = (): void => connection.end();
  connection.begin(beginning(), world.durable()).catch(end);
  const sendBookmark = (): void => {
    const line = lines.bookmark();
    world.durable().then(() => connection.write(line), end);
  };
  const bookmarks = query.bookmarks ? setInterval(sendBookmark, bookmarkInterval) : undefined;
  const seconds = query.timeoutSeconds ?? shortestWatch * (1 + Math.random());
  const timeout = setTimeout(end, Math.min(seconds, longestWatch) * 1000);
  // What the definition's end has taken with it is told before.
  const definition = onDefinitionChange(store, type, scope.cluster, () => {
    world.durable().then(end, end);
  });
  reply.raw.on('close', () => {
    stop();
    definition.close();
    clearInterval(bookmarks);
    clearTimeout(timeout);
  });
}

function beginStream(reply: FastifyReply, { representation }: Rendering): void {
  reply.hijack();
  reply.raw.writeHead(200, {
    'content-type': `application/json${representation.as === 'table' ? ';as=Table;v=v1;g=meta.k8s.io;stream=watch' : ''}`,
    'cache-control': 'no-cache, private',
    'transfer-encoding': 'chunked',
  });
  reply.raw.flushHeaders();
}

/** What a watch was understood to ask for and can't be had is told by an event of it (Kubernetes: cacher). */
function refuseInStream(reply: FastifyReply, rendering: Rendering, error: StatusError): void {
  beginStream(reply, rendering);
  reply.raw.end(`${JSON.stringify({ type: 'ERROR', object: error.toStatus() })}\n`);
}

/** The lines of the changes after a revision; the refusal, when they are no longer kept. */
function missedSince(
  { kubernetes }: World,
  { type, scope, query }: Watched,
  from: Revision,
  lines: LineMaker,
): readonly string[] | StatusError {
  const missed: string[] = [];
  const matches = compileSelection(type, query);
  try {
    kubernetes.watches
      .subscribe(type, scope, matches, from, (event, change) => missed.push(lines.of(event, change.object)))
      .close();
  } catch (error) {
    if (error instanceof StatusError && error.code === 410) return error;
    throw error;
  }
  return missed;
}

/**
 * The revision after which changes are asked for, though it may be still to come; undefined for all that is there, and then
 * what happens. @throws StatusError 500, 504 for what is to be there of a revision to come
 */
function startOf(
  { resourceVersion, sendInitialEvents }: WatchQuery,
  current: Revision,
): Revision | undefined {
  const asked = parseRevision(resourceVersion);
  if (sendInitialEvents) checkReached(asked, current);
  return sendInitialEvents || asked === 0 ? undefined : (asked as Revision);
}

/** Follows a selection for a reader that is shown something else than the objects; what it has still to see is put together. */
function follow(
  world: World,
  { type, scope, query }: Watched,
  from: Revision,
  lines: LineMaker,
  connection: WatchConnection,
): () => void {
  const matches = compileSelection(type, query);
  let pending = '';
  const flush = (): void => {
    connection.write(pending);
    pending = '';
  };
  const subscription = world.kubernetes.watches.subscribe(type, scope, matches, from, (event, change) => {
    if (pending === '') world.durable().then(flush, () => connection.end());
    pending += lines.of(event, change.object);
  });
  return () => subscription.close();
}

/** Makes events into the lines of one watch. */
class LineMaker {
  readonly #world: World;
  readonly #watched: Watched;
  #hasColumns = false;

  constructor(world: World, watched: Watched) {
    this.#world = world;
    this.#watched = watched;
  }

  of(type: WatchEventType, object: KubeObject): string {
    return `${JSON.stringify({ type, object: this.#rendered(object) })}\n`;
  }

  bookmark(annotations?: Readonly<Record<string, string>>): string {
    const { type } = this.#watched;
    const metadata = {
      resourceVersion: String(this.#world.store.revision),
      creationTimestamp: null,
      ...(annotations && { annotations }),
    };
    const object = { kind: type.kind, apiVersion: apiVersionOf(type), metadata };
    return `${JSON.stringify({ type: 'BOOKMARK', object })}\n`;
  }

  #rendered(object: KubeObject): unknown {
    const { type, rendering } = this.#watched;
    if (rendering.representation.as !== 'table') return renderObject(type, object, rendering);
    const columns = this.#hasColumns ? 'rowsOnly' : 'withColumns';
    this.#hasColumns = true;
    const metadata = { resourceVersion: object.metadata.resourceVersion };
    return renderTable(type, [object], metadata, { ...rendering, now: this.#world.clock.now() }, columns);
  }
}
