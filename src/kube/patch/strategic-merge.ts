import { StatusError } from '../api/status-error.js';
import type { JsonObject } from '../object.js';
import { isObject } from '../object.js';
import type { FieldSchema } from '../schema/index.js';
import { listTypeOf, typeSchema } from '../schema/index.js';

const orderPrefix = '$setElementOrder/';
const deletePrefix = '$deleteFromPrimitiveList/';
const directive = '$patch';
const retainKeys = '$retainKeys';

/**
 * Applies a strategic merge patch to an object of the type `type`: lists whose elements have a merge key are merged by it
 * (Kubernetes: strategic merge patch), with its directives.
 *
 * @throws StatusError 400 for a directive that makes no sense.
 */
export function applyStrategicMerge(type: string, target: JsonObject, patch: JsonObject): JsonObject {
  return mergeObject(target, patch, type);
}

/** Merges objects; `type` is undefined where the schema ends, e.g. in maps of labels. */
function mergeObject(target: JsonObject, patch: JsonObject, type: string | undefined): JsonObject {
  const how = patch[directive];
  if (how === 'replace') return withoutDirectives(patch);
  if (how === 'delete') return {};
  if (how !== undefined && how !== 'merge') throw unknownDirective(how);

  const retained = patch[retainKeys];
  const result: Record<string, unknown> = Array.isArray(retained)
    ? Object.fromEntries(Object.entries(target).filter(([name]) => retained.includes(name)))
    : { ...target };
  const handled = new Set<string>();
  for (const [name, value] of Object.entries(patch)) {
    if (name === directive || name === retainKeys) continue;
    const field = fieldOf(name);
    if (handled.has(field)) continue;
    if (field !== name) {
      handled.add(field);
      const merged = mergeList(result[field], patch, field, type);
      if (merged !== undefined) result[field] = merged;
    } else if (value === null) delete result[name];
    else if (Array.isArray(value)) {
      handled.add(name);
      result[name] = mergeList(result[name], patch, name, type);
    } else if (isObject(value)) {
      const before = result[name];
      const merged = mergeObject(isObject(before) ? before : {}, value, memberType(type, name));
      if (value[directive] === 'delete') delete result[name];
      else result[name] = merged;
    } else result[name] = value;
  }
  return result;
}

const fieldOf = (name: string): string =>
  name.startsWith(orderPrefix)
    ? name.slice(orderPrefix.length)
    : name.startsWith(deletePrefix)
      ? name.slice(deletePrefix.length)
      : name;

/** Merges one list by the patch's members for it: the list itself, the order asked for, the primitives to delete. */
function mergeList(target: unknown, patch: JsonObject, field: string, type: string | undefined): unknown {
  const items = asList(patch[field]);
  const mergeKey = type === undefined ? undefined : listTypeOf(type, field)?.mergeKey;
  const present = asList(target) ?? [];
  if (mergeKey === undefined) return items ?? target;
  if (mergeKey === '') return mergePrimitives(present, patch, field, items ?? []);
  const element = type === undefined ? undefined : elementType(type, field);
  if (items?.some((item) => isObject(item) && item[directive] === 'replace')) {
    return items.filter((item) => !(isObject(item) && item[directive] !== undefined));
  }
  const result = [...present];
  for (const item of items ?? []) {
    if (!isObject(item)) throw StatusError.badRequest(`${field}: elements must be objects`);
    const key = item[mergeKey];
    if (key === undefined) {
      throw StatusError.badRequest(
        `map: ${JSON.stringify(item)} does not contain declared merge key: ${mergeKey}`,
      );
    }
    const at = result.findIndex((other) => isObject(other) && other[mergeKey] === key);
    const how = item[directive];
    if (how === 'delete') {
      if (at >= 0) result.splice(at, 1);
      continue;
    }
    const before = result[at];
    const merged = mergeObject(isObject(before) ? before : {}, item, element);
    if (at >= 0) result[at] = merged;
    else result.push(merged);
  }
  const order = asList(patch[orderPrefix + field]) ?? items ?? [];
  const keyOf = (item: unknown) => (isObject(item) ? item[mergeKey] : item);
  return ordered(result, present.map(keyOf), order.map(keyOf), keyOf);
}

function mergePrimitives(
  present: readonly unknown[],
  patch: JsonObject,
  field: string,
  items: readonly unknown[],
): readonly unknown[] {
  const removed = asList(patch[deletePrefix + field]) ?? [];
  const kept = present.filter((value) => !removed.includes(value));
  const result = [...kept, ...items.filter((value) => !kept.includes(value))];
  const order = asList(patch[orderPrefix + field]) ?? items;
  return ordered(result, present, order, (item) => item);
}

/**
 * Puts a merged list in order (Kubernetes: strategic merge patch, normalized element order). The elements that the patch
 * names come in the patch's order, the others in the order they had. The two are merged by where their elements were
 * before; an element that was not there comes before the next one that the patch does not name.
 */
function ordered(
  items: readonly unknown[],
  before: readonly unknown[],
  order: readonly unknown[],
  keyOf: (item: unknown) => unknown,
): readonly unknown[] {
  const rank = new Map(order.map((key, index) => [key, index]));
  const place = new Map(before.map((key, index) => [key, index]));
  const named = items
    .filter((item) => rank.has(keyOf(item)))
    .sort((a, b) => (rank.get(keyOf(a)) ?? 0) - (rank.get(keyOf(b)) ?? 0));
  const others = items.filter((item) => !rank.has(keyOf(item)));
  const result: unknown[] = [];
  let next = 0;
  for (const other of others) {
    const there = place.get(keyOf(other)) ?? Infinity;
    while (next < named.length && !((place.get(keyOf(named[next])) ?? -1) > there)) {
      result.push(named[next]);
      next += 1;
    }
    result.push(other);
  }
  return [...result, ...named.slice(next)];
}

const asList = (value: unknown): readonly unknown[] | undefined =>
  Array.isArray(value) ? (value as readonly unknown[]) : undefined;

const fieldSchema = (type: string | undefined, name: string): FieldSchema | undefined =>
  type === undefined ? undefined : typeSchema(type).properties[name];

const memberType = (type: string | undefined, name: string): string | undefined =>
  fieldSchema(type, name)?.ref;

const elementType = (type: string, name: string): string | undefined => fieldSchema(type, name)?.items?.ref;

const withoutDirectives = (patch: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(patch).filter(([name]) => !name.startsWith('$')));

const unknownDirective = (how: unknown): StatusError =>
  StatusError.badRequest(
    `Unknown patch type: ${JSON.stringify(how)}: $patch is one of replace, delete, merge`,
  );
