import { describe, expect, test } from 'vitest';
import { shapeOfType, valueTypeOf } from '../schema/index.js';
import { shapeOfSchema, valueTypeOfSchema } from '../structural/index.js';
import type { StructuralSchema } from '../structural/index.js';
import { typedErrors } from './typed-errors.js';

const errorsOf = (type: string, configuration: object) =>
  typedErrors(configuration, valueTypeOf(type), shapeOfType(type));
const pod = (container: object, spec: object = {}) => ({
  spec: { containers: [{ name: 'c', ...container }], ...spec },
});
const c = '.spec.containers[name="c"]';

describe('a configuration of a built-in kind', () => {
  test.each<[string, object, readonly string[]]>([
    [
      'sound',
      pod({ image: 'x', ports: [{ containerPort: 80 }, { containerPort: 80, protocol: 'UDP' }] }),
      [],
    ],
    [
      'quantities and ports of either type',
      pod({ resources: { limits: { cpu: 1, memory: '1Gi' } }, livenessProbe: { httpGet: { port: 'a' } } }),
      [],
    ],
    ['nulls', { metadata: null, spec: { containers: null, hostNetwork: null } }, []],
    ['a key that is left out', { spec: { containers: [{ image: 'x' }] } }, []],
    ['an unknown field', pod({ imge: 'x' }), [`${c}.imge: field not declared in schema`]],
    ['one of two', { a: 1, b: 2, spec: { c: 1 } }, ['.a: field not declared in schema']],
    [
      'an unknown field below a list that is replaced as a whole',
      pod({}, { tolerations: [{ key: 'a' }, { kee: 'b' }] }),
      ['.spec.tolerations[1].kee: field not declared in schema'],
    ],
    [
      'a name twice',
      pod({ env: [{ name: 'a' }, { name: 'a' }] }),
      [`${c}.env: duplicate entries for key [name="a"]`],
    ],
    [
      'a port twice',
      pod({ ports: [{ containerPort: 80 }, { containerPort: 80, protocol: 'TCP' }] }),
      [`${c}.ports: duplicate entries for key [containerPort=80,protocol="TCP"]`],
    ],
    [
      'a finalizer twice',
      { metadata: { finalizers: ['a/b', 'a/b'] } },
      ['.metadata.finalizers: duplicate entries for key [="a/b"]'],
    ],
    [
      'a number for a text',
      { metadata: { labels: { a: 1 } } },
      ['.metadata.labels.a: expected string, got &value.valueUnstructured{Value:1}'],
    ],
    [
      'an object for a text',
      pod({ image: { b: [true], a: 'x' } }),
      [
        `${c}.image: expected string, got &value.valueUnstructured{Value:map[string]interface {}{"a":"x", "b":[]interface {}{true}}}`,
      ],
    ],
    [
      'a text for a number',
      pod({}, { priority: 'high' }),
      ['.spec.priority: expected numeric (int or float), got string'],
    ],
    [
      'a text for a truth',
      pod({}, { hostNetwork: 'yes' }),
      ['.spec.hostNetwork: expected boolean, got &{yes}'],
    ],
    ['a list for an object', pod({ resources: [1, 'a'] }), [`${c}.resources: expected map, got &{[1 a]}`]],
    [
      'an object for a list',
      pod({ args: { b: 1, a: 2 } }),
      [`${c}.args: expected list, got &{map[a:2 b:1]}`],
    ],
    [
      'a list for a quantity',
      pod({ resources: { requests: { cpu: [] } } }),
      [`${c}.resources.requests.cpu: expected any scalar, got &{[]}`],
    ],
    [
      'an element that has no keys',
      { spec: { containers: [{ name: 'c', a: 1 }, 5, { name: 'd', a: 1 }] } },
      [
        `${c}.a: field not declared in schema`,
        '.spec.containers: element 1: associative list with keys may not have non-map elements',
      ],
    ],
  ])('%s', (_, configuration, errors) => {
    expect(errorsOf('V1Pod', configuration)).toEqual(errors);
  });
});

const string: StructuralSchema = { type: 'string' };
const schema: StructuralSchema = {
  type: 'object',
  properties: {
    spec: {
      type: 'object',
      properties: {
        size: { type: 'integer' },
        either: { 'x-kubernetes-int-or-string': true },
        bare: { type: 'object' },
        counts: { type: 'object', additionalProperties: { type: 'integer' } },
        open: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true, properties: { a: string } },
        names: { type: 'array', 'x-kubernetes-list-type': 'set', items: string },
        keyed: {
          type: 'array',
          'x-kubernetes-list-type': 'map',
          'x-kubernetes-list-map-keys': ['a'],
          items: { type: 'object', properties: { a: string, b: string } },
        },
        other: { type: 'object', 'x-kubernetes-embedded-resource': true, properties: { x: string } },
      },
    },
  },
};

describe('a configuration of a custom kind', () => {
  test.each<[string, object, readonly string[]]>([
    ['sound', { spec: { size: 1, either: 'x', bare: { a: 1 }, counts: { x: 1 }, open: { b: {} } } }, []],
    ['an unknown field', { spec: { nope: 1 } }, ['.spec.nope: field not declared in schema']],
    ['one beside the spec', { nope: 1 }, ['.nope: field not declared in schema']],
    ['a wrong type', { spec: { size: '1' } }, ['.spec.size: expected numeric (int or float), got string']],
    [
      'a wrong type in a map',
      { spec: { counts: { a: 'x' } } },
      ['.spec.counts.a: expected numeric (int or float), got string'],
    ],
    [
      'a wrong type of the known among unknown',
      { spec: { open: { a: true, b: 1 } } },
      ['.spec.open.a: expected string, got &value.valueUnstructured{Value:true}'],
    ],
    [
      'elements of a set',
      { spec: { names: ['a', 'a', 1, {}, 'a'] } },
      [
        '.spec.names: duplicate entries for key [="a"]',
        '.spec.names[=1]: expected string, got &value.valueUnstructured{Value:1}',
        ".spec.names: element 3: associative list without keys has an element that's a map type",
      ],
    ],
    [
      'an element without a key',
      { spec: { keyed: [{ a: 'x' }, { b: 'x' }] } },
      [
        '.spec.keyed: element 1: associative list with keys has an element that omits all key fields ["a"] (and doesn\'t have default values for any key fields)',
      ],
    ],
    [
      'metadata within a resource of it',
      { metadata: { nope: 1 }, spec: { other: { kind: 'X', metadata: { name: 5 } } } },
      [
        '.metadata.nope: field not declared in schema',
        '.spec.other.metadata.name: expected string, got &value.valueUnstructured{Value:5}',
      ],
    ],
  ])('%s', (_, configuration, errors) => {
    const type = valueTypeOfSchema(schema, 'resource');
    expect(typedErrors(configuration, type, shapeOfSchema(schema, 'resource'))).toEqual(errors);
  });

  test('that tells nothing of its fields takes all', () => {
    const open = undefined;
    const shape = shapeOfSchema(open, 'resource');
    expect(typedErrors({ a: 1 }, valueTypeOfSchema(open, 'resource'), shape)).toEqual([]);
  });
});
