import { matchesAffinity, untolerated } from '../../kube/index.js';
import type { KubeNode, LabelSelector, Pod, TopologySpreadConstraint } from '../../kube/index.js';
import { canonicalJson, compileLabelSelector } from '../../kube/index.js';
import type { ClusterCache } from '../cache/cluster-cache.js';
import { bucketsOfQuery } from '../cache/buckets.js';
import type { LabelSet } from '../cache/label-sets.js';
import { queryKey } from '../cache/matchers.js';
import type { NodeInfo } from '../cache/node-info.js';
import type { SpreadCounter } from '../cache/spread-counter.js';
import type { Tally } from '../cache/tally.js';
import { nowhere } from '../cache/topology.js';
import { defaultConstraints } from './default-spreading.js';
import type { DomainFilter, Plugin, PluginContext, Program, Subject } from '../framework/plugin.js';
import { unresolvable, unschedulable } from '../framework/refusal.js';
import type { Refusal } from '../framework/refusal.js';
import { spreadScorer } from './spread-score.js';
import { own } from '../../units/index.js';

const name = 'PodTopologySpread';
const text = "node(s) didn't match pod topology spread constraints";
const missing = unresolvable(name, `${text} (missing required label)`);
const skewed = unschedulable(name, text);

/** A constraint with the pods of each domain counted. */
export interface Spread {
  readonly constraint: TopologySpreadConstraint;
  /** The pods that it counts, by node. */
  readonly tally: Tally;
  /** The same by domain, over the nodes that take part. */
  readonly counter: SpreadCounter;
  /** 1 when the pod itself is one of those that are counted. */
  readonly self: 0 | 1;
}

/** Whether a node without one of the keys is left out; Kubernetes' own default constraints take what there is. */
export type Keys = 'all keys' | 'any key';

/** Keeps pods spread over domains, by constraint or, for soft ones and by default, by preference. */
export const podTopologySpread: Plugin = {
  name,
  dependsOn: 'cluster',
  weight: 2,
  wakesOn: (event, { pod, labels }) => {
    const constraints = (pod.spec.topologySpreadConstraints ?? []).filter(
      ({ whenUnsatisfiable }) => whenUnsatisfiable === 'DoNotSchedule',
    );
    // Refused by constraints that the scheduler's configuration adds: what they count is not known here.
    if (constraints.length === 0) return true;
    const hasKeys = ({ metadata }: KubeNode): boolean =>
      constraints.every(({ topologyKey }) => own(metadata.labels, topologyKey) !== undefined);
    const isCounted = ({ namespace, labels: set }: LabelSet): boolean =>
      namespace === labels.namespace &&
      constraints.some((constraint) => compileLabelSelector(withLabelKeys(constraint, pod))(set));
    switch (event.kind) {
      case 'node added':
        return hasKeys(event.after);
      case 'node removed':
        return hasKeys(event.before);
      case 'node updated':
        return (
          hasKeys(event.before) !== hasKeys(event.after) ||
          constraints.some(
            ({ topologyKey }) =>
              own(event.before.metadata.labels, topologyKey) !==
              own(event.after.metadata.labels, topologyKey),
          ) ||
          canonicalJson(event.before.spec.taints ?? []) !== canonicalJson(event.after.spec.taints ?? [])
        );
      case 'pod assigned':
      case 'pod removed':
        return isCounted(event.info.labels);
      case 'pod updated':
        return isCounted(event.before.labels) !== isCounted(event.info.labels);
      case 'object changed':
        return false;
    }
  },
  compile: (subject, context) => {
    const given = subject.pod.spec.topologySpreadConstraints ?? [];
    const constraints = given.length > 0 ? given : defaultConstraints(subject, context);
    if (constraints.length === 0) return undefined;
    const isSystem = given.length === 0 && context.args.PodTopologySpread?.defaultingType !== 'List';
    const counting = new Counting(subject, context);
    const hard = counting.of(constraints, 'DoNotSchedule', 'all keys');
    const byDomain = hard.map(domainFilterOf);
    return {
      ...(hard.length > 0 && { filter: filterOf(hard), byDomain: () => byDomain }),
      scorer: () => {
        const keys = isSystem ? 'any key' : 'all keys';
        const soft = counting.of(constraints, 'ScheduleAnyway', keys);
        return soft.length > 0 ? spreadScorer(soft, keys) : undefined;
      },
      dispose: () => counting.dispose(),
    };
  },
};

/** Why the nodes of a domain won't do. */
function refusalIn(domain: number, { constraint, counter, self }: Spread): Refusal | undefined {
  if (domain === nowhere) return missing;
  const { maxSkew, minDomains = 1 } = constraint;
  const least = counter.domains < minDomains ? 0 : counter.least;
  return least !== undefined && counter.sumOf(domain) + self - least > maxSkew ? skewed : undefined;
}

function filterOf(spreads: readonly Spread[]): NonNullable<Program['filter']> {
  return ({ slot }: NodeInfo): Refusal | undefined => {
    for (const spread of spreads) {
      const refusal = refusalIn(spread.counter.topology.domainOf(slot), spread);
      if (refusal) return refusal;
    }
    return undefined;
  };
}

const domainFilterOf = (spread: Spread): DomainFilter => ({
  topology: spread.counter.topology,
  allows: (domain) => !refusalIn(domain, spread),
});

/** Sets up the counts of a pod's constraints, and gives them back. */
class Counting {
  readonly #subject: Subject;
  readonly #cache: ClusterCache;
  readonly #release: (() => void)[] = [];

  constructor(subject: Subject, { cache }: PluginContext) {
    this.#subject = subject;
    this.#cache = cache;
  }

  of(
    constraints: readonly TopologySpreadConstraint[],
    when: TopologySpreadConstraint['whenUnsatisfiable'],
    keys: Keys,
  ): readonly Spread[] {
    const chosen = constraints.filter(({ whenUnsatisfiable }) => whenUnsatisfiable === when);
    const all = chosen.map(({ topologyKey }) => topologyKey);
    return chosen.map((constraint) => this.#spread(constraint, keys === 'all keys' ? all : []));
  }

  dispose(): void {
    for (const release of this.#release) release();
  }

  #spread(constraint: TopologySpreadConstraint, keys: readonly string[]): Spread {
    const { pod, labels } = this.#subject;
    const { matchers, labelSets, counters } = this.#cache;
    const selector = withLabelKeys(constraint, pod);
    const matches = compileLabelSelector(selector);
    const counts = isEmpty(selector)
      ? () => false
      : (set: LabelSet) => !set.isTerminating && set.namespace === labels.namespace && matches(set.labels);
    const query = { selector, namespaces: [labels.namespace] };
    const key = `spread ${queryKey(query)}`;
    // In trials the pods are counted that the selector takes, be they on their way out or of a selector that asks for nothing.
    const countsInTrials = (set: LabelSet): boolean =>
      set.namespace === labels.namespace && matches(set.labels);
    const counting = { buckets: bucketsOfQuery(query), counts, countsInTrials };
    const tally = matchers.acquire(key, counting, labelSets);
    const { topologyKey, nodeAffinityPolicy = 'Honor', nodeTaintsPolicy = 'Ignore' } = constraint;
    const { nodeSelector, affinity, tolerations } = pod.spec;
    const eligibility = canonicalJson([
      keys,
      nodeAffinityPolicy === 'Honor' && [nodeSelector, affinity?.nodeAffinity],
      nodeTaintsPolicy === 'Honor' && [tolerations],
    ]);
    const counterKey = `${key} ${topologyKey} ${eligibility}`;
    const isEligible = eligibilityOf(pod, constraint, keys);
    const counter = counters.acquireSpread(counterKey, topologyKey, tally, isEligible);
    this.#release.push(() => {
      counters.releaseSpread(counterKey);
      matchers.release(key, labelSets);
    });
    return { constraint, tally, counter, self: matches(labels.labels) ? 1 : 0 };
  }
}

/** Which nodes count for a constraint: those with all keys, and those that the policies let count. */
function eligibilityOf(
  { spec }: Pod,
  { nodeAffinityPolicy = 'Honor', nodeTaintsPolicy = 'Ignore' }: TopologySpreadConstraint,
  keys: readonly string[],
): (info: NodeInfo) => boolean {
  return ({ node, labels }) => {
    if (!node || keys.some((key) => own(labels, key) === undefined)) return false;
    if (nodeAffinityPolicy === 'Honor' && !matchesAffinity(node, spec)) return false;
    return nodeTaintsPolicy === 'Ignore' || untolerated(node, spec) === undefined;
  };
}

/** A constraint's selector, narrowed by the values that the pod has for `matchLabelKeys`. */
function withLabelKeys(
  { labelSelector, matchLabelKeys = [] }: TopologySpreadConstraint,
  { metadata: { labels = {} } }: Pod,
): LabelSelector | undefined {
  const values = matchLabelKeys.filter((key) => own(labels, key) !== undefined);
  if (!labelSelector || values.length === 0) return labelSelector;
  const added = values.map((key) => ({ key, operator: 'In', values: [own(labels, key) ?? ''] }));
  return { ...labelSelector, matchExpressions: [...(labelSelector.matchExpressions ?? []), ...added] };
}

/** A selector that asks for nothing counts no pod, though it matches the pod itself (upstream: countPodsMatchSelector). */
const isEmpty = (selector: LabelSelector | undefined): boolean =>
  selector !== undefined &&
  Object.keys(selector.matchLabels ?? {}).length === 0 &&
  (selector.matchExpressions ?? []).length === 0;
