export { isNodeReady, nodeCondition } from './node.js';
export type { KubeNode, NodeCondition, ResourceList, Taint } from './node.js';
export { nodeKey, nodes } from './nodes.js';
export type { ClusterNode } from './nodes.js';
export { isPosting, kubeletOf, kubelets, lastRenewal, lastStatus } from './kubelets.js';
export type { KubeletState, NodeKubelet } from './kubelets.js';
export { isSameTaint, outOfService } from './taints.js';
