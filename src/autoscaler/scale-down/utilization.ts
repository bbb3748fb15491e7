import type { KubeNode, Pod } from '../../kube/index.js';
import type { Supposed } from '../../scheduler/index.js';
import type { Instant } from '../../units/index.js';
import { isDaemon, isLongTerminating, isMirror } from '../drainability/index.js';
import { gpuResource, isGpuNode } from '../gpu.js';
import type { AutoscalerOptions } from '../options.js';
import type { PoolUse } from './device-pools.js';

/** How much of a node its pods ask for, each 0 to 1 and more where pods ask for more than there is (cluster autoscaler: utilization.Info). */
export interface Utilization {
  readonly cpu: number;
  readonly memory: number;
  readonly gpu: number;
  /** Of the fullest pool of devices (Kubernetes: dynamic resource allocation). */
  readonly devices: number;
  /** The resource that counts. */
  readonly resource: string;
  /** Of the resource that counts. */
  readonly ratio: number;
}

/** Where nodes and their pods are looked up. */
export type UtilizationSource = Pick<Supposed, 'amounts' | 'podsOn' | 'requestOf' | 'versionOf'>;

/** Options that say which pods count. */
export type UtilizationOptions = Pick<
  AutoscalerOptions,
  'ignoreDaemonSetsUtilization' | 'ignoreMirrorPodsUtilization'
>;

/**
 * How much a node is used: GPUs alone count where it has them, pools of devices alone where it has those, else the larger of
 * cpu and memory. What can not be told counts as unused, so that the node may go.
 *
 * @param pools of the node's own devices.
 */
export function utilizationOf(
  supposed: UtilizationSource,
  node: KubeNode,
  init: {
    readonly now: Instant;
    readonly options: UtilizationOptions;
    readonly pools?: readonly PoolUse[] | undefined;
  },
): Utilization {
  const { options, pools } = init;
  if (!isGpuNode(node) && pools) return ofDevices(pools);
  const { name } = node.metadata;
  // What of a pod is not in a node's version may decide whether it is left out.
  const isKept = !options.ignoreDaemonSetsUtilization && !options.ignoreMirrorPodsUtilization;
  const version = isKept ? supposed.versionOf(name) : undefined;
  const before = version && known.get(version.place);
  if (before && before.change === version.change && before.node === node) return before.utilization;
  const pods = supposed.podsOn(name);
  const utilization = ofPods(supposed, node, pods, init);
  // A pod that is being deleted stops to count as time goes by.
  if (version && !pods.some(({ metadata }) => metadata.deletionTimestamp !== undefined))
    known.set(version.place, { change: version.change, node, utilization });
  return utilization;
}

/** What was last found of a node, by its place: most are as they were in the loop before. */
const known = new WeakMap<
  object,
  { readonly change: number; readonly node: KubeNode; readonly utilization: Utilization }
>();

function ofPods(
  supposed: UtilizationSource,
  node: KubeNode,
  pods: readonly Pod[],
  init: { readonly now: Instant; readonly options: UtilizationOptions },
): Utilization {
  const { name } = node.metadata;
  const { skipped, ignored } = leftOut(pods, init);
  const sum = (pods: readonly Pod[], resource: string) =>
    pods.reduce((total, pod) => total + supposed.requestOf(pod, resource), 0);
  const share = (resource: string): number | undefined => {
    const { allocatable, requested } = supposed.amounts(name, resource);
    if (allocatable === 0) return undefined;
    const beside = sum(skipped, resource);
    return (requested - beside - sum(ignored, resource)) / (allocatable - beside);
  };
  if (isGpuNode(node)) {
    const gpu = share(gpuResource) ?? 0;
    return { ...unused, gpu, resource: gpuResource, ratio: gpu };
  }
  const [cpu, memory] = [share('cpu'), share('memory')];
  if (cpu === undefined || memory === undefined) return unused;
  const resource = cpu > memory ? 'cpu' : 'memory';
  return { ...unused, cpu, memory, resource, ratio: cpu > memory ? cpu : memory };
}

const unused: Utilization = { cpu: 0, memory: 0, gpu: 0, devices: 0, resource: '', ratio: 0 };

function ofDevices(pools: readonly PoolUse[]): Utilization {
  let fullest: PoolUse | undefined;
  for (const pool of pools) if (!fullest || pool.ratio >= fullest.ratio) fullest = pool;
  return fullest
    ? { ...unused, devices: fullest.ratio, resource: fullest.name, ratio: fullest.ratio }
    : unused;
}

/** Pods that count neither as asking nor as room, and pods that only do not ask. */
function leftOut(
  pods: readonly Pod[],
  { now, options }: { readonly now: Instant; readonly options: UtilizationOptions },
): { readonly skipped: readonly Pod[]; readonly ignored: readonly Pod[] } {
  const skipped: Pod[] = [];
  const ignored: Pod[] = [];
  for (const pod of pods) {
    if (options.ignoreDaemonSetsUtilization && isDaemon(pod)) skipped.push(pod);
    else if (options.ignoreMirrorPodsUtilization && isMirror(pod)) skipped.push(pod);
    else if (isLongTerminating(pod, now)) ignored.push(pod);
  }
  return { skipped, ignored };
}

/** As upstream's events have it: `{cpu memory gpu devices resource ratio}`. */
export const utilizationText = ({ cpu, memory, gpu, devices, resource, ratio }: Utilization): string =>
  `{${[cpu, memory, gpu, devices].map(goNumber).join(' ')} ${resource} ${goNumber(ratio)}}`;

/** A number as Go prints it (`%v` of a float64): with an exponent below 0.0001. */
function goNumber(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  if (value === 0 || Math.abs(value) >= 1e-4) return String(value);
  return value.toExponential().replace(/e-(\d)$/, 'e-0$1');
}
