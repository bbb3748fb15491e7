/** How often each outcome occurred in a run, so that one can see that none was left out. */
import type { Case } from './case.js';
import type { Verdict } from './oracle/index.js';

export class Coverage {
  readonly #counts = new Map<string, number>();

  add(input: Case, verdict: Verdict): void {
    const seen = new Set<string>([`version ${input.kubernetesVersion}`, `outcome: ${outcomeOf(verdict)}`]);
    for (const { plugin, code, reasons } of Object.values(verdict.refusals))
      for (const reason of reasons) seen.add(`refusal by ${plugin} (${code}): ${withoutNames(reason)}`);
    for (const scores of Object.values(verdict.scores))
      for (const [plugin, score] of Object.entries(scores)) if (score !== 0) seen.add(`score by ${plugin}`);
    for (const part of partsOf(verdict.message ?? '')) seen.add(`message: ${part}`);
    for (const each of seen) this.#counts.set(each, (this.#counts.get(each) ?? 0) + 1);
  }

  /** Outcomes with the number of cases that had them. */
  counts(): ReadonlyMap<string, number> {
    return this.#counts;
  }

  table(): string {
    return [...this.#counts]
      .toSorted(([left], [right]) => (left < right ? -1 : 1))
      .map(([what, count]) => `${String(count).padStart(9)}  ${what}`)
      .join('\n');
  }
}

function outcomeOf({ feasible, best, nominations }: Verdict): string {
  if (nominations.length > 0)
    return nominations.length > 1 ? 'preemption with a choice of nodes' : 'preemption';
  if (feasible.length === 0) return 'unschedulable';
  if (feasible.length === 1) return 'the one feasible node';
  return best.length > 1 ? 'a tie' : 'the best node';
}

/** Names of objects and of taints are chance. */
const withoutNames = (reason: string): string =>
  reason.replace(/\{.*\}/, '{KEY: VALUE}').replace(/"[^"]*"/g, '"NAME"');

/** The parts of a message, without numbers and names. */
const partsOf = (message: string): readonly string[] =>
  withoutNames(message)
    .replace(/\b(default|shop|lab)\/[\w-]+/g, 'NAMESPACE/NAME')
    .replace(/request \S+ device class \S+/, 'request REQUEST: device class CLASS')
    .split(
      /(?:\.? ?0\/\d+ nodes are available:|(?:^|[,:.]) (?=\d+ )|[.,] (?=no new claims|still not|deallocation|preemption:|not found))/,
    )
    .map((part) => part.replace(/^ ?\d* /, '').replace(/[.:]?$/, ''))
    .filter((part) => part !== '');
