import type { KubeNode } from '../kube/index.js';
import type { Collection, Reader, Transaction } from '../store/index.js';
import type { AutoscalerOptions } from './options.js';

/** Which remedy a refusal of the cloud calls for. */
export type ScarceResource = 'quota' | 'subnet' | 'capacity' | 'other';

/** Why the cloud did not do what it was asked for. */
export interface CloudFailure {
  /** The cloud's error code, e.g. `QuotaExceeded`. */
  readonly code: string;
  readonly message: string;
  readonly scarce: ScarceResource;
}

/** Why an instance could not be made (cluster autoscaler: InstanceErrorInfo). */
export interface InstanceFailure {
  readonly class: 'OutOfResource' | 'Other';
  /** E.g. `provisioning-state-failed`. */
  readonly code: string;
  readonly message: string;
  readonly scarce: ScarceResource;
}

/** A VM of a node group, as the cloud tells of it. */
export interface Instance {
  /** The provider id, in lower case. */
  readonly id: string;
  /** The name of the node that it is or will be. */
  readonly node: string;
  readonly state: 'creating' | 'running' | 'deleting';
  readonly failure?: InstanceFailure;
}

/** Settings of one node group in place of the autoscaler's own (Azure: autoscaling options by tag). */
export type GroupOptions = Partial<
  Pick<
    AutoscalerOptions,
    | 'scaleDownUtilizationThreshold'
    | 'scaleDownGpuUtilizationThreshold'
    | 'scaleDownUnneededTime'
    | 'scaleDownUnreadyTime'
  >
>;

/** Nodes that are alike and whose number the autoscaler may change: an agent pool's scale set. */
export interface NodeGroup {
  /** The scale set's name, e.g. `aks-web-12345678-vmss`. */
  readonly id: string;
  /** The agent pool's name. */
  readonly pool: string;
  readonly minSize: number;
  readonly maxSize: number;
  /** How many instances it is to have. */
  readonly targetSize: number;
  readonly instances: readonly Instance[];
  readonly options: GroupOptions;
  /** Somebody else is changing the pool's nodes, e.g. an upgrade: neither grown nor shrunk meanwhile. */
  readonly isHeld: boolean;
}

/** What an autoscaler runs on. */
export interface AutoscalerSettings {
  readonly options: AutoscalerOptions;
  /** Changes when the autoscaler is started anew: what it keeps in memory is lost then (AKS: a change of the profile). */
  readonly run: string;
}

/** The cloud as a cluster autoscaler sees it (cluster autoscaler: CloudProvider). Reads are of the store as it is. */
export interface Cloud {
  /** Clusters that have an autoscaler now, in order. */
  clusters(reader: Reader): readonly string[];
  /** Undefined for a cluster without an autoscaler, or without one that runs now. */
  settings(reader: Reader, cluster: string): AutoscalerSettings | undefined;
  /** The node groups that the autoscaler is in charge of, by id. */
  groups(reader: Reader, cluster: string): readonly NodeGroup[];
  /** The node that a group without a usable one would get; undefined when its size is not known. */
  template(reader: Reader, cluster: string, group: string): KubeNode | undefined;
  /** Whether `template` is drawn anew in every loop, as nobody knows which of several zones the next node will be in. */
  drawsTemplate(reader: Reader, cluster: string, group: string): boolean;
  /** What a node of the group costs an hour, in the price list's currency; undefined when not known. */
  hourlyPrice(reader: Reader, cluster: string, group: string): number | undefined;
  /** Asks for more instances: all are accepted or none. */
  increase(tx: Transaction, cluster: string, group: string, delta: number): CloudFailure | undefined;
  /** Gives up instances that were asked for and never came. */
  decreaseTarget(tx: Transaction, cluster: string, group: string, delta: number): CloudFailure | undefined;
  /** Deletes the instances of nodes. Nodes without an instance are left out. */
  deleteNodes(
    tx: Transaction,
    cluster: string,
    group: string,
    nodes: readonly string[],
  ): CloudFailure | undefined;
  /** The collections that `settings` and `groups` read: their changes are looked at. */
  readonly follows: readonly Collection<never>[];
}

/** The Kubernetes events' source (cluster autoscaler). */
export const component = 'cluster-autoscaler';
