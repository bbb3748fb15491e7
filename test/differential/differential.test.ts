import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseCases } from './case.js';
import { engineDifferences, recordedDifferences, recordedEngineDifferences } from './compare.js';
import { loadEngine } from './engine.js';
import { judge } from './oracle/index.js';
import { outcomes } from './outcomes.js';
import { run } from './run.js';

const engine = await loadEngine();
const seed = 1;

test('the scheduler and the oracle agree on 10,000 cases of chance, in which every outcome occurs', () => {
  const { cases, coverage, disagreements } = run({ engine, cases: 10_000, seed, maxDisagreements: 1 });
  for (const { seeds, input, differences } of disagreements)
    expect.fail(
      `seed ${String(seeds[0])}, made smaller:\n${differences.join('\n')}\n${JSON.stringify(input)}`,
    );
  expect(cases).toBe(10_000);
  const counts = coverage.counts();
  expect(outcomes.filter((outcome) => (counts.get(outcome) ?? 0) === 0)).toEqual([]);
});

describe('recorded decisions', () => {
  const folder = new URL('./recorded/', import.meta.url);
  const cases = readdirSync(folder).flatMap((file) =>
    parseCases(readFileSync(new URL(file, folder), 'utf8'), file).map((input, index) => ({
      name: `${file} ${String(index + 1)}`,
      input,
    })),
  );

  test.each(cases)('$name', ({ input }) => {
    const { formatVersion: _, decision = {}, ...rest } = input;
    const verdict = judge(input);
    expect(recordedDifferences(decision, verdict)).toEqual([]);
    if (engine === undefined) return;
    const said = engine(rest);
    expect(recordedEngineDifferences(decision, said)).toEqual([]);
    expect(engineDifferences(said, verdict)).toEqual([]);
  });
});
