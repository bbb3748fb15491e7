import { isObject } from '../object.js';
import { own, put } from '../../units/index.js';

/** Applies a JSON Merge Patch (RFC 7386): members replace, null removes, lists are replaced as a whole. */
export function applyMergePatch(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const result: Record<string, unknown> = isObject(target) ? { ...target } : {};
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete result[name];
    else put(result, name, applyMergePatch(own(result, name), value));
  }
  return result;
}
