import type { FastifyReply } from 'fastify';
import { StatusError, checkReached, clientSchema, isObject, patchedBy } from '../../kube/index.js';
import type { JsonObject, KubeObject, Part, ResourceType, Scope, Written } from '../../kube/index.js';
import { sendAnswer } from './answers.js';
import { warningHeaders } from './warnings.js';
import type { KubernetesRequest } from './app.js';
import { answerBinding } from './binding.js';
import { isApplyPatch, readApplyPatch, readBody, readObject, readPatch } from './bodies.js';
import type { Read } from './bodies.js';
import { sendLong } from './long-answers.js';
import { followLog } from './log-stream.js';
import { negotiate } from './negotiation.js';
import {
  applyOptions,
  deleteOptions,
  includeObject,
  listQuery,
  logQuery,
  readRevision,
  refuseForce,
  watchQuery,
  writeOptions,
} from './query.js';
import { renderList, renderObject } from './representation.js';
import type { Page, Rendering } from './representation.js';
import type { Target } from './request.js';
import { settled } from './webhook-client.js';
import { issueToken } from './token-endpoints.js';
import { streamWatch } from './watch-stream.js';

type ResourceTarget = Extract<Target, { kind: 'resource' }>;

interface ObjectRequest extends KubernetesRequest {
  readonly type: ResourceType;
  readonly scope: Scope;
  readonly name: string;
}

/** Answers a request on objects. @throws StatusError */
export async function answerResource(
  request: KubernetesRequest,
  target: ResourceTarget,
): Promise<FastifyReply> {
  const { type, namespace, name, subresource } = target;
  const scope: Scope = { cluster: request.clusterKey, ...(namespace !== undefined && { namespace }) };
  if (name === undefined) return answerCollection({ ...request, type, scope, name: '' });
  const object = { ...request, type, scope, name };
  if (subresource === undefined) return answerObject(object);
  return answerSubresource(object, subresource);
}

async function answerCollection(request: ObjectRequest): Promise<FastifyReply> {
  const { world, type, scope, query, http, reply, verb, user, webhooks } = request;
  const { kubernetes } = world;
  switch (verb) {
    case 'watch':
      streamWatch(request, { type, scope, query: watchQuery(query), rendering: renderingOf(request) });
      return reply;
    case 'list':
      return sendList(request);
    case 'create': {
      if (type.namespaced && scope.namespace === undefined) throw StatusError.methodNotAllowed();
      const { value, options } = readWrite(request, 'CreateOptions');
      return sendWritten(request, 201, () => kubernetes.objects.create(type, scope, value, options));
    }
    case 'deletecollection': {
      const isWhole = type.namespaced && scope.namespace === undefined;
      if (isWhole || !type.verbs.includes(verb)) throw StatusError.methodNotAllowed();
      const { dryRun, ...deletion } = deleteOptions(query, readBody(http));
      const options = { dryRun, user, webhooks };
      const items = await settled(() =>
        kubernetes.objects.deleteCollection(type, scope, listQuery(query), deletion, options),
      );
      const page = { each: () => items, resourceVersion: String(world.store.revision) };
      return sendPage(request, page);
    }
    default:
      throw StatusError.methodNotAllowed();
  }
}

async function sendList(request: ObjectRequest): Promise<FastifyReply> {
  const { world, type, scope, query } = request;
  return sendPage(request, world.kubernetes.lists.list(type, scope, listQuery(query)));
}

async function sendPage(request: ObjectRequest, page: Page): Promise<FastifyReply> {
  const rendering = renderingOf(request);
  const document = renderList(request.type, page, rendering);
  return sendLong(request.http, request.reply, document, rendering.representation.format);
}

async function answerObject(request: ObjectRequest): Promise<FastifyReply> {
  const { world, type, scope, name, query, reply, verb } = request;
  const { objects } = world.kubernetes;
  switch (verb) {
    case 'get':
      checkReached(readRevision(query), world.store.revision);
      return send(request, 200, renderObject(type, objects.get(type, scope, name), renderingOf(request)));
    case 'watch': {
      const one = watchQuery(query);
      const fieldSelector = [one.fieldSelector, `metadata.name=${name}`]
        .filter((text) => text !== '')
        .join(',');
      const watched = { type, scope, query: { ...one, fieldSelector }, rendering: renderingOf(request) };
      streamWatch(request, watched);
      return reply;
    }
    case 'update': {
      const { value, options } = readWrite(request, 'UpdateOptions');
      return sendWritten(request, 200, () => objects.replace(type, scope, name, value, 'object', options));
    }
    case 'patch':
      return answerPatch(request, 'object');
    case 'delete':
      return deleteOne(request);
    default:
      throw StatusError.methodNotAllowed();
  }
}

async function apply(request: ObjectRequest, part: Part): Promise<FastifyReply> {
  const { world, type, scope, name, query, http } = request;
  const conflicts = applyOptions(query);
  const { value, faults } = readApplyPatch(http);
  const options = { ...optionsOf(request, 'PatchOptions'), textFaults: faults, conflicts };
  const written = await settled(() =>
    world.kubernetes.objects.apply(type, scope, name, value, part, options),
  );
  return sendWritten(request, written.isNew ? 201 : 200, () => written);
}

async function answerPatch(request: ObjectRequest, part: Part): Promise<FastifyReply> {
  if (isApplyPatch(request.http)) return apply(request, part);
  const { world, type, scope, name, http, query } = request;
  refuseForce(query);
  const given = optionsOf(request, 'PatchOptions');
  const { faults, ...patch } = readPatch(http);
  const options = { ...given, textFaults: faults };
  return sendWritten(request, 200, () =>
    world.kubernetes.objects.patch(type, scope, name, patch, part, options),
  );
}

async function deleteOne(request: ObjectRequest): Promise<FastifyReply> {
  const { world, type, scope, name, query, http, user, webhooks } = request;
  const { dryRun, ...deletion } = deleteOptions(query, readBody(http));
  const options = { dryRun, user, webhooks };
  const { remaining, was, warnings } = await settled(() =>
    world.kubernetes.objects.delete(type, scope, name, deletion, options),
  );
  warn(request, warnings);
  if (remaining) return send(request, 200, renderObject(type, remaining, renderingOf(request)));
  return send(request, 200, {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    details: {
      name,
      ...(type.group !== '' && { group: type.group }),
      kind: type.plural,
      uid: was.metadata.uid,
    },
  });
}

async function answerSubresource(request: ObjectRequest, subresource: string): Promise<FastifyReply> {
  const { type } = request;
  if (subresource === 'status' && type.hasStatus)
    return answerPart(request, 'status', ['get', 'patch', 'update']);
  const part = type.parts.find(({ name }) => name === subresource);
  if (part) return answerPart(request, part, part.verbs);
  if (subresource === 'scale' && type.scale) return answerScale(request);
  if (subresource === 'token' && type.kind === 'ServiceAccount') return answerToken(request);
  if (/^proxy(\/|$)/.test(subresource) && type.subresources.some(({ name }) => name === 'proxy'))
    throw nothingThere(type, 'proxy');
  if (type.kind !== 'Pod') throw StatusError.noSuchPath();
  switch (subresource) {
    case 'binding':
      return bind(request);
    case 'eviction':
      return evict(request);
    case 'log':
      return log(request);
    case 'exec':
    case 'attach':
    case 'portforward':
      throw nothingThere(type, subresource);
    default:
      throw StatusError.noSuchPath();
  }
}

const nothingThere = ({ plural }: ResourceType, subresource: string): StatusError =>
  StatusError.badRequest(
    `${plural}/${subresource} is not available: containers of this cluster are simulated, there is nothing to connect to`,
  );

/** Reads and writes a part of an object that has a path of its own. */
async function answerPart(
  request: ObjectRequest,
  part: Part,
  verbs: readonly string[],
): Promise<FastifyReply> {
  const { world, type, scope, name, verb } = request;
  const { objects } = world.kubernetes;
  if (!verbs.includes(verb)) throw StatusError.methodNotAllowed();
  if (verb === 'get') return answerObject({ ...request, verb });
  if (verb === 'update') {
    const { value, options } = readWrite(request, 'UpdateOptions');
    return sendWritten(request, 200, () => objects.replace(type, scope, name, value, part, options));
  }
  return answerPatch(request, part);
}

async function answerToken(request: ObjectRequest): Promise<FastifyReply> {
  if (request.verb !== 'create') throw StatusError.methodNotAllowed();
  const { answer, warnings } = issueToken(request, request.scope, request.name, readBody(request.http));
  warn(request, warnings);
  return send(request, 201, answer);
}

async function answerScale(request: ObjectRequest): Promise<FastifyReply> {
  const { world, type, scope, name, http, verb } = request;
  const { objects } = world.kubernetes;
  if (!['get', 'update', 'patch'].includes(verb)) throw StatusError.methodNotAllowed();
  if (verb === 'patch' && isApplyPatch(http)) return applyScale(request);
  if (verb === 'patch') refuseForce(request.query);
  const asked = optionsOf(request, verb === 'update' ? 'UpdateOptions' : 'PatchOptions');
  const options = { ...asked, dryRun: verb === 'get' || asked.dryRun };
  const patch = verb === 'patch' ? readPatch(http) : undefined;
  const body = verb === 'update' ? readObject(http, 'Scale').value : undefined;
  const makeScale = (present: KubeObject) => {
    if (body !== undefined) return body;
    const members = present as unknown as JsonObject;
    return patch ? patchedBy({ schema: clientSchema('V1Scale') }, members, patch.type, patch.body) : members;
  };
  const scale = await settled(() => objects.replaceScale(type, scope, name, makeScale, options));
  return send(request, 200, scale);
}

async function applyScale(request: ObjectRequest): Promise<FastifyReply> {
  const { world, type, scope, name, query, http } = request;
  const conflicts = applyOptions(query);
  const { value, faults } = readApplyPatch(http);
  const options = { ...optionsOf(request, 'PatchOptions'), textFaults: faults, conflicts };
  const { object, warnings } = await settled(() =>
    world.kubernetes.objects.applyScale(type, scope, name, value, options),
  );
  warn(request, warnings);
  return send(request, 200, object);
}

async function bind(request: ObjectRequest): Promise<FastifyReply> {
  if (request.verb !== 'create') throw StatusError.methodNotAllowed();
  return answerBinding(request, request.scope, request.name);
}

async function evict(request: ObjectRequest): Promise<FastifyReply> {
  if (request.verb !== 'create') throw StatusError.methodNotAllowed();
  const body = readBody(request.http);
  const metadata = isObject(body) && isObject(body['metadata']) ? body['metadata'] : {};
  if (metadata['name'] !== undefined && metadata['name'] !== request.name) {
    throw StatusError.badRequest('name in URL does not match name in Eviction object');
  }
  const { dryRun, ...options } = deleteOptions(
    request.query,
    isObject(body) ? body['deleteOptions'] : undefined,
  );
  const { world, scope, name, user, webhooks } = request;
  await settled(() => world.kubernetes.evict(scope, name, options, { dryRun, user, webhooks }));
  return send(request, 201, { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 });
}

async function log(request: ObjectRequest): Promise<FastifyReply> {
  const { world, type, scope, name, query, reply } = request;
  const { follow, ...options } = logQuery(query);
  const pod = world.kubernetes.objects.get(type, scope, name);
  const found = world.kubernetes.log(pod, options);
  if (found && follow) {
    followLog(world, { type, scope, name }, found, reply);
    return reply;
  }
  return reply.header('content-type', 'text/plain').send(found?.begin(world.clock.now()) ?? '');
}

const optionsOf = (
  { query, http, user, webhooks }: KubernetesRequest,
  kind: Parameters<typeof writeOptions>[0],
) => ({ ...writeOptions(kind, query, http.headers['user-agent']), user, webhooks });

/** The object that a create or an update sends, and how it is to be written. */
function readWrite(request: ObjectRequest, kind: 'CreateOptions' | 'UpdateOptions') {
  const options = optionsOf(request, kind);
  const { value, faults }: Read = readObject(request.http, request.type.kind);
  return { value, options: { ...options, textFaults: faults } };
}

const renderingOf = ({ http, query, world }: KubernetesRequest): Rendering => ({
  representation: negotiate(http.headers.accept),
  include: includeObject(query),
  now: world.clock.now(),
});

async function sendWritten(
  request: ObjectRequest,
  status: number,
  write: () => Written,
): Promise<FastifyReply> {
  const { object, warnings } = await settled(write);
  warn(request, warnings);
  return send(request, status, renderObject(request.type, object, renderingOf(request)));
}

function warn({ reply }: KubernetesRequest, warnings: readonly string[]): void {
  if (warnings.length > 0) void reply.header('warning', warningHeaders(warnings));
}

const send = (
  request: KubernetesRequest,
  status: number,
  value: JsonObject | KubeObject,
): Promise<FastifyReply> =>
  sendAnswer(request.http, request.reply, status, value, negotiate(request.http.headers.accept).format);
