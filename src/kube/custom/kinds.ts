import type { Store } from '../../store/index.js';
import { builtInTypes, customResourceDefinitions, furtherVersions } from '../kinds/index.js';
import type { CustomResourceDefinition } from '../kinds/index.js';
import { apiVersionOf } from '../resource-type.js';
import type { ResourceType } from '../resource-type.js';
import { customTypes } from './custom-type.js';
import type { CustomTypes } from './custom-type.js';

/** The kinds of one cluster at a moment: those of this code and those of the cluster's definitions. */
export class ClusterKinds {
  /** Every kind once, in the version that its objects are kept in. */
  readonly stored: readonly ResourceType[];
  /** Every version that is served, a group's preferred one first. */
  readonly served: readonly ResourceType[];
  readonly #byPlural: ReadonlyMap<string, ResourceType>;
  readonly #byKind: ReadonlyMap<string, ResourceType>;
  readonly #byCollection: ReadonlyMap<string, ResourceType>;

  constructor(custom: readonly CustomTypes[]) {
    this.stored = [...builtInTypes, ...custom.map(({ stored }) => stored)];
    this.served = [...builtInTypes, ...furtherVersions, ...custom.flatMap(({ served }) => served)];
    // Kinds of this code come last, so that no definition takes their place.
    const inOrder = [...this.served].reverse();
    this.#byPlural = new Map(inOrder.map((type) => [`${apiVersionOf(type)}/${type.plural}`, type]));
    this.#byKind = new Map(inOrder.map((type) => [`${apiVersionOf(type)}/${type.kind}`, type]));
    this.#byCollection = new Map(this.stored.map((type) => [type.collection.name, type]));
  }

  /** The kind that a path such as `/apis/apps/v1/deployments` names. */
  ofPlural(apiVersion: string, plural: string): ResourceType | undefined {
    return this.#byPlural.get(`${apiVersion}/${plural}`);
  }

  /** The kind that an object or a reference names. */
  ofKind(apiVersion: string, kind: string): ResourceType | undefined {
    return this.#byKind.get(`${apiVersion}/${kind}`);
  }

  /** The kind whose objects a collection of the store keeps. */
  ofCollection(name: string): ResourceType | undefined {
    return this.#byCollection.get(name);
  }
}

const definitions = customResourceDefinitions.collection;

/**
 * The kinds of every cluster of a store. What a cluster serves follows from its definitions alone: it is worked out when it
 * is asked for, also in the middle of a transaction, and kept until a definition changes.
 */
export class Kinds {
  readonly #store: Store;
  readonly #clusters = new Map<string, ClusterKinds>();
  readonly #compiled = new WeakMap<object, CustomTypes>();
  readonly #builtIn = new ClusterKinds([]);
  #writes = -1;

  constructor(store: Store) {
    this.#store = store;
  }

  /** The kinds that every cluster has. */
  get builtIn(): ClusterKinds {
    return this.#builtIn;
  }

  of(cluster: string): ClusterKinds {
    this.#forgetWhatChanged();
    const known = this.#clusters.get(cluster);
    if (known) return known;
    const custom = this.#store
      .find(definitions, 'byCluster', cluster)
      .flatMap(({ object }) => this.#compile(object as CustomResourceDefinition) ?? []);
    const made = custom.length === 0 ? this.#builtIn : new ClusterKinds(custom);
    this.#clusters.set(cluster, made);
    return made;
  }

  /** Every kind of any cluster, once for each collection. */
  everywhere(): readonly ResourceType[] {
    const clusters = new Set(this.#store.list(definitions).map(({ cluster }) => cluster));
    const types = new Map(this.#builtIn.stored.map((type) => [type.collection.name, type]));
    for (const cluster of clusters) {
      for (const type of this.of(cluster).stored) types.set(type.collection.name, type);
    }
    return [...types.values()];
  }

  #forgetWhatChanged(): void {
    const writes = this.#store.writesTo(definitions);
    if (writes === this.#writes) return;
    this.#writes = writes;
    this.#clusters.clear();
  }

  #compile(definition: CustomResourceDefinition): CustomTypes | undefined {
    const known = this.#compiled.get(definition);
    if (known) return known;
    const made = customTypes(definition);
    if (!made) return undefined;
    this.#store.declare(made.stored.collection);
    this.#compiled.set(definition, made);
    return made;
  }
}
