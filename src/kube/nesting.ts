/** No kind has objects nested half as deep; walks over what is deeper would run out of stack. */
const deepest = 500;

/** True when arrays and objects stand too deep in one another for the API to handle the value. */
export function isNestedTooDeep(value: unknown): boolean {
  let level = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > deepest) return true;
    level = level.flatMap((item) =>
      typeof item === 'object' && item !== null
        ? Object.values(item).filter((member) => typeof member === 'object' && member !== null)
        : [],
    );
  }
  return false;
}
