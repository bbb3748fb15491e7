import { matchesAffinity, tolerates, untolerated } from '../kube/index.js';
import type { Amounts, KubeNode, Pod, PodSpec, Taint } from '../kube/index.js';

/** What a node that a pod's affinity excludes is counted as. */
export const affinityReason = "node(s) didn't match Pod's node affinity/selector";

/**
 * The only nodes a pod can go to, when each of its required terms names nodes (NodeAffinity, PreFilter): so a daemon's pod
 * is placed without a look at all others.
 */
export function nodeNamesOf({ affinity }: PodSpec): readonly string[] | undefined {
  const terms = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  const named = terms?.map(({ matchFields = [] }) =>
    matchFields.filter(({ key, operator }) => key === 'metadata.name' && operator === 'In'),
  );
  if (!named || named.some((fields) => fields.length === 0)) return undefined;
  return [...new Set(named.flatMap((fields) => fields[0]?.values ?? []))].sort();
}

/** Why a pod can't go to a node, in kube-scheduler's words; empty when it can. */
export function reasonsAgainst(
  candidate: { readonly node: KubeNode; free(resource: string): number },
  pod: Pod,
  requests: Amounts,
): readonly string[] {
  const { node } = candidate;
  const { spec } = pod;
  const cordon: Taint = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' };
  const toleratesCordon = (spec.tolerations ?? []).some((toleration) => tolerates(toleration, cordon));
  if (node.spec.unschedulable === true && !toleratesCordon) return ['node(s) were unschedulable'];
  const taint = untolerated(node, spec);
  if (taint) return ['node(s) had untolerated taint(s)'];
  if (!matchesAffinity(node, spec)) return [affinityReason];
  const lacking: string[] = [];
  for (const [name, amount] of requests) {
    if (amount > candidate.free(name))
      lacking.push(name === 'pods' ? 'Too many pods' : `Insufficient ${name}`);
  }
  return lacking;
}
