import type { PodTemplateSpec } from '../../kinds/index.js';
import type { KubeObject } from '../../object.js';
import type { LabelSelector } from '../../selectors/index.js';
import type { FailurePolicy } from './failure-policy.js';
import type { SuccessPolicy } from './success-policy.js';

export interface JobCondition {
  readonly type: 'Suspended' | 'SuccessCriteriaMet' | 'FailureTarget' | 'Complete' | 'Failed';
  readonly status: 'True' | 'False';
  readonly lastProbeTime: string;
  readonly lastTransitionTime: string;
  readonly reason: string;
  readonly message: string;
}

export interface JobStatus {
  readonly conditions?: readonly JobCondition[];
  readonly startTime?: string;
  readonly completionTime?: string;
  readonly active?: number;
  readonly succeeded?: number;
  readonly failed?: number;
  readonly completedIndexes?: string;
  readonly failedIndexes?: string;
}

/** A Job (batch/v1), with the fields that its controller reads. */
export interface Job extends KubeObject {
  readonly spec: {
    readonly parallelism: number;
    readonly completions?: number;
    readonly completionMode: 'NonIndexed' | 'Indexed';
    readonly backoffLimit: number;
    readonly backoffLimitPerIndex?: number;
    readonly maxFailedIndexes?: number;
    readonly suspend: boolean;
    readonly activeDeadlineSeconds?: number;
    readonly ttlSecondsAfterFinished?: number;
    readonly podFailurePolicy?: FailurePolicy;
    readonly successPolicy?: SuccessPolicy;
    readonly podReplacementPolicy?: 'TerminatingOrFailed' | 'Failed';
    readonly managedBy?: string;
    readonly selector: LabelSelector;
    readonly template: PodTemplateSpec;
  };
  readonly status?: JobStatus;
}

export const conditionOf = ({ status }: Job, type: JobCondition['type']): JobCondition | undefined =>
  status?.conditions?.find((one) => one.type === type && one.status === 'True');

/** The condition that ends a job for good, if it has one. */
export const finishedCondition = (job: Job): JobCondition | undefined =>
  conditionOf(job, 'Complete') ?? conditionOf(job, 'Failed');
