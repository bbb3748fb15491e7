const ofObject = 32;
const ofMember = 16;
/** What lies deeper is not looked at: it weighs little, or is within itself. */
const deepest = 64;

/** About how many bytes a value takes in memory: its texts by their characters, its members by the places that they take. */
export function weightOf(value: unknown, depth = 0): number {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null || depth === deepest) return 0;
  let weight = ofObject;
  if (Array.isArray(value)) {
    for (const item of value as readonly unknown[]) weight += ofMember + weightOf(item, depth + 1);
    return weight;
  }
  for (const name in value)
    weight += ofMember + weightOf((value as Readonly<Record<string, unknown>>)[name], depth + 1);
  return weight;
}
