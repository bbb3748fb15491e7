import { WorkQueue } from '../../../sim/index.js';
import type { Change, Transaction } from '../../../store/index.js';
import type { Instant } from '../../../units/index.js';
import { instant, quantityValue, own } from '../../../units/index.js';
import { systemNamespace } from '../../cluster/index.js';
import { configMaps, deployments, nodeKind } from '../../kinds/index.js';
import type { KubeNode } from '../../nodes/index.js';
import { membersOf } from '../../object.js';
import type { Stored } from '../../object.js';
import { objectKey } from '../../resource-type.js';
import type { ControllerParts } from '../controller.js';
import { putDesired } from '../owned.js';
import { replicasFor } from './ladder.js';
import type { ClusterSize } from './ladder.js';

/** How often the autoscalers look (cluster-proportional-autoscaler: poll period). */
const period = 10_000;

/** What is scaled, by the autoscaler's name: that is also the name of its settings. */
const targets: Readonly<Record<string, string>> = {
  'coredns-autoscaler': 'coredns',
  'konnectivity-agent-autoscaler': 'konnectivity-agent',
};

/**
 * Keeps as many pods of an add-on as the cluster's cores and nodes ask for (cluster-proportional-autoscaler). A look takes
 * place only after something that counts has changed.
 */
export class ProportionalAutoscaler {
  readonly #parts: ControllerParts;
  readonly #clusters: WorkQueue;

  constructor(parts: ControllerParts) {
    this.#parts = parts;
    this.#clusters = new WorkQueue({
      name: 'proportional autoscaler',
      clock: parts.clock,
      reconcile: (cluster) => this.#look(cluster),
    });
  }

  start(): void {
    const { store, clock } = this.#parts;
    for (const { cluster, object } of store.list(deployments.collection)) {
      if (Object.hasOwn(targets, object.metadata.name)) this.#clusters.add(cluster);
    }
    const collections = [nodeKind.collection, configMaps.collection, deployments.collection];
    store.watch({ collections }, ({ changes }) => {
      for (const change of changes) {
        const { cluster } = (change.after ?? change.before ?? {}) as Partial<Stored>;
        if (cluster === undefined || !counts(change) || this.#autoscalersOf(cluster).length === 0) continue;
        this.#clusters.addAt(cluster, nextLook(clock.now()));
      }
    });
  }

  /** The names of the autoscalers that a cluster has. */
  #autoscalersOf(cluster: string): readonly string[] {
    const { store } = this.#parts;
    return Object.keys(targets).filter((name) =>
      store.get(deployments.collection, objectKey(cluster, systemNamespace, name)),
    );
  }

  #look(cluster: string): void {
    const { store } = this.#parts;
    const found = this.#autoscalersOf(cluster);
    if (found.length === 0) return;
    const keyOf = (name: string) => objectKey(cluster, systemNamespace, name);
    const size = sizeOf(store.find(nodeKind.collection, 'byCluster', cluster));
    store.transact((tx) => {
      for (const name of found) scale(tx, keyOf(name), keyOf(own(targets, name) ?? ''), size);
    });
  }
}

function scale(tx: Transaction, settings: string, target: string, size: ClusterSize): void {
  const entry = tx.entry(deployments.collection, target);
  const kept = tx.get(configMaps.collection, settings);
  if (!entry || !kept) return;
  const replicas = replicasFor(membersOf(kept.object)['data'] as Record<string, string> | undefined, size);
  const { spec } = entry.value.object as Stored['object'] & { readonly spec: { readonly replicas?: number } };
  if (replicas === undefined || replicas === spec.replicas) return;
  putDesired(tx, deployments, entry, { spec: { ...spec, replicas } });
}

/** The nodes that take pods, with their cores. */
function sizeOf(nodes: readonly Stored[]): ClusterSize {
  const open = nodes
    .map(({ object }) => object as KubeNode)
    .filter(({ spec }) => spec.unschedulable !== true);
  const cores = open.reduce((sum, { status }) => sum + quantityValue(status.capacity?.['cpu'] ?? '0'), 0);
  return { nodes: open.length, cores };
}

/** True for a change that may make a difference: nodes that come, go, are cordoned; settings; what is scaled. */
function counts({ collection, before, after }: Change): boolean {
  const was = (before as Stored | undefined)?.object;
  const is = (after as Stored | undefined)?.object;
  if (collection === nodeKind.collection.name) {
    return !was || !is || (was as KubeNode).spec.unschedulable !== (is as KubeNode).spec.unschedulable;
  }
  const { name, namespace } = (is ?? was)?.metadata ?? {};
  if (namespace !== systemNamespace || name === undefined) return false;
  if (collection === configMaps.collection.name) return Object.hasOwn(targets, name);
  return (
    collection === deployments.collection.name && !was && (Object.hasOwn(targets, name) || isTarget(name))
  );
}

const isTarget = (name: string): boolean => Object.values(targets).includes(name);

const nextLook = (now: number): Instant => instant(Math.ceil((now + 1) / period) * period);
