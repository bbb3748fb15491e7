import { counted, listed } from '../amounts.js';
import type { Outcome, Question } from '../question.js';

/** Where the pods would go then: `3 nodes of pool web take it then`. */
export function outcomeText(outcome: Outcome, { waiting }: Question): string {
  const it = waiting.length > 1 ? 'them' : 'it';
  if (outcome.kind === 'on new nodes') {
    const { pool, needed } = outcome;
    return `${counted(needed, 'more node')} of pool ${pool.name} would take ${it}, and its autoscaler may add as many`;
  }
  const places = [...outcome.byPool].map(([pool, nodes]) =>
    pool === undefined ? counted(nodes, 'node') : `${counted(nodes, 'node')} of pool ${pool}`,
  );
  const nodes = [...outcome.byPool.values()].reduce((sum, count) => sum + count, 0);
  return `${listed(places)} ${nodes === 1 ? 'takes' : 'take'} ${it} then`;
}
