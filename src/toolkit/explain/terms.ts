import type { KubeNode, LabelSelector, NodeSelectorRequirement, PodSpec, Taint } from '../../kube/index.js';
import { matchesTerms } from '../../kube/index.js';
import { listed } from './amounts.js';

/** A taint as az and kubectl write it: `sku=gpu:NoSchedule`. */
export const taintText = ({ key, value, effect }: Taint): string =>
  `${key}${value ? `=${value}` : ''}:${effect}`;

interface Requirement {
  readonly key: string;
  readonly operator: string;
  readonly values?: readonly string[];
}

/** What is asked of a label: `team=web`, `zone in (a, b)`, `no spot`. */
export function requirementText({ key, operator, values = [] }: Requirement): string {
  const all = `(${values.join(', ')})`;
  switch (operator) {
    case 'In':
      return values.length === 1 ? `${key}=${values[0] ?? ''}` : `${key} in ${all}`;
    case 'NotIn':
      return values.length === 1 ? `${key} other than ${values[0] ?? ''}` : `${key} not in ${all}`;
    case 'DoesNotExist':
      return `no ${key}`;
    case 'Gt':
      return `${key} above ${values[0] ?? ''}`;
    case 'Lt':
      return `${key} below ${values[0] ?? ''}`;
    default:
      return key;
  }
}

/** Which pods a selector means: `app=web`, `app=web and tier in (a, b)`. */
export function selectorText(selector: LabelSelector | undefined): string {
  const { matchLabels = {}, matchExpressions = [] } = selector ?? {};
  const texts = [
    ...Object.entries(matchLabels).map(([key, value]) => `${key}=${value}`),
    ...matchExpressions.map(requirementText),
  ];
  return texts.length > 0 ? listed(texts) : 'any labels';
}

/** A label selector's entry as a requirement. */
export const selectorRequirement = (key: string, value: string): NodeSelectorRequirement => ({
  key,
  operator: 'In',
  values: [value],
});

/** True when a node's labels meet one requirement. */
export const meets = (node: KubeNode, requirement: NodeSelectorRequirement): boolean =>
  matchesTerms([{ matchExpressions: [requirement] }], node.metadata.labels ?? {}, node.metadata.name);

/** Requirements that a node does not meet: all of them are wanted, or one of them. */
export interface Unmet {
  readonly requirements: readonly NodeSelectorRequirement[];
  readonly wanted: 'all' | 'one';
}

/** What of a pod's labels a node does not meet: entries of its selector, else the first of each term that fails. */
export function unmetRequirements(node: KubeNode, { nodeSelector = {}, affinity }: PodSpec): Unmet {
  const selected = Object.entries(nodeSelector)
    .map(([key, value]) => selectorRequirement(key, value))
    .filter((one) => !meets(node, one));
  if (selected.length > 0) return { requirements: selected, wanted: 'all' };
  const terms = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  const failed = (terms ?? []).flatMap(({ matchExpressions = [], matchFields = [] }) => {
    return matchExpressions.find((one) => !meets(node, one)) ?? matchFields[0] ?? [];
  });
  return { requirements: failed, wanted: 'one' };
}
