import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../object.js';
import { canonicalJson, isObject } from '../object.js';
import { listTypeOf, typeSchema } from '../schema/index.js';
import { applyMergePatch, applyStrategicMerge } from './index.js';

const equal = (a: unknown, b: unknown): boolean => canonicalJson(a) === canonicalJson(b);

/** The merge patch that makes `after` of `before` (as clients work it out). */
function mergeDifference(before: JsonObject, after: JsonObject): JsonObject {
  const patch: Record<string, unknown> = {};
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const [was, is] = [before[name], after[name]];
    if (is === undefined) patch[name] = null;
    else if (isObject(was) && isObject(is)) {
      if (!equal(was, is)) patch[name] = mergeDifference(was, is);
    } else if (!equal(was, is)) patch[name] = is;
  }
  return patch;
}

/** The strategic merge patch that makes `after` of `before`, objects of a type (as kubectl works it out). */
function strategicDifference(before: JsonObject, after: JsonObject, type: string | undefined): JsonObject {
  const patch: Record<string, unknown> = {};
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const [was, is] = [before[name], after[name]];
    const field = type === undefined ? undefined : typeSchema(type).properties[name];
    if (is === undefined) patch[name] = null;
    else if (equal(was, is)) continue;
    else if (isObject(was) && isObject(is)) patch[name] = strategicDifference(was, is, field?.ref);
    else if (Array.isArray(was) && Array.isArray(is) && type !== undefined)
      Object.assign(patch, listDifference(name, was, is, type));
    else patch[name] = is;
  }
  return patch;
}

function listDifference(
  name: string,
  before: readonly unknown[],
  after: readonly unknown[],
  type: string,
): JsonObject {
  const key = listTypeOf(type, name)?.mergeKey;
  if (key === undefined) return { [name]: after };
  if (key === '') {
    const removed = before.filter((one) => !after.includes(one));
    const added = after.filter((one) => !before.includes(one));
    return {
      [`$setElementOrder/${name}`]: after,
      ...(removed.length > 0 && { [`$deleteFromPrimitiveList/${name}`]: removed }),
      ...(added.length > 0 && { [name]: added }),
    };
  }
  const element = typeSchema(type).properties[name]?.items?.ref;
  const keyOf = (one: unknown): unknown => (one as JsonObject)[key];
  const changed = after.flatMap((one): readonly unknown[] => {
    const old = before.find((other) => keyOf(other) === keyOf(one));
    if (old === undefined) return [one];
    const difference = strategicDifference(old as JsonObject, one as JsonObject, element);
    return Object.keys(difference).length === 0 ? [] : [{ ...difference, [key]: keyOf(one) }];
  });
  const gone = before
    .filter((one) => !after.some((other) => keyOf(other) === keyOf(one)))
    .map((one) => ({ [key]: keyOf(one), $patch: 'delete' }));
  const items = [...changed, ...gone];
  return {
    [`$setElementOrder/${name}`]: after.map((one) => ({ [key]: keyOf(one) })),
    ...(items.length > 0 && { [name]: items }),
  };
}

const word = fc.constantFrom('a', 'b', 'c', 'd');
const labels = fc.dictionary(word, word, { maxKeys: 3 });
const named = <T extends { name: string }>(element: fc.Arbitrary<T>) =>
  fc.uniqueArray(element, { selector: ({ name }) => name, maxLength: 4 });
const optional = { requiredKeys: [] };

const container = fc.record(
  {
    name: word,
    image: word,
    args: fc.array(word, { maxLength: 3 }),
    env: named(fc.record({ name: word, value: word })),
    ports: fc.uniqueArray(fc.record({ containerPort: fc.nat(3), protocol: fc.constantFrom('TCP', 'UDP') }), {
      selector: ({ containerPort }) => containerPort,
      maxLength: 3,
    }),
    resources: fc.record({ requests: labels, limits: labels }, optional),
  },
  { requiredKeys: ['name'] },
);
const pod = fc.record(
  {
    metadata: fc.record(
      { labels, annotations: labels, finalizers: fc.uniqueArray(word, { maxLength: 4 }) },
      optional,
    ),
    spec: fc.record(
      {
        containers: named(container),
        volumes: named(
          fc.record(
            { name: word, emptyDir: fc.constant({}), configMap: fc.record({ name: word }) },
            { requiredKeys: ['name'] },
          ),
        ),
        nodeSelector: labels,
        tolerations: fc.array(fc.record({ key: word }), { maxLength: 3 }),
        securityContext: fc.record({ runAsUser: fc.nat(3), fsGroup: fc.nat(3) }, optional),
      },
      optional,
    ),
  },
  optional,
);
const service = fc.record({
  spec: fc.record(
    {
      selector: labels,
      ports: fc.uniqueArray(fc.record({ port: fc.nat(4), name: word }), { selector: ({ port }) => port }),
      externalIPs: fc.array(word, { maxLength: 2 }),
    },
    optional,
  ),
});

describe('a patch of the difference of two objects makes the second of the first', () => {
  test('merge patches', () =>
    fc.assert(
      fc.property(pod, pod, (before, after) => {
        expect(applyMergePatch(before, mergeDifference(before, after))).toEqual(after);
      }),
    ));
  test.each<readonly [string, fc.Arbitrary<object>]>([
    ['V1Pod', pod],
    ['V1Service', service],
  ])('strategic merge patches of a %s', (type, objects) =>
    fc.assert(
      fc.property(objects, objects, (before, after) => {
        const patch = strategicDifference(before as JsonObject, after as JsonObject, type);
        expect(applyStrategicMerge(type, before as JsonObject, patch)).toEqual(after);
      }),
    ),
  );
  test('and changes neither', () =>
    fc.assert(
      fc.property(pod, pod, (before, after) => {
        const copy = structuredClone(before);
        const patch = strategicDifference(before, after, 'V1Pod');
        const patchCopy = structuredClone(patch);
        applyStrategicMerge('V1Pod', before, patch);
        expect([before, patch]).toEqual([copy, patchCopy]);
      }),
    ));
});
