import { describe, expect, test } from 'vitest';
import type { Before } from './before.js';
import { checkRules } from './index.js';
import type { StructuralSchema } from './index.js';
import { object, told } from './fixtures.js';

describe('rules', () => {
  const spec = (...rules: (StructuralSchema['x-kubernetes-validations'] & {})[number][]): StructuralSchema =>
    object(
      {
        min: { type: 'integer' },
        max: { type: 'integer' },
        mode: { type: 'string' },
        when: { type: 'string', format: 'date-time' },
        lasts: { type: 'string', format: 'duration' },
        names: { type: 'array', items: { type: 'string' } },
        'with-dash': { type: 'integer' },
        size: { 'x-kubernetes-int-or-string': true },
      },
      { 'x-kubernetes-validations': rules },
    );
  const value = {
    lasts: '90m',
    min: 1,
    max: 3,
    mode: 'a',
    names: ['x', 'y'],
    'with-dash': 2,
    size: '1Gi',
    when: '2026-08-21T00:00:00Z',
  };
  test.each<[string, string, readonly string[]]>([
    ['hold', 'self.min <= self.max', []],
    [
      'do not hold',
      'self.min > self.max',
      ['spec: Invalid value: "object": failed rule: self.min > self.max'],
    ],
    ['count in integers', 'self.min + 1 == 2', []],
    ['ask whether there is a member', '!has(self.other)', []],
    ['look through lists', "self.names.all(n, n.matches('^[a-z]$'))", []],
    ['know the names of members with dashes', 'self.with__dash__dash == 2', []],
    ['know durations', "duration(self.lasts) < duration('2h')", []],
    ['know moments', "self.when > timestamp('2026-01-01T00:00:00Z')", []],
    ['know quantities', "quantity(self.size).isGreaterThan(quantity('1Mi'))", []],
    ['know lists', 'self.names.isSorted() && self.names.indexOf("y") == 1', []],
    [
      'can not be evaluated',
      'self.other == 1',
      ['spec: Invalid value: "object": no such key: other evaluating rule: failed rule: self.other == 1'],
    ],
    ['have no effect with functions unknown here', 'somethingNew(self)', []],
  ])('that %s', (_, rule, errors) => {
    expect(told((faults) => checkRules(faults, 'spec', spec({ rule }), value, undefined))).toEqual(errors);
  });

  test.each<
    [string, NonNullable<StructuralSchema['x-kubernetes-validations']>[number], Before, readonly string[]]
  >([
    [
      'tell their message',
      { rule: 'false', message: 'never' },
      undefined,
      ['spec: Invalid value: "object": never'],
    ],
    [
      'make their message',
      { rule: 'false', messageExpression: "'max is ' + string(self.max)" },
      undefined,
      ['spec: Invalid value: "object": max is 3'],
    ],
    [
      'name another field',
      { rule: 'false', message: 'm', fieldPath: '.max' },
      undefined,
      ['spec.max: Invalid value: "object": m'],
    ],
    [
      'give another reason',
      { rule: 'false', message: 'm', reason: 'FieldValueForbidden' },
      undefined,
      ['spec: Forbidden: m'],
    ],
    ['of changes are not asked of new values', { rule: 'self.mode == oldSelf.mode' }, undefined, []],
    ['of changes allow what stays', { rule: 'self.mode == oldSelf.mode' }, { value: { mode: 'a' } }, []],
    [
      'of changes refuse others',
      { rule: 'self.mode == oldSelf.mode', message: 'mode is immutable' },
      { value: { mode: 'b' } },
      ['spec: Invalid value: "object": mode is immutable'],
    ],
    [
      'ask whether something was',
      { rule: '!oldSelf.hasValue()', optionalOldSelf: true, message: 'new alone' },
      undefined,
      [],
    ],
    ['do not ask of what stayed as it was', { rule: 'false' }, { value }, []],
  ])('that %s', (_, rule, before, errors) => {
    expect(told((faults) => checkRules(faults, 'spec', spec(rule), value, before))).toEqual(errors);
  });

  test('of elements know what these were by their keys', () => {
    const schema: StructuralSchema = {
      type: 'array',
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['n'],
      items: object({
        n: { type: 'string' },
        v: { type: 'integer', 'x-kubernetes-validations': [{ rule: 'self >= oldSelf' }] },
      }),
    };
    const before = {
      value: [
        { n: 'a', v: 1 },
        { n: 'b', v: 5 },
      ],
    };
    const now = [
      { n: 'b', v: 4 },
      { n: 'c', v: 0 },
      { n: 'a', v: 2 },
    ];
    expect(told((faults) => checkRules(faults, 'l', schema, now, before))).toEqual([
      'l[0].v: Invalid value: "integer": failed rule: self >= oldSelf',
    ]);
  });
});
