import { expect, test } from 'vitest';
import { BudgetTracker } from './budget-tracker.js';
import { budget, cluster, pod, storeOf } from './fixtures.js';
import type { Thing } from './fixtures.js';

const web = ['a', 'b', 'c'].map((name) => pod(name, { labels: { app: 'web', tier: 'front' } }));
const db = pod('d', { labels: { app: 'db' } });

test.each<[string, Thing[], string]>([
  ['no budget', [], 'at once'],
  ['a budget of enough', [budget('b', 3, { app: 'web' })], 'at once'],
  ['a budget of fewer', [budget('b', 2, { app: 'web' })], 'one by one'],
  ['a budget of none', [budget('b', 0, { app: 'web' })], 'not a'],
  ['two budgets', [budget('b', 3, { app: 'web' }), budget('c', 1, { tier: 'front' })], 'one by one'],
  ['a budget of none for the last', [budget('b', 0, { app: 'db' })], 'not d'],
])('pods go with %s', (_, budgets, expected) => {
  const found = new BudgetTracker(storeOf(...budgets), cluster).canRemove([...web, db]);
  const told =
    found.kind === 'no' ? `not ${found.pod.metadata.name}` : found.atOnce ? 'at once' : 'one by one';
  expect(told).toBe(expected);
});

test('pods that are given up are counted', () => {
  const tracker = new BudgetTracker(storeOf(budget('b', 2, { app: 'web' })), cluster);
  tracker.remove(web.slice(0, 1));
  expect([tracker.allows(web[1] ?? db), tracker.canRemove(web.slice(1))]).toEqual([
    true,
    { kind: 'yes', atOnce: false },
  ]);
  tracker.remove(web.slice(1));
  expect([tracker.allows(web[0] ?? db), tracker.isProtected(web[0] ?? db)]).toEqual([false, true]);
  expect([tracker.allows(db), tracker.isProtected(db)]).toEqual([true, false]);
});

test('a budget that nobody has looked at lets nothing go, and one without a selector selects nothing', () => {
  const unseen = ['poddisruptionbudgets', { metadata: { name: 'b' }, spec: { selector: {} } }] as const;
  const blind = ['poddisruptionbudgets', { metadata: { name: 'b' }, spec: {} }] as const;
  expect([unseen, blind].map((one) => new BudgetTracker(storeOf(one), cluster).allows(db))).toEqual([
    false,
    true,
  ]);
});

test('pods of one controller with different labels have different budgets', () => {
  const tracker = new BudgetTracker(storeOf(budget('b', 0, { app: 'web' })), cluster);
  const twice = [...web, db, ...web];
  expect(twice.map((one) => tracker.allows(one))).toEqual([false, false, false, true, false, false, false]);
});
