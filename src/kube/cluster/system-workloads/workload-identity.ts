import type { ClusterProfile } from '../profile.js';
import type { SystemImages } from './images.js';
import { account, budget, deployment, service } from './manifest.js';
import type { Manifest } from './manifest.js';
import { onSystemNodes } from './placement.js';

const labels = { 'azure-workload-identity.io/system': 'true', app: 'workload-identity-webhook' };
const name = 'azure-wi-webhook-controller-manager';

/** Gives pods that ask for it their token of Microsoft Entra ID; amounts are inferred. */
export const workloadIdentity = (
  { workloadIdentity: wanted }: ClusterProfile,
  images: SystemImages,
): readonly Manifest[] =>
  wanted === 'disabled'
    ? []
    : [
        account('azure-wi-webhook-admin'),
        deployment({
          name,
          labels,
          replicas: 2,
          account: 'azure-wi-webhook-admin',
          priority: 'system-cluster-critical',
          affinity: onSystemNodes(labels),
          containers: [
            {
              name: 'manager',
              image: images.workloadIdentity,
              cpu: '100m',
              memory: '20Mi',
              cpuLimit: '200m',
              memoryLimit: '300Mi',
            },
          ],
        }),
        budget(name, labels),
        service('azure-wi-webhook-webhook-service', labels, () => ({
          selector: { ...labels },
          ports: [{ port: 443, protocol: 'TCP', targetPort: 9443 }],
        })),
      ];
