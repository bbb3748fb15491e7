import {
  builtInTypes,
  isFinished,
  nodes as nodeCollection,
  objectKey,
  pods as podType,
} from '../kube/index.js';
import type { DisruptionBudget, KubeNode, KubeObject, Pod } from '../kube/index.js';
import { kubernetesCollections } from '../kube/index.js';
import { Store } from '../store/index.js';
import { instant } from '../units/index.js';
import { ClusterCache } from './cache/cluster-cache.js';
import { Attempts } from './engine/attempt.js';
import { Engine } from './engine/engine.js';
import type { Draw } from './engine/engine.js';
import type { SchedulerConfiguration } from './framework/configuration.js';
import { featuresOf, parseKubernetesVersion } from './framework/features.js';
import type { Refusal } from './framework/refusal.js';
import { defaultPlugins } from './plugins/index.js';
import { budgetOf } from './preemption/budgets.js';

/** A cluster and a pod that is to be placed in it, as the API server would show them. */
export interface SchedulingInput {
  /** Of the control plane, e.g. `1.34.2`. */
  readonly kubernetesVersion: string;
  readonly configuration?: SchedulerConfiguration;
  /** Where in the order of nodes the look at them begins. Default: 0. */
  readonly startNodeIndex?: number;
  /** In the order they came. */
  readonly nodes: readonly KubeNode[];
  /** Pods on nodes, and those that wait for one that is kept for them; finished ones count for nothing. */
  readonly pods: readonly Pod[];
  readonly pod: Pod;
  /** Anything else that decisions hang on: namespaces, services, claims, volumes, budgets and so on. */
  readonly objects?: readonly KubeObject[];
}

/** A decision with all that led to it. */
export interface SchedulingDecision {
  /** Why each node that was looked at and won't do won't, by name. */
  readonly refusals: Readonly<Record<string, Refusal>>;
  /** The nodes that will do, in the order in which they were found; not all, in a large cluster. */
  readonly feasible: readonly string[];
  /** Weighted scores by node and plugin, when there was more than one to choose from. */
  readonly scores: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly totals: Readonly<Record<string, number>>;
  readonly node?: string;
  /** What the pod is told when there is no node for it. */
  readonly message?: string;
  /** The node that is to be freed for it, and the pods that have to go, as `namespace/name`. */
  readonly preemption?: { readonly node: string; readonly victims: readonly string[] };
}

const cluster = 'cluster';

/** What the condition of a pod says that is not to be scheduled yet (SchedulingGates). */
const gatedText = 'Scheduling is blocked due to non-empty scheduling gates';

/**
 * Decides about one pod in a cluster that is given whole. `draw` says which of several equal nodes is taken: the first, unless
 * given.
 *
 * @throws RangeError for a version that is none
 */
export function decide(input: SchedulingInput, draw: Draw = () => 0): SchedulingDecision {
  if ((input.pod.spec.schedulingGates ?? []).length > 0)
    return { refusals: {}, feasible: [], scores: {}, totals: {}, message: gatedText };
  const store = storeOf(input);
  const features = featuresOf(parseKubernetesVersion(input.kubernetesVersion));
  const cache = new ClusterCache(features);
  const objects = input.objects ?? [];
  for (const { kind, metadata } of objects)
    if (kind === 'Namespace') cache.namespaces.set(metadata.name, metadata.labels ?? {});
  for (const node of input.nodes) cache.putNode(node);
  for (const pod of input.pods) {
    if (isFinished(pod)) continue;
    const info = cache.describe(pod);
    if (pod.spec.nodeName) cache.addPod(info, pod.spec.nodeName);
    else if (pod.status?.nominatedNodeName) cache.nominate(info, pod.status.nominatedNodeName);
  }
  const engine = new Engine({
    cluster,
    cache,
    features,
    plugins: defaultPlugins,
    ...(input.configuration && { configuration: input.configuration }),
    ...(input.startNodeIndex !== undefined && { start: input.startNodeIndex }),
  });
  const budgets = objects.flatMap((object) =>
    object.kind === 'PodDisruptionBudget' ? (budgetOf(object as DisruptionBudget) ?? []) : [],
  );
  const outcome = new Attempts(engine).decide(cache.describe(input.pod), store, budgets, draw);
  const { prepared } = outcome;
  const looked = outcome.kind === 'placed' ? engine.looked() : undefined;
  const refusals = Object.fromEntries(
    [...engine.refusals(prepared)].flatMap(([node, refusal]) =>
      // A node that was not reached is not told, one that the pod's spec leaves out is.
      !looked || looked.has(node) || !prepared.candidates.includes(node) ? [[node.name, refusal]] : [],
    ),
  );
  if (outcome.kind === 'refused') {
    const { message, candidate } = outcome;
    return {
      refusals,
      feasible: [],
      scores: {},
      totals: {},
      message,
      ...(candidate && {
        preemption: {
          node: candidate.node.name,
          victims: candidate.victims.map(({ pod }) => nameOf(pod)).sort(),
        },
      }),
    };
  }
  const { node } = outcome;
  const feasible = outcome.feasible.nodes();
  const scored = feasible.length > 1 ? [...engine.scores(prepared, outcome.feasible)] : [];
  return {
    // No other node was looked at when the one that was kept for the pod still will do.
    refusals: node.name === input.pod.status?.nominatedNodeName ? {} : refusals,
    feasible: feasible.map(({ name }) => name),
    scores: Object.fromEntries(scored.map(([{ name }, scores]) => [name, Object.fromEntries(scores)])),
    totals: Object.fromEntries(
      scored.map(([{ name }, scores]) => [name, [...scores.values()].reduce((sum, score) => sum + score, 0)]),
    ),
    node: node.name,
  };
}

const nameOf = ({ metadata }: Pod): string => `${metadata.namespace ?? ''}/${metadata.name}`;

/** A store with the objects of an input alone. */
function storeOf({ nodes, pods, pod, objects = [] }: SchedulingInput): Store {
  const store = Store.open({ now: () => instant(0), collections: kubernetesCollections });
  store.transact((tx) => {
    for (const object of nodes)
      tx.put(nodeCollection, objectKey(cluster, undefined, object.metadata.name), { cluster, object });
    for (const object of [...pods, pod]) {
      const { namespace, name } = object.metadata;
      tx.put(podType.collection, objectKey(cluster, namespace, name), { cluster, object });
    }
    for (const object of objects) {
      const type = builtInTypes.find(({ kind }) => kind === object.kind);
      const { namespace, name } = object.metadata;
      if (type) tx.put(type.collection, objectKey(cluster, namespace, name), { cluster, object });
    }
  });
  return store;
}
