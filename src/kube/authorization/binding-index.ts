import type { Store } from '../../store/index.js';
import { clusterRoleBindings, roleBindings } from '../kinds/index.js';
import type { KubeObject, Stored } from '../object.js';
import { namespaceTerm } from '../resource-type.js';
import type { User } from '../user.js';

/** Whom a binding gives its role (rbac.authorization.k8s.io/v1 Subject). */
export interface Subject {
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
}

/** A RoleBinding or a ClusterRoleBinding. */
export interface Binding extends KubeObject {
  readonly subjects?: readonly Subject[];
  readonly roleRef: { readonly kind: string; readonly name: string };
}

/** A binding with the subject that it applies by. */
export interface Grant {
  readonly binding: Binding;
  readonly subject: Subject;
}

type BySubject = ReadonlyMap<string, readonly Grant[]>;

/** Which bindings apply to whom, by cluster and by namespace; made when first asked for, and anew after a change. */
export class BindingIndex {
  readonly #store: Store;
  /** By cluster, or by cluster and namespace. */
  readonly #places = new Map<string, BySubject>();

  constructor(store: Store) {
    this.#store = store;
    const collections = [clusterRoleBindings.collection, roleBindings.collection];
    const names = new Set(collections.map(({ name }) => name));
    store.watch({ collections: collections as never }, ({ changes }) => {
      for (const { collection, before, after } of changes) {
        const stored = (after ?? before) as Stored | undefined;
        if (stored && names.has(collection)) this.#places.delete(placeOf(stored));
      }
    });
  }

  /** The bindings that apply to a user across a cluster and, where one is named, in a namespace. */
  grantsOf(cluster: string, user: User, namespace: string | undefined): readonly Grant[] {
    const places = [this.#at(cluster)];
    if (namespace !== undefined) places.push(this.#at(namespaceTerm(cluster, namespace)));
    const subjects = [`u/${user.name}`, ...user.groups.map((group) => `g/${group}`)];
    return places.flatMap((bySubject) => subjects.flatMap((subject) => bySubject.get(subject) ?? []));
  }

  #at(place: string): BySubject {
    const known = this.#places.get(place);
    if (known) return known;
    const isNamespace = place.includes('|');
    const bindings = isNamespace
      ? this.#store.find(roleBindings.collection, 'byNamespace', place)
      : this.#store.find(clusterRoleBindings.collection, 'byCluster', place);
    const made = new Map<string, Grant[]>();
    for (const { object } of bindings) {
      const binding = object as Binding;
      for (const subject of binding.subjects ?? []) {
        const key = keyOf(subject, binding.metadata.namespace);
        const grants = made.get(key) ?? [];
        grants.push({ binding, subject });
        made.set(key, grants);
      }
    }
    this.#places.set(place, made);
    return made;
  }
}

const placeOf = ({ cluster, object }: Stored): string =>
  object.metadata.namespace === undefined ? cluster : namespaceTerm(cluster, object.metadata.namespace);

function keyOf({ kind, name, namespace }: Subject, bindingNamespace: string | undefined): string {
  switch (kind) {
    case 'Group':
      return `g/${name}`;
    case 'ServiceAccount':
      return `u/system:serviceaccount:${namespace ?? bindingNamespace ?? ''}:${name}`;
    default:
      return `u/${name}`;
  }
}
