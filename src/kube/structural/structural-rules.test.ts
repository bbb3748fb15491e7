import { describe, expect, test } from 'vitest';
import { checkStructural } from './index.js';
import type { StructuralSchema } from './index.js';
import { object, told } from './fixtures.js';

describe('a schema is structural', () => {
  const text: StructuralSchema = { type: 'string' };
  const named = object({ n: text }, { required: ['n'] });
  test.each<[string, StructuralSchema, readonly string[]]>([
    ['with types alone', object({ spec: object({ a: text }) }), []],
    ['not without a type', { properties: {} }, ['s.type: Required value: must not be empty at the root']],
    [
      'not with another root',
      { type: 'string' },
      ['s.type: Invalid value: "string": must be object at the root'],
    ],
    [
      'not without the type of a member',
      object({ a: {} }),
      ['s.properties[a].type: Required value: must not be empty for specified object fields'],
    ],
    [
      'not without the type of elements',
      object({ a: { type: 'array', items: {} } }),
      ['s.properties[a].items.type: Required value: must not be empty for specified array items'],
    ],
    [
      'not without elements',
      object({ a: { type: 'array' } }),
      ['s.properties[a].items: Required value: must be specified'],
    ],
    [
      'not with a type nobody knows',
      object({ a: { type: 'text' } }),
      [
        's.properties[a].type: Unsupported value: "text": supported values: "array", "boolean", "integer", "number", "object", "string"',
      ],
    ],
    [
      'not with a reference',
      object({ a: { ...text, $ref: '#/x' } as StructuralSchema }),
      ['s.properties[a].$ref: Forbidden: $ref is not supported'],
    ],
    [
      'not with unique elements',
      object({ a: { type: 'array', items: text, uniqueItems: true } }),
      [
        's.properties[a].uniqueItems: Forbidden: uniqueItems cannot be set to true since the runtime complexity becomes quadratic',
      ],
    ],
    [
      'not with both members and a map',
      object({ a: object({ b: text }, { additionalProperties: text }) }),
      [
        's.properties[a].additionalProperties: Forbidden: additionalProperties and properties are mutual exclusive',
      ],
    ],
    [
      'with alternatives that narrow down',
      object({
        a: object({ b: text }, { oneOf: [{ required: ['b'] }, { properties: { b: { pattern: 'x' } } }] }),
      }),
      [],
    ],
    [
      'not with types in alternatives',
      object({ a: object({ b: text }, { anyOf: [{ properties: { b: text } }] }) }),
      ['s.properties[a].anyOf[0].properties[b].type: Forbidden: must be empty to be structural'],
    ],
    [
      'not with members that alternatives alone declare',
      object({ a: object({}, { anyOf: [{ properties: { b: {} } }] }) }),
      [
        's.properties[a].properties[b]: Required value: because it is defined in s.properties[a].anyOf[0].properties[b]',
      ],
    ],
    [
      'not with more of the metadata',
      object({ metadata: object({ labels: { type: 'object' } }) }),
      [
        's.properties[metadata]: Forbidden: must not specify anything other than name and generateName, but metadata is implicitly specified',
      ],
    ],
    [
      'not with a list type elsewhere',
      object({ a: { ...text, 'x-kubernetes-list-type': 'set' } }),
      ['s.properties[a].type: Invalid value: "string": must be array if x-kubernetes-list-type is specified'],
    ],
    [
      'not with a map list without keys',
      object({ a: { type: 'array', items: named, 'x-kubernetes-list-type': 'map' } }),
      [
        's.properties[a].x-kubernetes-list-map-keys: Required value: must not be empty if x-kubernetes-list-type is map',
      ],
    ],
    [
      'not with keys that elements do not have',
      object({
        a: {
          type: 'array',
          items: named,
          'x-kubernetes-list-type': 'map',
          'x-kubernetes-list-map-keys': ['k'],
        },
      }),
      [
        's.properties[a].x-kubernetes-list-map-keys[0]: Invalid value: "k": entries must all be names of item properties',
      ],
    ],
    [
      'not with keys that may be absent',
      object({
        a: {
          type: 'array',
          items: object({ n: text }),
          'x-kubernetes-list-type': 'map',
          'x-kubernetes-list-map-keys': ['n'],
        },
      }),
      [
        's.properties[a].items.properties[n].default: Required value: this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property',
      ],
    ],
    [
      'not with a default of another type',
      object({ a: { type: 'integer', default: 'x' } }),
      ['s.properties[a].default: Invalid value: "string": default in body must be of type integer: "string"'],
    ],
    [
      'not with a pattern that is none',
      object({ a: { ...text, pattern: '(' } }),
      [
        's.properties[a].pattern: Invalid value: "(": must be a valid regular expression, but isn\'t: error parsing regexp',
      ],
    ],
    [
      'not with preserving that is false',
      object({ a: object({}, { 'x-kubernetes-preserve-unknown-fields': false }) }),
      [
        's.properties[a].x-kubernetes-preserve-unknown-fields: Invalid value: false: must be true or undefined',
      ],
    ],
    [
      'not with a rule that can not be read',
      object({ a: { ...text, 'x-kubernetes-validations': [{ rule: 'self ==' }] } }),
      [
        's.properties[a].x-kubernetes-validations[0].rule: Invalid value: {"Rule":"self ==","Message":"","MessageExpression":"","Reason":null,"FieldPath":"","OptionalOldSelf":null}: compilation failed: ERROR: <input>:1:8: Syntax error: Unexpected token: EOF\n | self ==\n | .......^',
      ],
    ],
    [
      'not with a rule of what nobody knows',
      object({ a: { ...text, 'x-kubernetes-validations': [{ rule: 'other == 1' }] } }),
      [
        's.properties[a].x-kubernetes-validations[0].rule: Invalid value: {"Rule":"other == 1","Message":"","MessageExpression":"","Reason":null,"FieldPath":"","OptionalOldSelf":null}: compilation failed: ERROR: <input>:1:1: undeclared reference to \'other\' (in container \'\')\n | other == 1\n | ^',
      ],
    ],
  ])('%s', (_, schema, errors) => {
    expect(told((faults) => checkStructural(faults, 's', schema))).toEqual(errors);
  });
});
