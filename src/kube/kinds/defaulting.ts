import { isObject } from '../object.js';
import type { Draft } from '../resource-type.js';

/** The objects of a list; none where there is no list. */
export const objectsOf = (value: unknown): readonly Draft[] =>
  Array.isArray(value) ? (value.filter(isObject) as unknown as Draft[]) : [];

/** The value if it is an object. */
export const objectOf = (value: unknown): Draft | undefined =>
  isObject(value) ? (value as Draft) : undefined;

/** Sets a member that is absent. */
export function fill(draft: Draft, name: string, value: unknown): void {
  draft[name] ??= value;
}

/** A member that is an object, made when absent. */
export function member(draft: Draft, name: string): Draft {
  const present = objectOf(draft[name]);
  if (present) return present;
  const made: Draft = {};
  draft[name] = made;
  return made;
}
