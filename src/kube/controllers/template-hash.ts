import { createHash } from 'node:crypto';
import type { PodTemplateSpec } from '../kinds/index.js';
import { canonicalJson } from '../object.js';

const letters = 'bcdfghjklmnpqrstvwxz2456789';

/** A hash in letters that make no words, as names of ReplicaSets and revisions end with; `collisions` gives another one. */
export function safeHash(value: unknown, collisions = 0): string {
  const digest = createHash('sha256').update(canonicalJson(value));
  if (collisions > 0) digest.update(`#${String(collisions)}`);
  return [...digest.digest().subarray(0, 10)].map((byte) => letters[byte % letters.length]).join('');
}

/** The label that tells the pods of a Deployment's ReplicaSets apart. */
export const hashLabel = 'pod-template-hash';

const texts = new WeakMap<PodTemplateSpec, string>();

/** A template as text, without the label of its hash: equal texts are the same template. Templates are immutable. */
export function templateText(template: PodTemplateSpec): string {
  const known = texts.get(template);
  if (known !== undefined) return known;
  const { labels = {}, ...metadata } = template.metadata ?? {};
  const { [hashLabel]: _hash, ...others } = labels;
  const text = canonicalJson({ ...template, metadata: { ...metadata, labels: others } });
  texts.set(template, text);
  return text;
}
