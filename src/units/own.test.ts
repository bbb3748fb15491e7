import { expect, test } from 'vitest';
import { own, put } from './own.js';

const inherited = ['constructor', 'toString', 'hasOwnProperty', 'valueOf', '__proto__'];

test.each(inherited)('%s is no member of a record that was not given it', (name) => {
  expect(own({ a: '1' }, name)).toBeUndefined();
  expect(own(undefined, name)).toBeUndefined();
});

test.each(['a', ...inherited])('%s is a member once it is given, and can be given again', (name) => {
  const record: Record<string, string> = {};
  put(record, name, '1');
  put(record, name, '2');
  expect(own(record, name)).toBe('2');
  expect(JSON.stringify(record)).toBe(`{"${name}":"2"}`);
  expect(Object.getPrototypeOf(record)).toBe(Object.prototype);
});
