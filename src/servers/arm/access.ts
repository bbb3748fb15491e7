import type { FastifyRequest } from 'fastify';
import type { World } from '../../world/index.js';
import type { KeyAndCertificate } from '../certificates.js';
import type { ServiceAccountKeys } from '../kubernetes/index.js';
import type { Principal, TokenAuthority } from '../identity/index.js';
import {
  authorizationFailed,
  invalidApiVersion,
  missingApiVersion,
  subscriptionNotFound,
  unauthorized,
} from './errors.js';

/** What the ARM routes need. `endpoint` is where clients reach the server, without a slash at its end. */
export interface ArmParts {
  readonly world: World;
  readonly principals: readonly Principal[];
  readonly authority: TokenAuthority;
  readonly endpoint: () => string;
  /** The key of service account tokens. */
  readonly keys: ServiceAccountKeys;
  readonly caPem: string;
  /** Makes a client certificate for a subject, signed by the authority that `caPem` is of. */
  readonly issueClientCertificate: (subject: string) => Promise<KeyAndCertificate>;
}

const apiVersionPattern = /^\d{4}-\d{2}-\d{2}(-[a-z]+)?$/i;
const reads: ReadonlySet<string> = new Set(['GET', 'HEAD']);
/** POSTs that only read (Azure: actions that a Reader may take). */
const readingActions =
  /\/(checkNameAvailability|listClusterUserCredential|checkAccess|poolkeeper\/explain(\/scaling)?)$/i;

/**
 * Checks, in ARM's order, the token, the api-version, the subscription and the role of a request.
 *
 * @throws AzureError 401, 400, 404 or 403
 */
export async function checkAccess(request: FastifyRequest, parts: ArmParts): Promise<void> {
  const principal = await authenticate(request, parts);
  const [path = '', query = ''] = request.url.split('?');
  const apiVersion = apiVersionOf(new URLSearchParams(query));
  if (apiVersion === undefined) throw missingApiVersion();
  if (!apiVersionPattern.test(apiVersion)) throw invalidApiVersion(apiVersion);

  const [, subscription] = /^\/+subscriptions\/+([^/]+)/i.exec(path) ?? [];
  if (subscription !== undefined && subscription.toLowerCase() !== parts.world.subscription.id) {
    throw subscriptionNotFound(subscription);
  }
  const writes = !reads.has(request.method) && !readingActions.test(path);
  if (writes && principal.role === 'Reader') {
    throw authorizationFailed(principal.clientId, principal.objectId, actionOf(request.method, path), path);
  }
}

/** The api-version of a query: its name is not case-sensitive. */
export function apiVersionOf(query: URLSearchParams): string | undefined {
  for (const [name, value] of query) if (name.toLowerCase() === 'api-version' && value !== '') return value;
  return undefined;
}

/** Who sends a request, by its token. @throws AzureError 401 */
export async function authenticate(request: FastifyRequest, parts: ArmParts): Promise<Principal> {
  const header = request.headers.authorization;
  if (header === undefined || header === '') throw unauthorized.missing();
  const [, token] = /^Bearer +(\S+)$/i.exec(header) ?? [];
  if (token === undefined) throw unauthorized.malformed();
  const verified = await parts.authority.verify(token, [parts.endpoint()]);
  if (typeof verified === 'string') throw unauthorized[verified]();
  const principal = parts.principals.find(({ clientId }) => clientId === verified.clientId);
  if (!principal) throw unauthorized.malformed();
  return principal;
}

const verbs: Readonly<Record<string, string>> = {
  PUT: 'write',
  PATCH: 'write',
  DELETE: 'delete',
  POST: 'action',
};

/** The action that a write stands for, e.g. `Microsoft.ContainerService/managedClusters/agentPools/write`. */
function actionOf(method: string, path: string): string {
  const [, namespace, rest = ''] = /\/providers\/([^/]+)(.*)$/i.exec(path) ?? [];
  const verb = verbs[method] ?? method.toLowerCase();
  if (namespace === undefined) return `Microsoft.Resources/subscriptions/resourceGroups/${verb}`;
  const types = rest.split('/').filter((segment, index) => segment !== '' && index % 2 === 1);
  return [namespace, ...types, verb].join('/');
}
