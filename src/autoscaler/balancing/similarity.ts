import type { KubeNode, ResourceList } from '../../kube/index.js';
import { podRequests } from '../../kube/index.js';
import { milliValue } from '../../units/index.js';
import type { GroupTemplate } from '../estimator/index.js';

/** The labels that tell which pool a node is of: the present one, and the former. */
const poolLabels = ['kubernetes.azure.com/agentpool', 'agentpool'] as const;

/** Labels that nodes of similar groups may differ in (cluster autoscaler: basic ignored labels, and Azure's). */
const ignoredLabels: ReadonlySet<string> = new Set([
  'kubernetes.io/hostname',
  'failure-domain.beta.kubernetes.io/zone',
  'failure-domain.beta.kubernetes.io/region',
  'topology.kubernetes.io/zone',
  'topology.kubernetes.io/region',
  'beta.kubernetes.io/fluentd-ds-ready',
  'kops.k8s.io/instancegroup',
  ...poolLabels,
  'topology.disk.csi.azure.com/zone',
  'aksEngineVersion',
  'creationSource',
  'poolName',
  'resourceNameSuffix',
  'kubernetes.azure.com/node-image-version',
  'kubernetes.azure.com/consolidated-additional-properties',
]);

/** How far two nodes may differ, as a share of the larger amount. */
const mostDifference = { capacityMemory: 0.015, allocatable: 0.05, free: 0.05 } as const;

/** Which labels are compared, beside what AKS is run with. */
export interface LabelRules {
  /** Further labels that nodes may differ in (flag `balancing-ignore-label`). */
  readonly ignored?: readonly string[];
  /** The only thing that is compared, if there are any (flag `balancing-label`). */
  readonly alone?: readonly string[];
}

/**
 * True for node groups that new nodes may be shared out among: those of one pool, or whose nodes are of one size and have the same
 * labels (cluster autoscaler: Azure's comparison of node groups). Taints are not compared: the pods tell whether they matter.
 */
export function areSimilar(one: GroupTemplate, other: GroupTemplate, rules: LabelRules = {}): boolean {
  const { alone = [] } = rules;
  if (alone.length > 0) return alone.every((label) => labelOf(one, label) === labelOf(other, label));
  return (
    areOfOnePool(one, other) ||
    (haveSameCapacity(one.node, other.node) &&
      areWithin(
        amounts(one.node.status.allocatable),
        amounts(other.node.status.allocatable),
        mostDifference.allocatable,
      ) &&
      areWithin(free(one), free(other), mostDifference.free) &&
      haveSameLabels(one.node, other.node, new Set([...ignoredLabels, ...(rules.ignored ?? [])])))
  );
}

const labelOf = ({ node }: GroupTemplate, label: string): string | undefined => node.metadata.labels?.[label];

const areOfOnePool = (one: GroupTemplate, other: GroupTemplate): boolean =>
  poolLabels.some((label) => {
    const pool = labelOf(one, label);
    return pool !== undefined && pool !== '' && pool === labelOf(other, label);
  });

/** Amounts in thousandths, by resource. */
type Amounts = ReadonlyMap<string, number>;

const amounts = (list: ResourceList = {}): Amounts =>
  new Map(Object.entries(list).map(([name, quantity]) => [name, milliValue(quantity)]));

/** All but memory is to be the same to the last unit: limits on cores are only right then. */
function haveSameCapacity(one: KubeNode, other: KubeNode): boolean {
  const [a, b] = [amounts(one.status.capacity), amounts(other.status.capacity)];
  return haveSame(a, b, (amount, otherAmount, name) =>
    name === 'memory' ? isWithin(amount, otherAmount, mostDifference.capacityMemory) : amount === otherAmount,
  );
}

const areWithin = (a: Amounts, b: Amounts, share: number): boolean =>
  haveSame(a, b, (amount, other) => isWithin(amount, other, share));

/** True when both have the same names, and what is under each is alike. */
const haveSame = <T>(
  a: ReadonlyMap<string, T>,
  b: ReadonlyMap<string, T>,
  isAlike: (value: T, other: T, name: string) => boolean,
): boolean =>
  a.size === b.size &&
  [...a].every(([name, value]) => {
    const other = b.get(name);
    return other !== undefined && isAlike(value, other, name);
  });

function isWithin(amount: number, other: number, share: number): boolean {
  const larger = Math.max(amount, other);
  return larger - Math.min(amount, other) <= larger * share;
}

/** What is always counted as asked for, if only as nothing; places for pods are not used up by them. */
const alwaysCounted = ['cpu', 'memory', 'ephemeral-storage', 'pods'];

/** What the pods of a template leave of what they ask for. */
function free({ node, pods }: GroupTemplate): Amounts {
  const requested = new Map<string, number>(alwaysCounted.map((name) => [name, 0]));
  for (const { spec } of pods) {
    for (const [name, amount] of podRequests(spec)) requested.set(name, (requested.get(name) ?? 0) + amount);
  }
  const allocatable = amounts(node.status.allocatable);
  return new Map([...requested].map(([name, amount]) => [name, (allocatable.get(name) ?? 0) - amount]));
}

function haveSameLabels(one: KubeNode, other: KubeNode, ignored: ReadonlySet<string>): boolean {
  const compared = ({ metadata: { labels = {} } }: KubeNode): ReadonlyMap<string, string> =>
    new Map(Object.entries(labels).filter(([label]) => !ignored.has(label)));
  return haveSame(compared(one), compared(other), (value, otherValue) => value === otherValue);
}
