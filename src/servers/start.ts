import type { World } from '../world/index.js';
import { managedClusters } from '../nodepools/index.js';
import type { ClusterPath } from '../nodepools/index.js';
import { createArmApp, kubeconfig } from './arm/index.js';
import type { ArmParts } from './arm/index.js';
import { LoopReplies, ServiceAccountKeys, hostOf } from './kubernetes/index.js';
import type { CredentialRole } from './kubernetes/index.js';
import { issueClientCertificate, loadOrCreateCertificate, signRequest } from './certificates.js';
import { TokenAuthority, loadOrCreatePrincipals } from './identity/index.js';
import type { Principal } from './identity/index.js';

/** Running servers. */
export interface Servers {
  /** Where clients reach ARM and sign-in, e.g. `https://localhost:8443`. */
  readonly endpoint: string;
  /** The certificate authority that clients must trust. */
  readonly caPath: string;
  readonly caPem: string;
  /** The service principals that may sign in. */
  readonly principals: readonly [contributor: Principal, reader: Principal];
  /** The kubeconfig that AKS gives for a cluster, as YAML. @throws AzureError when there is no such cluster */
  kubeconfig(path: ClusterPath, role?: CredentialRole): Promise<string>;
  close(): Promise<void>;
}

/** A port that another process listens on, in words that say what to do. */
export class PortInUseError extends Error {
  override readonly name = 'PortInUseError';
}

/**
 * Serves a world over HTTPS. Certificates and secrets are kept in `directory`.
 *
 * @throws PortInUseError
 */
export async function startServers(init: {
  readonly world: World;
  readonly directory: string;
  /** Default: loopback alone. */
  readonly host?: string;
  /** 0 takes a free port. */
  readonly port?: number;
}): Promise<Servers> {
  const { world, directory, host = '127.0.0.1', port = 0 } = init;
  const certificate = await loadOrCreateCertificate(directory);
  const principals = loadOrCreatePrincipals(directory);
  const authority = await TokenAuthority.create(world.subscription.tenantId);
  const keys = await ServiceAccountKeys.loadOrCreate(directory);
  world.kubernetes.reachWebhooks(new LoopReplies());
  world.kubernetes.sign({
    caPem: certificate.caPem,
    signToken: (claims) => keys.sign(claims),
    signCertificate: ({ cluster, requestPem, seconds }) => {
      const found = world.store.get(managedClusters, cluster);
      if (!found) return Promise.reject(new Error('the cluster is gone'));
      return signRequest(directory, requestPem, hostOf(found), seconds);
    },
  });
  let endpoint = '';
  const parts: ArmParts = {
    world,
    principals,
    authority,
    keys,
    endpoint: () => endpoint,
    caPem: certificate.caPem,
    issueClientCertificate: (subject) => issueClientCertificate(directory, subject),
  };
  const app = createArmApp(parts, certificate);
  try {
    await app.listen({ host, port });
  } catch (error) {
    await app.close();
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
      throw new PortInUseError(
        `Port ${String(port)} of ${host} is in use by another process. Stop that process, or choose another port with --port N.`,
        { cause: error },
      );
    }
    throw error;
  }
  const address = app.server.address();
  const actual = typeof address === 'object' && address ? address.port : port;
  const name = host === '127.0.0.1' || host === '::1' || host === '0.0.0.0' ? 'localhost' : host;
  endpoint = `https://${name}:${String(actual)}`;
  return {
    endpoint,
    caPath: certificate.caPath,
    caPem: certificate.caPem,
    principals,
    kubeconfig: async (path, role = 'clusterUser') => {
      const encoded = await kubeconfig(parts, world.aks.cluster(path), role);
      return Buffer.from(encoded, 'base64').toString();
    },
    close: () => app.close(),
  };
}
