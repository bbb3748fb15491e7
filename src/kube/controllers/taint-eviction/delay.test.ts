import { expect, test } from 'vitest';
import type { Toleration } from '../../kinds/index.js';
import type { Taint } from '../../nodes/index.js';
import { stayOn } from './delay.js';

const taint = (key: string, value?: string): Taint => ({
  key,
  effect: 'NoExecute',
  ...(value !== undefined && { value }),
});
const exists = (key: string, tolerationSeconds?: number): Toleration => ({
  key,
  operator: 'Exists',
  effect: 'NoExecute',
  ...(tolerationSeconds !== undefined && { tolerationSeconds }),
});
const [a, b] = [taint('a'), taint('b', 'x')];

test.each<[string, Taint[], Toleration[], ReturnType<typeof stayOn>]>([
  ['no taint', [], [], 'forever'],
  ['a taint and no toleration', [a], [], 'none'],
  ['a toleration of another taint', [a], [exists('b')], 'none'],
  ['a toleration without seconds', [a], [exists('a')], 'forever'],
  ['a toleration with seconds', [a], [exists('a', 300)], 300_000],
  ['two taints, of which one is tolerated', [a, b], [exists('a')], 'none'],
  ['two taints, tolerated for different times', [a, b], [exists('a', 300), exists('b', 60)], 60_000],
  ['two taints, one tolerated for ever', [a, b], [exists('a'), exists('b', 60)], 60_000],
  ['two tolerations of one taint: the first counts', [a], [exists('a', 300), exists('a', 10)], 300_000],
  ['a toleration of zero seconds', [a], [exists('a', 0)], 'none'],
  ['a toleration of less than no time', [a], [exists('a', -5)], 'none'],
  ['a toleration of everything', [a, b], [{ operator: 'Exists' }], 'forever'],
  ['a toleration of an equal value', [b], [{ key: 'b', value: 'x', tolerationSeconds: 5 }], 5_000],
  ['a toleration of another value', [b], [{ key: 'b', value: 'y' }], 'none'],
  ['a toleration of another effect', [a], [{ key: 'a', operator: 'Exists', effect: 'NoSchedule' }], 'none'],
])('%s', (_, taints, tolerations, stay) => expect(stayOn(taints, tolerations)).toBe(stay));
