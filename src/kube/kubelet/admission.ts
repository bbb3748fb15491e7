import { milliValue, own } from '../../units/index.js';
import type { Pod, PodSpec } from '../kinds/index.js';
import { isSidecar } from '../kinds/index.js';
import type { KubeNode } from '../nodes/index.js';
import { matchesAffinity, podRequests, tolerates } from '../pods/index.js';
import type { Amounts } from '../pods/index.js';

/** A pod that its node does not take up, in the kubelet's words. */
export interface Rejection {
  readonly reason: string;
  readonly message: string;
}

/** Pods of this priority and above are critical: their nodes make room for them (Kubernetes: system-cluster-critical). */
const criticalPriority = 2_000_000_000;

export const isCritical = ({ spec }: Pod): boolean => (spec.priority ?? 0) >= criticalPriority;

/** The pods that a node has, and what they ask for together; they are listed only where that is not enough. */
export interface Residents {
  readonly load: Amounts;
  readonly list: () => readonly Pod[];
}

/** What a node's verdict on a pod is: it is taken up, once some others have gone for it, or it is not. */
export type Verdict =
  | { readonly kind: 'admitted'; readonly victims: readonly Pod[] }
  | { readonly kind: 'rejected'; readonly rejection: Rejection };

/**
 * Whether a node takes a pod up beside those it has (kubelet: admission). The scheduler has seen to it all, but the node may
 * have changed since, and a pod may name its node itself.
 */
export function admit(node: KubeNode, pod: Pod, residents: Residents): Verdict {
  const pressure = underPressure(node, pod);
  if (pressure) return { kind: 'rejected', rejection: pressure };
  const rejection = mismatch(node, pod, residents);
  const [first] = lackingResources(node, pod, residents.load);
  if (!first) return rejection ? { kind: 'rejected', rejection } : { kind: 'admitted', victims: [] };
  const victims = isCritical(pod) && !rejection ? victimsFor(node, pod, residents) : undefined;
  return victims ? { kind: 'admitted', victims } : { kind: 'rejected', rejection: first };
}

/** Pods that ask for nothing are not taken up by a node that is short of memory (kubelet: node-pressure eviction). */
function underPressure(node: KubeNode, pod: Pod): Rejection | undefined {
  const isShort = (node.status.conditions ?? []).some(
    ({ type, status }) => type === 'MemoryPressure' && status === 'True',
  );
  if (!isShort || isCritical(pod) || pod.status?.qosClass !== 'BestEffort') return undefined;
  const taint = { key: 'node.kubernetes.io/memory-pressure', effect: 'NoSchedule' } as const;
  if ((pod.spec.tolerations ?? []).some((toleration) => tolerates(toleration, taint))) return undefined;
  return { reason: 'Evicted', message: 'The node had condition: [MemoryPressure]. ' };
}

/** Whatever of a node a pod does not go with, its resources apart. */
function mismatch(node: KubeNode, pod: Pod, residents: Residents): Rejection | undefined {
  const failed = (predicate: string, why: string): Rejection => ({
    reason: predicate,
    message: `Predicate ${predicate} failed: ${why}`,
  });
  if (!matchesAffinity(node, pod.spec))
    return failed('NodeAffinity', "node(s) didn't match Pod's node affinity/selector");
  const wanted = hostPorts(pod.spec);
  if (wanted.length > 0) {
    const taken = residents.list().flatMap(({ spec }) => hostPorts(spec));
    if (wanted.some((port) => taken.some((other) => clash(port, other))))
      return failed('NodePorts', "node(s) didn't have free ports for the requested pod ports");
  }
  const { tolerations = [] } = pod.spec;
  const isKeptOff = (node.spec.taints ?? []).some(
    (taint) =>
      taint.effect === 'NoExecute' && !tolerations.some((toleration) => tolerates(toleration, taint)),
  );
  return isKeptOff ? failed('TaintToleration', "node(s) had taints that the pod didn't tolerate") : undefined;
}

interface HostPort {
  readonly port: number;
  readonly protocol: string;
  readonly address: string;
}

const anyAddress = '0.0.0.0';

function hostPorts({ containers, initContainers = [] }: PodSpec): readonly HostPort[] {
  return [...initContainers.filter(isSidecar), ...containers].flatMap(({ ports = [] }) =>
    ports.flatMap(({ hostPort, hostIP = '', protocol = 'TCP' }) =>
      hostPort ? [{ port: hostPort, protocol, address: hostIP === '' ? anyAddress : hostIP }] : [],
    ),
  );
}

const clash = (a: HostPort, b: HostPort): boolean =>
  a.port === b.port &&
  a.protocol === b.protocol &&
  (a.address === b.address || a.address === anyAddress || b.address === anyAddress);

/** Resources that a pod asks more of than is left. */
function lackingResources(node: KubeNode, { spec }: Pod, load: Amounts): readonly Rejection[] {
  const lacking: Rejection[] = [];
  for (const [name, wanted] of podRequests(spec)) {
    if (wanted === 0) continue;
    const capacity = milliValue(own(node.status.allocatable, name) ?? '0');
    const used = load.get(name) ?? 0;
    if (wanted <= capacity - used) continue;
    // Cpu is counted in thousandths, all else in whole units.
    const shown = (amount: number): string => String(name === 'cpu' ? amount : Math.ceil(amount / 1000));
    lacking.push({
      reason: `OutOf${name}`,
      message: `Node didn't have enough resource: ${name}, requested: ${shown(wanted)}, used: ${shown(used)}, capacity: ${shown(capacity)}`,
    });
  }
  return lacking;
}

const qosOrder = ['BestEffort', 'Burstable', 'Guaranteed'];

/**
 * The pods that a critical pod pushes off its node: none that is critical itself, those of the lowest quality of service and
 * priority first, and no more than it takes; undefined when all of them together are not enough.
 */
function victimsFor(node: KubeNode, pod: Pod, residents: Residents): readonly Pod[] | undefined {
  const rank = ({ status }: Pod): number => qosOrder.indexOf(status?.qosClass ?? '');
  const candidates = residents
    .list()
    .filter((other) => !isCritical(other))
    .sort((a, b) => rank(a) - rank(b) || (a.spec.priority ?? 0) - (b.spec.priority ?? 0));
  const fitsWithout = (gone: ReadonlySet<Pod>): boolean =>
    lackingResources(node, pod, without(residents.load, gone)).length === 0;
  const victims = new Set<Pod>();
  for (const candidate of candidates) {
    if (fitsWithout(victims)) break;
    victims.add(candidate);
  }
  if (!fitsWithout(victims)) return undefined;
  // What an earlier victim gave back may not be needed after a later one.
  for (const victim of [...victims]) {
    victims.delete(victim);
    if (!fitsWithout(victims)) victims.add(victim);
  }
  return [...victims];
}

function without(load: Amounts, gone: ReadonlySet<Pod>): Amounts {
  const left = new Map(load);
  for (const { spec } of gone) {
    for (const [name, amount] of podRequests(spec)) left.set(name, (left.get(name) ?? 0) - amount);
  }
  return left;
}
