import { stringify } from 'yaml';
import type { ManagedCluster } from '../../nodepools/index.js';
import { certificateSubject, kubernetesToken } from '../kubernetes/index.js';
import type { CredentialRole } from '../kubernetes/index.js';
import type { ArmParts } from './access.js';

const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** Base64 of the kubeconfig for a role, with AKS's names for context and user. */
export async function kubeconfig(
  parts: ArmParts,
  cluster: ManagedCluster,
  role: CredentialRole,
): Promise<string> {
  const { name, resourceGroup } = cluster;
  const user = `${role}_${resourceGroup}_${name}`;
  const context = role === 'clusterAdmin' ? `${name}-admin` : name;
  const { certPem, keyPem } = await parts.issueClientCertificate(certificateSubject(cluster, role));
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      {
        name,
        cluster: {
          server: `${parts.endpoint()}/kubernetes/${cluster.properties.fqdn ?? name}`,
          'certificate-authority-data': base64(parts.caPem),
        },
      },
    ],
    users: [
      {
        name: user,
        user: {
          'client-certificate-data': base64(certPem),
          'client-key-data': base64(keyPem),
          token: kubernetesToken(parts.keys, cluster, role),
        },
      },
    ],
    contexts: [{ name: context, context: { cluster: name, user } }],
    'current-context': context,
    preferences: {},
  };
  return base64(stringify(config));
}
