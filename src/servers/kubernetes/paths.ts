import { createHash } from 'node:crypto';
import type { FastifyReply } from 'fastify';
import { StatusError, apiVersionOf, computedTypes, isObject } from '../../kube/index.js';
import type { JsonObject } from '../../kube/index.js';
import { sendAnswer } from './answers.js';
import type { KubernetesRequest } from './app.js';
import { answerBinding } from './binding.js';
import { readBody } from './bodies.js';
import { PlainError } from './plain-error.js';
import type { ServedApi } from './discovery.js';
import { aggregatedDiscovery, coreVersions, groupDocument, groupList, resourceList } from './discovery.js';
import {
  openApiV2,
  openApiV2AsProtobuf,
  openApiV2Protobuf,
  openApiV3,
  openApiV3Index,
  wantsOpenApiProtobuf,
} from './openapi/index.js';
import { answerReview } from './reviews.js';
import { issuerDocument } from './token-endpoints.js';

const aggregatedType = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';

/** What a server that is well says of its checks; undefined for a path that is none. */
function probeText(path: string, isVerbose: boolean): string | undefined {
  const [, probe, check, further] = path.split('/');
  if (probe === undefined || !['healthz', 'livez', 'readyz'].includes(probe)) return undefined;
  const checks = ['ping', 'log', 'etcd', ...(probe === 'readyz' ? ['etcd-readiness', 'informer-sync'] : [])];
  if (check !== undefined) return checks.includes(check) && further === undefined ? 'ok' : undefined;
  return isVerbose ? [...checks.map((name) => `[+]${name} ok`), `${probe} check passed\n`].join('\n') : 'ok';
}

/** True where the group is served, or the path is one of the core group's: what is below is answered by the API. */
function isGroupPath({ api }: KubernetesRequest, path: string): boolean {
  const [, root, group, version] = path.split('/');
  if (root === 'api') return group !== undefined;
  return (
    root === 'apis' &&
    version !== undefined &&
    (api.kinds.served.some((one) => one.group === group) || computedTypes.some((one) => one.group === group))
  );
}

/** Answers what is no object: discovery, schemas, health, reviews. @throws StatusError 404, 405 */
export async function answerPath(request: KubernetesRequest, path: string): Promise<FastifyReply> {
  const { http, reply } = request;
  const trimmed = path.length > 1 ? path.replace(/\/+$/, '') : path;
  const probe = probeText(trimmed, request.query.has('verbose'));
  if (probe !== undefined) return reply.header('content-type', 'text/plain; charset=utf-8').send(probe);
  const isKnown =
    documentAt(request, trimmed) !== undefined || issuerDocument(request, trimmed) !== undefined;
  if (http.method !== 'GET') throw isKnown ? StatusError.methodNotAllowed() : PlainError.notFound();
  if (trimmed === '/openapi/v2' && wantsOpenApiProtobuf(http.headers.accept)) {
    return reply.header('content-type', openApiV2Protobuf).send(openApiV2AsProtobuf(openApiV2(request.api)));
  }
  const document = issuerDocument(request, trimmed) ?? documentAt(request, trimmed);
  if (!document) throw isGroupPath(request, trimmed) ? StatusError.noSuchPath() : PlainError.notFound();
  const isAggregated = document['kind'] === 'APIGroupDiscoveryList';
  const etag = `"${createHash('sha256').update(JSON.stringify(document)).digest('hex').slice(0, 32).toUpperCase()}"`;
  void reply.header('etag', etag).header('vary', 'Accept');
  if (http.headers['if-none-match'] === etag) return reply.status(304).send();
  return sendAnswer(http, reply, 200, document, 'json', isAggregated ? aggregatedType : 'application/json');
}

function documentAt({ http, cluster, api }: KubernetesRequest, path: string): JsonObject | undefined {
  const wantsAggregated = /g=apidiscovery\.k8s\.io;v=v2(;|,|$)/.test(
    (http.headers.accept ?? '').replace(/\s/g, ''),
  );
  const [, root, group, version] = path.split('/');
  if (path === '/openapi/v2') return openApiV2(api);
  if (path === '/') return { paths: servedPaths(api) };
  if (path === '/api') return wantsAggregated ? aggregatedDiscovery(api, 'api') : coreVersions();
  if (path === '/apis') return wantsAggregated ? aggregatedDiscovery(api, 'apis') : groupList(api);
  if (path === '/version') return versionDocument(cluster.properties.currentKubernetesVersion ?? '1.34.0');
  if (path === '/openapi/v3') return openApiV3Index(api);
  if (path.startsWith('/openapi/v3/')) return openApiV3(api, path.replace(/^\/openapi\/v3\/apis?\//, ''));
  if (root === 'api' && group !== undefined && version === undefined) return resourceList(api, group);
  if (root !== 'apis' || group === undefined) return undefined;
  return version === undefined ? groupDocument(api, group) : resourceList(api, `${group}/${version}`);
}

/** What there is to read, as the root lists it. */
function servedPaths(api: ServedApi): readonly string[] {
  const versions = [...api.kinds.served, ...computedTypes].map(apiVersionOf);
  const groups = versions.filter((one) => one.includes('/'));
  const paths = [
    ...[
      '/.well-known/openid-configuration',
      '/api',
      '/api/v1',
      '/apis',
      '/apis/',
      '/openapi/v2',
      '/openapi/v3',
    ],
    ...['/openapi/v3/', '/openid/v1/jwks', '/version'],
    ...['healthz', 'livez', 'readyz'].flatMap((probe) => [`/${probe}`, `/${probe}/etcd`, `/${probe}/ping`]),
    ...groups.flatMap((one) => [`/apis/${one.split('/')[0] ?? ''}`, `/apis/${one}`]),
  ];
  return [...new Set(paths)].sort();
}

/** `/version`. */
function versionDocument(kubernetesVersion: string): JsonObject {
  const [major = '1', minor = '0'] = kubernetesVersion.split('.');
  return {
    major,
    minor,
    emulationMajor: major,
    emulationMinor: minor,
    minCompatibilityMajor: major,
    minCompatibilityMinor: String(Number(minor) - 1),
    gitVersion: `v${kubernetesVersion}`,
    gitCommit: createHash('sha1').update(kubernetesVersion).digest('hex'),
    gitTreeState: 'clean',
    buildDate: '2026-01-01T00:00:00Z',
    goVersion: 'go1.24.0',
    compiler: 'gc',
    platform: 'linux/amd64',
  };
}

/** Answers a kind that is only created: a review, or a Binding. @throws StatusError 400, 404, 409, 422 */
export async function answerQuestion(
  request: KubernetesRequest,
  kind: string,
  namespace: string | undefined,
): Promise<FastifyReply> {
  if (kind === 'Binding') {
    const scope = { cluster: request.clusterKey, ...(namespace !== undefined && { namespace }) };
    return answerBinding(request, scope);
  }
  const body = readBody(request.http);
  if (!isObject(body)) throw StatusError.badRequest(`a ${kind} is a JSON object`);
  const answered = answerReview(request, { kind, body, namespace });
  if (!answered) throw StatusError.noSuchPath();
  return sendAnswer(request.http, request.reply, 201, answered);
}
