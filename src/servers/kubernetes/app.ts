import { createHash, randomUUID } from 'node:crypto';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { StatusError, externalGroupVersions } from '../../kube/index.js';
import type { User } from '../../kube/index.js';
import type { ManagedCluster } from '../../nodepools/index.js';
import type { World } from '../../world/index.js';
import { sendAnswer } from './answers.js';
import { answerComputed } from './computed.js';
import type { ServedApi } from './discovery.js';
import { authenticate } from './authentication.js';
import { protobuf } from './bodies.js';
import { attributesOf, authorize } from './authorization.js';
import type { ServiceAccountKeys } from './service-account-keys.js';
import { RequestReplies } from './webhook-client.js';
import { impersonated } from './impersonation.js';
import { answerPath, answerQuestion } from './paths.js';
import { PlainError } from './plain-error.js';
import { isWatchQuery } from './query.js';
import { parseTarget, verbOf } from './request.js';
import type { Target } from './request.js';
import { answerResource } from './resources.js';
import { WatchFeeds } from './watch-feeds.js';

/** The API server takes bodies of up to 3 MB. */
const bodyLimit = 3 * 1024 * 1024;
/** Larger ones are read to their end before they are refused: a client that is cut off while it sends sees no answer. */
const readLimit = 32 * 1024 * 1024;

/** What the clusters of a world are served with. */
export interface KubernetesParts {
  readonly world: World;
  readonly keys: ServiceAccountKeys;
  /** Where clients reach the server, without a slash at its end. */
  readonly endpoint: () => string;
}

/** A request to a cluster, read as far as all routes need it. */
export interface KubernetesRequest extends KubernetesParts {
  readonly feeds: WatchFeeds;
  readonly cluster: ManagedCluster;
  /** The cluster's key. */
  readonly clusterKey: string;
  readonly api: ServedApi;
  readonly user: User;
  readonly query: URLSearchParams;
  readonly target: Target;
  readonly verb: string;
  readonly http: FastifyRequest;
  readonly reply: FastifyReply;
  /** Replies of webhooks to what this request writes. */
  readonly webhooks: RequestReplies;
}

/** Serves the Kubernetes API of every cluster under `/kubernetes/FQDN`. */
export function registerKubernetes(app: FastifyInstance, parts: KubernetesParts): void {
  const feeds = new WatchFeeds(parts.world);
  void app.register(
    (kubernetes, _options, done) => {
      kubernetes.removeAllContentTypeParsers();
      kubernetes.addContentTypeParser(
        '*',
        { parseAs: 'buffer', bodyLimit: readLimit },
        (_request, body, parsed) =>
          body.length > bodyLimit ? parsed(tooLarge(), undefined) : parsed(null, body.toString()),
      );
      kubernetes.addContentTypeParser(
        protobuf,
        { parseAs: 'buffer', bodyLimit: readLimit },
        (_request, body, parsed) =>
          body.length > bodyLimit ? parsed(tooLarge(), undefined) : parsed(null, body),
      );
      kubernetes.setErrorHandler((error: FastifyError | StatusError | PlainError, request, reply) =>
        sendStatus(error, request, reply),
      );
      kubernetes.route({
        method: ['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE'],
        url: '/:fqdn/*',
        exposeHeadRoute: false,
        handler: (request, reply) => answer({ ...parts, feeds }, request, reply),
      });
      kubernetes.setNotFoundHandler((request, reply) => sendStatus(StatusError.noSuchPath(), request, reply));
      done();
    },
    { prefix: '/kubernetes' },
  );
}

async function answer(
  { world, keys, endpoint, feeds }: Pick<KubernetesRequest, keyof KubernetesParts | 'feeds'>,
  http: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { fqdn = '' } = http.params as { fqdn?: string };
  const cluster = world.aks.clusterByFqdn(fqdn);
  if (!cluster) throw StatusError.noSuchPath();
  const clusterKey = cluster.id.toLowerCase();
  const sender = authenticate(http, { world, cluster, keys });
  const user = impersonated(world, clusterKey, sender, http.headers);
  const [whole = '', search = ''] = http.url.split('?');
  const path = whole.slice(whole.indexOf(fqdn) + fqdn.length) || '/';
  const query = new URLSearchParams(search);
  const kinds = world.kubernetes.kinds.of(clusterKey);
  const api = { kinds, external: externalGroupVersions(world.store, clusterKey) };
  const target = parseTarget(api, path);
  const verb = verbOf(http.method, target, isWatchQuery(query));
  const request = {
    world,
    keys,
    endpoint,
    feeds,
    cluster,
    clusterKey,
    api,
    user,
    query,
    target,
    verb,
    http,
    reply,
    webhooks: new RequestReplies(),
  };
  authorize(world, clusterKey, user, attributesOf(target, verb));
  void reply.headers({ 'audit-id': randomUUID(), ...flowControl });
  switch (target.kind) {
    case 'path':
      return answerPath(request, target.path);
    case 'review':
      return answerQuestion(request, target.review, target.namespace);
    case 'resource':
      return answerResource(request, target);
    case 'computed':
      return answerComputed(request, target);
  }
}

const uidOf = (name: string): string => {
  const hex = createHash('sha256').update(name).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
};

/** Every answer tells how it was queued; there is one queue here (API priority and fairness). */
const flowControl = {
  'x-kubernetes-pf-flowschema-uid': uidOf('flow-schema'),
  'x-kubernetes-pf-prioritylevel-uid': uidOf('priority-level'),
};

/** Errors are Status objects, whatever they were. */
export async function sendStatus(
  error: FastifyError | StatusError | PlainError,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  if (error instanceof PlainError) {
    void reply.status(error.code).header('content-type', 'text/plain; charset=utf-8');
    return reply.header('cache-control', 'no-cache, private').send(error.message);
  }
  const status = error instanceof StatusError ? error : fromFramework(error, request);
  const { retryAfterSeconds } = status.details ?? {};
  if (retryAfterSeconds) void reply.header('retry-after', retryAfterSeconds);
  if (status.code === 401) void reply.header('www-authenticate', 'Bearer');
  return sendAnswer(request, reply, status.code, status.toStatus());
}

const tooLarge = (): StatusError => StatusError.tooLarge(String(bodyLimit));

function fromFramework(error: FastifyError, request: FastifyRequest): StatusError {
  const { statusCode = 500, message } = error;
  if (statusCode === 413) return tooLarge();
  if (statusCode < 500) return new StatusError(statusCode, 'BadRequest', message);
  process.stderr.write(`${request.method} ${request.url}: ${error.stack ?? message}\n`);
  return new StatusError(
    500,
    'InternalError',
    `Internal error occurred: request ${request.id} failed; see Poolkeeper's log`,
    {},
  );
}
