import type { LabelRequirement, Pod, TopologySpreadConstraint } from '../../objects.js';
import type { NodeView } from '../cluster.js';
import { quotient, refused } from '../plugin.js';
import type { Attempt, Plugin } from '../plugin.js';
import { allHold, equalTo, podSelectsNode, requirementsOf } from '../selectors.js';
import type { Requirements } from '../selectors.js';
import { untoleratedTaint } from '../tolerations.js';

/** Keeps pods that a selector selects evenly spread over the values of a label of nodes. */
export const podTopologySpread: Plugin = {
  name: 'PodTopologySpread',
  hasPreFilter: true,
  prepare: (attempt) => {
    const { pod, cluster } = attempt;
    const constraints = constraintsOf(attempt, 'DoNotSchedule');
    if (constraints.length === 0) return { kind: 'skip' };
    const takesPart = (view: NodeView, constraint: Constraint): boolean =>
      constraints.every(({ key }) => view.labels[key] !== undefined) && isIncluded(pod, view, constraint);
    const counts = constraints.map((constraint) =>
      countByDomain(
        cluster.nodes.filter((view) => takesPart(view, constraint)),
        constraint,
        pod,
      ),
    );
    return {
      kind: 'filter',
      filter: (view) => {
        for (const [index, constraint] of constraints.entries()) {
          const domain = view.labels[constraint.key];
          if (domain === undefined)
            return refused(
              'UU',
              "node(s) didn't match pod topology spread constraints (missing required label)",
            );
          const count = new Map(counts[index]);
          if (takesPart(view, constraint))
            count.set(domain, (count.get(domain) ?? 0) + change(view, constraint, pod));
          const least = count.size < constraint.minDomains ? 0 : Math.min(...count.values());
          const self = isSelected(constraint, pod) ? 1 : 0;
          if ((count.get(domain) ?? 0) + self - least > constraint.maxSkew)
            return refused('U', "node(s) didn't match pod topology spread constraints");
        }
        return undefined;
      },
    };
  },
  score: (attempt, feasible) => {
    const { pod, cluster } = attempt;
    const constraints = constraintsOf(attempt, 'ScheduleAnyway');
    if (constraints.length === 0) return undefined;
    // Under the defaults of the system a node that lacks a label is scored by the others.
    const needsAllLabels =
      hasOwnConstraints(pod) || attempt.args.PodTopologySpread?.defaultingType === 'List';
    const counts = (view: NodeView): boolean =>
      !needsAllLabels || constraints.every(({ key }) => view.labels[key] !== undefined);
    const scored = feasible.filter(counts);
    const weighted = constraints.map((constraint) => {
      const domains = new Set(scored.map(({ labels }) => labels[constraint.key] ?? ''));
      const included = cluster.nodes.filter(
        (view) =>
          counts(view) && isIncluded(pod, view, constraint) && domains.has(view.labels[constraint.key] ?? ''),
      );
      const isHostname = constraint.key === hostname;
      return {
        constraint,
        weight: Math.log((isHostname ? scored.length : domains.size) + 2),
        count: (view: NodeView, domain: string): number =>
          isHostname
            ? countOn(view, constraint, pod)
            : (countByDomain(included, constraint, pod).get(domain) ?? 0),
      };
    });
    const raw = new Map(
      scored.map((view) => {
        let score = 0;
        for (const { constraint, weight, count } of weighted) {
          const domain = view.labels[constraint.key];
          if (domain !== undefined) score += count(view, domain) * weight + (constraint.maxSkew - 1);
        }
        return [view, Math.round(score)];
      }),
    );
    const [most, least] = [Math.max(0, ...raw.values()), Math.min(...raw.values())];
    return feasible.map((view) => {
      const score = raw.get(view);
      if (score === undefined) return 0;
      return most === 0 ? 100 : quotient(100 * (most + least - score), most);
    });
  },
};

const hostname = 'kubernetes.io/hostname';

/** A constraint with everything filled in. */
interface Constraint {
  readonly key: string;
  readonly maxSkew: number;
  readonly minDomains: number;
  /** Undefined selects nothing. */
  readonly selector: Requirements | undefined;
  readonly nodeAffinityPolicy: 'Honor' | 'Ignore';
  readonly nodeTaintsPolicy: 'Honor' | 'Ignore';
}

const hasOwnConstraints = ({ spec }: Pod): boolean => (spec.topologySpreadConstraints ?? []).length > 0;

const systemDefaults: readonly TopologySpreadConstraint[] = [
  { topologyKey: hostname, whenUnsatisfiable: 'ScheduleAnyway', maxSkew: 3 },
  { topologyKey: 'topology.kubernetes.io/zone', whenUnsatisfiable: 'ScheduleAnyway', maxSkew: 5 },
];

function constraintsOf(
  attempt: Attempt,
  kind: TopologySpreadConstraint['whenUnsatisfiable'],
): readonly Constraint[] {
  const { pod, args } = attempt;
  const isOfKind = ({ whenUnsatisfiable }: TopologySpreadConstraint): boolean => whenUnsatisfiable === kind;
  if (hasOwnConstraints(pod))
    return (pod.spec.topologySpreadConstraints ?? [])
      .filter(isOfKind)
      .map((constraint) => filledIn(constraint, ownSelector(constraint, pod)));
  const { defaultingType = 'System', defaultConstraints = [] } = args.PodTopologySpread ?? {};
  const selector = selectorOfOwners(attempt);
  if (selector.length === 0) return [];
  return (defaultingType === 'System' ? systemDefaults : defaultConstraints)
    .filter(isOfKind)
    .map((constraint) => filledIn(constraint, selector));
}

function filledIn(constraint: TopologySpreadConstraint, selector: Requirements | undefined): Constraint {
  return {
    key: constraint.topologyKey,
    maxSkew: constraint.maxSkew,
    minDomains: constraint.minDomains ?? 1,
    selector,
    nodeAffinityPolicy: constraint.nodeAffinityPolicy ?? 'Honor',
    nodeTaintsPolicy: constraint.nodeTaintsPolicy ?? 'Ignore',
  };
}

/** With the pod's own values of the labels of `matchLabelKeys`; those that it doesn't have are left out. */
function ownSelector(
  { labelSelector, matchLabelKeys = [] }: TopologySpreadConstraint,
  { metadata: { labels = {} } }: Pod,
): Requirements | undefined {
  if (labelSelector === undefined) return undefined;
  const own = matchLabelKeys.flatMap((key): readonly LabelRequirement[] => {
    const value = labels[key];
    return value === undefined ? [] : [{ key, operator: 'In', values: [value] }];
  });
  return [...own, ...requirementsOf(labelSelector)];
}

/** What the services of the pod and its controller select by. */
function selectorOfOwners({ input, pod }: Attempt): Requirements {
  const { namespace = '', labels = {}, ownerReferences = [] } = pod.metadata;
  const inNamespace = ({ metadata }: { readonly metadata: { readonly namespace?: string } }): boolean =>
    (metadata.namespace ?? '') === namespace;
  const services = (input.services ?? [])
    .filter(inNamespace)
    .map(({ spec }) => spec?.selector)
    .filter((selector) => selector !== undefined && allHold(equalTo(selector), labels));
  const byLabels = Object.assign({}, ...services) as Readonly<Record<string, string>>;
  const owner = ownerReferences.find(({ controller }) => controller === true);
  const isOwner = (object: {
    readonly metadata: { readonly name: string; readonly namespace?: string };
  }): boolean => inNamespace(object) && object.metadata.name === owner?.name;
  switch (`${owner?.apiVersion ?? ''} ${owner?.kind ?? ''}`) {
    case 'v1 ReplicationController':
      return equalTo({ ...byLabels, ...input.replicationControllers?.find(isOwner)?.spec?.selector });
    case 'apps/v1 ReplicaSet':
      return [
        ...equalTo(byLabels),
        ...requirementsOf(input.replicaSets?.find(isOwner)?.spec?.selector ?? {}),
      ];
    case 'apps/v1 StatefulSet':
      return [
        ...equalTo(byLabels),
        ...requirementsOf(input.statefulSets?.find(isOwner)?.spec?.selector ?? {}),
      ];
    default:
      return equalTo(byLabels);
  }
}

function isIncluded(
  pod: Pod,
  { node }: NodeView,
  { nodeAffinityPolicy, nodeTaintsPolicy }: Constraint,
): boolean {
  if (nodeAffinityPolicy === 'Honor' && !podSelectsNode(pod, node)) return false;
  return nodeTaintsPolicy === 'Ignore' || untoleratedTaint(pod, node.spec?.taints) === undefined;
}

const isSelected = ({ selector }: Constraint, { metadata }: Pod): boolean =>
  selector !== undefined && allHold(selector, metadata.labels ?? {});

const isNeighbour = (other: Pod, pod: Pod): boolean => other.metadata.namespace === pod.metadata.namespace;

/** Pods that really are there count unless they are terminating; and none counts for a selector without requirements. */
function countOn({ pods }: NodeView, constraint: Constraint, pod: Pod): number {
  if (constraint.selector?.length === 0) return 0;
  return pods.filter(
    (other) =>
      isNeighbour(other, pod) &&
      other.metadata.deletionTimestamp === undefined &&
      isSelected(constraint, other),
  ).length;
}

function countByDomain(
  views: readonly NodeView[],
  constraint: Constraint,
  pod: Pod,
): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const view of views) {
    const domain = view.labels[constraint.key] ?? '';
    counts.set(domain, (counts.get(domain) ?? 0) + countOn(view, constraint, pod));
  }
  return counts;
}

/** What pods that are imagined, there or gone, change. kube-scheduler looks at neither exception of `countOn` here. */
function change({ added, removed }: NodeView, constraint: Constraint, pod: Pod): number {
  const selected = (pods: readonly Pod[]): number =>
    pods.filter((other) => isNeighbour(other, pod) && isSelected(constraint, other)).length;
  return selected(added) - selected(removed);
}
