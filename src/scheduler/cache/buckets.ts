import type { Labels } from '../../kube/index.js';
import type { PodQuery } from './matchers.js';

/** Where queries and pods meet: a namespace and a label that the query asks for. */
const bucketOf = (namespace: string, key: string, value: string): string => `${namespace}|${key}=${value}`;
/** Queries that ask for no label's value. */
const anyLabel = (namespace: string): string => `${namespace}|*`;
/** Queries that are about pods of namespaces not named. */
export const anywhere: readonly string[] = ['*'];

/** The buckets of a query, one for each namespace: a pod that it is about is in just one of them. */
export function bucketsOfQuery({ selector, namespaces, namespaceSelector }: PodQuery): readonly string[] {
  if (namespaceSelector) return anywhere;
  const [first] = Object.entries(selector?.matchLabels ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  return [...new Set(namespaces)].map((namespace) =>
    first ? bucketOf(namespace, ...first) : anyLabel(namespace),
  );
}

/** The buckets in which queries may be that are about pods with labels. */
export const bucketsOfPods = (namespace: string, labels: Labels): readonly string[] => [
  ...Object.entries(labels).map(([key, value]) => bucketOf(namespace, key, value)),
  anyLabel(namespace),
  ...anywhere,
];

/** Things by bucket, so that queries and pods that have nothing in common are never held against each other. */
export class Buckets<T> {
  readonly #buckets = new Map<string, Set<T>>();

  add(buckets: readonly string[], item: T): void {
    for (const bucket of buckets) {
      const items = this.#buckets.get(bucket) ?? new Set<T>();
      this.#buckets.set(bucket, items);
      items.add(item);
    }
  }

  remove(buckets: readonly string[], item: T): void {
    for (const bucket of buckets) {
      const items = this.#buckets.get(bucket);
      items?.delete(item);
      if (items?.size === 0) this.#buckets.delete(bucket);
    }
  }

  *in(buckets: readonly string[]): Iterable<T> {
    for (const bucket of buckets) {
      const items = this.#buckets.get(bucket);
      if (items) yield* items;
    }
  }
}
