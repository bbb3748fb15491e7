import { expect, test } from 'vitest';
import type { Pod } from '../../kube/index.js';
import { LabelSets } from './label-sets.js';
import { Matchers } from './matchers.js';

const pod = (name: string): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'default', uid: name, creationTimestamp: '', labels: { app: 'web' } },
  spec: { containers: [] },
});

test('pods that wait together count together once they are on nodes, for those who ask then too', () => {
  const matchers = new Matchers();
  const sets = new LabelSets((set) => matchers.talliesOf(set));
  const [first, second] = [sets.of(pod('a')), sets.of(pod('b'))];
  sets.change(first, 0, 1);
  sets.change(second, 1, 1);
  const tally = matchers.acquire(
    'web',
    { buckets: ['default|app=web'], counts: ({ labels }) => labels['app'] === 'web' },
    sets,
  );
  expect([tally.total, tally.at(0), tally.at(1)]).toEqual([2, 1, 1]);
  sets.change(second, 1, -1);
  sets.change(first, 0, -1);
  expect([tally.total, [...sets.all()]]).toEqual([0, []]);
});
