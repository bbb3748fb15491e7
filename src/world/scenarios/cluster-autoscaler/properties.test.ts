import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cases } from './generated.js';
import type { Case } from './generated.js';
import { History, decisionsOf, eventsOf } from './history.js';
import { Judge } from './judge.js';
import { Play } from './play.js';
import type { WorldInit } from '../../index.js';

/** A long run: `AUTOSCALER_CASES=2000 npx vitest run src/world/scenarios/cluster-autoscaler/properties.test.ts`, from another seed each time. */
const asked = Number(process.env['AUTOSCALER_CASES'] ?? 0);
const runs = (usual: number): fc.Parameters<unknown> => ({
  ...(asked > 0
    ? { numRuns: asked, seed: Number(process.env['AUTOSCALER_SEED'] ?? Date.now()) }
    : { numRuns: usual, seed: 2 }),
  // Small cases, which a bias would favour, are those in which nothing happens.
  unbiased: true,
});
const long = asked > 0 ? 36_000_000 : 120_000;

function lived(one: Case, init: WorldInit): readonly string[] {
  const play = new Play(one, init);
  const history = new History();
  history.follow(play.cluster.world);
  play.until(play.length + 1500);
  return told(play, history);
}

const told = ({ cluster }: Play, history: History): readonly string[] => [
  ...history.lines,
  ...decisionsOf(cluster.world),
  ...eventsOf(cluster),
];

/**
 * Which of the pods that wait finds room first hangs on the scheduler's queue, which begins anew with a world that is opened again:
 * those of one deployment are taken for each other, and those of several do not wait at such a moment.
 */
const anyPod = (line: string): string => line.replace(/\b(w\d-\w+)-\w{5}\b/g, '$1');

/**
 * Pods that are safe to evict do not keep their node though their budget does: drains of it fail for ever (cluster autoscaler: a
 * budget is not asked for them until they are evicted).
 */
const withoutFutileDrains = ({ workloads, ...one }: Case): Case => ({
  ...one,
  workloads: workloads.map(({ budget, ...workload }) =>
    budget && workload.safeToEvict !== 'true' ? { ...workload, budget } : workload,
  ),
});

/** Two histories are one; else the first lines that only one of them has. */
function agree(one: readonly string[], other: readonly string[]): void {
  const only = (lines: readonly string[], others: readonly string[]): readonly string[] => {
    const known = new Set(others);
    return lines.filter((line) => !known.has(line)).slice(0, 6);
  };
  expect(only(one, other)).toEqual(only(other, one));
  expect(one).toEqual(other);
}

test(
  'loops that are left out would have changed nothing',
  () => {
    fc.assert(
      fc.property(cases('with faults'), (one) => {
        agree(lived(one, {}), lived(one, { autoscalerLoops: 'every loop' }));
      }),
      runs(6),
    );
  },
  long,
);

test(
  'pools stay within their bounds, and nodes go only if their pods can and may',
  () => {
    const judged = { increases: 0, deletions: 0, nodes: 0, evictions: 0 };
    fc.assert(
      fc.property(cases('with faults'), (one) => {
        const play = new Play(one);
        const judge = new Judge(play.cluster);
        play.until(play.length + 1500);
        for (const rule of Object.keys(judged) as (keyof typeof judged)[]) judged[rule] += judge.judged[rule];
        expect(judge.faults).toEqual([]);
      }),
      runs(20),
    );
    if (asked > 0) process.stderr.write(`${JSON.stringify(judged)}\n`);
    // Rules that nothing ever tries would hold too.
    expect(Math.min(...Object.values(judged)), JSON.stringify(judged)).toBeGreaterThan(5);
  },
  long,
);

test(
  'with nothing left to happen all comes to rest',
  () => {
    fc.assert(
      fc.property(cases('with faults', 5).map(withoutFutileDrains), (one) => {
        const play = new Play(one);
        play.until(play.length);
        play.relieve();
        play.until(play.length + 3 * 3600);
        const history = new History();
        history.follow(play.cluster.world);
        const before = decisionsOf(play.cluster.world);
        play.until(play.length + 5 * 3600);
        expect(history.lines).toEqual([]);
        expect(decisionsOf(play.cluster.world)).toEqual(before);
        const tainted = play.cluster
          .list('nodes')
          .filter((node) => JSON.stringify(node.spec).includes('ToBeDeleted'));
        expect(tainted).toEqual([]);
      }),
      runs(10),
    );
  },
  long,
);

test(
  'a world that is closed and opened again lives as one left alone',
  async () => {
    await fc.assert(
      fc.asyncProperty(
        cases('with faults', 4),
        fc.array(fc.nat(1000), { minLength: 1, maxLength: 3 }),
        async (one, moments) => {
          const data = mkdtempSync(join(tmpdir(), 'poolkeeper-scaling-'));
          try {
            const play = new Play(one, { data });
            const history = new History();
            history.follow(play.cluster.world);
            const whole = play.length + 1500;
            for (const moment of [...moments].sort((a, b) => a - b)) {
              play.until((whole * moment) / 1000);
              if (one.workloads.length > 1 && play.waiting > 0) continue;
              await play.reopen({ data });
              history.follow(play.cluster.world);
            }
            play.until(whole);
            agree(told(play, history).map(anyPod).sort(), lived(one, {}).map(anyPod).sort());
            await play.cluster.world.close();
          } finally {
            rmSync(data, { recursive: true });
          }
        },
      ),
      runs(4),
    );
  },
  long,
);
