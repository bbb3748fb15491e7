import type { Case } from './case.js';

/** Members without which a case is none. */
const essential: ReadonlySet<string> = new Set([
  'formatVersion',
  'kubernetesVersion',
  'nodes',
  'pods',
  'pod',
  'metadata',
  'name',
  'namespace',
  'containers',
]);

type Path = readonly (string | number)[];

/**
 * The smallest case that still fails, as far as leaving things out one at a time leads: first whole objects, then ever smaller
 * parts of them. `fails` must not throw.
 */
export function shrink(failing: Case, fails: (input: Case) => boolean): Case {
  let smallest: Case = failing;
  for (let hasShrunk = true; hasShrunk;) {
    hasShrunk = false;
    // From the back, so that what is left out does not move what comes next.
    for (const path of removable(smallest).toReversed()) {
      const smaller = without(smallest, path);
      if (!fails(smaller)) continue;
      smallest = smaller;
      hasShrunk = true;
    }
  }
  return smallest;
}

/** Outer parts after the inner ones, so that from the back the greatest come first. */
function removable(value: unknown): readonly Path[] {
  const found: Path[] = [];
  const visit = (part: unknown, path: Path): void => {
    if (typeof part !== 'object' || part === null) return;
    for (const [key, inner] of Object.entries(part)) {
      const step = Array.isArray(part) ? Number(key) : key;
      visit(inner, [...path, step]);
      if (typeof step === 'number' || !essential.has(step)) found.push([...path, step]);
    }
  };
  visit(value, []);
  return found.toSorted((left, right) => right.length - left.length);
}

function without(value: Case, path: Path): Case {
  const copy = structuredClone(value);
  const last = path.at(-1);
  let parent: unknown = copy;
  for (const step of path.slice(0, -1))
    parent = typeof parent === 'object' && parent !== null ? Reflect.get(parent, step) : undefined;
  if (Array.isArray(parent)) parent.splice(Number(last), 1);
  else if (typeof parent === 'object' && parent !== null && last !== undefined)
    Reflect.deleteProperty(parent, last);
  return copy;
}
