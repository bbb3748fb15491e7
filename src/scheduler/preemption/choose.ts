import type { Candidate } from './dry-run.js';
import { startOf } from './dry-run.js';

/** Added to each priority, so that more victims of negative priority weigh more, not less. */
const lift = 2 ** 31;

type Measure = (candidate: Candidate) => number | string;

const highestPriority: Measure = ({ victims }) => victims[0]?.shape.priority ?? 0;
const sumOfPriorities: Measure = ({ victims }) =>
  victims.reduce((sum, { shape }) => sum + shape.priority + lift, 0);

/** When the first of the most important victims started. */
function earliestStart({ victims }: Candidate): string {
  const [first] = victims;
  if (!first) return '';
  const starts = victims.filter(({ shape }) => shape.priority === first.shape.priority).map(startOf);
  return starts.reduce((least, start) => (start < least ? start : least));
}

/** The measures by which candidates are told apart, each among those that the ones before left (pickOneNodeForPreemption). */
const measures: readonly { readonly of: Measure; readonly best: 'least' | 'most' }[] = [
  { of: ({ violations }) => violations, best: 'least' },
  { of: highestPriority, best: 'least' },
  { of: sumOfPriorities, best: 'least' },
  { of: ({ victims }) => victims.length, best: 'least' },
  { of: earliestStart, best: 'most' },
];

/** The node to take: where least is lost. */
export function chooseCandidate(candidates: readonly Candidate[]): Candidate | undefined {
  let left = candidates;
  for (const { of, best } of measures) {
    if (left.length <= 1) break;
    const values = left.map(of);
    const wanted = values.reduce((found, value) =>
      (best === 'least' ? value < found : value > found) ? value : found,
    );
    left = left.filter((_candidate, at) => values[at] === wanted);
  }
  return left[0];
}
