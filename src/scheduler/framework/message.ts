import type { Refusal } from './refusal.js';

/** How many nodes are refused for what. */
export type Histogram = ReadonlyMap<string, number>;

/** Counts reasons over refusals; a node can have several. */
export function histogramOf(refusals: Iterable<readonly [Refusal, number]>): Histogram {
  const counts = new Map<string, number>();
  for (const [{ reasons }, nodes] of refusals) {
    for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + nodes);
  }
  return counts;
}

/**
 * `0/3 nodes are available: 1 Insufficient cpu, 2 node(s) were unschedulable.`: the parts are sorted as texts, as kube-scheduler
 * does (FitError).
 */
export function fitErrorText(nodes: number, histogram: Histogram): string {
  const parts = [...histogram].map(([reason, count]) => `${String(count)} ${reason}`).sort(byCodePoint);
  return `0/${String(nodes)} nodes are available:${parts.length > 0 ? ` ${parts.join(', ')}.` : ''}`;
}

const byCodePoint = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

export const noNodesText = 'no nodes available to schedule pods';
