import type { PodTemplateSpec } from '../../kinds/index.js';
import type { KubeObject, Stored } from '../../object.js';
import type { Versioned } from '../../../store/index.js';
import type { LabelSelector } from '../../selectors/index.js';
import { resolveCount } from '../int-or-percent.js';
import type { ReplicaSet } from '../replication/index.js';

/** What is so of a Deployment (apps/v1 DeploymentCondition). */
export interface DeploymentCondition {
  readonly type: 'Available' | 'Progressing' | 'ReplicaFailure';
  readonly status: 'True' | 'False' | 'Unknown';
  readonly lastUpdateTime: string;
  readonly lastTransitionTime: string;
  readonly reason: string;
  readonly message: string;
}

export interface DeploymentStatus {
  readonly observedGeneration?: number;
  readonly replicas?: number;
  readonly updatedReplicas?: number;
  readonly readyReplicas?: number;
  readonly availableReplicas?: number;
  readonly unavailableReplicas?: number;
  readonly terminatingReplicas?: number;
  readonly collisionCount?: number;
  readonly conditions?: readonly DeploymentCondition[];
}

/** A Deployment (apps/v1), with the fields that its controller reads. */
export interface Deployment extends KubeObject {
  readonly spec: {
    readonly replicas: number;
    readonly paused?: boolean;
    readonly minReadySeconds?: number;
    readonly progressDeadlineSeconds?: number;
    readonly revisionHistoryLimit?: number;
    readonly selector: LabelSelector;
    readonly template: PodTemplateSpec;
    readonly strategy: {
      readonly type: 'RollingUpdate' | 'Recreate';
      readonly rollingUpdate?: {
        readonly maxSurge?: number | string;
        readonly maxUnavailable?: number | string;
      };
    };
  };
  readonly status?: DeploymentStatus;
}

export type SetEntry = Versioned<Stored<ReplicaSet>>;

/** No deadline at all (Kubernetes: progressDeadlineSeconds of the largest number). */
const never = 2 ** 31 - 1;

/** Milliseconds in which a rollout has to get on; undefined when it may take for ever. */
export function progressDeadline({ spec }: Deployment): number | undefined {
  const { progressDeadlineSeconds } = spec;
  if (progressDeadlineSeconds === undefined || progressDeadlineSeconds === never) return undefined;
  return progressDeadlineSeconds * 1000;
}

/** Pods that may be there beyond the replicas during a rollout; a percentage rounds up. */
export function maxSurge({ spec }: Deployment): number {
  const { type, rollingUpdate } = spec.strategy;
  if (type !== 'RollingUpdate') return 0;
  return resolveCount(rollingUpdate?.maxSurge ?? 0, spec.replicas, 'up');
}

/** Pods that may be missing during a rollout: a percentage rounds down, and it is 1 where nothing else could move. */
export function maxUnavailable(deployment: Deployment): number {
  const { strategy, replicas } = deployment.spec;
  if (strategy.type !== 'RollingUpdate' || replicas === 0) return 0;
  const count = resolveCount(strategy.rollingUpdate?.maxUnavailable ?? 0, replicas, 'down');
  return Math.min(replicas, count === 0 && maxSurge(deployment) === 0 ? 1 : count);
}
