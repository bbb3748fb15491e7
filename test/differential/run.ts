/** A run over cases of chance. */
import type { Case } from './case.js';
import { engineDifferences } from './compare.js';
import { Coverage } from './coverage.js';
import type { Engine } from './engine.js';
import { generate } from './generator.js';
import { judge } from './oracle/index.js';
import { shrink } from './shrink.js';

export interface Disagreement {
  readonly seed: number;
  /** Made as small as it goes. */
  readonly input: Case;
  readonly differences: readonly string[];
}

export interface Run {
  readonly cases: number;
  readonly coverage: Coverage;
  readonly disagreements: readonly Disagreement[];
}

export interface RunOptions {
  /** Without one the oracle runs alone. */
  readonly engine: Engine | undefined;
  readonly cases: number;
  /** Of the first case; the others follow it. */
  readonly seed: number;
  /** The run ends at so many. */
  readonly maxDisagreements: number;
  readonly onProgress?: (done: number) => void;
}

export function run({ engine, cases, seed, maxDisagreements, onProgress }: RunOptions): Run {
  const coverage = new Coverage();
  const disagreements: Disagreement[] = [];
  let done = 0;
  while (done < cases && disagreements.length < maxDisagreements) {
    const input = generate(seed + done);
    const differences = differencesOf(engine, input, (verdict) => {
      coverage.add(input, verdict);
    });
    if (differences.length > 0 && engine !== undefined) {
      const smallest = shrink(input, (smaller) => isSameKind(differencesIn(engine, smaller), differences));
      disagreements.push({
        seed: seed + done,
        input: smallest,
        differences: differencesOf(engine, smallest),
      });
    }
    done++;
    onProgress?.(done);
  }
  return { cases: done, coverage, disagreements };
}

function differencesOf(
  engine: Engine | undefined,
  input: Case,
  onVerdict: (verdict: ReturnType<typeof judge>) => void = () => undefined,
): readonly string[] {
  const verdict = judge(input);
  onVerdict(verdict);
  if (engine === undefined) return [];
  const { formatVersion: _, decision: __, ...rest } = input;
  try {
    return engineDifferences(engine(rest), verdict);
  } catch (error) {
    return [`the engine threw: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`];
  }
}

/** A case from which too much was left out may be none any more. */
function differencesIn(engine: Engine, input: Case): readonly string[] {
  try {
    return differencesOf(engine, input);
  } catch {
    return [];
  }
}

/** The first difference is about the same thing: a smaller case with another fault is not this one made smaller. */
const isSameKind = (left: readonly string[], right: readonly string[]): boolean =>
  kindOf(left) !== undefined && kindOf(left) === kindOf(right);

const kindOf = ([first]: readonly string[]): string | undefined => /^[a-z]+/.exec(first ?? '')?.[0];
