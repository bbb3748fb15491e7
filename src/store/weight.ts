const ofObject = 32;
const ofMember = 16;

/** About how many bytes a value takes in memory: its texts by their characters, its members by the places that they take. */
export function weightOf(value: unknown): number {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null) return 0;
  let weight = ofObject;
  if (Array.isArray(value)) {
    for (const item of value as readonly unknown[]) weight += ofMember + weightOf(item);
    return weight;
  }
  for (const name in value) weight += ofMember + weightOf((value as Readonly<Record<string, unknown>>)[name]);
  return weight;
}
