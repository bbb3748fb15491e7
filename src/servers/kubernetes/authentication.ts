import { createHash, timingSafeEqual } from 'node:crypto';
import { TLSSocket } from 'node:tls';
import type { FastifyRequest } from 'fastify';
import { StatusError, authenticateToken } from '../../kube/index.js';
import type { TokenOutcome, User } from '../../kube/index.js';
import type { ManagedCluster } from '../../nodepools/index.js';
import type { World } from '../../world/index.js';
import type { ServiceAccountKeys } from './service-account-keys.js';

/** The credentials that AKS gives for a cluster. */
export type CredentialRole = 'clusterUser' | 'clusterAdmin' | 'clusterMonitoringUser';

const authenticated = 'system:authenticated';
const users: Readonly<Record<CredentialRole, User>> = {
  // Without Microsoft Entra ID both are the same administrator (AKS: local accounts).
  clusterAdmin: { name: 'masterclient', groups: ['system:masters', authenticated] },
  clusterUser: { name: 'masterclient', groups: ['system:masters', authenticated] },
  clusterMonitoringUser: { name: 'clusterMonitoringUser', groups: [authenticated] },
};
const roles = Object.keys(users) as readonly CredentialRole[];

const anonymous: User = { name: 'system:anonymous', groups: ['system:unauthenticated'] };

/** The name of a cluster's API server, which its certificates and tokens are for. */
export const hostOf = (cluster: ManagedCluster): string => cluster.properties.fqdn ?? cluster.name;

/** Who says what the service account tokens of a cluster say (AKS: its API server, without a public OIDC issuer). */
export const issuerOf = (cluster: ManagedCluster): string => `https://${hostOf(cluster)}`;

/** The token in a role's kubeconfig: it follows from the server's key, so that it is the same after a restart. */
export const kubernetesToken = (
  keys: ServiceAccountKeys,
  cluster: ManagedCluster,
  role: CredentialRole,
): string => keys.secretFor(`kubeconfig/${cluster.id}/${role}`);

/** Subject of the certificate in a role's kubeconfig; its unit names the cluster that it is for. */
export const certificateSubject = (cluster: ManagedCluster, role: CredentialRole): string => {
  const { name, groups } = users[role];
  const organisations = groups.filter((group) => group !== authenticated).map((group) => `, O=${group}`);
  return `CN=${name}${organisations.join('')}, OU=${hostOf(cluster)}`;
};

/** What telling who somebody is takes to know. */
export interface AuthenticationParts {
  readonly world: World;
  readonly cluster: ManagedCluster;
  readonly keys: ServiceAccountKeys;
}

/**
 * Who sends a request to a cluster: by bearer token, by client certificate, or nobody.
 *
 * @throws StatusError 401 for credentials that are not the cluster's.
 */
export function authenticate(request: FastifyRequest, parts: AuthenticationParts): User {
  return byBearer(request, parts) ?? byCertificate(request, parts.cluster) ?? anonymous;
}

function byBearer(request: FastifyRequest, parts: AuthenticationParts): User | undefined {
  const { authorization } = request.headers;
  if (authorization === undefined) return undefined;
  const [, token] = /^Bearer +(\S+)$/i.exec(authorization) ?? [];
  if (token === undefined) throw StatusError.unauthorized();
  const outcome = byToken(parts, token, [issuerOf(parts.cluster)]);
  if (outcome.kind === 'refused') throw StatusError.unauthorized();
  return outcome.user;
}

/** Whom a token is of, for one of some audiences: a role of a kubeconfig, or a service account. */
export function byToken(
  { world, cluster, keys }: AuthenticationParts,
  token: string,
  audiences: readonly string[],
): TokenOutcome {
  const issuer = issuerOf(cluster);
  const payload = keys.verify(token);
  if (payload) {
    const context = { cluster: cluster.id.toLowerCase(), issuer, audiences, now: world.clock.now() };
    return authenticateToken(world.store, payload, token, context);
  }
  const given = digest(token);
  const expected = expectedTokens(keys, cluster);
  const role = roles.find((one) => timingSafeEqual(given, expected[one]));
  if (role === undefined || !audiences.includes(issuer))
    return { kind: 'refused', why: 'invalid bearer token' };
  return { kind: 'taken', user: users[role], audiences: [issuer] };
}

/** Digests are compared in a time that tells nothing of where texts differ. */
const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

type Expected = Readonly<Record<CredentialRole, Buffer>>;
const expectations = new WeakMap<ServiceAccountKeys, Map<string, Expected>>();

/** Digests of the tokens of a cluster's kubeconfigs. */
function expectedTokens(keys: ServiceAccountKeys, cluster: ManagedCluster): Expected {
  let ofServer = expectations.get(keys);
  if (!ofServer) expectations.set(keys, (ofServer = new Map()));
  const known = ofServer.get(cluster.id);
  if (known) return known;
  const of = (role: CredentialRole) => digest(kubernetesToken(keys, cluster, role));
  const made = {
    clusterUser: of('clusterUser'),
    clusterAdmin: of('clusterAdmin'),
    clusterMonitoringUser: of('clusterMonitoringUser'),
  };
  ofServer.set(cluster.id, made);
  return made;
}

function byCertificate(request: FastifyRequest, cluster: ManagedCluster): User | undefined {
  const { socket } = request.raw;
  if (!(socket instanceof TLSSocket) || !socket.authorized) return undefined;
  // Node's types have it a certificate with texts; a missing one is an empty object, repeated members are lists.
  const subject = socket.getPeerCertificate().subject as
    Partial<Record<string, string | string[]>> | undefined;
  const first = (value: string | string[] | undefined) => (Array.isArray(value) ? value[0] : value);
  const name = first(subject?.['CN']);
  if (name === undefined) return undefined;
  if (first(subject?.['OU']) !== hostOf(cluster)) throw StatusError.unauthorized();
  const organisations = subject?.['O'];
  const groups = organisations === undefined ? [] : [organisations].flat();
  return { name, groups: [...groups, authenticated] };
}
