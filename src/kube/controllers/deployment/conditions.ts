import type { Instant } from '../../../units/index.js';
import { toKubeTime } from '../../kube-time.js';
import type { DeploymentCondition, DeploymentStatus } from './deployment.js';

type Conditions = readonly DeploymentCondition[];

export const conditionOf = (
  conditions: Conditions,
  type: DeploymentCondition['type'],
): DeploymentCondition | undefined => conditions.find((one) => one.type === type);

export const without = (conditions: Conditions, type: DeploymentCondition['type']): Conditions =>
  conditions.filter((one) => one.type !== type);

/**
 * Conditions with one of them set, as the last. One that says the same status for the same reason stays as it was; its
 * transition time stays while its status does.
 */
export function withCondition(
  conditions: Conditions,
  condition: Pick<DeploymentCondition, 'type' | 'status' | 'reason' | 'message'>,
  now: Instant,
): Conditions {
  const before = conditionOf(conditions, condition.type);
  if (before?.status === condition.status && before.reason === condition.reason) return conditions;
  const time = toKubeTime(now);
  const lastTransitionTime = before?.status === condition.status ? before.lastTransitionTime : time;
  const { type, status, reason, message } = condition;
  return [
    ...without(conditions, type),
    { type, status, lastUpdateTime: time, lastTransitionTime, reason, message },
  ];
}

/** What a rollout's progress is judged by. */
export interface ProgressView {
  readonly before: DeploymentStatus;
  readonly after: DeploymentStatus;
  readonly replicas: number;
  /** The name of the set of the present template, if there is one. */
  readonly set: string | undefined;
  readonly deployment: string;
  /** Milliseconds. */
  readonly deadline: number;
}

const count = (value: number | undefined): number => value ?? 0;

/** True when all pods are of the present template and available, and no others are there. */
export const isComplete = (status: DeploymentStatus, replicas: number): boolean =>
  count(status.updatedReplicas) === replicas &&
  count(status.replicas) === replicas &&
  count(status.availableReplicas) === replicas;

function hasProgressed(before: DeploymentStatus, after: DeploymentStatus): boolean {
  const old = ({ replicas, updatedReplicas }: DeploymentStatus) => count(replicas) - count(updatedReplicas);
  return (
    count(after.updatedReplicas) > count(before.updatedReplicas) ||
    old(after) < old(before) ||
    count(after.readyReplicas) > count(before.readyReplicas) ||
    count(after.availableReplicas) > count(before.availableReplicas)
  );
}

/** The conditions with that of the rollout's progress as it is now (Kubernetes: Deployment status, Progressing). */
export function withProgress(conditions: Conditions, view: ProgressView, now: Instant): Conditions {
  const { before, after, replicas, deadline } = view;
  const present = conditionOf(conditions, 'Progressing');
  const wasDone =
    count(after.replicas) === count(after.updatedReplicas) && present?.reason === 'NewReplicaSetAvailable';
  if (wasDone) return conditions;
  const subject = view.set === undefined ? `Deployment "${view.deployment}"` : `ReplicaSet "${view.set}"`;
  const type = 'Progressing';
  if (isComplete(after, replicas)) {
    const message = `${subject} has successfully progressed.`;
    return withCondition(
      conditions,
      { type, status: 'True', reason: 'NewReplicaSetAvailable', message },
      now,
    );
  }
  if (hasProgressed(before, after)) {
    const message = `${subject} is progressing.`;
    const time = toKubeTime(now);
    const lastTransitionTime = present?.status === 'True' ? present.lastTransitionTime : time;
    return [
      ...without(conditions, type),
      {
        type,
        status: 'True',
        lastUpdateTime: time,
        lastTransitionTime,
        reason: 'ReplicaSetUpdated',
        message,
      },
    ];
  }
  if (!present || !isLate(present, deadline, now)) return conditions;
  const message = `${subject} has timed out progressing.`;
  return withCondition(
    conditions,
    { type, status: 'False', reason: 'ProgressDeadlineExceeded', message },
    now,
  );
}

function isLate({ reason, lastUpdateTime }: DeploymentCondition, deadline: number, now: Instant): boolean {
  if (reason === 'NewReplicaSetAvailable') return false;
  return reason === 'ProgressDeadlineExceeded' || Date.parse(lastUpdateTime) + deadline < now;
}

/** A rollout is looked at a second after its deadline. */
const grace = 1000;

/** When a rollout that gets no further has to be looked at; undefined when it is done, or late already. */
export function lateAt(
  conditions: Conditions,
  after: DeploymentStatus,
  replicas: number,
  deadline: number,
): number | undefined {
  const present = conditionOf(conditions, 'Progressing');
  if (!present || isComplete(after, replicas) || present.reason === 'ProgressDeadlineExceeded')
    return undefined;
  if (present.reason === 'NewReplicaSetAvailable') return undefined;
  return Date.parse(present.lastUpdateTime) + deadline + grace;
}
