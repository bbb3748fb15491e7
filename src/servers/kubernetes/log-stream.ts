import type { FastifyReply } from 'fastify';
import type { ContainerLog, Pod, ResourceType, Scope } from '../../kube/index.js';
import type { Timer } from '../../sim/index.js';
import type { World } from '../../world/index.js';

/** A reader that leaves so many bytes unread is cut off. */
const longestBacklog = 8 * 1024 * 1024;

/** Sends a log as it is written, as world time goes on, until its container ends or its pod is gone. */
export function followLog(
  world: World,
  pod: { readonly type: ResourceType; readonly scope: Scope; readonly name: string },
  begun: ContainerLog,
  reply: FastifyReply,
): void {
  const { clock, store } = world;
  let log = begun;
  let sent = clock.now();
  let timer: Timer | undefined;
  reply.hijack();
  reply.raw.writeHead(200, { 'content-type': 'text/plain', 'transfer-encoding': 'chunked' });
  reply.raw.flushHeaders();

  const write = (text: string): void => {
    if (text !== '') reply.raw.write(text);
    if (reply.raw.writableLength > longestBacklog) reply.raw.destroy();
  };
  /** Sends what is new; it is over once nothing more can come. */
  const send = (): void => {
    const now = clock.now();
    if (now > sent) write(log.since(sent, now));
    sent = now;
    timer?.cancel();
    const next = log.next(sent);
    if (log.hasEnded || log.isFull || next === undefined) end();
    else timer = clock.at(next, send, 'log stream');
  };
  const watch = store.watch({ collections: [pod.type.collection] }, ({ changes }) => {
    const key = `${pod.scope.cluster}/${pod.scope.namespace ?? ''}/${pod.name}`;
    const change = changes.find((one) => one.collection === pod.type.collection.name && one.key === key);
    if (!change) return;
    const { after } = change as { readonly after: { readonly object: Pod } | undefined };
    if (!after) {
      end();
      return;
    }
    log = log.with(after.object);
    if (log.hasEnded) send();
  });
  function end(): void {
    timer?.cancel();
    watch.close();
    reply.raw.end();
  }
  reply.raw.on('close', () => {
    timer?.cancel();
    watch.close();
  });
  write(log.begin(sent));
  send();
}
