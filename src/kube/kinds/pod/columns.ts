import type { Instant } from '../../../units/index.js';
import { ageColumn, column, elapsed, nameColumn, textAt, wide } from '../../table/index.js';
import type { Cell, Column } from '../../table/index.js';
import type { KubeObject } from '../../object.js';
import { isReady, isSidecar, podCondition } from './pod.js';
import type { ContainerStatus, Pod } from './pod.js';

const asPod = (object: KubeObject): Pod => object as Pod;

const initStatuses = (pod: Pod) => pod.status?.initContainerStatuses ?? [];
const statuses = (pod: Pod) => pod.status?.containerStatuses ?? [];
const sidecarsOf = (pod: Pod): ReadonlySet<string> =>
  new Set((pod.spec.initContainers ?? []).filter(isSidecar).map(({ name }) => name));

/** Ready containers of all, sidecars counted. */
function ready(object: KubeObject): Cell {
  const pod = asPod(object);
  const sidecars = sidecarsOf(pod);
  const counted = [...initStatuses(pod).filter(({ name }) => sidecars.has(name)), ...statuses(pod)];
  const total = pod.spec.containers.length + sidecars.size;
  return `${String(counted.filter((one) => one.ready).length)}/${String(total)}`;
}

/** The one word for a pod's state (kubectl get: STATUS). */
export function podStatusText(pod: Pod): string {
  const { metadata, status } = pod;
  const gated =
    podCondition(pod, 'PodScheduled')?.reason === 'SchedulingGated' ? 'SchedulingGated' : undefined;
  let text = status?.reason ?? gated ?? status?.phase ?? 'Unknown';
  const initialising = initText(pod);
  if (initialising !== undefined) text = initialising;
  else {
    let running = false;
    for (const one of [...statuses(pod)].reverse()) {
      const { waiting, terminated } = one.state;
      if (waiting?.reason) text = waiting.reason;
      else if (terminated) text = terminatedText(terminated);
      else if (one.ready && one.state.running) running = true;
    }
    if (text === 'Completed' && running) text = isReady(pod) ? 'Running' : 'NotReady';
  }
  if (metadata.deletionTimestamp === undefined) return text;
  return status?.reason === 'NodeLost' ? 'Unknown' : 'Terminating';
}

const terminatedText = (terminated: NonNullable<ContainerStatus['state']['terminated']>): string => {
  if (terminated.reason) return terminated.reason;
  return terminated.signal
    ? `Signal:${String(terminated.signal)}`
    : `ExitCode:${String(terminated.exitCode)}`;
};

/** How far the init containers are; undefined once they are done. */
function initText(pod: Pod): string | undefined {
  const sidecars = sidecarsOf(pod);
  const all = initStatuses(pod);
  for (const [index, { name, state, started }] of all.entries()) {
    if (state.terminated?.exitCode === 0) continue;
    if (sidecars.has(name) && started === true) continue;
    if (state.terminated) return `Init:${terminatedText(state.terminated)}`;
    const reason = state.waiting?.reason;
    if (reason && reason !== 'PodInitializing') return `Init:${reason}`;
    return `Init:${String(index)}/${String(pod.spec.initContainers?.length ?? all.length)}`;
  }
  return undefined;
}

function restarts(object: KubeObject, now: Instant): Cell {
  const pod = asPod(object);
  const sidecars = sidecarsOf(pod);
  const counted = [...initStatuses(pod).filter(({ name }) => sidecars.has(name)), ...statuses(pod)];
  const count = counted.reduce((sum, { restartCount }) => sum + restartCount, 0);
  const last = counted
    .flatMap(({ lastState }) => lastState.terminated?.finishedAt ?? [])
    .sort()
    .at(-1);
  return count === 0 || last === undefined ? String(count) : `${String(count)} (${elapsed(last, now)} ago)`;
}

function readinessGates(object: KubeObject): Cell {
  const pod = asPod(object);
  const gates = pod.spec.readinessGates ?? [];
  if (gates.length === 0) return '<none>';
  const open = gates.filter(({ conditionType }) => podCondition(pod, conditionType)?.status === 'True');
  return `${String(open.length)}/${String(gates.length)}`;
}

export const podColumns: readonly Column[] = [
  nameColumn,
  column('Ready', ready),
  column('Status', (object) => podStatusText(asPod(object))),
  column('Restarts', restarts),
  ageColumn,
  wide('IP', textAt('status.podIP')),
  wide('Node', textAt('spec.nodeName')),
  wide('Nominated Node', textAt('status.nominatedNodeName')),
  wide('Readiness Gates', readinessGates),
];
