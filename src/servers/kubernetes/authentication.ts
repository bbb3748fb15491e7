import { createHash, timingSafeEqual } from 'node:crypto';
import { TLSSocket } from 'node:tls';
import type { FastifyRequest } from 'fastify';
import { StatusError } from '../../kube/index.js';
import type { User } from '../../kube/index.js';
import type { ManagedCluster } from '../../nodepools/index.js';
import type { World } from '../../world/index.js';

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

/** The token in a role's kubeconfig: it follows from the world's seed. */
export const kubernetesToken = ({ seed }: World, cluster: ManagedCluster, role: CredentialRole): string =>
  seed.stream('kubernetes-token', `${cluster.id}/${role}`).hex(128);

/** Subject of the certificate in a role's kubeconfig; its unit names the cluster that it is for. */
export const certificateSubject = (cluster: ManagedCluster, role: CredentialRole): string => {
  const { name, groups } = users[role];
  const organisations = groups.filter((group) => group !== authenticated).map((group) => `, O=${group}`);
  return `CN=${name}${organisations.join('')}, OU=${cluster.properties.fqdn ?? cluster.name}`;
};

/**
 * Who sends a request to a cluster: by bearer token, by client certificate, or nobody.
 *
 * @throws StatusError 401 for credentials that are not the cluster's.
 */
export function authenticate(request: FastifyRequest, world: World, cluster: ManagedCluster): User {
  return byToken(request, world, cluster) ?? byCertificate(request, cluster) ?? anonymous;
}

function byToken(request: FastifyRequest, world: World, cluster: ManagedCluster): User | undefined {
  const { authorization } = request.headers;
  if (authorization === undefined) return undefined;
  const [, token] = /^Bearer +(\S+)$/i.exec(authorization) ?? [];
  if (token === undefined) throw StatusError.unauthorized();
  const role = roles.find((one) => isSame(token, kubernetesToken(world, cluster, one)));
  if (role === undefined) throw StatusError.unauthorized();
  return users[role];
}

/** Compares in a time that tells nothing of where texts differ. */
function isSame(given: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
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
  if (first(subject?.['OU']) !== (cluster.properties.fqdn ?? cluster.name)) throw StatusError.unauthorized();
  const organisations = subject?.['O'];
  const groups = organisations === undefined ? [] : [organisations].flat();
  return { name, groups: [...groups, authenticated] };
}
