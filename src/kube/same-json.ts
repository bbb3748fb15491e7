type Members = Readonly<Record<string, unknown>>;

/** True for equal JSON values, whatever the order of their members. A member that is undefined is as one that is not there. */
export function sameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a)) return Array.isArray(b) && sameItems(a, b);
  return !Array.isArray(b) && sameMembers(a, b);
}

function sameItems(a: readonly unknown[], b: readonly unknown[]): boolean {
  if (a.length !== b.length) return false;
  for (let at = 0; at < a.length; at += 1) if (!sameJson(a[at], b[at])) return false;
  return true;
}

/** As `sameJson`, for objects, with one member left out. */
export function sameMembers(a: object, b: object, except?: string): boolean {
  const [first, second] = [a as Members, b as Members];
  let surplus = 0;
  for (const name in first) {
    if (name === except || first[name] === undefined) continue;
    if (!sameJson(first[name], second[name])) return false;
    surplus += 1;
  }
  for (const name in second) if (name !== except && second[name] !== undefined) surplus -= 1;
  return surplus === 0;
}
