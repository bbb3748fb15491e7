import { expect, test } from 'vitest';
import type { Versioned, Revision } from '../../../store/index.js';
import type { Stored } from '../../object.js';
import type { Pod } from '../../kinds/index.js';
import { surplusOf } from './surplus.js';

const ended = (name: string, created: string, reason?: string): Versioned<Stored<Pod>> => ({
  key: name,
  revision: 1 as Revision,
  value: {
    cluster: 'c',
    object: {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, uid: name, creationTimestamp: `2026-08-21T0${created}:00:00Z` },
      spec: { containers: [] },
      status: { phase: 'Failed', ...(reason !== undefined && { reason }) },
    },
  },
});
const finished = [
  ended('new', '9'),
  ended('old', '1'),
  ended('evicted', '8', 'Evicted'),
  ended('older', '0'),
];

test.each([
  [4, []],
  [3, ['evicted']],
  [1, ['evicted', 'older', 'old']],
])('of four ended pods, when %i are kept, %j go', (kept, gone) =>
  expect(surplusOf(finished, kept).map(({ key }) => key)).toEqual(gone),
);
