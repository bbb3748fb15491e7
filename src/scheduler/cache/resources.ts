import { isSidecar } from '../../kube/index.js';
import type { Container, Pod } from '../../kube/index.js';
import { milliValue, quantityValue } from '../../units/index.js';

/** Indexes of the resources that every node has. */
export const cpu = 0;
export const memory = 1;
export const ephemeralStorage = 2;
export const podCount = 3;

/** The resources of a cluster by number, so that amounts can be kept in arrays. */
export class ResourceNames {
  readonly #indexes = new Map([
    ['cpu', cpu],
    ['memory', memory],
    ['ephemeral-storage', ephemeralStorage],
    ['pods', podCount],
  ]);

  indexOf(name: string): number {
    const known = this.#indexes.get(name);
    if (known !== undefined) return known;
    const index = this.#indexes.size;
    this.#indexes.set(name, index);
    return index;
  }
}

/** An amount as the scheduler counts it: cpu in thousandths, all else in whole units, both rounded up (NodeResourcesFit). */
export const amountOf = (resource: string, quantity: string): number =>
  resource === 'cpu' ? milliValue(quantity) : Math.ceil(quantityValue(quantity));

/** An amount of a resource, by the resource's number. */
export interface Request {
  readonly resource: number;
  readonly name: string;
  readonly amount: number;
}

/** What a pod asks of a node. */
export interface PodResources {
  /** All that it asks for, cpu, memory and storage first; amounts of nothing are left out. */
  readonly requests: readonly Request[];
  /** What counts of it for LeastAllocated once it is on a node: containers that ask for nothing count something. */
  readonly nonZero: { readonly cpu: number; readonly memory: number };
  /** What counts of it for LeastAllocated while it is being placed: without what is asked for the pod as a whole. */
  readonly scored: { readonly nonZero: PodResources['nonZero']; readonly requests: readonly Request[] };
}

/** What a container without a request counts for scores: 100m and 200 MiB (kube-scheduler: non-zero requests). */
const defaultCpu = 100e6;
const defaultMemory = 200 * 1024 * 1024;

type Amounts = Map<string, number>;

const noDefaults: Amounts = new Map();
const defaults: Amounts = new Map([
  ['cpu', defaultCpu],
  ['memory', defaultMemory],
]);

/** How a pod's requests are summed. */
export interface Summing {
  readonly podLevel: 'counted' | 'left out';
  /** What a container counts with that does not ask for it. */
  readonly missing: Amounts;
}

/** What a pod asks for (NodeResourcesFit; component-helpers: resource.PodRequests). */
export function podResources(
  pod: Pod,
  names: ResourceNames,
  podLevel: Summing['podLevel'] = 'counted',
): PodResources {
  const amounts = totals(pod, { podLevel, missing: noDefaults });
  const real = requestsOf(amounts, names);
  const isPodLevelSet =
    podLevel === 'counted' && Object.keys(pod.spec.resources?.requests ?? {}).some(isPodLevel);
  // Where a pod asks for something as a whole, nothing is supposed of what any part of it asks for.
  const missing = isPodLevelSet ? new Map([...defaults].filter(([name]) => !amounts.has(name))) : defaults;
  const counted = nonZeroOf(totals(pod, { podLevel, missing }));
  if (!isPodLevelSet)
    return { requests: real, nonZero: counted, scored: { nonZero: counted, requests: real } };
  const scored = {
    nonZero: nonZeroOf(totals(pod, { podLevel: 'left out', missing: defaults })),
    requests: requestsOf(totals(pod, { podLevel: 'left out', missing: noDefaults }), names),
  };
  return { requests: real, nonZero: counted, scored };
}

/** Amounts are summed exactly and rounded up once: cpu in billionths of a core, all else in whole units. */
const exactOf = (resource: string, quantity: string): number =>
  resource === 'cpu' ? Math.round(quantityValue(quantity) * 1e9) : amountOf(resource, quantity);

const rounded = (resource: string, exact: number): number =>
  resource === 'cpu' ? Math.ceil(exact / 1e6) : exact;

const nonZeroOf = (amounts: Amounts): PodResources['nonZero'] => ({
  cpu: rounded('cpu', amounts.get('cpu') ?? 0),
  memory: amounts.get('memory') ?? 0,
});

const requestsOf = (amounts: Amounts, names: ResourceNames): readonly Request[] =>
  [...amounts]
    .filter(([, amount]) => amount > 0)
    .map(([name, amount]) => ({ resource: names.indexOf(name), name, amount: rounded(name, amount) }))
    .sort((a, b) => a.resource - b.resource);

function totals(pod: Pod, { podLevel, missing }: Summing): Amounts {
  const { spec } = pod;
  const total: Amounts = new Map();
  const initPeak: Amounts = new Map();
  const sidecars: Amounts = new Map();
  for (const container of spec.initContainers ?? []) {
    const requests = requestsOfContainer(pod, container, missing);
    if (isSidecar(container)) {
      addTo(total, requests);
      addTo(sidecars, requests);
      raise(initPeak, sidecars);
    } else {
      const needed = new Map(sidecars);
      addTo(needed, requests);
      raise(initPeak, needed);
    }
  }
  for (const container of spec.containers) addTo(total, requestsOfContainer(pod, container, missing));
  raise(total, initPeak);
  if (podLevel === 'counted') {
    for (const [name, quantity] of Object.entries(spec.resources?.requests ?? {})) {
      if (isPodLevel(name)) total.set(name, exactOf(name, quantity));
    }
  }
  for (const [name, quantity] of Object.entries(spec.overhead ?? {}))
    total.set(name, (total.get(name) ?? 0) + exactOf(name, quantity));
  return total;
}

/** Resources that can be asked for a pod as a whole (Kubernetes: pod-level resources). */
const isPodLevel = (name: string): boolean =>
  name === 'cpu' || name === 'memory' || name.startsWith('hugepages-');

function requestsOfContainer(pod: Pod, container: Container, missing: Summing['missing']): Amounts {
  const amounts: Amounts = new Map();
  for (const [name, quantity] of Object.entries(container.resources?.requests ?? {}))
    amounts.set(name, exactOf(name, quantity));
  if (isSidecar(container) || pod.spec.containers.includes(container))
    raiseToActual(amounts, pod, container.name);
  for (const [name, amount] of missing) if (!amounts.has(name)) amounts.set(name, amount);
  return amounts;
}

/** What a kubelet tells of a container that is being resized (Kubernetes: in-place resize). */
interface ResizeStatus {
  readonly name: string;
  readonly allocatedResources?: Readonly<Record<string, string>>;
  readonly resources?: { readonly requests?: Readonly<Record<string, string>> };
}

/** A container counts with the most of what it asks for, what it has and what it was promised. */
function raiseToActual(amounts: Amounts, pod: Pod, name: string): void {
  const { containerStatuses = [], initContainerStatuses = [], conditions = [] } = pod.status ?? {};
  const all: readonly ResizeStatus[] = [...containerStatuses, ...initContainerStatuses];
  const status = all.find((one) => one.name === name);
  // Without the word of a kubelet on what the container has, its status says nothing of it.
  if (!status?.resources) return;
  const isInfeasible = conditions.some(
    ({ type, reason }) => type === 'PodResizePending' && reason === 'Infeasible',
  );
  if (isInfeasible) amounts.clear();
  for (const list of [status.resources.requests, status.allocatedResources]) {
    for (const [resource, quantity] of Object.entries(list ?? {}))
      amounts.set(resource, Math.max(amounts.get(resource) ?? 0, exactOf(resource, quantity)));
  }
}

/** True when a kubelet tells of resources: then a pod's status counts beside its spec. */
export const isResized = ({ status }: Pod): boolean =>
  status?.containerStatuses?.some(hasResources) === true ||
  status?.initContainerStatuses?.some(hasResources) === true;

const hasResources = ({ allocatedResources, resources }: ResizeStatus): boolean =>
  allocatedResources !== undefined || resources !== undefined;

function addTo(sum: Amounts, amounts: Amounts): void {
  for (const [name, amount] of amounts) sum.set(name, (sum.get(name) ?? 0) + amount);
}

function raise(most: Amounts, amounts: Amounts): void {
  for (const [name, amount] of amounts) most.set(name, Math.max(most.get(name) ?? 0, amount));
}
