/** What of an object that the API server returned has nothing to do with where a pod goes. */
import type { Json } from './api.js';

const inessential: ReadonlySet<string> = new Set([
  'clusterIP',
  'clusterIPs',
  'deletionGracePeriodSeconds',
  'dnsPolicy',
  'enableServiceLinks',
  'finalizers',
  'imagePullPolicy',
  'internalTrafficPolicy',
  'ipFamilies',
  'ipFamilyPolicy',
  'managedFields',
  'nodeInfo',
  'creationTimestamp',
  'daemonEndpoints',
  'observedGeneration',
  'persistentVolumeReclaimPolicy',
  'qosClass',
  'resourceVersion',
  'revisionHistoryLimit',
  'securityContext',
  'selfLink',
  'sessionAffinity',
  'template',
  'terminationGracePeriodSeconds',
  'terminationMessagePath',
  'terminationMessagePolicy',
  'lastProbeTime',
  'lastTransitionTime',
  'updateStrategy',
]);

/** A copy without it. */
export function essentialsOf(object: Json): Json {
  const { apiVersion: _, kind: __, metadata, ...rest } = object;
  // A pool of devices has a generation too, which matters.
  const { generation: ___, ...kept } = metadata as Json;
  return withoutInessential({ metadata: kept, ...rest }) as Json;
}

function withoutInessential(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutInessential);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name, inner]) => !inessential.has(name) && inner !== null)
      .map(([name, inner]) => [name, withoutInessential(inner)]),
  );
}
