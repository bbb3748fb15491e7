export type { KubeNode, NodeCondition, ResourceList, Taint } from './node.js';
