import { describe, expect, test } from 'vitest';
import { prune, withDefaults } from './index.js';
import type { StructuralSchema } from './index.js';
import { object } from './fixtures.js';

describe('a value is pruned and filled', () => {
  test.each<[string, StructuralSchema, unknown, unknown, readonly string[]]>([
    ['unknown members go', object({ a: { type: 'string' } }), { a: 'x', b: 1 }, { a: 'x' }, ['s.b']],
    [
      'at any depth',
      object({ l: { type: 'array', items: object({ a: { type: 'string' } }) } }),
      { l: [{ a: 'x', c: 1 }] },
      { l: [{ a: 'x' }] },
      ['s.l[0].c'],
    ],
    [
      'but where they may stay',
      object({ a: object({ b: { type: 'string' } }) }, { 'x-kubernetes-preserve-unknown-fields': true }),
      { a: { b: 'x', c: 1 }, d: { e: 1 } },
      { a: { b: 'x' }, d: { e: 1 } },
      ['s.a.c'],
    ],
    [
      'values of a map are members of their own',
      { type: 'object', additionalProperties: object({ a: { type: 'string' } }) },
      { k: { a: 'x', b: 1 } },
      { k: { a: 'x' } },
      ['s.k.b'],
    ],
    ['a name of Object.prototype is unknown too', object({}), { constructor: 1 }, {}, ['s.constructor']],
    [
      'an embedded resource keeps what every resource has',
      object({}, { 'x-kubernetes-embedded-resource': true }),
      { apiVersion: 'v1', kind: 'A', metadata: { name: 'x', foo: 1 }, spec: 1 },
      { apiVersion: 'v1', kind: 'A', metadata: { name: 'x' } },
      ['s.metadata.foo', 's.spec'],
    ],
  ])('%s', (_, schema, value, left, unknown) => {
    const found: string[] = [];
    expect(prune(schema, value, 's', found)).toEqual(left);
    expect(found).toEqual(unknown);
  });

  test.each<[string, StructuralSchema, unknown, unknown]>([
    ['absent members', object({ a: { type: 'string', default: 'x' } }), {}, { a: 'x' }],
    [
      'members of what is filled in',
      object({ a: object({ b: { type: 'integer', default: 1 } }, { default: {} }) }),
      {},
      { a: { b: 1 } },
    ],
    [
      'elements',
      { type: 'array', items: object({ b: { type: 'integer', default: 1 } }) },
      [{}, { b: 2 }],
      [{ b: 1 }, { b: 2 }],
    ],
    ['null where it may not be', object({ a: { type: 'string', default: 'x' } }), { a: null }, { a: 'x' }],
    ['null without anything to fill in', object({ a: { type: 'string' } }), { a: null }, {}],
    [
      'not null where it may be',
      object({ a: { type: 'string', default: 'x', nullable: true } }),
      { a: null },
      { a: null },
    ],
    [
      'values of a map',
      { type: 'object', additionalProperties: object({ b: { type: 'integer', default: 1 } }) },
      { k: {} },
      { k: { b: 1 } },
    ],
  ])('%s', (_, schema, value, filled) => {
    expect(withDefaults(schema, value)).toEqual(filled);
  });

  test('what needs nothing is shared', () => {
    const value = { a: { b: 1 }, c: {} };
    const schema = object({
      a: object({ b: { type: 'integer', default: 1 } }),
      c: object({ d: { type: 'integer', default: 2 } }),
    });
    expect((withDefaults(schema, value) as typeof value).a).toBe(value.a);
    expect(withDefaults(schema, value)).not.toBe(value);
  });
});
