import { builtInTypes, controllerOf, objectKey } from '../../kube/index.js';
import type { KubeObject, Pod, ResourceType } from '../../kube/index.js';
import type { Reader } from '../../store/index.js';

/** Who sees to it that a pod is there. */
export type Controller =
  | { readonly kind: 'none' }
  /** Of a kind that is not looked at, such as an operator's own. */
  | { readonly kind: 'unknown' }
  /** `error` is what looking it up gives, e.g. `replicaset.apps "web-7d4b9" not found`. */
  | { readonly kind: 'absent'; readonly controllerKind: string; readonly error: string }
  /** `replicas` is how many pods it is to have, where it says so, and `missing` how many of them it has not. */
  | {
      readonly kind: 'found';
      readonly controllerKind: string;
      readonly replicas?: number;
      readonly missing?: number;
    };

const none: Controller = { kind: 'none' };
const unknown: Controller = { kind: 'unknown' };

/** Kinds that are looked up, with the group without which one of that name is another kind. */
const known: ReadonlyMap<string, ResourceType> = new Map(
  ['ReplicationController', 'ReplicaSet', 'Job', 'StatefulSet', 'DaemonSet'].flatMap((kind) => {
    const type = builtInTypes.find((one) => one.kind === kind);
    return type ? [[kind, type] as const] : [];
  }),
);
/** Kinds of which another group's are left alone. */
const ofApps: ReadonlySet<string> = new Set(['StatefulSet', 'DaemonSet']);

/** The controllers of a cluster's pods; each is looked up once. */
export class Controllers {
  readonly #reader: Reader;
  readonly #cluster: string;
  readonly #found = new Map<string, Controller>();

  constructor(reader: Reader, cluster: string) {
    this.#reader = reader;
    this.#cluster = cluster;
  }

  of(pod: Pod): Controller {
    const owner = controllerOf(pod);
    if (!owner) return none;
    const before = this.#found.get(owner.uid);
    if (before) return before;
    const { apiVersion, kind, name } = owner;
    const type = known.get(kind);
    const isOther = ofApps.has(kind) && !apiVersion.startsWith('apps/');
    const found = !type || isOther ? unknown : this.#look(type, pod.metadata.namespace, name);
    this.#found.set(owner.uid, found);
    return found;
  }

  #look(type: ResourceType, namespace: string | undefined, name: string): Controller {
    const stored = this.#reader.get(type.collection, objectKey(this.#cluster, namespace, name));
    const { kind: controllerKind, singular, group } = type;
    if (!stored) {
      const resource = group === '' ? singular : `${singular}.${group}`;
      return { kind: 'absent', controllerKind, error: `${resource} "${name}" not found` };
    }
    return { kind: 'found', controllerKind, ...countsOf(stored.object as Counting) };
  }
}

interface Counting extends KubeObject {
  readonly spec?: {
    readonly replicas?: number;
    readonly parallelism?: number;
    readonly completions?: number;
  };
  readonly status?: { readonly replicas?: number; readonly active?: number; readonly succeeded?: number };
}

/** A job is to have as many pods at once as it has still to bring to an end, and no more than it may. */
function countsOf({ kind, spec, status }: Counting): { replicas?: number; missing?: number } {
  if (kind === 'Job') {
    const left = (spec?.completions ?? Infinity) - (status?.succeeded ?? 0);
    return { missing: Math.min(spec?.parallelism ?? 1, left) - (status?.active ?? 0) };
  }
  if (spec?.replicas === undefined) return {};
  return { replicas: spec.replicas, missing: spec.replicas - (status?.replicas ?? 0) };
}
