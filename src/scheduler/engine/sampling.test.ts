import { expect, test } from 'vitest';
import { node, pod, usualVersion } from '../fixtures.js';
import { decide } from '../decide.js';
import { enoughNodes } from './sampling.js';

test.each([
  // nodes, percentage, enough
  [0, 0, 0],
  [1, 0, 1],
  [99, 0, 99],
  [99, 5, 99],
  [100, 0, 100],
  [101, 0, 100],
  [124, 0, 100],
  [200, 0, 100],
  [500, 0, 230],
  [1_000, 0, 420],
  [2_000, 0, 680],
  [5_000, 0, 500],
  [5_624, 0, 337],
  [5_625, 0, 281],
  [10_000, 0, 500],
  [1_000, 30, 300],
  [1_000, 5, 100],
  [1_000, 99, 990],
  [1_000, 100, 1_000],
  [1_000, 150, 1_000],
  [333, 50, 166],
])('of %i nodes, at %i percent, %i are enough', (nodes, percentage, enough) => {
  expect(enoughNodes(nodes, percentage)).toBe(enough);
});

const nodes = Array.from({ length: 400 }, (_, at) =>
  node(`n${String(at).padStart(3, '0')}`, at % 2 === 0 ? {} : { unschedulable: true }),
);
const ask = (startNodeIndex: number, percentageOfNodesToScore?: number, ofProfile?: number) =>
  decide({
    kubernetesVersion: usualVersion,
    startNodeIndex,
    configuration: {
      ...(percentageOfNodesToScore !== undefined && { percentageOfNodesToScore }),
      profiles: [
        {
          schedulerName: 'default-scheduler',
          ...(ofProfile !== undefined && { percentageOfNodesToScore: ofProfile }),
        },
      ],
    },
    nodes,
    pods: [],
    pod: pod('p'),
  }).feasible;

test.each([
  // Every second node will do: 47 % of 400, or all 200 that will.
  [0, undefined, undefined, 188, 'n000', 'n374'],
  [0, 100, undefined, 200, 'n000', 'n398'],
  [0, 30, undefined, 120, 'n000', 'n238'],
  // The look begins elsewhere, and goes round.
  [350, undefined, undefined, 188, 'n350', 'n324'],
  [351, undefined, undefined, 188, 'n352', 'n326'],
  // What a profile says goes before what is said for all.
  [0, 100, 30, 120, 'n000', 'n238'],
  [0, undefined, 100, 200, 'n000', 'n398'],
])(
  'from %i on, %s percent, %s by profile: %i nodes from %s to %s',
  (start, percent, ofProfile, count, first, last) => {
    const found = ask(start, percent, ofProfile);
    expect([found.length, found[0], found.at(-1)]).toEqual([count, first, last]);
  },
);
