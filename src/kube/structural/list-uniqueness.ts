import type { Faults } from '../api/field-error.js';
import { canonicalJson, isObject } from '../object.js';
import type { StructuralSchema } from './structural-schema.js';
import { own } from '../../units/index.js';

/** Finds elements that are there twice in lists that are sets, or maps by their keys (Kubernetes: x-kubernetes-list-type). */
export function checkDuplicates(
  faults: Faults,
  path: string,
  schema: StructuralSchema,
  value: unknown,
): void {
  if (Array.isArray(value)) {
    const { items } = schema;
    checkElements(faults, path, schema, value);
    if (!items) return;
    for (const [index, item] of value.entries()) {
      checkDuplicates(faults, `${path}[${String(index)}]`, items, item);
    }
    return;
  }
  if (!isObject(value)) return;
  const { properties = {}, additionalProperties } = schema;
  for (const [name, member] of Object.entries(value)) {
    const known = own(properties, name) ?? additionalProperties;
    if (isObject(known)) checkDuplicates(faults, path === '' ? name : `${path}.${name}`, known, member);
  }
}

function checkElements(
  faults: Faults,
  path: string,
  schema: StructuralSchema,
  value: readonly unknown[],
): void {
  const listType = schema['x-kubernetes-list-type'];
  if (listType !== 'set' && listType !== 'map') return;
  const keys = schema['x-kubernetes-list-map-keys'] ?? [];
  const nameOf = (item: unknown): unknown =>
    listType === 'set' || !isObject(item)
      ? item
      : Object.fromEntries(
          keys.filter((key) => own(item, key) !== undefined).map((key) => [key, own(item, key)]),
        );
  const seen = new Set<string>();
  for (const [index, item] of value.entries()) {
    const name = nameOf(item);
    const text = canonicalJson(name);
    if (seen.has(text)) faults.duplicate(`${path}[${String(index)}]`, name);
    seen.add(text);
  }
}
