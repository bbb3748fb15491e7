import { StatusError } from '../api/status-error.js';
import { pods, serviceAccounts } from '../kinds/index.js';
import { membersOf } from '../object.js';
import type { Draft } from '../resource-type.js';
import { objectKey } from '../resource-type.js';
import { generatedName } from '../api/writes.js';
import { onCreate } from './plugin.js';

const mountPath = '/var/run/secrets/kubernetes.io/serviceaccount';
const volumePrefix = 'kube-api-access-';
const fileMode = 420;
const tokenSeconds = 3607;

/** Gives a pod its service account and the volume with its token (Kubernetes: ServiceAccount). */
export const serviceAccount = onCreate('ServiceAccount', [pods], {
  mutate: ({ tx, type, scope, name, draft }, context) => {
    if (scope.namespace === undefined) return;
    const spec = draft['spec'] as Draft;
    const account =
      typeof spec['serviceAccountName'] === 'string' && spec['serviceAccountName'] !== ''
        ? spec['serviceAccountName']
        : 'default';
    spec['serviceAccountName'] = account;
    spec['serviceAccount'] = account;
    const found = tx.get(serviceAccounts.collection, objectKey(scope.cluster, scope.namespace, account));
    if (!found) {
      const why = `error looking up service account ${scope.namespace}/${account}: serviceaccount "${account}" not found`;
      throw StatusError.forbidden(type, name, why);
    }
    const automount =
      spec['automountServiceAccountToken'] ?? membersOf(found.object)['automountServiceAccountToken'];
    if (automount === false) return;
    const volumes = (spec['volumes'] ?? []) as readonly Draft[];
    const present = volumes.find(({ name: one }) => String(one).startsWith(volumePrefix));
    const volume = present
      ? String(present['name'])
      : generatedName(
          context,
          volumePrefix,
          `${scope.cluster}/${scope.namespace}/${name}@${String(tx.revision)}`,
        );
    const containers = [
      ...((spec['initContainers'] ?? []) as Draft[]),
      ...((spec['containers'] ?? []) as Draft[]),
    ];
    let mounted = false;
    for (const container of containers) {
      const mounts = (container['volumeMounts'] ?? []) as readonly Draft[];
      if (mounts.some((mount) => mount['mountPath'] === mountPath)) continue;
      container['volumeMounts'] = [...mounts, { mountPath, name: volume, readOnly: true }];
      mounted = true;
    }
    if (mounted && !present) spec['volumes'] = [...volumes, tokenVolume(volume)];
  },
});

const tokenVolume = (name: string) => ({
  name,
  projected: {
    defaultMode: fileMode,
    sources: [
      { serviceAccountToken: { expirationSeconds: tokenSeconds, path: 'token' } },
      { configMap: { items: [{ key: 'ca.crt', path: 'ca.crt' }], name: 'kube-root-ca.crt' } },
      {
        downwardAPI: {
          items: [{ fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' }, path: 'namespace' }],
        },
      },
    ],
  },
});
