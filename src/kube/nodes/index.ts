export { isNodeReady, nodeCondition } from './node.js';
export type { KubeNode, NodeCondition, ResourceList, Taint } from './node.js';
export { configureNode, nodeKey, nodes, zoneTerm } from './nodes.js';
export type { ClusterNode, NodeMarks } from './nodes.js';
export { isPosting, kubeletOf, kubelets, lastRenewal, lastStatus } from './kubelets.js';
export type { KubeletState, NodeKubelet } from './kubelets.js';
export { hasTaint, isSameTaint, taintKeys, withTaints } from './taints.js';
export {
  becomeReady,
  initializeNode,
  notReadyTaint,
  removeNode,
  resume,
  silence,
  startKubelet,
  tellOfNode,
} from './kubelet-life.js';
export type { Registration } from './kubelet-life.js';
export { ready, wellBeing, withReports } from './conditions.js';
export type { NodeReport } from './conditions.js';
