/** A run over cases of chance. */
import type { Case } from './case.js';
import { engineDifferences } from './compare.js';
import { Coverage } from './coverage.js';
import { isAttempted } from './engine.js';
import type { Engine } from './engine.js';
import { generate } from './generator.js';
import { judge } from './oracle/index.js';
import { shrink } from './shrink.js';

/** Cases in which the same kind of thing differs first. */
export interface Disagreement {
  readonly kind: string;
  readonly seeds: readonly number[];
  /** The first of them, made as small as it goes. */
  readonly input: Case;
  readonly differences: readonly string[];
}

export interface Run {
  readonly cases: number;
  readonly coverage: Coverage;
  /** Most frequent first. */
  readonly disagreements: readonly Disagreement[];
}

export interface RunOptions {
  /** Without one the oracle runs alone. */
  readonly engine: Engine | undefined;
  readonly cases: number;
  /** Of the first case; the others follow it. */
  readonly seed: number;
  /** The run ends when so many kinds of differences were found. */
  readonly maxDisagreements: number;
  readonly onProgress?: (done: number) => void;
}

export function run({ engine, cases, seed, maxDisagreements, onProgress }: RunOptions): Run {
  const coverage = new Coverage();
  const kinds = new Map<string, number[]>();
  let done = 0;
  while (done < cases && kinds.size < maxDisagreements) {
    const input = generate(seed + done);
    const differences = differencesOf(engine, input, (verdict) => {
      coverage.add(input, verdict);
    });
    if (differences.length > 0) {
      const kind = kindOf(differences);
      kinds.set(kind, [...(kinds.get(kind) ?? []), seed + done]);
    }
    done++;
    onProgress?.(done);
  }
  const disagreements = [...kinds]
    .toSorted(([, left], [, right]) => right.length - left.length)
    .map(([kind, seeds]) => {
      const input = shrink(generate(seeds[0] ?? seed), (smaller) => kindIn(engine, smaller) === kind);
      return { kind, seeds, input, differences: differencesOf(engine, input) };
    });
  return { cases: done, coverage, disagreements };
}

function differencesOf(
  engine: Engine | undefined,
  input: Case,
  onVerdict: (verdict: ReturnType<typeof judge>) => void = () => undefined,
): readonly string[] {
  const verdict = judge(input);
  onVerdict(verdict);
  if (engine === undefined || !isAttempted(input)) return [];
  const { formatVersion: _, decision: __, ...rest } = input;
  try {
    return engineDifferences(engine(rest), verdict);
  } catch (error) {
    return [`the engine threw: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`];
  }
}

/** A case from which too much was left out may be none any more. */
function kindIn(engine: Engine | undefined, input: Case): string | undefined {
  try {
    const differences = differencesOf(engine, input);
    return differences.length === 0 ? undefined : kindOf(differences);
  } catch {
    return undefined;
  }
}

/** The first difference without the names of nodes and the numbers: a smaller case with another fault is not the same made smaller. */
const kindOf = ([first = '']: readonly string[]): string =>
  first
    .replace(/^(refusal|scores|total) on [^:]*/, '$1')
    .replace(/\b[np]\d[\w-]*|\d+/g, '#')
    .slice(0, 300);
