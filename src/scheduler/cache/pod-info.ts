import type { Pod } from '../../kube/index.js';
import type { CarriedTerm } from './carried-terms.js';
import type { LabelSet } from './label-sets.js';
import type { PodResources } from './resources.js';

/** A port of the node's that a pod takes. */
export interface HostPort {
  /** `0.0.0.0` stands for all addresses. */
  readonly ip: string;
  readonly protocol: string;
  readonly port: number;
}

/** What pods of equal needs have in common. */
export interface PodShape {
  /** Equal for pods that each node by itself would take, refuse and score alike. */
  readonly nodeKey: string;
  readonly id: number;
  readonly priority: number;
  readonly resources: PodResources;
  readonly hostPorts: readonly HostPort[];
  /** Affinity terms that go on to hold for later pods once a pod is on a node. */
  readonly carried: readonly { readonly term: CarriedTerm; readonly weight: number }[];
}

/** A pod as the scheduler knows it. */
export interface PodInfo {
  readonly uid: string;
  pod: Pod;
  readonly shape: PodShape;
  /** Its namespace and labels. */
  labels: LabelSet;
}
