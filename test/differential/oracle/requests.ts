/** What pods ask for. */
import type { Container, ContainerStatus, Pod, ResourceList } from '../objects.js';
import { milliUnits, nanos, units } from './quantity.js';
import type { Nanos } from './quantity.js';
import { hasPodLevelResources } from './version.js';
import type { Version } from './version.js';

/** Amounts by resource: cpu in thousandths, others in whole units. */
export type Amounts = ReadonlyMap<string, number>;

type Quantities = Map<string, Nanos>;

const exactly = (list: ResourceList = {}): Quantities =>
  new Map(Object.entries(list).map(([resource, quantity]) => [resource, nanos(quantity)]));

function sum(left: Quantities, right: Quantities): Quantities {
  const result = new Map(left);
  for (const [resource, quantity] of right) result.set(resource, (left.get(resource) ?? 0n) + quantity);
  return result;
}

function greatest(...lists: readonly Quantities[]): Quantities {
  const result: Quantities = new Map();
  for (const list of lists)
    for (const [resource, quantity] of list) {
      const before = result.get(resource);
      if (before === undefined || quantity > before) result.set(resource, quantity);
    }
  return result;
}

export const amountOf = (resource: string, quantity: Nanos): number =>
  resource === 'cpu' ? milliUnits(quantity) : units(quantity);

const amounts = (quantities: Quantities): Amounts =>
  new Map([...quantities].map(([resource, quantity]) => [resource, amountOf(resource, quantity)]));

export const amountsOf = (list: ResourceList = {}): Amounts => amounts(exactly(list));

/** What a container without a request is taken to ask for where free room is scored. */
export const presumed: ResourceList = { cpu: '100m', memory: '200Mi' };

interface Rules {
  /** Of a running pod: what was granted to its containers counts, and not only what its spec asks for. */
  readonly granted: boolean;
  /** `spec.resources` replaces the sum of the containers. */
  readonly podLevel: boolean;
  /** What containers that don't say are taken to ask for. */
  readonly presumed: ResourceList;
}

const isSidecar = ({ restartPolicy }: Container): boolean => restartPolicy === 'Always';

/**
 * Containers run side by side, init containers one after the other next to the sidecars that were started before them.
 */
function quantitiesOf(pod: Pod, rules: Rules): Quantities {
  const request = (container: Container): Quantities => {
    const own = rules.granted ? grantedRequest(pod, container) : exactly(container.resources?.requests);
    return new Map([...exactly(rules.presumed), ...own]);
  };
  let steady: Quantities = new Map();
  for (const container of pod.spec.containers) steady = sum(steady, request(container));
  let sidecars: Quantities = new Map();
  let peak: Quantities = new Map();
  for (const container of pod.spec.initContainers ?? []) {
    if (isSidecar(container)) {
      sidecars = sum(sidecars, request(container));
      steady = sum(steady, request(container));
      peak = greatest(peak, sidecars);
    } else peak = greatest(peak, sum(request(container), sidecars));
  }
  let total = greatest(steady, peak);
  if (rules.podLevel) total = new Map([...total, ...podLevelRequests(pod)]);
  return sum(total, exactly(pod.spec.overhead));
}

/** The most of spec, status and allocation, as any of them may still be in force; an infeasible resize will not be. */
function grantedRequest(pod: Pod, container: Container): Quantities {
  const own = exactly(container.resources?.requests);
  const status = statusOf(pod, container);
  if (status?.resources === undefined) return own;
  const current = [exactly(status.resources.requests), exactly(status.allocatedResources)];
  const resize = pod.status?.conditions?.find(({ type }) => type === 'PodResizePending');
  return resize?.reason === 'Infeasible' ? greatest(...current) : greatest(own, ...current);
}

function statusOf({ spec, status }: Pod, container: Container): ContainerStatus | undefined {
  if (spec.containers.includes(container))
    return status?.containerStatuses?.find(({ name }) => name === container.name);
  if (!isSidecar(container)) return undefined;
  return status?.initContainerStatuses?.find(({ name }) => name === container.name);
}

const isPodLevel = (resource: string): boolean =>
  resource === 'cpu' || resource === 'memory' || resource.startsWith('hugepages-');

const podLevelRequests = (pod: Pod): Quantities =>
  new Map([...exactly(pod.spec.resources?.requests)].filter(([resource]) => isPodLevel(resource)));

/** What a node must have for the pod. */
export const pendingRequests = (pod: Pod, version: Version): Amounts =>
  amounts(quantitiesOf(pod, { granted: false, podLevel: hasPodLevelResources(version), presumed: {} }));

/** What a pod on a node takes up there. */
export const runningRequests = (pod: Pod, version: Version): Amounts =>
  amounts(quantitiesOf(pod, { granted: true, podLevel: hasPodLevelResources(version), presumed: {} }));

/**
 * What a pod on a node takes up in the eyes of scoring by free room. Where requests of the pod as a whole are set, only a
 * resource that nothing in the pod mentions is presumed.
 */
export function presumedRunningRequests(pod: Pod, version: Version): Amounts {
  const podLevel = hasPodLevelResources(version);
  const stated = runningRequests(pod, version);
  const missing: ResourceList =
    podLevel && podLevelRequests(pod).size > 0
      ? Object.fromEntries(Object.entries(presumed).filter(([resource]) => !stated.has(resource)))
      : presumed;
  return amounts(quantitiesOf(pod, { granted: true, podLevel, presumed: missing }));
}

/** What the pending pod asks for in the eyes of scoring by free room, which looks at containers alone. */
export const presumedPendingRequests = (pod: Pod): Amounts =>
  amounts(quantitiesOf(pod, { granted: true, podLevel: false, presumed }));

/** What the pending pod asks for in the eyes of scoring by balance. */
export const balanceRequests = (pod: Pod, version: Version): Amounts => runningRequests(pod, version);

/** A resource with a domain of its own, huge pages, attachable volumes: those that are not built in. */
export const isScalar = (resource: string): boolean =>
  resource.includes('/') || resource.startsWith('hugepages-') || resource.startsWith('attachable-volumes-');

/** A resource of a domain that is not Kubernetes'. */
export const isExtended = (resource: string): boolean =>
  resource.includes('/') && !resource.includes('kubernetes.io/') && !resource.startsWith('requests.');
