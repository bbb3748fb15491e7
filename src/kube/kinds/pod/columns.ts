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
  const isGated = podCondition(pod, 'PodScheduled')?.reason === 'SchedulingGated';
  const phase = isGated ? 'SchedulingGated' : (status?.reason ?? status?.phase ?? 'Unknown');
  const holdUp = initialisation(pod);
  const text = holdUp && !isInitialised(pod) ? holdUp.text : containersText(pod, holdUp?.text ?? phase);
  if (metadata.deletionTimestamp === undefined) return text;
  if (status?.reason === 'NodeLost') return 'Unknown';
  return status?.phase === 'Succeeded' || status?.phase === 'Failed' ? text : 'Terminating';
}

/** What the containers make of a pod's phase. */
function containersText(pod: Pod, phase: string): string {
  let text = phase;
  let isRunning = false;
  for (const { state = {}, ready: isUp } of [...statuses(pod)].reverse()) {
    const { waiting, terminated, running } = state;
    if (waiting?.reason) text = waiting.reason;
    else if (terminated) text = terminatedText(terminated);
    else if (isUp && running) isRunning = true;
  }
  if (text !== 'Completed' || !isRunning) return text;
  return isReady(pod) ? 'Running' : 'NotReady';
}

const terminatedText = (terminated: NonNullable<ContainerStatus['state']['terminated']>): string => {
  if (terminated.reason) return terminated.reason;
  return terminated.signal
    ? `Signal:${String(terminated.signal)}`
    : `ExitCode:${String(terminated.exitCode)}`;
};

const isInitialised = (pod: Pod): boolean => podCondition(pod, 'Initialized')?.status === 'True';

/** How far the init containers are, and those that have had their turn; undefined once they are done. */
function initialisation(
  pod: Pod,
): { readonly text: string; readonly begun: readonly ContainerStatus[] } | undefined {
  const sidecars = sidecarsOf(pod);
  const all = initStatuses(pod);
  for (const [index, { name, state = {}, started }] of all.entries()) {
    if (state.terminated?.exitCode === 0) continue;
    if (sidecars.has(name) && started === true) continue;
    const reason = state.waiting?.reason;
    const waits = reason && reason !== 'PodInitializing' ? reason : undefined;
    const count = `${String(index)}/${String(pod.spec.initContainers?.length ?? all.length)}`;
    const text = state.terminated ? terminatedText(state.terminated) : (waits ?? count);
    return { text: `Init:${text}`, begun: all.slice(0, index + 1) };
  }
  return undefined;
}

function restarts(object: KubeObject, now: Instant): Cell {
  const pod = asPod(object);
  const sidecars = sidecarsOf(pod);
  const holdUp = isInitialised(pod) ? undefined : initialisation(pod);
  const counted = holdUp?.begun ?? [
    ...initStatuses(pod).filter(({ name }) => sidecars.has(name)),
    ...statuses(pod),
  ];
  const count = counted.reduce((sum, { restartCount = 0 }) => sum + restartCount, 0);
  const last = counted
    .flatMap(({ lastState = {} }) => lastState.terminated?.finishedAt ?? [])
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
  wide('IP', (object) => asPod(object).status?.podIPs?.[0]?.ip ?? '<none>'),
  wide('Node', textAt('spec.nodeName')),
  wide('Nominated Node', textAt('status.nominatedNodeName')),
  wide('Readiness Gates', readinessGates),
];
