/** Below this many nodes all are looked at. */
const smallest = 100;

/**
 * How many nodes that will do are enough (kube-scheduler: percentageOfNodesToScore). 0 percent lets the size decide: half of a
 * small cluster, less the larger it is, never less than 5 %.
 */
export function enoughNodes(nodes: number, percentage: number): number {
  if (nodes < smallest || percentage >= 100) return nodes;
  const share = percentage > 0 ? percentage : Math.max(5, 50 - Math.floor(nodes / 125));
  return Math.max(smallest, Math.floor((nodes * share) / 100));
}
