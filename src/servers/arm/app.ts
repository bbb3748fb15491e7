import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import fastify from 'fastify';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { AzureError } from '../../azure/index.js';
import { registerIdentity } from '../identity/index.js';
import type { ServerCertificate } from '../certificates.js';
import { registerKubernetes, sendStatus } from '../kubernetes/index.js';
import { apiVersionOf, checkAccess } from './access.js';
import type { ArmParts } from './access.js';
import {
  errorBody,
  fromFramework,
  invalidResourceNamespace,
  invalidResourceType,
  malformedBody,
  methodNotAllowed,
  notFound,
  unreadableRequest,
} from './errors.js';
import { registerComputeAndNetwork } from './routes/compute-and-network.js';
import { registerExplain } from './routes/explain.js';
import { registerLimits } from './routes/limits.js';
import { registerManagedClusters } from './routes/managed-clusters.js';
import { registerMetrics } from './routes/metrics.js';
import { registerMetadata } from './routes/metadata.js';
import { registerResources } from './routes/resources.js';

/** ARM takes request bodies of up to 4 MB. */
const bodyLimit = 4 * 1024 * 1024;

/** Go's servers take headers of up to 1 MB: selectors and tokens may be long. */
const headerLimit = 1024 * 1024;

/** The Azure Resource Manager with the identity endpoints beside it, over HTTPS. */
export function createArmApp(parts: ArmParts, certificate: ServerCertificate): FastifyInstance {
  const app = fastify({
    https: {
      key: certificate.keyPem,
      cert: certificate.certPem,
      // Kubernetes clients may show a certificate of ours; nobody has to.
      ca: certificate.caPem,
      requestCert: true,
      rejectUnauthorized: false,
      maxHeaderSize: headerLimit,
    },
    bodyLimit,
    routerOptions: {
      caseSensitive: false,
      ignoreDuplicateSlashes: true,
      ignoreTrailingSlash: true,
      maxParamLength: 2048,
    },
    clientErrorHandler: answerUnreadable,
    frameworkErrors: (error, request, reply) =>
      void (isKubernetes(request) ? sendStatus(error, request, reply) : sendError(error, request, reply)),
    exposeHeadRoutes: false,
    forceCloseConnections: true,
    logger: false,
  }) as unknown as FastifyInstance;

  readBodies(app);
  app.setErrorHandler((error: FastifyError | AzureError, request, reply) => sendError(error, request, reply));
  app.addHook('onSend', async (request, reply, payload) => {
    // Nothing is told before it is on disk: an answer may show what another request has just written.
    await parts.world.durable();
    if (!isKubernetes(request)) addHeaders(request, reply, parts);
    return payload;
  });

  registerIdentity(app, { ...parts, tenantId: parts.world.subscription.tenantId });
  registerMetadata(app, parts);
  registerKubernetes(app, parts);
  registerMetrics(app, parts);
  app.get('/healthz', () => ({ status: 'ok' }));
  void app.register((arm, _options, done) => {
    arm.addHook('onRequest', (request) => checkAccess(request, parts));
    registerResources(arm, parts);
    registerManagedClusters(arm, parts);
    registerComputeAndNetwork(arm, parts);
    registerLimits(arm, parts);
    registerExplain(arm, parts);
    done();
  });
  app.setNotFoundHandler(async (request) => {
    await checkAccess(request, parts);
    throw unknownResource(app, request);
  });
  return app;
}

const isKubernetes = ({ url }: FastifyRequest): boolean => url.startsWith('/kubernetes/');

/** Bytes that are no HTTP are answered as such, in ARM's envelope, and the connection ends. */
function answerUnreadable(_error: Error, socket: Socket): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const body = JSON.stringify(errorBody(unreadableRequest()));
  const head = `HTTP/1.1 400 Bad Request\r\nContent-Type: application/json; charset=utf-8\r\n`;
  socket.end(`${head}Content-Length: ${String(Buffer.byteLength(body))}\r\nConnection: close\r\n\r\n${body}`);
}

/** JSON and forms; a body that is empty is none, whatever its type says. */
function readBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  const json = (
    _request: FastifyRequest,
    text: string,
    done: (error: Error | null, body?: unknown) => void,
  ) => {
    if (text.trim() === '') return done(null, undefined);
    try {
      done(null, JSON.parse(text.replace(/^\uFEFF/, '')));
    } catch (error) {
      done(malformedBody(error instanceof Error ? error.message : String(error)));
    }
  };
  app.addContentTypeParser(
    /^(application|text)\/(merge-patch\+|json-patch\+)?json/i,
    { parseAs: 'string' },
    json,
  );
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string' },
    (_request, text, done) => done(null, Object.fromEntries(new URLSearchParams(String(text)))),
  );
}

/** What is wrong with a path no route answers: its method, its type, its namespace, or all of it. */
function unknownResource(app: FastifyInstance, request: FastifyRequest): AzureError {
  const [path = '', query = ''] = request.url.split('?');
  const otherMethod = (['GET', 'PUT', 'POST', 'DELETE', 'PATCH'] as const).some(
    (method) => method !== request.method && app.findRoute({ method, url: path }) !== null,
  );
  if (otherMethod) return methodNotAllowed(request.method);
  const [, namespace, rest = ''] = /\/providers\/([^/]+)(.*)$/i.exec(path) ?? [];
  if (namespace === undefined) return notFound(path);
  if (!/^Microsoft\.(ContainerService|Network|Compute|Resources|Authorization)$/i.test(namespace)) {
    return invalidResourceNamespace(namespace);
  }
  const types = rest.split('/').filter((segment, index) => segment !== '' && index % 2 === 1);
  return invalidResourceType(types.join('/'), namespace, apiVersionOf(new URLSearchParams(query)) ?? '');
}

function sendError(
  error: FastifyError | AzureError,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const refusal = error instanceof AzureError ? error : fromFramework(error);
  if (!refusal) process.stderr.write(`${request.method} ${request.url}: ${error.stack ?? String(error)}\n`);
  const answer =
    refusal ??
    new AzureError({
      status: 500,
      code: 'InternalServerError',
      envelope: 'arm',
      message: `Poolkeeper failed to answer this request. It wrote what happened to its log, under ${request.id}.`,
    });
  if (answer.status === 401) void reply.header('www-authenticate', 'Bearer error="invalid_token"');
  if (answer.envelope === 'arm') void reply.header('x-ms-failure-cause', 'gateway');
  if (answer.retryAfterSeconds !== undefined) void reply.header('retry-after', answer.retryAfterSeconds);
  return reply.status(answer.status).send(errorBody(answer));
}

/** The headers that every answer of ARM has (recorded). */
function addHeaders(request: FastifyRequest, reply: FastifyReply, { world }: ArmParts): void {
  const id = randomUUID();
  const client = request.headers['x-ms-client-request-id'];
  void reply.headers({
    'cache-control': 'no-cache',
    pragma: 'no-cache',
    expires: '-1',
    'strict-transport-security': 'max-age=31536000; includeSubDomains',
    'x-content-type-options': 'nosniff',
    'x-ms-request-id': id,
    'x-ms-correlation-request-id': id,
    'x-ms-routing-request-id': `LOCAL:${new Date(world.clock.now()).toISOString()}:${id}`,
    ...(request.headers['x-ms-return-client-request-id'] === 'true' &&
      client && { 'x-ms-client-request-id': client }),
    [`x-ms-ratelimit-remaining-subscription-${request.method === 'GET' ? 'reads' : 'writes'}`]: '1199',
  });
}
