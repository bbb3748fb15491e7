import { describe, expect, test } from 'vitest';
import { checkDuplicates, checkSchema } from './index.js';
import type { StructuralSchema } from './index.js';
import { object, told } from './fixtures.js';

const text: StructuralSchema = { type: 'string' };

describe('a value is checked by its schema', () => {
  const whole: StructuralSchema = { type: 'integer' };
  test.each<[string, StructuralSchema, unknown, readonly string[]]>([
    [
      'a text for a number',
      whole,
      'x',
      ['spec.a: Invalid value: "string": spec.a in body must be of type integer: "string"'],
    ],
    [
      'a number for a text',
      text,
      5,
      ['spec.a: Invalid value: "integer": spec.a in body must be of type string: "integer"'],
    ],
    [
      'a fraction for a whole number',
      whole,
      1.5,
      ['spec.a: Invalid value: "number": spec.a in body must be of type integer: "number"'],
    ],
    ['a whole number for a number', { type: 'number' }, 2, []],
    ['null', text, null, ['spec.a: Invalid value: "null": spec.a in body must be of type string: "null"']],
    ['null where it may be', { type: 'string', nullable: true }, null, []],
    [
      'a list for an object',
      object({}),
      [],
      ['spec.a: Invalid value: "array": spec.a in body must be of type object: "array"'],
    ],
    ['either of int-or-string', { 'x-kubernetes-int-or-string': true }, '10%', []],
    [
      'neither of int-or-string',
      { 'x-kubernetes-int-or-string': true },
      true,
      ['spec.a: Invalid value: "boolean": spec.a in body must be of type integer,string: "boolean"'],
    ],
    [
      'none of an enumeration',
      { type: 'string', enum: ['a', 'b'] },
      'c',
      ['spec.a: Unsupported value: "c": supported values: "a", "b"'],
    ],
    [
      'a number of an enumeration',
      { type: 'integer', enum: [1, 2] },
      3,
      ['spec.a: Unsupported value: 3: supported values: "1", "2"'],
    ],
    [
      'less than the least',
      { type: 'integer', minimum: 1 },
      0,
      ['spec.a: Invalid value: 0: spec.a in body should be greater than or equal to 1'],
    ],
    [
      'the exclusive least',
      { type: 'integer', minimum: 1, exclusiveMinimum: true },
      1,
      ['spec.a: Invalid value: 1: spec.a in body should be greater than 1'],
    ],
    [
      'more than the most',
      { type: 'integer', maximum: 9 },
      10,
      ['spec.a: Invalid value: 10: spec.a in body should be less than or equal to 9'],
    ],
    [
      'no multiple',
      { type: 'integer', multipleOf: 5 },
      7,
      ['spec.a: Invalid value: 7: spec.a in body should be a multiple of 5'],
    ],
    [
      'a text too short',
      { type: 'string', minLength: 3 },
      'ab',
      ['spec.a: Invalid value: "ab": spec.a in body should be at least 3 chars long'],
    ],
    [
      'a text too long',
      { type: 'string', maxLength: 3 },
      'abcd',
      ['spec.a: Too long: may not be more than 3 bytes'],
    ],
    [
      'a text that does not match',
      { type: 'string', pattern: '^a+$' },
      'b',
      ['spec.a: Invalid value: "b": spec.a in body should match \'^a+$\''],
    ],
    ['a pattern with flags of Go', { type: 'string', pattern: '(?i)^a+$' }, 'AA', []],
    [
      'no moment',
      { type: 'string', format: 'date-time' },
      'now',
      ['spec.a: Invalid value: "now": spec.a in body must be of type date-time: "now"'],
    ],
    ['a moment', { type: 'string', format: 'date-time' }, '2026-08-21T00:00:00Z', []],
    ['a format nobody knows', { type: 'string', format: 'colour' }, 'x', []],
    [
      'a list too short',
      { type: 'array', items: text, minItems: 1 },
      [],
      ['spec.a: Invalid value: 0: spec.a in body should have at least 1 items'],
    ],
    [
      'a list too long',
      { type: 'array', items: text, maxItems: 1 },
      ['a', 'b'],
      ['spec.a: Too many: 2: must have at most 1 item'],
    ],
    [
      'an element at fault',
      { type: 'array', items: whole },
      [1, 'x'],
      ['spec.a[1]: Invalid value: "string": spec.a[1] in body must be of type integer: "string"'],
    ],
    [
      'a value of a map at fault',
      { type: 'object', additionalProperties: whole },
      { k: 'x' },
      ['spec.a.k: Invalid value: "string": spec.a.k in body must be of type integer: "string"'],
    ],
    [
      'a member that is not there',
      object({ b: text }, { required: ['b'] }),
      {},
      ['spec.a.b: Required value'],
    ],
    [
      'an object too large',
      { type: 'object', additionalProperties: whole, maxProperties: 1 },
      { a: 1, b: 2 },
      ['spec.a: Too many: 2: must have at most 1 item'],
    ],
    [
      'none of several',
      object({ b: text, c: text }, { oneOf: [{ required: ['b'] }, { required: ['c'] }] }),
      {},
      [
        '<nil>: Invalid value: "": "spec.a" must validate one and only one schema (oneOf). Found none valid',
        'spec.a.b: Required value',
      ],
    ],
    [
      'more than one',
      object({ b: text, c: text }, { oneOf: [{ required: ['b'] }, { required: ['c'] }] }),
      { b: '', c: '' },
      [
        '<nil>: Invalid value: "": "spec.a" must validate one and only one schema (oneOf). Found 2 valid alternatives',
      ],
    ],
    [
      'not any',
      object({ b: text }, { anyOf: [{ required: ['b'] }] }),
      {},
      [
        '<nil>: Invalid value: "": "spec.a" must validate at least one schema (anyOf)',
        'spec.a.b: Required value',
      ],
    ],
    [
      'not all',
      object({ b: text }, { allOf: [{ required: ['b'] }] }),
      {},
      [
        '<nil>: Invalid value: "": "spec.a" must validate all the schemas (allOf)',
        'spec.a.b: Required value',
      ],
    ],
    [
      'what must not be',
      object({ b: text }, { not: { required: ['b'] } }),
      { b: '' },
      ['<nil>: Invalid value: "": "spec.a" must not validate the schema (not)'],
    ],
    [
      'an embedded resource without its kind',
      {
        type: 'object',
        'x-kubernetes-embedded-resource': true,
        'x-kubernetes-preserve-unknown-fields': true,
      },
      { apiVersion: 'v1' },
      ['spec.a.kind: Required value: must not be empty'],
    ],
  ])('%s', (_, schema, value, errors) => {
    expect(told((faults) => checkSchema(faults, 'spec.a', schema, value))).toEqual(errors);
  });

  test('what is as it was passes, what changed does not', () => {
    const schema = object({ a: { type: 'integer', maximum: 1 }, b: { type: 'string' } });
    const before = { value: { a: 5, b: 'x' } };
    expect(told((faults) => checkSchema(faults, '', schema, { a: 5, b: 'y' }, before))).toEqual([]);
    expect(told((faults) => checkSchema(faults, '', schema, { a: 6, b: 'x' }, before))).toHaveLength(1);
  });

  test.each<[string, StructuralSchema, unknown, readonly string[]]>([
    [
      'a set',
      { type: 'array', items: text, 'x-kubernetes-list-type': 'set' },
      ['a', 'b', 'a'],
      ['l[2]: Duplicate value: "a"'],
    ],
    [
      'a map by its keys',
      {
        type: 'array',
        items: object({ n: text }),
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-list-map-keys': ['n'],
      },
      [
        { n: 'a', v: 1 },
        { n: 'a', v: 2 },
      ],
      ['l[1]: Duplicate value: {"n":"a"}'],
    ],
    ['any other list', { type: 'array', items: text }, ['a', 'a'], []],
  ])('%s tells what is there twice', (_, schema, value, errors) => {
    expect(told((faults) => checkDuplicates(faults, 'l', schema, value))).toEqual(errors);
  });
});
