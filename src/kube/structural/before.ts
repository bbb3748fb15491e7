import { canonicalJson, isObject } from '../object.js';
import type { StructuralSchema } from './structural-schema.js';
import { own } from '../../units/index.js';

/** A value as it was before a change; undefined where nothing was or where nobody can tell which. */
export type Before = { readonly value: unknown } | undefined;

/** What a member was before. */
export function memberBefore(name: string, before: Before): Before {
  const value = before?.value;
  return isObject(value) && Object.hasOwn(value, name) ? { value: value[name] } : undefined;
}

/** Elements can be told apart in lists that are maps alone. */
export function elementBefore(schema: StructuralSchema, item: unknown, before: Before): Before {
  const list = before?.value;
  const keys = schema['x-kubernetes-list-map-keys'] ?? [];
  if (!Array.isArray(list) || keys.length === 0 || !isObject(item)) return undefined;
  const found = list.find(
    (one: unknown) =>
      isObject(one) && keys.every((key) => canonicalJson(own(one, key)) === canonicalJson(own(item, key))),
  ) as unknown;
  return found === undefined ? undefined : { value: found };
}
