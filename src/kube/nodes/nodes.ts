import { defineCollection } from '../../store/index.js';
import { objectIndexes } from '../resource-type.js';
import { isNodeReady, nodeCondition } from './node.js';
import type { KubeNode, Taint } from './node.js';
import { taintKeys, withTaints } from './taints.js';

/** Labels and taints of a node. */
export interface NodeMarks {
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly Taint[];
}

/** A node of a cluster, with the ids of what it stands on; one that a client made stands on nothing. */
export interface ClusterNode {
  /** The cluster's key. */
  readonly cluster: string;
  /** The key of the node's agent pool. */
  readonly agentPool?: string;
  /** The key of the VM it runs on. */
  readonly vm?: string;
  /** How many data disks that VM takes. */
  readonly dataDisks?: number;
  /** What its agent pool last gave it: the rest of its labels and taints is others'. */
  readonly configured?: NodeMarks;
  readonly object: KubeNode;
}

export const nodeKey = (cluster: string, name: string): string => `${cluster}/${name}`;

/** A node with the marks that its agent pool gives it now, in place of those that it gave it before. */
export function configureNode(node: ClusterNode, marks: NodeMarks): ClusterNode {
  const { configured = { labels: {}, taints: [] }, object } = node;
  const labels = { ...object.metadata.labels };
  for (const name of Object.keys(configured.labels)) delete labels[name];
  const marked = withTaints(
    { ...object, metadata: { ...object.metadata, labels: { ...labels, ...marks.labels } } },
    { removed: configured.taints, added: marks.taints },
  );
  return { ...node, configured: marks, object: marked };
}

/** Term of the nodes' zones: a zone is of a region. */
export function zoneTerm(cluster: string, { metadata: { labels = {} } }: KubeNode): string {
  const [region = '', zone = ''] = ['region', 'zone'].map((name) => labels[`topology.kubernetes.io/${name}`]);
  return `${cluster}|${region}:${zone}`;
}

const isAwaitingEviction = (node: KubeNode): boolean =>
  nodeCondition(node, 'Ready') !== undefined &&
  !isNodeReady(node) &&
  !node.spec.taints?.some(
    ({ key, effect }) =>
      effect === 'NoExecute' && (key === taintKeys.notReady || key === taintKeys.unreachable),
  );

/** Nodes by cluster and name. */
export const nodes = defineCollection<ClusterNode>('nodes', {
  ...objectIndexes,
  byAgentPool: (node) => node.agentPool,
  byVm: (node) => node.vm,
  byZone: ({ cluster, object }) => zoneTerm(cluster, object),
  notReadyByZone: ({ cluster, object }) => (isNodeReady(object) ? undefined : zoneTerm(cluster, object)),
  /** Nodes that are not ready, whose pods are not evicted for it yet, by zone. */
  awaitingEviction: ({ cluster, object }) =>
    isAwaitingEviction(object) ? zoneTerm(cluster, object) : undefined,
  /** Nodes that an administrator has declared dead, by cluster. */
  outOfService: ({ cluster, object }) =>
    object.spec.taints?.some(({ key }) => key === taintKeys.outOfService) ? cluster : undefined,
});
