import type { Pod } from '../../kube/index.js';
import type { Supposed } from '../../scheduler/index.js';
import { asksForAmountsAlone, countedBy, repelledBy } from './independence.js';
import type { PodTest } from './independence.js';
import type { NodeLimit } from './limits.js';
import { NewNodes, putTemplate } from './new-nodes.js';
import type { Amounts, Fill } from './new-nodes.js';
import { decreasing } from './order.js';
import type { Estimate, GroupTemplate, PodGroup } from './pod-group.js';

/** Why a pod is kept off a node that has enough of its like (PodTopologySpread). */
const unevenSpread = "node(s) didn't match pod topology spread constraints";
const hostname = 'kubernetes.io/hostname';

/** Whether groups that hang on amounts alone are reckoned. */
export type Reckoning = 'where amounts tell' | 'never';

/**
 * How many nodes of a group the pods would take, and which of them they would help: the largest first, each on the next new node
 * that takes it, else on another new one (cluster autoscaler: first-fit-decreasing bin packing). Nothing stays of what is supposed
 * in it. Pods of a group are placed in their order: a group is helped from its first pod on.
 */
export const estimate = (
  supposed: Supposed,
  template: GroupTemplate,
  groups: readonly PodGroup[],
  limit: NodeLimit,
): Estimate => estimateBy('where amounts tell', supposed, template, groups, limit);

/** As `estimate`; by the scheduler's rules alone it is the naive way, to be compared with. */
export function estimateBy(
  reckoning: Reckoning,
  supposed: Supposed,
  template: GroupTemplate,
  groups: readonly PodGroup[],
  limit: NodeLimit,
): Estimate {
  let found: Estimate = { nodes: 0, pods: [] };
  supposed.tentatively(() => {
    found = pack(reckoning, supposed, template, groups, limit);
    return 'take back';
  });
  return found;
}

/** How the pods of a group are put on nodes: both ways come to the same. */
type Packing =
  /** By all rules of the scheduler. */
  | { readonly way: 'one by one'; readonly pods: readonly Pod[]; readonly asked: Amounts }
  /** Reckoned, where amounts tell all. It fits when an empty node takes one of them. */
  | ({ readonly way: 'by amounts'; readonly fits: boolean } & Fill);

function pack(
  reckoning: Reckoning,
  supposed: Supposed,
  template: GroupTemplate,
  groups: readonly PodGroup[],
  limit: NodeLimit,
): Estimate {
  const { packings, empty, told } = prepare(reckoning, supposed, template, groups);
  const maySendBack = packings.some(({ pods }) => pods[0] && isSpreadByHost(pods[0]));
  const before = maySendBack ? supposed.nodes() : [];
  const nodes = new NewNodes({ supposed, template: told, empty, limit, before });
  const lastByRules = packings.findLastIndex(({ way }) => way === 'one by one');
  const placed: Pod[] = [];
  let isLimitHit = false;
  packings.forEach((packing, index) => {
    if (index > lastByRules) nodes.rules = 'not asked any more';
    const supply = isLimitHit ? 'no more nodes' : 'more nodes';
    const { count, outcome } =
      packing.way === 'by amounts' ? byAmounts(nodes, packing, supply) : oneByOne(nodes, packing, supply);
    isLimitHit ||= outcome === 'limit hit';
    for (let at = 0; at < count; at += 1) placed.push(packing.pods[at] as Pod);
  });
  return { nodes: nodes.used, pods: placed };
}

/** What an estimate goes by. */
interface Prepared {
  readonly packings: readonly Packing[];
  /** What a new node has for pods. */
  readonly empty: Amounts;
  /** The template with those of its pods alone that the scheduler's rules count for others. */
  readonly told: GroupTemplate;
}

/** Asks once of each group what it takes, on a node of the template that is empty but for the template's pods. */
function prepare(
  reckoning: Reckoning,
  supposed: Supposed,
  template: GroupTemplate,
  groups: readonly PodGroup[],
): Prepared {
  const ordered = decreasing(groups, template.node).flatMap(({ pods }) => {
    const [example] = pods;
    return example ? [{ pods, example }] : [];
  });
  if (reckoning === 'never') {
    const packings = ordered.map(({ pods }) => ({ way: 'one by one', pods, asked: [] }) as const);
    return { packings, empty: [], told: template };
  }
  const { ways, counts } = waysOf(ordered.map(({ example }) => example));
  const asks = ordered.map(({ example }) => supposed.asks(example));
  const resources = [...new Set(asks.flatMap((asked) => asked.map(({ resource }) => resource)))];
  const amountsOf = (asked: ReturnType<Supposed['asks']>): Amounts => {
    const byName = new Map(asked.map((one) => [one.resource, one.asked]));
    return resources.map((resource) => byName.get(resource) ?? 0);
  };
  let packings: readonly Packing[] = [];
  let empty: Amounts = [];
  supposed.tentatively(() => {
    const probe = putTemplate(supposed, template, 0);
    empty = resources.map((resource) => {
      const { allocatable, requested } = supposed.amounts(probe, resource);
      return allocatable - requested;
    });
    packings = ordered.map(({ pods, example }, index): Packing => {
      const asked = amountsOf(asks[index] ?? []);
      const way = ways[index] ?? 'one by one';
      if (way === 'one by one') return { way, pods, asked };
      return { way: 'by amounts', pods, asked, told: way, fits: !supposed.refusalOn(example, probe) };
    });
    return 'take back';
  });
  const pods = template.pods.filter((pod) => counts(pod) || !asksForAmountsAlone(pod));
  return { packings, empty, told: { ...template, pods } };
}

/** How groups are to be packed, in order, and which pods count for those that are packed one by one. */
interface Ways {
  readonly ways: readonly ('one by one' | Fill['told'])[];
  readonly counts: PodTest;
}

/**
 * Groups that hang on amounts alone are reckoned unless one before them keeps them off nodes; they are told of when one after them
 * counts them. `examples` are a pod of each.
 */
function waysOf(examples: readonly Pod[]): Ways {
  const repelling: PodTest[] = [];
  const areReckoned = examples.map((example) => {
    const isReckoned = asksForAmountsAlone(example) && !repelling.some((repels) => repels(example));
    if (!isReckoned) repelling.push(repelledBy(example));
    return isReckoned;
  });
  const counting: PodTest[] = [];
  const counts: PodTest = (pod) => counting.some((test) => test(pod));
  const fromLast = examples.map((_, index) => {
    const at = examples.length - 1 - index;
    const example = examples[at] as Pod;
    if (areReckoned[at]) return counts(example) ? 'told' : 'not told';
    counting.push(countedBy(example));
    return 'one by one';
  });
  return { ways: fromLast.reverse(), counts };
}

/** Whether a group may have further nodes. */
type Supply = 'more nodes' | 'no more nodes';

/** How many pods of a group have found a node, from the first on, and whether there was a node too few. */
interface Packed {
  readonly count: number;
  readonly outcome: 'done' | 'limit hit';
}

function oneByOne(nodes: NewNodes, { pods, asked }: Pick<Fill, 'pods' | 'asked'>, supply: Supply): Packed {
  let count = pods.findIndex((pod) => nodes.placeOnAny(pod, asked) === 'refused');
  if (count < 0) return { count: pods.length, outcome: 'done' };
  if (supply === 'no more nodes') return { count, outcome: 'done' };
  for (; count < pods.length; count += 1) {
    const pod = pods[count] as Pod;
    if (placeOnNewest(nodes, pod, asked) === 'placed') continue;
    if (nodes.isNewestEmpty) break;
    if (!nodes.mayAdd) return { count, outcome: 'limit hit' };
    nodes.add();
    // It may not do either, e.g. as its zone has enough of these pods: it stays, empty, for other groups.
    if (nodes.placeOnNewest(pod, asked) === 'refused') break;
  }
  return { count, outcome: 'done' };
}

/** On the newest node; where the pods would be too many on one host, on any other node that has become free for them. */
function placeOnNewest(nodes: NewNodes, pod: Pod, asked: Amounts): 'placed' | 'refused' {
  if (nodes.placeOnNewest(pod, asked) === 'placed') return 'placed';
  const mayBeElsewhere = isSpreadByHost(pod) && nodes.reasonsOfNewest(pod, asked).includes(unevenSpread);
  return mayBeElsewhere ? nodes.sendBack(pod, asked) : 'refused';
}

const isSpreadByHost = ({ spec }: Pod): boolean =>
  spec.topologySpreadConstraints?.some(({ topologyKey }) => topologyKey === hostname) ?? false;

function byAmounts(
  nodes: NewNodes,
  { fits, ...fill }: Fill & { readonly fits: boolean },
  supply: Supply,
): Packed {
  const { length } = fill.pods;
  let count = fits ? nodes.fill(fill) : 0;
  if (supply === 'no more nodes') return { count, outcome: 'done' };
  // No node has room for one more now, not even the newest.
  while (count < length && !nodes.isNewestEmpty) {
    if (!nodes.mayAdd) return { count, outcome: 'limit hit' };
    nodes.add();
    const taken = fits ? nodes.fillNewest(fill, count) : 0;
    if (taken === 0) break;
    count += taken;
  }
  return { count, outcome: 'done' };
}
