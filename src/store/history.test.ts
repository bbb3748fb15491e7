import { expect, test } from 'vitest';
import { instant } from '../units/index.js';
import { TooOldError } from './errors.js';
import { History } from './history.js';
import type { Revision } from './reader.js';
import { weightOf } from './weight.js';

const revision = (number: number) => number as Revision;
const commit = (number: number, collection: string, size: number) => ({
  revision: revision(number),
  time: instant(0),
  changes: [{ collection, key: 'a', before: undefined, after: { text: 'x'.repeat(size) } }],
});

test.each([
  ['a text', 'abc', 3],
  ['a number', 7, 0],
  ['nothing', undefined, 0],
  ['an object', { a: 'abc', b: 1 }, 32 + 2 * 16 + 3],
  ['a list in an object', { a: ['x', 'y'] }, 32 + 16 + 32 + 2 * 16 + 2],
])('%s has a weight', (_, value, weight) => expect(weightOf(value)).toBe(weight));

test('what weighs most makes room, and what is quiet is all there', () => {
  const history = new History(1000, revision(0), 10_000);
  history.push(commit(1, 'quiet', 100));
  for (let at = 2; at < 200; at += 1) history.push(commit(at, 'busy', 1000));
  expect(history.since(revision(0), ['quiet'])).toHaveLength(1);
  expect(() => history.since(revision(100), ['busy'])).toThrow(TooOldError);
  const kept = history.since(revision(196), ['busy']);
  expect(kept.map((one) => one.revision)).toEqual([197, 198, 199]);
});

test('the latest commit is kept, whatever it weighs', () => {
  const history = new History(1000, revision(0), 100);
  history.push(commit(1, 'a', 1000));
  history.push(commit(2, 'a', 1000));
  expect(history.since(revision(1), ['a'])).toHaveLength(1);
  expect(() => history.since(revision(0), ['a'])).toThrow(TooOldError);
});
