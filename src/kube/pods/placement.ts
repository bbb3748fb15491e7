import type { KubeNode, Taint } from '../nodes/index.js';
import type { NodeSelectorRequirement, NodeSelectorTerm, PodSpec, Toleration } from '../kinds/index.js';
import { own } from '../../units/index.js';

/** True when a toleration lets a pod onto a taint (TaintToleration). */
export function tolerates(toleration: Toleration, taint: Taint): boolean {
  if (toleration.effect !== undefined && toleration.effect !== taint.effect) return false;
  const { key = '', operator = 'Equal', value = '' } = toleration;
  if (key !== '' && key !== taint.key) return false;
  return operator === 'Exists' || value === (taint.value ?? '');
}

/** The first taint that keeps a pod off a node, if any. */
export const untolerated = (node: KubeNode, { tolerations = [] }: PodSpec): Taint | undefined =>
  (node.spec.taints ?? []).find(
    (taint) =>
      taint.effect !== 'PreferNoSchedule' && !tolerations.some((toleration) => tolerates(toleration, taint)),
  );

/** True when a node has the labels that a pod asks for (NodeAffinity). */
export function matchesAffinity(node: KubeNode, spec: PodSpec): boolean {
  const { labels = {}, name } = node.metadata;
  const selected = Object.entries(spec.nodeSelector ?? {}).every(([key, value]) => labels[key] === value);
  const required = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  return selected && (!required || matchesTerms(required.nodeSelectorTerms, labels, name));
}

/** True when one of the terms holds for a node of that name and labels (core/v1 NodeSelector). */
export const matchesTerms = (
  terms: readonly NodeSelectorTerm[],
  labels: Readonly<Record<string, string>>,
  name: string,
): boolean => terms.some((term) => matchesTerm(term, labels, name));

function matchesTerm(
  { matchExpressions = [], matchFields = [] }: NodeSelectorTerm,
  labels: Readonly<Record<string, string>>,
  name: string,
): boolean {
  if (matchExpressions.length + matchFields.length === 0) return false;
  return (
    matchExpressions.every((one) => matchesRequirement(one, own(labels, one.key))) &&
    matchFields.every((one) => matchesRequirement(one, one.key === 'metadata.name' ? name : undefined))
  );
}

function matchesRequirement(
  { operator, values = [] }: NodeSelectorRequirement,
  value: string | undefined,
): boolean {
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    case 'Gt':
      return compareWhole(value, values) === 'greater';
    case 'Lt':
      return compareWhole(value, values) === 'less';
  }
}

/** How a label compares with the one value of a requirement; undefined unless both are whole numbers of 64 bits. */
function compareWhole(
  value: string | undefined,
  values: readonly string[],
): 'less' | 'equal' | 'greater' | undefined {
  const label = wholeNumber(value);
  const bound = values.length === 1 ? wholeNumber(values[0]) : undefined;
  if (label === undefined || bound === undefined) return undefined;
  if (label === bound) return 'equal';
  return label < bound ? 'less' : 'greater';
}

const least = -(2n ** 63n);

function wholeNumber(text: string | undefined): bigint | undefined {
  if (text === undefined || !/^[+-]?\d+$/.test(text)) return undefined;
  const number = BigInt(text.replace(/^\+/, ''));
  return number >= least && number < -least ? number : undefined;
}

/**
 * True when a daemon's pod belongs on a node: a new one goes where no taint is against it, one that runs stays unless a
 * taint evicts it (Kubernetes: DaemonSet).
 */
export function runsOn(node: KubeNode, spec: PodSpec, pod: 'new' | 'running'): boolean {
  if (spec.nodeName && spec.nodeName !== node.metadata.name) return false;
  if (!matchesAffinity(node, spec)) return false;
  return !(node.spec.taints ?? []).some(
    (taint) =>
      (taint.effect === 'NoExecute' || (taint.effect === 'NoSchedule' && pod === 'new')) &&
      !(spec.tolerations ?? []).some((toleration) => tolerates(toleration, taint)),
  );
}
