import type { KubeNode, Pod } from '../../kube/index.js';
import { builtInTypes, kubernetesCollections, nodeKey, nodes, objectKey, pods } from '../../kube/index.js';
import type { JsonObject, KubeObject } from '../../kube/index.js';
import { Store } from '../../store/index.js';
import { instant } from '../../units/index.js';

export const cluster = 'shop';
/** The moment at which tests look. */
export const noon = instant(Date.UTC(2026, 7, 21, 12));
const morning = '2026-08-21T08:00:00Z';

/** What differs from a pod of a ReplicaSet `web`, without requests, that was made at eight. */
export interface PodDraft {
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  /** Its controller as `kind name`; nobody: none. */
  readonly owner?: string;
  readonly createdAt?: string;
  /** The end of its grace, when it is being deleted. */
  readonly deletedAt?: string;
  readonly on?: string;
  readonly requests?: Readonly<Record<string, string>>;
  readonly spec?: Partial<Pod['spec']>;
  readonly status?: Pod['status'];
}

/** A pod for tests; its uid is its name. */
export function pod(name: string, draft: PodDraft = {}): Pod {
  const { namespace = 'default', owner = 'ReplicaSet web', on, requests = {}, deletedAt } = draft;
  const [kind = '', ownerName = ''] = owner.split(' ');
  const apiVersion = { Job: 'batch/v1', ReplicationController: 'v1', Game: 'games.io/v1' }[kind] ?? 'apps/v1';
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace,
      uid: name,
      creationTimestamp: draft.createdAt ?? morning,
      labels: draft.labels ?? {},
      ...(draft.annotations && { annotations: draft.annotations }),
      ...(deletedAt !== undefined && { deletionTimestamp: deletedAt }),
      ...(owner !== 'nobody' && {
        ownerReferences: [{ apiVersion, kind, name: ownerName, uid: owner, controller: true }],
      }),
    },
    spec: {
      containers: [{ name: 'c', image: 'i:1', resources: { requests } }],
      ...(on !== undefined && { nodeName: on }),
      ...draft.spec,
    },
    ...(draft.status && { status: draft.status }),
  };
}

/** A node of 4 cores and 8 GiB, for tests. */
export const node = (
  name: string,
  draft: {
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly allocatable?: Readonly<Record<string, string>>;
    readonly taints?: NonNullable<KubeNode['spec']['taints']>;
  } = {},
): KubeNode => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: {
    name,
    uid: name,
    creationTimestamp: morning,
    labels: { 'kubernetes.io/hostname': name, ...draft.labels },
    ...(draft.annotations && { annotations: draft.annotations }),
  },
  spec: { ...(draft.taints && { taints: draft.taints }) },
  status: { allocatable: draft.allocatable ?? { cpu: '4', memory: '8Gi', pods: '110' } },
});

/** A disruption budget over pods with labels, which lets a number of them go. */
export const budget = (
  name: string,
  allowed: number,
  matchLabels: Readonly<Record<string, string>> = {},
  namespace = 'default',
): readonly [plural: string, body: JsonObject] => [
  'poddisruptionbudgets',
  {
    metadata: { name, namespace },
    spec: { selector: { matchLabels } },
    status: { disruptionsAllowed: allowed },
  },
];

/** A node, a pod, or anything else by its kind's plural name. */
export type Thing = KubeNode | Pod | readonly [plural: string, body: JsonObject];

/** A store with what is given, as it is given. */
export function storeOf(...things: readonly Thing[]): Store {
  const store = Store.open({ now: () => noon, collections: kubernetesCollections });
  store.transact((tx) => {
    for (const thing of things) {
      if ('kind' in thing) {
        const { name, namespace } = thing.metadata;
        if (thing.kind === 'Node')
          tx.put(nodes, nodeKey(cluster, name), { cluster, object: thing as KubeNode });
        else tx.put(pods.collection, objectKey(cluster, namespace, name), { cluster, object: thing });
        continue;
      }
      const [plural, body] = thing;
      const type = builtInTypes.find((one) => one.plural === plural);
      if (!type) throw new Error(`There is no kind ${plural}`);
      const object = body as unknown as KubeObject;
      const { namespace, name } = object.metadata;
      const scope = type.namespaced ? (namespace ?? 'default') : undefined;
      tx.put(type.collection, objectKey(cluster, scope, name), {
        cluster,
        object: { ...object, metadata: { ...object.metadata, ...(scope && { namespace: scope }) } },
      });
    }
  });
  return store;
}
