export type { KubeNode, NodeCondition, ResourceList, Taint } from './node.js';
export { nodeKey, nodes } from './nodes.js';
export type { ClusterNode } from './nodes.js';
