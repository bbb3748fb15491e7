import type { Pod } from '../../kube/index.js';
import type { Rng } from '../../sim/index.js';
import type { NodeGroup } from '../cloud.js';
import type { GroupTemplate } from '../estimator/index.js';
import type { ExpanderName } from '../options.js';

/** How a node group could help pods. */
export interface ExpansionOption {
  readonly group: NodeGroup;
  /** How many nodes it would get; at least one. */
  readonly nodes: number;
  /** The pods that would have a node then. */
  readonly pods: readonly Pod[];
  readonly template: GroupTemplate;
  /** Groups that the nodes may be shared with. */
  readonly similar: readonly NodeGroup[];
  /** A node's, an hour, in the price list's currency; absent when not known, and where no expander asks for it. */
  readonly price?: number;
}

/** What expanders look at beside the options. */
export interface ExpanderContext {
  readonly rng: Rng;
  /** How many nodes the cluster has. */
  readonly nodes: number;
  /** The data of the ConfigMap with priorities; absent while there is none. */
  readonly priorities?: Readonly<Record<string, string>>;
}

/** A warning about the ConfigMap with priorities, to be recorded as an event of it. */
export interface ExpanderWarning {
  readonly reason:
    'PriorityConfigMapInvalid' | 'PriorityConfigMapNotMatchedGroup' | 'PriorityConfigMapNoGroupMatched';
  readonly message: string;
}

/** What an expander leaves. */
export interface Filtered {
  readonly kept: readonly ExpansionOption[];
  /** What it compared, where it did; undefined for an option that it could say nothing of. */
  readonly score?: (option: ExpansionOption) => number | undefined;
  readonly warnings?: readonly ExpanderWarning[];
}

/** A way to choose among node groups, or to narrow the choice (cluster autoscaler: expander). */
export interface Expander {
  readonly name: ExpanderName;
  readonly filter: (options: readonly ExpansionOption[], context: ExpanderContext) => Filtered;
}

/** Keeps the options with the least score; those without one are left out. */
export function keepLeast(
  options: readonly ExpansionOption[],
  scoreOf: (option: ExpansionOption) => number | undefined,
): Required<Pick<Filtered, 'kept' | 'score'>> {
  const scores = new Map(options.map((option) => [option, scoreOf(option)]));
  let least = Infinity;
  for (const score of scores.values()) if (score !== undefined && score < least) least = score;
  return {
    kept: options.filter((option) => scores.get(option) === least),
    score: (option) => scores.get(option),
  };
}
