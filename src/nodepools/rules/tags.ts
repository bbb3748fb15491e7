import type { AzureError } from '../../azure/index.js';
import type { StringMap } from '../model.js';
import { poolTarget, refusal } from '../refusal.js';
import { always } from './rule.js';

const maxTags = 50;
const maxKey = 512;
const maxValue = 256;

/** Azure's limits on a resource's tags. `target` names the property. */
export function tagsError(tags: StringMap | undefined, target: string): AzureError | undefined {
  const entries = Object.entries(tags ?? {});
  const invalid = (why: string): AzureError =>
    refusal('InvalidParameter', `The value of parameter ${target} is invalid: ${why}`, target);
  if (entries.length > maxTags)
    return invalid(`${entries.length} tags are given, at most ${maxTags} are allowed.`);
  for (const [key, value] of entries) {
    if (key === '') return invalid('a tag name is empty.');
    if (key.length > maxKey)
      return invalid(`the tag name '${key.slice(0, 20)}…' is longer than ${maxKey} characters.`);
    if (/[<>%&\\?/]/.test(key)) return invalid(`the tag name '${key}' has one of the characters <>%&\\?/.`);
    if (value.length > maxValue)
      return invalid(`the value of tag '${key}' is longer than ${maxValue} characters.`);
  }
  return undefined;
}

/** Tag names are the same whatever their case: of several, the alphabetically first stays (AKS: tags). */
export function withoutDuplicateTags(tags: StringMap): StringMap {
  const kept = new Map<string, string>();
  for (const key of Object.keys(tags).sort()) {
    const id = key.toLowerCase();
    if (!kept.has(id)) kept.set(id, key);
  }
  const survivors = new Set(kept.values());
  return Object.fromEntries(Object.entries(tags).filter(([key]) => survivors.has(key)));
}

export const tagRules = [always('tags', ({ pool }) => tagsError(pool.tags, poolTarget('tags')))];
