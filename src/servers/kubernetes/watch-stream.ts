import type { FastifyReply } from 'fastify';
import { apiVersionOf, compileSelection, entriesIn, parseRevision, shown } from '../../kube/index.js';
import type {
  KubeObject,
  ObjectChange,
  ResourceType,
  Scope,
  Selection,
  WatchEventType,
} from '../../kube/index.js';
import { StatusError } from '../../kube/index.js';
import type { Revision } from '../../store/index.js';
import type { World } from '../../world/index.js';
import { renderObject, renderTable } from './representation.js';
import type { Rendering } from './representation.js';

/** A watch as a query asks for it. */
export interface WatchQuery extends Selection {
  readonly resourceVersion: string;
  readonly sendInitialEvents: boolean;
  readonly bookmarks: boolean;
  /** Undefined for the server's own time of 30 to 60 minutes. */
  readonly timeoutSeconds: number | undefined;
}

const bookmarkInterval = 60_000;
/** A reader that leaves so many bytes unread is cut off: it comes back with its last revision. */
const longestBacklog = 32 * 1024 * 1024;
const shortest = 30 * 60;

/** Streams the changes of a kind until the client goes, falls behind, or the time is over. @throws StatusError 400, 410 */
export function streamWatch(
  world: World,
  type: ResourceType,
  scope: Scope,
  query: WatchQuery,
  rendering: Rendering,
  reply: FastifyReply,
): void {
  const { kubernetes, store } = world;
  const matches = compileSelection(type, query);
  const asked = parseRevision(query.resourceVersion);
  const fromNow = query.sendInitialEvents || asked === 0;
  const start = store.revision;
  if (asked > start) {
    throw new StatusError(
      504,
      'Timeout',
      `Too large resource version: ${String(asked)}, current: ${String(start)}`,
      {
        causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
        retryAfterSeconds: 1,
      },
    );
  }
  const isPlain = rendering.representation.as === 'object';
  let hasColumns = false;
  let pending: string[] = [];
  let revision: Revision = fromNow ? start : (asked as Revision);

  const rendered = (object: KubeObject): unknown => {
    if (rendering.representation.as !== 'table') return renderObject(type, object, rendering);
    const columns = hasColumns ? 'rowsOnly' : 'withColumns';
    hasColumns = true;
    const metadata = { resourceVersion: object.metadata.resourceVersion };
    return renderTable(type, [object], metadata, { ...rendering, now: world.clock.now() }, columns);
  };
  const send = (event: WatchEventType, change: ObjectChange): void => {
    revision = change.revision;
    push(
      isPlain ? change.line(event) : `${JSON.stringify({ type: event, object: rendered(change.object) })}\n`,
    );
  };
  const push = (line: string): void => {
    pending.push(line);
    // One flush for all that happens in this turn, once it is on disk.
    if (pending.length === 1) void world.durable().then(flush, end);
  };
  const flush = (): void => {
    const lines = pending;
    pending = [];
    if (reply.raw.destroyed || lines.length === 0) return;
    reply.raw.write(lines.join(''));
    if (reply.raw.writableLength > longestBacklog) reply.raw.destroy();
  };
  const bookmark = (annotations?: Readonly<Record<string, string>>): void => {
    revision = store.revision;
    const metadata = {
      resourceVersion: String(revision),
      creationTimestamp: null,
      ...(annotations && { annotations }),
    };
    const object = { kind: type.kind, apiVersion: apiVersionOf(type), metadata };
    push(`${JSON.stringify({ type: 'BOOKMARK', object })}\n`);
  };

  // May refuse, so it comes before anything is sent.
  const subscription = kubernetes.watches.subscribe(type, scope, matches, revision, send);
  reply.hijack();
  reply.raw.writeHead(200, {
    'content-type': `application/json${rendering.representation.as === 'table' ? ';as=Table;v=v1;g=meta.k8s.io;stream=watch' : ''}`,
    'cache-control': 'no-cache, private',
    'transfer-encoding': 'chunked',
  });
  reply.raw.flushHeaders();
  if (fromNow) {
    for (const { value, revision: written } of entriesIn(store, type, scope)) {
      if (matches && !matches(value.object)) continue;
      push(`${JSON.stringify({ type: 'ADDED', object: rendered(shown(type, value.object, written)) })}\n`);
    }
  }
  if (query.sendInitialEvents) bookmark({ 'k8s.io/initial-events-end': 'true' });
  const bookmarks = query.bookmarks ? setInterval(() => bookmark(), bookmarkInterval) : undefined;
  const seconds = query.timeoutSeconds ?? shortest * (1 + Math.random());
  const timeout = setTimeout(() => end(), Math.min(seconds, 86_400) * 1000);
  function end(): void {
    flush();
    reply.raw.end();
  }
  reply.raw.on('close', () => {
    subscription.close();
    clearInterval(bookmarks);
    clearTimeout(timeout);
  });
}
