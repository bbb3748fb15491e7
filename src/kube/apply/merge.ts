import { isObject } from '../object.js';
import { memberShape } from '../schema/index.js';
import type { Shape } from '../schema/index.js';
import { childrenOf, elementName } from './field-set.js';
import type { FieldSet } from './field-set.js';
import { own, put } from '../../units/index.js';

/** An object with what a configuration sets: members and elements are merged by the shape, all else is replaced. */
export function mergeConfiguration(live: unknown, applied: unknown, shape: Shape): unknown {
  switch (shape.kind) {
    case 'object': {
      if (!isObject(live) || !isObject(applied)) return applied;
      const merged: Record<string, unknown> = { ...live };
      for (const [name, value] of Object.entries(applied)) {
        const present = own(live, name);
        put(
          merged,
          name,
          present === undefined ? value : mergeConfiguration(present, value, memberShape(shape, name)),
        );
      }
      return merged;
    }
    case 'list': {
      if (!Array.isArray(live) || !Array.isArray(applied)) return applied;
      const wanted = new Map(applied.map((element: unknown) => [elementName(shape, element), element]));
      const present = new Set(live.map((element: unknown) => elementName(shape, element)));
      const merged = live.map((element: unknown) => {
        const name = elementName(shape, element);
        return wanted.has(name) ? mergeConfiguration(element, wanted.get(name), shape.of) : element;
      });
      return [...merged, ...[...wanted].filter(([name]) => !present.has(name)).map(([, element]) => element)];
    }
    case 'set': {
      if (!Array.isArray(live) || !Array.isArray(applied)) return applied;
      return [...live, ...applied.filter((element) => !live.includes(element))];
    }
    case 'atomic':
      return applied;
  }
}

/** A value without the fields of a set; undefined once nothing is left of it. */
export function withoutFields(value: unknown, set: FieldSet, shape: Shape): unknown {
  if (set.children.size === 0) return set.isMember ? undefined : value;
  const children = childrenOf(value, shape);
  if (!children) return value;
  const kept = children.flatMap(([name, child, childShape]) => {
    const removed = set.children.get(name);
    const left = removed ? withoutFields(child, removed, childShape) : child;
    // An element goes with its last own field, though its keys are still there.
    const isGone = left === undefined || (removed?.isMember === true && onlyKeys(left, shape));
    return isGone ? [] : [[name, left] as const];
  });
  if (shape.kind === 'list' || shape.kind === 'set')
    return kept.length === 0 ? undefined : kept.map(([, child]) => child);
  return kept.length === 0
    ? undefined
    : Object.fromEntries(kept.map(([name, child]) => [name.slice(2), child]));
}

const onlyKeys = (element: unknown, shape: Shape): boolean =>
  shape.kind === 'list' &&
  isObject(element) &&
  Object.keys(element).every((name) => shape.keys.includes(name));
