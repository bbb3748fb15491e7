import { goText } from '../go-values.js';
import { StatusError } from '../api/status-error.js';
import type { JsonObject } from '../object.js';
import { isObject } from '../object.js';
import type { FieldSchema } from '../schema/index.js';
import { listTypeOf, typeSchema } from '../schema/index.js';
import { own, put } from '../../units/index.js';

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
  if (how !== undefined) {
    throw StatusError.badRequest(`unknown patch type: ${goText(how)} in map: ${JSON.stringify(patch)}`);
  }

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
      const merged = mergeList(own(result, field), patch, field, type);
      if (merged !== undefined) put(result, field, merged);
    } else if (value === null) delete result[name];
    else if (Array.isArray(value)) {
      handled.add(name);
      put(result, name, mergeList(own(result, name), patch, name, type) ?? []);
    } else if (isObject(value)) {
      const before = own(result, name);
      // One that is deleted by a directive is empty afterwards; it is null that takes a member away.
      put(result, name, mergeObject(isObject(before) ? before : {}, value, memberType(type, name)));
    } else put(result, name, value);
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
  const items = asList(own(patch, field));
  const mergeKey = type === undefined ? undefined : listTypeOf(type, field)?.mergeKey;
  if (mergeKey === undefined) return items ?? target;
  // Nothing to merge into, and nothing to merge: an order alone makes no list.
  if (!items && target === undefined) return undefined;
  const present = asList(target) ?? [];
  const order = asList(own(patch, orderPrefix + field));
  if (mergeKey === '') return mergePrimitives(present, patch, field, items ?? [], order);
  const element = type === undefined ? undefined : elementType(type, field);
  const { replaces, deleted, merged } = sorted(items ?? [], field, mergeKey);
  if (replaces) return merged;
  const keyOf = (item: unknown): unknown => (isObject(item) ? own(item, mergeKey) : item);
  const result = present.filter((item) => !deleted.has(keyOf(item)));
  for (const item of merged) {
    const at = result.findIndex((other) => keyOf(other) === own(item, mergeKey));
    const before = result[at];
    const after = mergeObject(isObject(before) ? before : {}, item, element);
    if (at >= 0) result[at] = after;
    else result.push(after);
  }
  if (order) checkOrder(merged.map(keyOf), order.map(keyOf), field);
  return ordered(result, (order ?? merged).map(keyOf), present, keyOf);
}

/** A patch's elements for a list, by what they do: what replaces it as a whole, what is deleted, what is merged. */
function sorted(
  items: readonly unknown[],
  field: string,
  mergeKey: string,
): {
  readonly replaces: boolean;
  readonly deleted: ReadonlySet<unknown>;
  readonly merged: readonly JsonObject[];
} {
  let replaces = false;
  const deleted = new Set<unknown>();
  const merged: JsonObject[] = [];
  for (const item of items) {
    if (!isObject(item)) throw StatusError.badRequest(`${field}: elements must be objects`);
    const how = item[directive];
    if (how === 'replace') replaces = true;
    else if (own(item, mergeKey) === undefined) {
      const text = `map: ${JSON.stringify(item)} does not contain declared merge key: ${mergeKey}`;
      throw StatusError.badRequest(text);
    } else if (how === undefined) merged.push(item);
    else if (how === 'delete') deleted.add(own(item, mergeKey));
    else if (how === 'merge')
      throw StatusError.badRequest('merging lists cannot yet be specified in the patch');
    else throw StatusError.badRequest(`unknown patch type: ${goText(how)} in map: ${JSON.stringify(item)}`);
  }
  return { replaces, deleted, merged };
}

/** An order that a patch asks for has all that the patch sets, in the same order. */
function checkOrder(set: readonly unknown[], order: readonly unknown[], field: string): void {
  let at = 0;
  for (const key of order) if (key === set[at]) at += 1;
  if (at === set.length) return;
  const [patch, wanted] = [JSON.stringify(set), JSON.stringify(order)];
  throw StatusError.badRequest(
    `The order in patch list:\n${patch}\n doesn't match ${orderPrefix}${field} list:\n${wanted}\n`,
  );
}

function mergePrimitives(
  present: readonly unknown[],
  patch: JsonObject,
  field: string,
  items: readonly unknown[],
  order: readonly unknown[] | undefined,
): readonly unknown[] {
  const removed = asList(own(patch, deletePrefix + field)) ?? [];
  const kept = present.filter((value) => !removed.includes(value));
  const result = [...kept, ...items.filter((value) => !kept.includes(value))];
  if (order) checkOrder(items, order, field);
  return ordered(result, order ?? items, present, (item) => item);
}

/**
 * The elements that `order` names in that order; one that it does not name comes before the first of those that it was
 * before in `present`.
 */
function ordered(
  items: readonly unknown[],
  order: readonly unknown[],
  present: readonly unknown[],
  keyOf: (item: unknown) => unknown,
): readonly unknown[] {
  const ranks = new Map(order.map((key, index) => [key, index]));
  const places = new Map(present.map((item, index) => [keyOf(item), index]));
  const rankOf = (item: unknown): number => ranks.get(keyOf(item)) ?? -1;
  const placeOf = (item: unknown): number => places.get(keyOf(item)) ?? -1;
  const named = items.filter((item) => rankOf(item) >= 0).sort((a, b) => rankOf(a) - rankOf(b));
  const others = items.filter((item) => rankOf(item) < 0).sort((a, b) => placeOf(a) - placeOf(b));
  const result: unknown[] = [];
  let next = 0;
  for (const other of others) {
    while (next < named.length && !(placeOf(other) >= 0 && placeOf(other) < placeOf(named[next])))
      result.push(named[next++]);
    result.push(other);
  }
  return [...result, ...named.slice(next)];
}

const asList = (value: unknown): readonly unknown[] | undefined =>
  Array.isArray(value) ? (value as readonly unknown[]) : undefined;

const fieldSchema = (type: string | undefined, name: string): FieldSchema | undefined =>
  type === undefined ? undefined : own(typeSchema(type).properties, name);

const memberType = (type: string | undefined, name: string): string | undefined =>
  fieldSchema(type, name)?.ref;

const elementType = (type: string, name: string): string | undefined => fieldSchema(type, name)?.items?.ref;

const withoutDirectives = (patch: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(patch).filter(([name]) => !name.startsWith('$')));
