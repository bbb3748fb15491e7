import { nodes, nodeKey } from '../../kube/index.js';
import type { ClusterNode, KubeNode } from '../../kube/index.js';
import { typeOf } from './fixtures.js';
import type { TestCluster } from './fixtures.js';

/** Taints as `not-ready:NoSchedule`, in their order. */
export const taintsOf = ({ spec }: KubeNode): string =>
  (spec.taints ?? []).map(({ key, effect }) => `${key.split('/')[1] ?? key}:${effect}`).join(' ');

export function nodeOf(cluster: TestCluster, name: string): KubeNode {
  const stored = cluster.world.store.get(nodes, nodeKey(cluster.key, name));
  if (!stored) throw new Error(`There is no node ${name}`);
  return stored.object;
}

/** When a node's lease was last renewed, as a client sees it. */
export function renewedAt(cluster: TestCluster, node: string): number {
  const scope = { cluster: cluster.key, namespace: 'kube-node-lease' };
  const lease = cluster.world.kubernetes.objects.get(typeOf('leases'), scope, node) as unknown as {
    spec: { renewTime: string };
  };
  return Date.parse(lease.spec.renewTime);
}

/** Notes what `describe` says of nodes, whenever it says something new of one, with the seconds since `begin`. */
export function follow(
  cluster: TestCluster,
  begin: number,
  describe: (node: KubeNode) => string | undefined,
): readonly string[] {
  const seen: string[] = [];
  const last = new Map<string, string>();
  const { store, clock } = cluster.world;
  store.watch({ collections: [nodes] }, ({ changes }) => {
    for (const { collection, key, after } of changes) {
      if (collection !== nodes.name || !after) continue;
      const text = describe((after as ClusterNode).object);
      if (text === undefined || last.get(key) === text) continue;
      last.set(key, text);
      seen.push(`${String((clock.now() - begin) / 1000)} s: ${text}`);
    }
  });
  return seen;
}

/** Cuts nodes off from the control plane. */
export function cutOff(cluster: TestCluster, ...names: readonly string[]): void {
  for (const name of names) cluster.world.kubernetes.setKubelet(cluster.key, name, 'silent');
}

/** Lets nodes post again. */
export function reconnect(cluster: TestCluster, ...names: readonly string[]): void {
  for (const name of names) cluster.world.kubernetes.setKubelet(cluster.key, name, 'alive');
}
