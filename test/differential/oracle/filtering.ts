/** Which nodes can take the pod. */
import { isSamePod, priorityOf, withPods } from './cluster.js';
import type { NodeView } from './cluster.js';
import type { Attempt, Plugin, Preparation, Refusal } from './plugin.js';
import type { Profile } from './profile.js';

/** Looks at one node; undefined when the pod can go there. */
export type NodeFilter = (view: NodeView) => Refusal | undefined;

/** Nothing on nodes was looked at. */
export interface Rejected {
  readonly kind: 'rejected';
  readonly plugin: string;
  readonly message: string;
  /** Plugins that had their turn before that, this one included. */
  readonly ran: readonly string[];
}

export interface Ready {
  readonly kind: 'ready';
  readonly filter: NodeFilter;
  /** Nodes worth a look, and the plugins that said so. */
  readonly only?: { readonly nodes: ReadonlySet<string>; readonly plugins: readonly string[] };
}

/** Plugins in turn look at the pod; the first that rejects it ends the attempt. */
export function prepare(attempt: Attempt, profile: Profile): Rejected | Ready {
  const prepared = new Map<Plugin, Preparation>();
  const ran: string[] = [];
  let only: ReadonlySet<string> | undefined;
  const pinning: string[] = [];
  for (const plugin of profile.preFilters) {
    const { name } = plugin;
    const preparation: Preparation = plugin.prepare?.(attempt) ?? { kind: 'skip' };
    prepared.set(plugin, preparation);
    ran.push(name);
    if (preparation.kind === 'reject')
      return { kind: 'rejected', plugin: name, message: preparation.message, ran };
    if (preparation.kind === 'skip' || preparation.only === undefined) continue;
    pinning.push(name);
    const { only: names } = preparation;
    only = only === undefined ? names : new Set([...only].filter((name) => names.has(name)));
    if (only.size === 0) {
      const plugins = pinning.toSorted();
      const message =
        plugins.length === 1
          ? `node(s) didn't satisfy plugin ${plugins.join('')}`
          : `node(s) didn't satisfy plugin(s) [${plugins.join(' ')}] simultaneously`;
      return { kind: 'rejected', plugin: name, message, ran };
    }
  }
  const filters = profile.filters.map((plugin) => {
    const preparation: Preparation = prepared.get(plugin) ?? plugin.prepare?.(attempt) ?? { kind: 'skip' };
    return { plugin: plugin.name, preparation };
  });
  const runFilters: NodeFilter = (view) => {
    for (const { plugin, preparation } of filters) {
      const rejection = preparation.kind === 'filter' ? preparation.filter(view) : undefined;
      if (rejection !== undefined) return { plugin, ...rejection };
    }
    return undefined;
  };
  return {
    kind: 'ready',
    filter: (view) => withNominated(attempt, view, runFilters),
    ...(only === undefined ? {} : { only: { nodes: only, plugins: pinning.toSorted() } }),
  };
}

/** The pod must fit beside the pods that are about to come and matter as much or more, and must fit without them as well. */
function withNominated({ pod, cluster }: Attempt, view: NodeView, filter: NodeFilter): Refusal | undefined {
  const expected = (cluster.nominated.get(view.name) ?? []).filter(
    (other) => priorityOf(other) >= priorityOf(pod) && !isSamePod(other, pod),
  );
  if (expected.length === 0) return filter(view);
  return filter(withPods(view, expected)) ?? filter(view);
}

/** How many feasible nodes are enough, of so many. */
export function enough(nodes: number, configuredPercentage: number): number {
  if (nodes < 100) return nodes;
  const percentage =
    configuredPercentage === 0 ? Math.max(5, 50 - Math.trunc(nodes / 125)) : configuredPercentage;
  return Math.max(100, Math.trunc((nodes * percentage) / 100));
}

export interface Search {
  /** In the order found. */
  readonly feasible: readonly NodeView[];
  readonly refusals: ReadonlyMap<NodeView, Refusal>;
}

/** Goes round the nodes from a place on, one after the other, until enough are found. */
export function search(
  nodes: readonly NodeView[],
  start: number,
  wanted: number,
  filter: NodeFilter,
): Search {
  const feasible: NodeView[] = [];
  const refusals = new Map<NodeView, Refusal>();
  for (let step = 0; step < nodes.length && feasible.length < wanted; step++) {
    const view = nodes[(start + step) % nodes.length];
    if (view === undefined) continue;
    const refusal = filter(view);
    if (refusal === undefined) feasible.push(view);
    else refusals.set(view, refusal);
  }
  return { feasible, refusals };
}
