import { createHash } from 'node:crypto';
import { canonicalJson } from '../object.js';

const letters = 'bcdfghjklmnpqrstvwxz2456789';

/** A hash in letters that make no words, as names of ReplicaSets and revisions end with; `collisions` gives another one. */
export function safeHash(value: unknown, collisions = 0): string {
  const digest = createHash('sha256').update(canonicalJson(value));
  if (collisions > 0) digest.update(`#${String(collisions)}`);
  return [...digest.digest().subarray(0, 10)].map((byte) => letters[byte % letters.length]).join('');
}
