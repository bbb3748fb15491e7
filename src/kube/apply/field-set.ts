import { canonicalJson, isObject } from '../object.js';
import type { JsonObject } from '../object.js';
import { atomic, memberShape } from '../schema/index.js';
import type { Shape } from '../schema/index.js';
import { own } from '../../units/index.js';

/**
 * A set of fields as a tree (Kubernetes: FieldsV1): `f:name` for a member, `k:{...}` for a list's element by its keys,
 * `v:value` for an element of a set. A node that `isMember` is itself in the set.
 */
export interface FieldSet {
  readonly isMember: boolean;
  readonly children: ReadonlyMap<string, FieldSet>;
}

const leaf: FieldSet = { isMember: true, children: new Map() };
export const emptySet: FieldSet = { isMember: false, children: new Map() };

export const isEmpty = (set: FieldSet): boolean => !set.isMember && set.children.size === 0;

/** How an element of a list is named in a set. */
export function elementName(
  { keys, keyDefaults }: Extract<Shape, { kind: 'list' }>,
  element: unknown,
): string {
  const members = isObject(element) ? element : {};
  const named = [...keys].sort().flatMap((key) => {
    const value = own(members, key) ?? own(keyDefaults, key);
    return value === undefined ? [] : [[key, value] as const];
  });
  return `k:${JSON.stringify(Object.fromEntries(named))}`;
}

/** All fields that a value sets. */
export function fieldsOf(value: unknown, shape: Shape): FieldSet {
  const children = childrenOf(value, shape);
  if (!children || children.length === 0) return leaf;
  const isElement = shape.kind === 'list' || shape.kind === 'set';
  return {
    isMember: false,
    children: new Map(
      children.map(([name, child, childShape]) => {
        const set = fieldsOf(child, childShape);
        return [name, isElement ? { ...set, isMember: true } : set];
      }),
    ),
  };
}

/** All that a value is made of, each object and list in it being a field of its own. */
function everyPart(value: unknown, shape: Shape): FieldSet {
  const children = childrenOf(value, shape) ?? [];
  return {
    isMember: true,
    children: new Map(children.map(([name, child, childShape]) => [name, everyPart(child, childShape)])),
  };
}

/** The parts of a value by their names in a set; undefined for a value that has none. */
export function childrenOf(
  value: unknown,
  shape: Shape,
): readonly (readonly [name: string, child: unknown, shape: Shape])[] | undefined {
  switch (shape.kind) {
    case 'object':
      if (!isObject(value)) return undefined;
      return Object.entries(value).map(([name, child]) => [`f:${name}`, child, memberShape(shape, name)]);
    case 'list':
      if (!Array.isArray(value)) return undefined;
      return value.map((element: unknown) => [elementName(shape, element), element, shape.of]);
    case 'set':
      if (!Array.isArray(value)) return undefined;
      return value.map((element: unknown) => [`v:${JSON.stringify(element)}`, element, atomic]);
    case 'atomic':
      return undefined;
  }
}

/** Fields in either set. */
export function union(a: FieldSet, b: FieldSet): FieldSet {
  const children = new Map(a.children);
  for (const [name, child] of b.children) {
    const present = children.get(name);
    children.set(name, present ? union(present, child) : child);
  }
  return { isMember: a.isMember || b.isMember, children };
}

/** Fields of `a` that are not in `b`. */
export function difference(a: FieldSet, b: FieldSet): FieldSet {
  const children = new Map<string, FieldSet>();
  for (const [name, child] of a.children) {
    const other = b.children.get(name);
    const left = other ? difference(child, other) : child;
    if (!isEmpty(left)) children.set(name, left);
  }
  return { isMember: a.isMember && !b.isMember, children };
}

/** Fields in both sets. */
export function intersection(a: FieldSet, b: FieldSet): FieldSet {
  const children = new Map<string, FieldSet>();
  for (const [name, child] of a.children) {
    const other = b.children.get(name);
    const both = other ? intersection(child, other) : emptySet;
    if (!isEmpty(both)) children.set(name, both);
  }
  return { isMember: a.isMember && b.isMember, children };
}

/** A set without the members above what `owned` has: an object stays as long as somebody has a part of it. */
export function belowOwned(set: FieldSet, owned: FieldSet): FieldSet {
  const children = new Map<string, FieldSet>();
  for (const [name, child] of set.children) {
    const other = owned.children.get(name);
    const left = other ? belowOwned(child, other) : child;
    if (!isEmpty(left)) children.set(name, left);
  }
  return { isMember: set.isMember && owned.children.size === 0, children };
}

/**
 * Fields whose values differ between two versions of an object, or that only the second has; of what is new, the objects and
 * lists themselves too.
 */
export function changedFields(before: unknown, after: unknown, shape: Shape): FieldSet {
  if (before === undefined) return everyPart(after, shape);
  const now = childrenOf(after, shape);
  const old = before === null ? [] : childrenOf(before, shape);
  if (!old || !now || now.length === 0)
    return canonicalJson(before) === canonicalJson(after) ? emptySet : fieldsOf(after, shape);
  const previous = new Map(old.map(([name, child]) => [name, child]));
  const children = new Map<string, FieldSet>();
  for (const [name, child, childShape] of now) {
    const changed = changedFields(previous.get(name), child, childShape);
    if (!isEmpty(changed)) children.set(name, changed);
  }
  return { isMember: false, children };
}

/** Every field of a set as a path such as `.spec.containers[name="web"].image`. */
export function pathsOf(set: FieldSet, prefix = ''): readonly string[] {
  const paths = set.isMember && set.children.size === 0 ? [prefix] : [];
  for (const [name, child] of set.children) paths.push(...pathsOf(child, prefix + pathElement(name)));
  return paths;
}

/** How a path names a member or an element: `.image`, `[name="web"]`, `[="a"]`. */
export function pathElement(name: string): string {
  const rest = name.slice(2);
  if (name.startsWith('f:')) return `.${rest}`;
  if (name.startsWith('v:')) return `[=${rest}]`;
  const keys = JSON.parse(rest) as Readonly<Record<string, unknown>>;
  return `[${Object.entries(keys)
    .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
    .join(',')}]`;
}

/** A set as managed fields carry it. */
export function toFieldsV1(set: FieldSet): JsonObject {
  const children = [...set.children].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    ...(set.isMember && set.children.size > 0 && { '.': {} }),
    ...Object.fromEntries(children.map(([name, child]) => [name, toFieldsV1(child)])),
  };
}

/** Reads a set as managed fields carry it. */
export function fromFieldsV1(fields: JsonObject): FieldSet {
  const names = Object.keys(fields).filter((name) => name !== '.');
  return {
    isMember: '.' in fields || names.length === 0,
    children: new Map(
      names.map((name) => {
        const child = own(fields, name);
        return [name, fromFieldsV1(isObject(child) ? child : {})];
      }),
    ),
  };
}
