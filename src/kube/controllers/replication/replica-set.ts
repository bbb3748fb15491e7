import type { PodTemplateSpec } from '../../kinds/index.js';
import type { KubeObject } from '../../object.js';
import type { LabelSelector, Labels } from '../../selectors/index.js';

/** That a set could not make or delete pods. */
export interface ReplicaCondition {
  readonly type: 'ReplicaFailure';
  readonly status: 'True' | 'False';
  readonly lastTransitionTime: string;
  readonly reason: string;
  readonly message: string;
}

interface ReplicaStatus {
  readonly replicas?: number;
  readonly readyReplicas?: number;
  readonly availableReplicas?: number;
  readonly fullyLabeledReplicas?: number;
  readonly terminatingReplicas?: number;
  readonly observedGeneration?: number;
  readonly conditions?: readonly ReplicaCondition[];
}

interface ReplicaSpec {
  readonly replicas: number;
  readonly minReadySeconds?: number;
  readonly template: PodTemplateSpec;
}

/** A ReplicaSet (apps/v1), with the fields that controllers read. */
export interface ReplicaSet extends KubeObject {
  readonly spec: ReplicaSpec & { readonly selector: LabelSelector };
  readonly status?: ReplicaStatus;
}

/** A ReplicationController (core/v1): a ReplicaSet with a plain map for a selector. */
export interface ReplicationController extends KubeObject {
  readonly spec: ReplicaSpec & { readonly selector: Labels };
  readonly status?: ReplicaStatus;
}

/** Either of them, as the code that they share sees it. */
export interface ReplicaOwner extends KubeObject {
  readonly spec: ReplicaSpec;
  readonly status?: ReplicaStatus;
}
