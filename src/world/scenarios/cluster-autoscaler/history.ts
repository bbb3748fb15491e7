import { scalingDecisions } from '../../../autoscaler/index.js';
import { nodes } from '../../../kube/index.js';
import type { ClusterNode } from '../../../kube/index.js';
import { agentPools } from '../../../nodepools/index.js';
import type { AgentPool } from '../../../nodepools/index.js';
import type { World } from '../../index.js';
import type { TestCluster } from '../fixtures.js';

/** What comes to pass of sizes and of taints, each with the milliseconds of its moment. */
export class History {
  readonly lines: string[] = [];

  /** Takes part in a world from now on; one that was opened again is followed anew. */
  follow({ store, clock }: World): void {
    store.watch({ collections: [agentPools, nodes] }, ({ changes }) => {
      for (const { collection, key, before, after } of changes) {
        if (collection !== agentPools.name && collection !== nodes.name) continue;
        const look = collection === agentPools.name ? size : taints;
        const [was, is] = [look(before), look(after)];
        if (was !== is) this.lines.push(`${String(clock.now())} ${key.split('/').at(-1) ?? ''} ${is}`);
      }
    });
  }
}

const size = (value: unknown): string =>
  value === undefined ? 'gone' : String((value as AgentPool).properties.count);

function taints(value: unknown): string {
  if (value === undefined) return 'gone';
  const { spec } = (value as ClusterNode).object;
  const found = (spec.taints ?? []).map(({ key, value: of = '' }) => `${key}=${of}`).sort();
  return [...found, ...(spec.unschedulable ? ['unschedulable'] : [])].join(' ');
}

/** The decisions, without how often they were taken. */
export const decisionsOf = ({ store }: World): readonly string[] =>
  store
    .list(scalingDecisions)
    .map(({ times: _times, lastAt: _last, ...decision }) => JSON.stringify(decision));

/** What the autoscaler told, without how often. */
export const eventsOf = (cluster: TestCluster): readonly string[] =>
  [cluster, cluster.in('kube-system')]
    .flatMap((one) => one.list('events') as unknown as readonly Told[])
    .filter(({ source }) => source.component === 'cluster-autoscaler')
    .map(({ involvedObject, firstTimestamp, reason, message }) =>
      [firstTimestamp, involvedObject.kind, involvedObject.name, reason, message].join(' '),
    )
    .sort();

interface Told {
  readonly involvedObject: { readonly kind: string; readonly name: string };
  readonly source: { readonly component: string };
  readonly firstTimestamp: string;
  readonly reason: string;
  readonly message: string;
}
