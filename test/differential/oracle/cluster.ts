/** What a scheduler sees of the cluster during one attempt. */
import type { Case } from '../case.js';
import type { Metadata, Node, Pod } from '../objects.js';
import { amountsOf, presumedRunningRequests, runningRequests } from './requests.js';
import type { Amounts } from './requests.js';
import type { Version } from './version.js';

/** A node with pods on it: those that are there, or others in a thought experiment (nominated pods, preemption). */
export interface NodeView {
  readonly node: Node;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly allocatable: Amounts;
  /** In the order in which they came. */
  readonly pods: readonly Pod[];
  /** Pods that are not really there. */
  readonly added: readonly Pod[];
  /** Pods that are there really. */
  readonly removed: readonly Pod[];
}

/** An image on nodes. */
export interface ImageState {
  /** As the first node that had it says. */
  readonly sizeBytes: number;
  readonly nodes: number;
}

export interface Cluster {
  /** In the order in which the scheduler looks at them. */
  readonly nodes: readonly NodeView[];
  readonly images: ReadonlyMap<string, ImageState>;
  /** Pods that wait for room on a node, by its name. */
  readonly nominated: ReadonlyMap<string, readonly Pod[]>;
}

export const keyOf = ({ metadata }: { readonly metadata: Metadata }): string =>
  `${metadata.namespace ?? ''}/${metadata.name}`;

/** A pod's identity: its uid, or its name where a case gives none. */
export const isSamePod = (left: Pod, right: Pod): boolean =>
  (left.metadata.uid ?? keyOf(left)) === (right.metadata.uid ?? keyOf(right));

export const priorityOf = ({ spec }: Pod): number => spec.priority ?? 0;

export function clusterOf(input: Case): Cluster {
  const alive = input.pods.filter(
    ({ status }) => status?.phase !== 'Succeeded' && status?.phase !== 'Failed',
  );
  const onNode = groupedBy(alive, ({ spec }) => spec.nodeName ?? '');
  const waiting = alive.filter(
    (pod) => (pod.spec.nodeName ?? '') === '' && (pod.status?.nominatedNodeName ?? '') !== '',
  );
  return {
    nodes: inSchedulingOrder(input.nodes).map((node) => ({
      node,
      name: node.metadata.name,
      labels: node.metadata.labels ?? {},
      allocatable: amountsOf(node.status?.allocatable),
      pods: onNode.get(node.metadata.name) ?? [],
      added: [],
      removed: [],
    })),
    images: imageStates(input.nodes),
    nominated: groupedBy(waiting, ({ status }) => status?.nominatedNodeName ?? ''),
  };
}

function groupedBy<Value>(
  values: readonly Value[],
  keyOfValue: (value: Value) => string,
): ReadonlyMap<string, readonly Value[]> {
  const groups = new Map<string, Value[]>();
  for (const value of values) {
    const key = keyOfValue(value);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [value]);
    else group.push(value);
  }
  return groups;
}

/** Zones in the order in which they were first seen take turns; in a zone nodes come in the order of their arrival. */
export function inSchedulingOrder(nodes: readonly Node[]): readonly Node[] {
  const zones = [...groupedBy(nodes, zoneOf).values()];
  const longest = Math.max(0, ...zones.map((zone) => zone.length));
  const turns = Array.from({ length: longest }, (_, turn) => zones.flatMap((zone) => zone[turn] ?? []));
  return turns.flat();
}

function zoneOf({ metadata: { labels = {} } }: Node): string {
  const zone = labels['failure-domain.beta.kubernetes.io/zone'] ?? labels['topology.kubernetes.io/zone'];
  const region =
    labels['failure-domain.beta.kubernetes.io/region'] ?? labels['topology.kubernetes.io/region'];
  return `${region ?? ''}\0${zone ?? ''}`;
}

function imageStates(nodes: readonly Node[]): ReadonlyMap<string, ImageState> {
  const images = new Map<string, { sizeBytes: number; on: Set<string> }>();
  for (const { metadata, status } of nodes)
    for (const { names = [], sizeBytes = 0 } of status?.images ?? [])
      for (const name of names) {
        const image = images.get(name) ?? { sizeBytes, on: new Set() };
        image.on.add(metadata.name);
        images.set(name, image);
      }
  return new Map([...images].map(([name, { sizeBytes, on }]) => [name, { sizeBytes, nodes: on.size }]));
}

export const withPods = (view: NodeView, pods: readonly Pod[]): NodeView => ({
  ...view,
  pods: [...view.pods, ...pods],
  added: [
    ...view.added.filter((pod) => !pods.includes(pod)),
    ...pods.filter((pod) => !view.removed.includes(pod)),
  ],
  removed: view.removed.filter((pod) => !pods.includes(pod)),
});

export const withoutPods = (view: NodeView, pods: readonly Pod[]): NodeView => ({
  ...view,
  pods: view.pods.filter((pod) => !pods.includes(pod)),
  added: view.added.filter((pod) => !pods.includes(pod)),
  removed: [...view.removed, ...pods.filter((pod) => !view.added.includes(pod))],
});

/** How much of each resource the pods of a node take up. */
export const requestedOn = (view: NodeView, version: Version): Amounts =>
  total(view.pods, version, exact, runningRequests);

/** The same with what is presumed of containers that don't say. */
export const presumedOn = (view: NodeView, version: Version): Amounts =>
  total(view.pods, version, guessed, presumedRunningRequests);

const exact = new WeakMap<Pod, Amounts>();
const guessed = new WeakMap<Pod, Amounts>();

function total(
  pods: readonly Pod[],
  version: Version,
  known: WeakMap<Pod, Amounts>,
  requests: (pod: Pod, version: Version) => Amounts,
): Amounts {
  const result = new Map<string, number>();
  for (const pod of pods) {
    const own = known.get(pod) ?? requests(pod, version);
    known.set(pod, own);
    for (const [resource, amount] of own) result.set(resource, (result.get(resource) ?? 0) + amount);
  }
  return result;
}
