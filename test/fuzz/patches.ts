import type { Random } from './random.js';
import { anyCount, anyValue, isCount, mutated, oddWords, pointers } from './values.js';
import type { Json } from './values.js';

/** Operations of a JSON patch on something like `template`. */
export const jsonPatch = (random: Random, template: Json): Json => {
  const known = pointers(template);
  const path = (): string =>
    random.pick([
      random.pick(known),
      random.pick(known),
      `/${random.pick(oddWords)}`,
      '/metadata/labels/x',
      '/metadata/finalizers/-',
      '/metadata/managedFields',
      '',
      'x',
      '/spec/-',
      '/-1',
      '/metadata/finalizers/99999999999',
      '/metadata/finalizers/01',
      '/~2',
      `${random.pick(known)}/-`,
      '/a'.repeat(random.pick([3, 300, 12_000])),
    ]);
  return [
    ...random.some(4, () => {
      const op = random.pick(['add', 'remove', 'replace', 'move', 'copy', 'test', 'x']);
      const at = path();
      const value = isCount(at) ? anyCount(random) : anyValue(random);
      return random.oneIn(20)
        ? anyValue(random)
        : { op, path: at, ...(op === 'move' || op === 'copy' ? { from: path() } : { value }) };
    }),
  ];
};

/** A merge patch of something like `template`, with directives of strategic ones now and then. */
export function mergePatch(random: Random, template: Json): Json {
  if (random.oneIn(15)) return anyValue(random);
  if (template === null || typeof template !== 'object' || random.oneIn(6)) return mutated(random, template);
  if (Array.isArray(template)) {
    return random.weighted<Json>([
      [3, () => [mergePatch(random, template[0] ?? null)]],
      [1, () => [{ $patch: random.pick(['replace', 'delete', 'merge', 'x']) }]],
      [1, () => template],
    ]);
  }
  const name = random.pick([...Object.keys(template), 'metadata']);
  const rest: Json = random.oneIn(10)
    ? { $patch: random.pick(['replace', 'delete', 'merge', 'x', 1]) as Json }
    : {};
  const order: Json = random.oneIn(10)
    ? { [`$setElementOrder/${name}`]: [{ name: 'main' }, anyValue(random)] }
    : {};
  const retained: Json = random.oneIn(15) ? { $retainKeys: [name, anyValue(random)] } : {};
  if (isCount(name)) return { [name]: anyCount(random) };
  return { ...rest, ...order, ...retained, [name]: mergePatch(random, template[name] ?? null) };
}
