import type { Pod } from '../../kube/index.js';
import type { Supposed } from '../../scheduler/index.js';
import { independent } from './independence.js';
import type { NodeLimit } from './limits.js';
import { NewNodes, putTemplate } from './new-nodes.js';
import type { Amounts } from './new-nodes.js';
import { decreasing } from './order.js';
import type { Estimate, GroupTemplate, PodGroup } from './pod-group.js';

/** Why a pod is kept off a node that has enough of its like (PodTopologySpread). */
const unevenSpread = "node(s) didn't match pod topology spread constraints";
const hostname = 'kubernetes.io/hostname';

/** How the pods of a group are put on nodes. Both come to the same; amounts tell faster, where they tell all. */
type Way = 'one by one' | 'by amounts';

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

/** A group that is to be packed. */
interface Packing {
  readonly pods: readonly Pod[];
  readonly way: Way;
  readonly asked: Amounts;
  /** False when not even an empty node takes a pod of it; known of those that are packed by amounts alone. */
  readonly fits: boolean;
}

function pack(
  reckoning: Reckoning,
  supposed: Supposed,
  template: GroupTemplate,
  groups: readonly PodGroup[],
  limit: NodeLimit,
): Estimate {
  const { packings, empty } = prepare(reckoning, supposed, template, groups);
  const maySendBack = packings.some(({ pods }) => pods[0] && isSpreadByHost(pods[0]));
  const before = maySendBack ? supposed.nodes() : [];
  const nodes = new NewNodes({ supposed, template, empty, limit, before });
  const lastByRules = packings.findLastIndex(({ way }) => way === 'one by one');
  const placed: Pod[] = [];
  let isLimitHit = false;
  packings.forEach((packing, index) => {
    // What nobody asks the rules about any more need not be told to them.
    if (index > lastByRules) nodes.detail = 'amounts';
    const packer = packing.way === 'by amounts' ? byAmounts : oneByOne;
    const { count, outcome } = packer(nodes, packing, isLimitHit ? 'no more nodes' : 'more nodes');
    isLimitHit ||= outcome === 'limit hit';
    for (let at = 0; at < count; at += 1) placed.push(packing.pods[at] as Pod);
  });
  return { nodes: nodes.used, pods: placed };
}

/** Asks once of each group what it takes, on a node of the template that is empty but for the template's pods. */
function prepare(
  reckoning: Reckoning,
  supposed: Supposed,
  template: GroupTemplate,
  groups: readonly PodGroup[],
): { readonly packings: readonly Packing[]; readonly empty: Amounts } {
  const ordered = decreasing(groups, template.node).filter(({ pods }) => pods.length > 0);
  const reckoned = reckoning === 'never' ? new Set<PodGroup>() : independent(ordered);
  const asks = ordered.map(({ pods: [example] }) => supposed.asks(example as Pod));
  const resources = [...new Set(asks.flatMap((asked) => asked.map(({ resource }) => resource)))];
  let packings: readonly Packing[] = [];
  let empty: Amounts = [];
  supposed.tentatively(() => {
    const probe = putTemplate(supposed, template, 0);
    empty = resources.map((resource) => {
      const { allocatable, requested } = supposed.amounts(probe, resource);
      return allocatable - requested;
    });
    packings = ordered.map((group, index) => {
      const { pods } = group;
      const asked = resources.map(
        (resource) => asks[index]?.find((one) => one.resource === resource)?.asked ?? 0,
      );
      if (!reckoned.has(group)) return { pods, way: 'one by one', asked, fits: true };
      return { pods, way: 'by amounts', asked, fits: !supposed.refusalOn(pods[0] as Pod, probe) };
    });
    return 'take back';
  });
  return { packings, empty };
}

/** Whether a group may have further nodes. */
type Supply = 'more nodes' | 'no more nodes';

/** How many pods of a group have found a node, from the first on, and whether there was a node too few. */
interface Packed {
  readonly count: number;
  readonly outcome: 'done' | 'limit hit';
}

function oneByOne(nodes: NewNodes, { pods, asked }: Packing, supply: Supply): Packed {
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
  const mayBeElsewhere = isSpreadByHost(pod) && nodes.reasonsOfNewest(pod).includes(unevenSpread);
  return mayBeElsewhere ? nodes.sendBack(pod, asked) : 'refused';
}

const isSpreadByHost = ({ spec }: Pod): boolean =>
  spec.topologySpreadConstraints?.some(({ topologyKey }) => topologyKey === hostname) ?? false;

function byAmounts(nodes: NewNodes, { pods, asked, fits }: Packing, supply: Supply): Packed {
  let count = fits ? nodes.fill(pods, asked) : 0;
  if (supply === 'no more nodes') return { count, outcome: 'done' };
  // No node has room for one more now, not even the newest.
  while (count < pods.length && !nodes.isNewestEmpty) {
    if (!nodes.mayAdd) return { count, outcome: 'limit hit' };
    nodes.add();
    const taken = fits ? nodes.fillNewest(pods, count, asked) : 0;
    if (taken === 0) break;
    count += taken;
  }
  return { count, outcome: 'done' };
}
