import { stringify } from 'yaml';
import type { ManagedCluster } from '../../nodepools/index.js';
import type { ArmParts } from './access.js';

export type CredentialRole = 'clusterUser' | 'clusterAdmin' | 'clusterMonitoringUser';

/** Base64 of the kubeconfig for a role, with AKS's names for context and user. */
export function kubeconfig(parts: ArmParts, cluster: ManagedCluster, role: CredentialRole): string {
  const { name, resourceGroup } = cluster;
  const user = `${role}_${resourceGroup}_${name}`;
  const context = role === 'clusterAdmin' ? `${name}-admin` : name;
  const token = parts.world.seed.stream('kubernetes-token', `${cluster.id}/${role}`).hex(128);
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      {
        name,
        cluster: {
          server: `${parts.endpoint()}/kubernetes/${cluster.properties.fqdn ?? name}`,
          'certificate-authority-data': Buffer.from(parts.caPem).toString('base64'),
        },
      },
    ],
    users: [{ name: user, user: { token } }],
    contexts: [{ name: context, context: { cluster: name, user } }],
    'current-context': context,
    preferences: {},
  };
  return Buffer.from(stringify(config)).toString('base64');
}
