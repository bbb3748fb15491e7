import { describe, expect, test } from 'vitest';
import { StatusError } from '../api/status-error.js';
import { applyJsonPatch, applyMergePatch, applyStrategicMerge } from './index.js';

describe('a JSON patch', () => {
  test.each([
    ['add', { a: 1 }, [{ op: 'add', path: '/b', value: 2 }], { a: 1, b: 2 }],
    ['add to a list', { a: [1, 3] }, [{ op: 'add', path: '/a/1', value: 2 }], { a: [1, 2, 3] }],
    ['append', { a: [1] }, [{ op: 'add', path: '/a/-', value: 2 }], { a: [1, 2] }],
    ['remove', { a: 1, b: 2 }, [{ op: 'remove', path: '/a' }], { b: 2 }],
    ['replace', { a: 1 }, [{ op: 'replace', path: '/a', value: [2] }], { a: [2] }],
    ['move', { a: 1 }, [{ op: 'move', from: '/a', path: '/b' }], { b: 1 }],
    ['copy', { a: 1 }, [{ op: 'copy', from: '/a', path: '/b' }], { a: 1, b: 1 }],
    ['test', { a: 1 }, [{ op: 'test', path: '/a', value: 1 }], { a: 1 }],
    ['an escaped name', { 'a/b': 1 }, [{ op: 'replace', path: '/a~1b', value: 2 }], { 'a/b': 2 }],
  ])('%s', (_, before, patch, after) => {
    const copy = structuredClone(before);
    expect(applyJsonPatch(before, patch)).toEqual(after);
    expect(before).toEqual(copy);
  });
  test.each([
    ['no list', {}, 400],
    ['no operation', [1], 400],
    ['an unknown operation', [{ op: 'set', path: '/a' }], 422],
    ['no path', [{ op: 'remove' }], 422],
    ['a list that is too short', [{ op: 'add', path: '/b/3', value: 1 }], 422],
    ['a parent that is not there', [{ op: 'add', path: '/x/y', value: 1 }], 422],
    ['a source that is not there', [{ op: 'move', from: '/x', path: '/b' }], 422],
    ['a path that is not there', [{ op: 'remove', path: '/x' }], 422],
    ['a test that fails', [{ op: 'test', path: '/a', value: 2 }], 422],
    ['a prototype', [{ op: 'add', path: '/__proto__/x', value: 2 }], 422],
  ])('%s is refused', (_, patch, code) => {
    const attempt = () => applyJsonPatch({ a: 1 }, patch);
    expect(attempt).toThrow(StatusError);
    expect(attempt).toThrow(expect.objectContaining({ code }));
  });
});

test.each([
  [{ a: 1 }, { b: 2 }, { a: 1, b: 2 }],
  [{ a: 1 }, { a: null }, {}],
  [{ a: { b: 1, c: 2 } }, { a: { b: null } }, { a: { c: 2 } }],
  [{ a: [1, 2] }, { a: [3] }, { a: [3] }],
  [{ a: 1 }, { a: { b: null } }, { a: {} }],
])('merge patch of %j by %j', (before, patch, after) =>
  expect(applyMergePatch(before, patch)).toEqual(after),
);

describe('a strategic merge patch', () => {
  const spec = (body: object) => ({ spec: body });
  const two = spec({
    containers: [
      { name: 'a', image: 'a:1', env: [{ name: 'X', value: '1' }] },
      { name: 'b', image: 'b:1' },
    ],
  });
  test.each([
    [
      'merges containers by name',
      two,
      spec({ containers: [{ name: 'a', image: 'a:2' }] }),
      spec({
        containers: [
          { name: 'a', image: 'a:2', env: [{ name: 'X', value: '1' }] },
          { name: 'b', image: 'b:1' },
        ],
      }),
    ],
    [
      'adds an element before those it does not name',
      two,
      spec({ containers: [{ name: 'c', image: 'c:1' }] }),
      spec({ containers: [{ name: 'c', image: 'c:1' }, ...(two.spec['containers' as never] as object[])] }),
    ],
    [
      'deletes an element',
      two,
      spec({ containers: [{ name: 'a', $patch: 'delete' }] }),
      spec({ containers: [{ name: 'b', image: 'b:1' }] }),
    ],
    [
      'replaces a list',
      two,
      spec({ containers: [{ $patch: 'replace' }, { name: 'z', image: 'z' }] }),
      spec({ containers: [{ name: 'z', image: 'z' }] }),
    ],
    [
      'puts elements in the order asked for',
      two,
      spec({ '$setElementOrder/containers': [{ name: 'b' }, { name: 'a' }] }),
      spec({
        containers: [
          { name: 'b', image: 'b:1' },
          { name: 'a', image: 'a:1', env: [{ name: 'X', value: '1' }] },
        ],
      }),
    ],
    [
      'keeps the places of elements that the order does not name',
      spec({ containers: [{ name: 'a' }, { name: 'b' }, { name: 'c' }] }),
      spec({
        '$setElementOrder/containers': [{ name: 'a' }, { name: 'new' }, { name: 'c' }],
        containers: [{ name: 'new' }],
      }),
      spec({ containers: [{ name: 'a' }, { name: 'new' }, { name: 'b' }, { name: 'c' }] }),
    ],
    [
      'replaces a list that has no merge key',
      spec({ containers: [{ name: 'a', args: ['x', 'y'] }] }),
      spec({ containers: [{ name: 'a', args: ['z'] }] }),
      spec({ containers: [{ name: 'a', args: ['z'] }] }),
    ],
    [
      'removes a member by null',
      spec({ nodeSelector: { a: '1', b: '2' } }),
      spec({ nodeSelector: { a: null } }),
      spec({ nodeSelector: { b: '2' } }),
    ],
    [
      'replaces an object',
      spec({ securityContext: { runAsUser: 1 } }),
      spec({ securityContext: { $patch: 'replace', fsGroup: 2 } }),
      spec({ securityContext: { fsGroup: 2 } }),
    ],
    [
      'empties an object by a directive',
      spec({ securityContext: { runAsUser: 1 } }),
      spec({ securityContext: { $patch: 'delete' } }),
      spec({ securityContext: {} }),
    ],
    [
      'removes an object by null',
      spec({ securityContext: { runAsUser: 1 } }),
      spec({ securityContext: null }),
      spec({}),
    ],
    [
      'leaves nulls out of what is new',
      spec({}),
      spec({ securityContext: { runAsUser: 1, runAsGroup: null } }),
      spec({ securityContext: { runAsUser: 1 } }),
    ],
    [
      'merges by the first key of several',
      spec({ containers: [{ name: 'a', ports: [{ containerPort: 80, protocol: 'TCP' }] }] }),
      spec({ containers: [{ name: 'a', ports: [{ containerPort: 80, name: 'web' }] }] }),
      spec({ containers: [{ name: 'a', ports: [{ containerPort: 80, protocol: 'TCP', name: 'web' }] }] }),
    ],
    [
      'deletes and adds the same element',
      two,
      spec({
        containers: [
          { name: 'b', image: 'b:2' },
          { name: 'b', $patch: 'delete' },
        ],
      }),
      spec({
        containers: [
          { name: 'a', image: 'a:1', env: [{ name: 'X', value: '1' }] },
          { name: 'b', image: 'b:2' },
        ],
      }),
    ],
    [
      'deletes an element that is not there',
      two,
      spec({ containers: [{ name: 'z', $patch: 'delete' }] }),
      two,
    ],
    [
      'replaces tolerations as a whole',
      spec({ tolerations: [{ key: 'a' }] }),
      spec({ tolerations: [{ key: 'b' }] }),
      spec({ tolerations: [{ key: 'b' }] }),
    ],
    [
      'keeps what the order does not name before what it was before',
      spec({ volumes: [{ name: 'a' }, { name: 's' }, { name: 'b' }] }),
      spec({ '$setElementOrder/volumes': [{ name: 'b' }, { name: 'a' }] }),
      spec({ volumes: [{ name: 's' }, { name: 'b' }, { name: 'a' }] }),
    ],
    [
      'puts a new element where the order has it',
      spec({ volumes: [{ name: 'a' }, { name: 'c' }] }),
      spec({
        '$setElementOrder/volumes': [{ name: 'a' }, { name: 'b' }, { name: 'c' }],
        volumes: [{ name: 'b' }],
      }),
      spec({ volumes: [{ name: 'a' }, { name: 'b' }, { name: 'c' }] }),
    ],
    [
      'makes no list of an order alone',
      spec({}),
      spec({ '$setElementOrder/volumes': [{ name: 'a' }] }),
      spec({}),
    ],
    [
      'orders finalizers',
      { metadata: { finalizers: ['a', 'b'] } },
      { metadata: { '$setElementOrder/finalizers': ['b', 'a'] } },
      { metadata: { finalizers: ['b', 'a'] } },
    ],
    [
      'merges owners by their uid',
      { metadata: { ownerReferences: [{ uid: '1', name: 'a' }] } },
      {
        metadata: {
          ownerReferences: [
            { uid: '1', controller: true },
            { uid: '2', name: 'b' },
          ],
        },
      },
      {
        metadata: {
          ownerReferences: [
            { uid: '1', name: 'a', controller: true },
            { uid: '2', name: 'b' },
          ],
        },
      },
    ],
    [
      'merges conditions by their type',
      { status: { conditions: [{ type: 'Ready', status: 'False' }] } },
      { status: { conditions: [{ type: 'Ready', status: 'True' }] } },
      { status: { conditions: [{ type: 'Ready', status: 'True' }] } },
    ],
    [
      'keeps only the members named',
      spec({ volumes: [{ name: 'v', emptyDir: {} }] }),
      spec({ volumes: [{ name: 'v', $retainKeys: ['name', 'configMap'], configMap: { name: 'c' } }] }),
      spec({ volumes: [{ name: 'v', configMap: { name: 'c' } }] }),
    ],
    [
      'adds to and deletes from finalizers',
      { metadata: { finalizers: ['a', 'b'] } },
      { metadata: { finalizers: ['c'], '$deleteFromPrimitiveList/finalizers': ['a'] } },
      { metadata: { finalizers: ['c', 'b'] } },
    ],
  ])('%s', (_, before, patch, after) => expect(applyStrategicMerge('V1Pod', before, patch)).toEqual(after));

  test.each([
    [
      'an unknown directive',
      spec({ $patch: 'append' }),
      'unknown patch type: append in map: {"$patch":"append"}',
    ],
    [
      'a directive that is no text',
      spec({ $patch: [{ toString: 'x' }] }),
      'unknown patch type: [map[toString:x]] in map: {"$patch":[{"toString":"x"}]}',
    ],
    [
      'merging by a directive',
      spec({ containers: [{ name: 'a', $patch: 'merge' }] }),
      'merging lists cannot yet be specified in the patch',
    ],
    [
      'an element without its key',
      spec({ containers: [{ image: 'x' }] }),
      'map: {"image":"x"} does not contain declared merge key: name',
    ],
    [
      'an order without what is set',
      spec({ '$setElementOrder/containers': [{ name: 'a' }], containers: [{ name: 'c', image: 'c' }] }),
      'The order in patch list:\n["c"]\n doesn\'t match $setElementOrder/containers list:\n["a"]\n',
    ],
  ])('%s is refused', (_, patch, message) =>
    expect(() => applyStrategicMerge('V1Pod', two, patch)).toThrow(StatusError.badRequest(message)),
  );
});
