import { createHash } from 'node:crypto';
import type { Instant } from '../../units/index.js';
import type {
  Container,
  ContainerLife,
  ContainerState,
  ContainerStatus,
  Pod,
  PodLife,
  PodStatus,
  Termination,
} from '../kinds/index.js';
import { isEphemeral, isSidecar } from '../kinds/index.js';
import { toKubeTime } from '../kube-time.js';
import type { KubeNode } from '../nodes/index.js';
import { withCondition } from '../pods/index.js';
import { conditionsOf } from './conditions.js';
import { unborn } from './containers.js';
import { goDuration } from './go-duration.js';
import { imageId, imageReference } from './images.js';
import { deadlineMessage, isDone } from './pod-machine.js';
import { phaseOf } from './phase.js';
import { own } from '../../units/index.js';

/** What a node says of a pod: it follows from the pod's life alone, but for what others have written. */
export function statusOf(
  pod: Pod,
  life: PodLife,
  node: KubeNode,
  podIP: string | undefined,
  now: Instant,
): PodStatus {
  const inits = pod.spec.initContainers ?? [];
  const phase = phaseOf(pod, life);
  const of = ({ name }: Container): ContainerLife => own(life.containers, name) ?? unborn;
  const hostIP = node.status.addresses?.find(({ type }) => type === 'InternalIP')?.address;
  const added = (pod.spec.ephemeralContainers ?? []).filter(({ name }) => own(life.containers, name));
  const counted = [...inits.filter(isSidecar), ...pod.spec.containers];
  const conditions = conditionsOf(
    pod,
    {
      phase,
      hasSandbox: podIP !== undefined && !life.hasEnded,
      incomplete: inits.filter((container) => !isDone(container, of(container))).map(({ name }) => name),
      unready: counted.filter((container) => !isReady(of(container))).map(({ name }) => name),
    },
    now,
  );
  return {
    ...pod.status,
    ...(pod.metadata.generation !== undefined && { observedGeneration: pod.metadata.generation }),
    phase,
    ...endingOf(life),
    startTime: toKubeTime(life.acceptedAt),
    ...(hostIP !== undefined && { hostIP, hostIPs: [{ ip: hostIP }] }),
    ...(podIP !== undefined && { podIP, podIPs: [{ ip: podIP }] }),
    conditions: withDisruption(conditions, life, now),
    containerStatuses: pod.spec.containers.map((container) => containerStatus(pod, container, of(container))),
    ...(inits.length > 0 && {
      initContainerStatuses: inits.map((container) => containerStatus(pod, container, of(container))),
    }),
    ...(added.length > 0 && {
      ephemeralContainerStatuses: added.map((container) => containerStatus(pod, container, of(container))),
    }),
  };
}

const isReady = ({ stage }: ContainerLife): boolean => stage.kind === 'running' && stage.isReady;

export const preemptionMessage = 'Preempted in order to admit critical pod';

/** Why a pod was made to end, once it has (kubelet: its own reasons for a pod's failure). */
function endingOf({ stop, hasEnded }: PodLife): Pick<PodStatus, 'reason' | 'message'> {
  if (!stop || !hasEnded) return {};
  switch (stop.cause) {
    case 'deadline':
      return { reason: 'DeadlineExceeded', message: deadlineMessage };
    case 'eviction':
      return { reason: 'Evicted', message: stop.message };
    case 'preemption':
      return { reason: 'Preempting', message: preemptionMessage };
    case 'deletion':
      return {};
  }
}

/** Says that it was the kubelet that ended the pod, and not the pod itself (Kubernetes: pod disruption conditions). */
function withDisruption(conditions: PodStatus['conditions'], { stop }: PodLife, now: Instant) {
  const message =
    stop?.cause === 'eviction'
      ? stop.message
      : stop?.cause === 'preemption'
        ? 'Pod was preempted by Kubelet to accommodate a critical pod.'
        : undefined;
  if (message === undefined) return conditions ?? [];
  const condition = {
    type: 'DisruptionTarget',
    status: 'True',
    reason: 'TerminationByKubelet',
    message,
  } as const;
  return withCondition(conditions, condition, now);
}

function containerStatus(pod: Pod, container: Container, life: ContainerLife): ContainerStatus {
  const { stage, last, restarts } = life;
  const { name, image = '' } = container;
  const isBorn =
    stage.kind === 'running' || (stage.kind === 'ended' && stage.how.reason !== 'ContainerStatusUnknown');
  const hasRun = isBorn || last !== undefined;
  const reference = imageReference(image);
  return {
    name,
    ...serviceOf(pod, container, life),
    restartCount: stage.kind === 'ended' ? stage.how.run : restarts,
    image: hasRun ? reference : image,
    imageID: hasRun ? imageId(reference) : '',
    ...(hasRun && { containerID: containerId(pod, name, isBorn ? restarts : (last?.run ?? 0)) }),
    state: stateOf(pod, name, life),
    lastState: last ? { terminated: terminated(pod, name, last) } : {},
  };
}

/** Whether a container can be used; nothing is said of this of those that were added to look into the pod. */
function serviceOf(
  pod: Pod,
  container: Container,
  life: ContainerLife,
): Pick<ContainerStatus, 'ready' | 'started'> {
  if (isEphemeral(pod, container)) return { ready: false };
  const { stage } = life;
  if (stage.kind === 'running') return { ready: stage.isReady, started: stage.isStarted };
  return { ready: isSpent(pod, container, life), started: false };
}

/** An init container that has done its work counts as ready. */
const isSpent = ({ spec }: Pod, container: Container, life: ContainerLife): boolean =>
  (spec.initContainers ?? []).includes(container) && !isSidecar(container) && isDone(container, life);

function stateOf(pod: Pod, name: string, { stage }: ContainerLife): ContainerState {
  const waiting = (reason: string, message?: string): ContainerState => ({
    waiting: { reason, ...(message !== undefined && { message }) },
  });
  switch (stage.kind) {
    case 'running':
      return { running: { startedAt: toKubeTime(stage.startedAt) } };
    case 'ended':
      return { terminated: terminated(pod, name, stage.how) };
    case 'blocked':
      return waiting(stage.reason, stage.message);
    case 'pull-failed':
      return waiting('ErrImagePull', stage.message);
    case 'pull-back-off':
      return waiting('ImagePullBackOff', stage.message);
    case 'crash-back-off': {
      const { name: podName, namespace = '', uid } = pod.metadata;
      const where = `container=${name} pod=${podName}_${namespace}(${uid})`;
      return waiting('CrashLoopBackOff', `back-off ${goDuration(stage.delay)} restarting failed ${where}`);
    }
    case 'creating':
      if (stage.failed !== undefined) return waiting('ImagePullBackOff', stage.failed);
      return waiting(initialReason(pod));
    case 'waiting':
      return waiting(initialReason(pod));
  }
}

const initialReason = ({ spec }: Pod): string =>
  (spec.initContainers ?? []).length > 0 ? 'PodInitializing' : 'ContainerCreating';

function terminated(pod: Pod, name: string, how: Termination): NonNullable<ContainerState['terminated']> {
  const { exitCode, reason, message, startedAt, finishedAt, run } = how;
  return {
    exitCode,
    reason,
    ...(message !== undefined && { message }),
    // What never began is told as the runtime does: from the epoch on.
    startedAt: startedAt === undefined ? '1970-01-01T00:00:00Z' : toKubeTime(startedAt),
    finishedAt: toKubeTime(finishedAt),
    ...(reason !== 'ContainerStatusUnknown' && { containerID: containerId(pod, name, run) }),
  };
}

/** The runtime's id of a run of a container: it follows from the pod's uid. */
export const containerId = ({ metadata }: Pod, name: string, run: number): string =>
  `containerd://${createHash('sha256')
    .update(`${metadata.uid}/${name}/${String(run)}`)
    .digest('hex')}`;
