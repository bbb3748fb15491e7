import { AzureError } from '../../azure/index.js';
import { StatusError, isObject, objectKey, pods } from '../../kube/index.js';
import type { JsonObject, Kubernetes, Pod, WebhookReplies } from '../../kube/index.js';
import type { Reader } from '../../store/index.js';

/** What is to be explained. */
export interface Subject {
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
  readonly source: 'cluster' | 'manifest';
  readonly pod: Pod;
  /** How many such pods there are to be. */
  readonly replicas: number;
}

const defaultNamespace = 'default';

const refused = (status: number, code: string, message: string): AzureError =>
  new AzureError({ status, code, message, envelope: 'arm' });

/** A pod that is there. @throws AzureError 404 that names pods of like names */
export function podNamed(
  reader: Reader,
  cluster: string,
  name: string,
  namespace: string = defaultNamespace,
): Subject {
  const found = reader.get(pods.collection, objectKey(cluster, namespace, name));
  if (!found) throw refused(404, 'PodNotFound', missingText(reader, cluster, name, namespace));
  return { kind: 'Pod', name, namespace, source: 'cluster', pod: found.object as Pod, replicas: 1 };
}

/** Names that are offered for one that is not there. */
const offeredNames = 5;

function missingText(reader: Reader, cluster: string, name: string, namespace: string): string {
  const all = reader.find(pods.collection, 'byCluster', cluster).map(({ object }) => object.metadata);
  const near = all
    .map((one) => ({ one, distance: distanceOf(name, one.name) + (one.namespace === namespace ? 0 : 0.5) }))
    .filter(({ distance }) => distance <= Math.max(2, name.length / 3))
    .sort((a, b) => a.distance - b.distance || (a.one.name < b.one.name ? -1 : 1))
    .slice(0, offeredNames)
    .map(({ one }) => (one.namespace === namespace ? one.name : `${one.name} -n ${one.namespace ?? ''}`));
  const text = `There is no pod ${name} in namespace ${namespace}.`;
  if (near.length > 0) return `${text} Near names: ${near.join(', ')}`;
  const here = all.filter((one) => one.namespace === namespace).map((one) => one.name);
  if (here.length === 0) return `${text} The namespace has no pods.`;
  const shown = here.slice(0, offeredNames).join(', ');
  return `${text} Its pods: ${shown}${here.length > offeredNames ? `, and ${String(here.length - offeredNames)} more` : ''}`;
}

/** 0 for a name that the other begins with, else how many letters have to be changed to make one of the other. */
function distanceOf(a: string, b: string): number {
  if (b.startsWith(a) || a.startsWith(b)) return 0;
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

/**
 * A pod, or a workload of pods, that is still to be created: completed and checked as the API server would, nothing is kept.
 *
 * @throws AzureError 400 for a manifest without pods, or one that the API server would refuse
 */
export function podOfManifest(
  kubernetes: Kubernetes,
  cluster: string,
  manifest: unknown,
  namespace: string | undefined,
  webhooks: WebhookReplies | undefined,
): Subject {
  const body = objectOf(manifest);
  const kind = typeof body?.['kind'] === 'string' ? body['kind'] : '';
  const template = body && templateOf(kind, body);
  if (!template) {
    const what = kind === '' ? 'A manifest without a kind' : `A ${kind}`;
    throw refused(400, 'NoPods', `${what} has no pods: give a Pod, or a workload with a pod template.`);
  }
  const metadata = objectOf(body['metadata']) ?? {};
  const name = textOf(metadata['name']) ?? textOf(metadata['generateName']) ?? kind.toLowerCase();
  const place = textOf(metadata['namespace']) ?? namespace ?? defaultNamespace;
  const draft = {
    apiVersion: 'v1',
    kind: 'Pod',
    // A pod of that name may be there already: this one is another.
    metadata: {
      ...objectOf(template['metadata']),
      name: undefined,
      namespace: place,
      generateName: `${name}-`,
    },
    spec: template['spec'],
  };
  const options = { dryRun: true, fieldValidation: 'Strict', ...(webhooks && { webhooks }) } as const;
  try {
    const { object } = kubernetes.objects.create(pods, { cluster, namespace: place }, draft, options);
    const pod = object as Pod;
    return { kind, name, namespace: place, source: 'manifest', pod, replicas: replicasOf(kind, body) };
  } catch (error) {
    if (error instanceof StatusError) throw refused(400, 'ManifestRefused', error.message);
    throw error;
  }
}

const objectOf = (value: unknown): JsonObject | undefined => (isObject(value) ? value : undefined);
const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

function templateOf(kind: string, body: JsonObject): JsonObject | undefined {
  if (kind === 'Pod') return body;
  const spec = objectOf(body['spec']);
  if (kind === 'CronJob') {
    const job = objectOf(objectOf(spec?.['jobTemplate'])?.['spec']);
    return objectOf(job?.['template']);
  }
  return objectOf(spec?.['template']);
}

/** How many pods a workload has at once; a DaemonSet is explained by one of its pods. */
function replicasOf(kind: string, body: JsonObject): number {
  const spec = objectOf(body['spec']) ?? {};
  const asked = kind === 'Job' ? spec['parallelism'] : spec['replicas'];
  return typeof asked === 'number' && Number.isSafeInteger(asked) && asked > 0 ? asked : 1;
}
