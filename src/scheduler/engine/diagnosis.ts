import type { NodeInfo } from '../cache/node-info.js';
import { fitErrorText, histogramOf, noNodesText } from '../framework/message.js';
import { unresolvable } from '../framework/refusal.js';
import type { Refusal } from '../framework/refusal.js';
import type { Prepared } from './engine.js';

/** Why no node will do. */
export type Diagnosis =
  /** Nodes were not even looked at. */
  | { readonly kind: 'rejected'; readonly rejection: Refusal }
  | {
      readonly kind: 'filtered';
      readonly counts: ReadonlyMap<Refusal, number>;
      /** The nodes on which preemption may help, in the order in which nodes are looked at. */
      readonly resolvable: readonly NodeInfo[];
      /** All nodes that there are. */
      readonly nodes: number;
    };

/** What is said of nodes that were not looked at, as the pod's spec leaves them out. */
export const unexamined = unresolvable('NodeAffinity', "node(s) didn't satisfy plugin(s) [NodeAffinity]");

/** Counts why each node won't do. */
export function diagnose({ program, candidates, outside }: Prepared, nodes: number): Diagnosis {
  const counts = new Map<Refusal, number>();
  const resolvable: NodeInfo[] = [];
  for (const node of candidates) {
    const refusal = program.refusalOf(node);
    if (!refusal) continue;
    counts.set(refusal, (counts.get(refusal) ?? 0) + 1);
    if (refusal.code === 'Unschedulable') resolvable.push(node);
  }
  if (outside) counts.set(outside.refusal, (counts.get(outside.refusal) ?? 0) + 1);
  const others = nodes - candidates.length - (outside ? 1 : 0);
  if (others > 0) counts.set(unexamined, others);
  return { kind: 'filtered', counts, resolvable, nodes };
}

/** The plugins that said no: their hints are asked whether an event may help. */
export const rejectingPlugins = (diagnosis: Diagnosis): ReadonlySet<string> =>
  new Set(
    diagnosis.kind === 'rejected'
      ? [diagnosis.rejection.plugin]
      : [...diagnosis.counts.keys()].map(({ plugin }) => plugin),
  );

/** What the pod is told, without what preemption adds (kube-scheduler: FitError). */
export function diagnosisText(diagnosis: Diagnosis, nodes: number): string {
  if (nodes === 0) return noNodesText;
  if (diagnosis.kind === 'rejected')
    return `0/${String(nodes)} nodes are available: ${diagnosis.rejection.reasons.join(', ')}.`;
  return fitErrorText(nodes, histogramOf(diagnosis.counts));
}
