import { describe, expect, test } from 'vitest';
import { JsonPathError, parseJsonPath } from './json-path.js';

const object = {
  spec: { replicas: 3, 'a.b': 'dotted', list: [1, 2, 3, 4] },
  metadata: { annotations: { 'example.com/x': 'y' } },
  status: {
    conditions: [
      { type: 'Ready', status: 'True', age: 5 },
      { type: 'Synced', status: 'False', age: 9 },
    ],
  },
};

describe('a JSONPath', () => {
  test.each<[string, readonly unknown[]]>([
    ['.spec.replicas', [3]],
    ['$.spec.replicas', [3]],
    ['{.spec.replicas}', [3]],
    ['.spec.none.deeper', []],
    ['.spec.a\\.b', ['dotted']],
    [".spec['a.b']", ['dotted']],
    ['.metadata.annotations.example\\.com/x', ['y']],
    ['.spec.list[0]', [1]],
    ['.spec.list[-1]', [4]],
    ['.spec.list[9]', []],
    ['.spec.list[1:3]', [2, 3]],
    ['.spec.list[0,2]', [1, 3]],
    ['.status.conditions[*].type', ['Ready', 'Synced']],
    ['.status.conditions[?(@.type=="Ready")].status', ['True']],
    [".status.conditions[?(@.type == 'Synced')].status", ['False']],
    ['.status.conditions[?(@.age > 5)].type', ['Synced']],
    ['.status.conditions[?(@.type!="Ready")].type', ['Synced']],
    ['.status.conditions[?(@.none)].type', []],
    ['..age', [5, 9]],
  ])('%s', (path, values) => expect(parseJsonPath(path)(object)).toEqual(values));

  test.each([['.spec.list[x]'], ['.spec.list[0'], ['.a[?(@.b==c)]'], ['.a b']])('%s is none', (path) =>
    expect(() => parseJsonPath(path)).toThrow(JsonPathError),
  );
});
