import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ScalingScenario } from './fixtures.js';
import { historyOf, play, story } from './generator.js';
import type { Story } from './generator.js';

/** A long run: `RUNS=500 npx vitest run src/world/scenarios/cluster-autoscaler/properties.test.ts`. */
const runs = Number(process.env['RUNS'] ?? 6);
const seed = Number(process.env['SEED'] ?? 7);
const options = { numRuns: runs, seed, endOnFailure: process.env['RUNS'] === undefined };

/** When the owner did something, in seconds since the story began. */
const interventions = ({ happenings }: Story): readonly number[] => {
  let at = 0;
  return [at, ...happenings.map(([after]) => (at += after))];
};

describe('an autoscaler', { timeout: 0 }, () => {
  test('may leave out loops in which nothing can change', () => {
    fc.assert(
      fc.property(story, (one) => {
        const all = historyOf(play(one, { autoscalerLoops: 'every loop' }));
        expect(historyOf(play(one, {}))).toEqual(all);
      }),
      options,
    );
  });

  test('keeps within the bounds of its pools', () => {
    fc.assert(
      fc.property(story, (one) => {
        const bounds = Object.values(one.pools);
        play(one, {}, ({ sizes }: ScalingScenario) => {
          for (const [index, { min, max }] of bounds.entries()) {
            expect(sizes[index]).toBeGreaterThanOrEqual(min);
            expect(sizes[index]).toBeLessThanOrEqual(max);
          }
        });
      }),
      { ...options, seed: seed + 1 },
    );
  });

  test('comes to rest when the load is constant, and stays', () => {
    fc.assert(
      fc.property(story, (one) => {
        const scenario = play(one, {});
        const { sizes } = scenario;
        // Groups that can not grow are tried again for ever; nothing comes of it.
        expect(scenario.sizesOver(3 * 3600, 10)).toEqual([[0, sizes.join(' ')]]);
      }),
      { ...options, seed: seed + 2 },
    );
  });

  test('takes no node away whose pods would then ask for another', () => {
    fc.assert(
      fc.property(story, (one) => {
        let begin: number | undefined;
        const scenario = play(
          one,
          {},
          ({ cluster }) => (begin ??= Number(cluster.world.clock.now()) - 30_000),
        );
        const done = interventions(one);
        for (const decision of scenario.decisions) {
          if (decision.kind !== 'scale-down') continue;
          const at = (decision.at - (begin ?? 0)) / 1000;
          if (done.some((when) => when > at - 60 && when < at + 180)) continue;
          const after = scenario.decisions.filter(
            ({ at: when }) => when >= decision.at && when < decision.at + 120_000,
          );
          expect(after.map(({ kind }) => kind)).not.toContain('scale-up');
        }
      }),
      { ...options, seed: seed + 3 },
    );
  });
});
