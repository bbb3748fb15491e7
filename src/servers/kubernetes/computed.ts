import type { FastifyReply } from 'fastify';
import { StatusError, compileSelection } from '../../kube/index.js';
import type { Scope } from '../../kube/index.js';
import { sendAnswer } from './answers.js';
import type { KubernetesRequest } from './app.js';
import { sendLong } from './long-answers.js';
import { negotiate } from './negotiation.js';
import { includeObject, listQuery } from './query.js';
import { renderList, renderObject } from './representation.js';
import type { Target } from './request.js';
import { warningHeaders } from './warnings.js';

/** Answers a request on objects that are worked out when asked for. @throws StatusError 400, 404, 405 */
export async function answerComputed(
  { world, clusterKey, query, verb, http, reply }: KubernetesRequest,
  { type, namespace, name, subresource }: Extract<Target, { kind: 'computed' }>,
): Promise<FastifyReply> {
  if (!type.verbs.includes(verb)) throw StatusError.methodNotAllowed();
  if (subresource !== undefined) throw StatusError.noSuchPath();
  const scope: Scope = { cluster: clusterKey, ...(namespace !== undefined && { namespace }) };
  const now = world.clock.now();
  if (type.warnings) void reply.header('warning', warningHeaders(type.warnings));
  const representation = negotiate(http.headers.accept);
  const rendering = { representation, include: includeObject(query), now };
  if (name !== undefined) {
    const object = type.get(world.store, scope, name, now);
    return sendAnswer(http, reply, 200, renderObject(type, object, rendering), representation.format);
  }
  const matches = compileSelection(type, listQuery(query));
  const items = type.list(world.store, scope, now).filter((object) => !matches || matches(object));
  const page = { each: () => items, resourceVersion: '' };
  return sendLong(http, reply, renderList(type, page, rendering), representation.format);
}
