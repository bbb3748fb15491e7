import type { Instant } from '../../units/index.js';
import type { Pod, PodCondition, PodPhase } from '../kinds/index.js';
import { podCondition } from '../kinds/index.js';
import { withCondition } from '../pods/index.js';

/** What the conditions of a pod are made from. */
export interface Facts {
  readonly phase: PodPhase;
  readonly hasSandbox: boolean;
  /** Init containers that are not done. */
  readonly incomplete: readonly string[];
  /** Containers that are not ready, sidecars too. */
  readonly unready: readonly string[];
}

type Condition = Omit<PodCondition, 'lastTransitionTime' | 'lastProbeTime'>;

const isTrue = (type: string): Condition => ({ type, status: 'True' });
const isFalse = (type: string, reason?: string, message?: string): Condition => ({
  type,
  status: 'False',
  ...(reason !== undefined && { reason }),
  ...(message !== undefined && { message }),
});

/** The conditions that a kubelet keeps, in its order, before those that others set (Kubernetes: pod conditions). */
export function conditionsOf(pod: Pod, facts: Facts, now: Instant): readonly PodCondition[] {
  const present = pod.status?.conditions ?? [];
  const own = [
    facts.hasSandbox ? isTrue('PodReadyToStartContainers') : isFalse('PodReadyToStartContainers'),
    initialized(facts),
    ready(pod, facts),
    containersReady('ContainersReady', facts) ?? isTrue('ContainersReady'),
  ];
  const scheduled = podCondition(pod, 'PodScheduled') ? [] : [isTrue('PodScheduled')];
  const types = new Set(own.map(({ type }) => type));
  const before = present.filter(({ type }) => types.has(type));
  const others = present.filter(({ type }) => !types.has(type));
  const set = [...own, ...scheduled].flatMap((condition) =>
    withCondition(
      before.filter(({ type }) => type === condition.type),
      condition,
      now,
    ),
  );
  return [...set, ...others];
}

function initialized({ phase, incomplete }: Facts): Condition {
  if (phase === 'Succeeded') return { ...isTrue('Initialized'), reason: 'PodCompleted' };
  if (incomplete.length === 0) return isTrue('Initialized');
  return isFalse(
    'Initialized',
    'ContainersNotInitialized',
    `containers with incomplete status: [${incomplete.join(' ')}]`,
  );
}

/** What keeps the containers from being ready; undefined when nothing does. */
function containersReady(type: string, { phase, unready }: Facts): Condition | undefined {
  if (phase === 'Succeeded') return isFalse(type, 'PodCompleted');
  if (phase === 'Failed') return isFalse(type, 'PodFailed');
  if (unready.length === 0) return undefined;
  return isFalse(type, 'ContainersNotReady', `containers with unready status: [${unready.join(' ')}]`);
}

function ready(pod: Pod, facts: Facts): Condition {
  const notReady = containersReady('Ready', facts);
  if (notReady) return notReady;
  const closed = (pod.spec.readinessGates ?? []).flatMap(({ conditionType }) => {
    const found = podCondition(pod, conditionType);
    if (!found) return [`corresponding condition of pod readiness gate "${conditionType}" does not exist.`];
    return found.status === 'True'
      ? []
      : [`the status of pod readiness gate "${conditionType}" is not "True", but ${found.status}`];
  });
  return closed.length === 0
    ? isTrue('Ready')
    : isFalse('Ready', 'ReadinessGatesNotReady', closed.join(', '));
}
