import type { Transaction, Versioned } from '../../store/index.js';
import type { Instant } from '../../units/index.js';
import { instant } from '../../units/index.js';
import { StatusError, deleteObject, insertObject } from '../api/index.js';
import { isActive, isReady, isTerminating, pods, replicaSets } from '../kinds/index.js';
import type { Pod, PodTemplateSpec } from '../kinds/index.js';
import type { KubeObject, Stored } from '../object.js';
import { controllerOf } from '../object.js';
import { nodeTerm } from '../kinds/index.js';
import type { LabelSelector } from '../selectors/index.js';
import { compileLabelSelector } from '../selectors/index.js';
import { isAvailable, nextAvailable, readySince } from './availability.js';
import { Controller, byController } from './controller.js';
import type { ControllerParts } from './controller.js';
import { recordEvent } from './events.js';
import { controllerReference, podDraft, podsOf, putStatus } from './owned.js';

export interface ReplicaSet extends KubeObject {
  readonly spec: {
    readonly replicas: number;
    readonly minReadySeconds?: number;
    readonly selector: LabelSelector;
    readonly template: PodTemplateSpec;
  };
  readonly status?: {
    readonly replicas?: number;
    readonly readyReplicas?: number;
    readonly availableReplicas?: number;
    readonly fullyLabeledReplicas?: number;
    readonly terminatingReplicas?: number;
    readonly observedGeneration?: number;
  };
}

/** Pods made or deleted in one turn (Kubernetes: burst replicas). */
const burst = 500;
const component = 'replicaset-controller';

/** Keeps as many pods as a ReplicaSet asks for (Kubernetes: ReplicaSet). */
export class ReplicaSetController extends Controller {
  protected readonly triggers = [{ type: pods, keys: byController('ReplicaSet') }];

  constructor(parts: ControllerParts) {
    super(parts, replicaSets);
  }

  protected reconcile(tx: Transaction, entry: Versioned<Stored>): Instant | undefined {
    const set = entry.value.object as ReplicaSet;
    const owned = podsOf(tx, set);
    const active = owned.filter(({ value }) => isActive(value.object));
    let refusal: StatusError | undefined;
    if (!isTerminating(set)) {
      const missing = set.spec.replicas - active.length;
      if (missing > 0) refusal = this.#create(tx, entry, set, Math.min(missing, burst));
      else if (missing < 0) this.#delete(tx, entry, set, active, Math.min(-missing, burst));
    }
    const after = podsOf(tx, set).map(({ value }) => value.object);
    const minReady = (set.spec.minReadySeconds ?? 0) * 1000;
    this.#putStatus(tx, entry, set, after, minReady, refusal);
    if (refusal) return instant(this.parts.clock.now() + 15_000);
    return nextAvailable(after, minReady, this.parts.clock.now());
  }

  #create(
    tx: Transaction,
    { value }: Versioned<Stored>,
    set: ReplicaSet,
    count: number,
  ): StatusError | undefined {
    const { context } = this.parts;
    const { name, namespace = '' } = set.metadata;
    for (let made = 0; made < count; made += 1) {
      const draft = podDraft(set.spec.template, {
        generateName: `${name}-`,
        ownerReferences: [controllerReference(replicaSets, set)],
      });
      try {
        const pod = insertObject(context, tx, pods, { cluster: value.cluster, namespace }, draft);
        recordEvent(tx, context, value.cluster, set, {
          type: 'Normal',
          reason: 'SuccessfulCreate',
          message: `Created pod: ${pod.metadata.name}`,
          component,
        });
      } catch (error) {
        if (!(error instanceof StatusError)) throw error;
        const message = `Error creating: ${error.message}`;
        recordEvent(tx, context, value.cluster, set, {
          type: 'Warning',
          reason: 'FailedCreate',
          message,
          component,
        });
        return error;
      }
    }
    return undefined;
  }

  #delete(
    tx: Transaction,
    { value }: Versioned<Stored>,
    set: ReplicaSet,
    active: readonly Versioned<Stored<Pod>>[],
    count: number,
  ): void {
    const { context, clock } = this.parts;
    const now = clock.now();
    const siblings = siblingsByNode(tx, value.cluster, set, active);
    const ranked = [...active].sort((a, b) => rank(a.value.object, b.value.object, siblings, now));
    for (const entry of ranked.slice(0, count)) {
      deleteObject(context, tx, pods, entry, { propagation: 'Background' });
      recordEvent(tx, context, value.cluster, set, {
        type: 'Normal',
        reason: 'SuccessfulDelete',
        message: `Deleted pod: ${entry.value.object.metadata.name}`,
        component,
      });
    }
  }

  #putStatus(
    tx: Transaction,
    entry: Versioned<Stored>,
    set: ReplicaSet,
    owned: readonly Pod[],
    minReady: number,
    refusal: StatusError | undefined,
  ): void {
    const now = this.parts.clock.now();
    const active = owned.filter(isActive);
    const ready = active.filter(isReady);
    const matches = compileLabelSelector({ matchLabels: set.spec.template.metadata?.labels ?? {} });
    putStatus(tx, replicaSets, tx.entry(replicaSets.collection, entry.key) ?? entry, {
      replicas: active.length,
      ...(active.length > 0 && {
        fullyLabeledReplicas: active.filter(({ metadata }) => matches(metadata.labels ?? {})).length,
      }),
      ...(ready.length > 0 && { readyReplicas: ready.length }),
      ...count('availableReplicas', ready.filter((pod) => isAvailable(pod, minReady, now)).length),
      ...count('terminatingReplicas', owned.filter(isTerminating).length),
      observedGeneration: set.metadata.generation ?? 0,
      ...(refusal && {
        conditions: [
          { type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate', message: refusal.message },
        ],
      }),
    });
  }
}

const count = (name: string, value: number): object => (value > 0 ? { [name]: value } : {});

/** How many active pods of the same Deployment each node has. */
function siblingsByNode(
  tx: Transaction,
  cluster: string,
  set: ReplicaSet,
  active: readonly Versioned<Stored<Pod>>[],
): ReadonlyMap<string, number> {
  const owner = controllerOf(set)?.uid;
  const related = new Set(
    owner === undefined
      ? [set.metadata.uid]
      : tx.find(replicaSets.collection, 'byOwner', owner).map(({ object }) => object.metadata.uid),
  );
  const nodes = new Set(active.flatMap(({ value }) => value.object.spec.nodeName ?? []));
  return new Map(
    [...nodes].map((node) => {
      const there = tx.find(pods.collection, 'byNode', nodeTerm(cluster, node)) as readonly Stored<Pod>[];
      const count = there.filter(
        ({ object }) => isActive(object) && related.has(controllerOf(object)?.uid ?? ''),
      ).length;
      return [node, count];
    }),
  );
}

const phaseRank: Readonly<Record<string, number>> = { Pending: 0, Unknown: 1, Running: 2 };
const costOf = (pod: Pod): number =>
  Number(pod.metadata.annotations?.['controller.kubernetes.io/pod-deletion-cost'] ?? 0) || 0;
const restartsOf = (pod: Pod): number =>
  Math.max(0, ...(pod.status?.containerStatuses ?? []).map(({ restartCount }) => restartCount));

/** Ages are compared by their order of magnitude, so that small differences do not decide. */
const bucket = (since: number, now: number): number => Math.floor(Math.log2(Math.max(1, now - since)));

/** Which of two pods goes first when a set shrinks: a negative number for `a` (Kubernetes: ReplicaSet scale-down order). */
function rank(a: Pod, b: Pod, siblings: ReadonlyMap<string, number>, now: Instant): number {
  const differences = [
    () => Number(Boolean(a.spec.nodeName)) - Number(Boolean(b.spec.nodeName)),
    () => (phaseRank[a.status?.phase ?? 'Pending'] ?? 0) - (phaseRank[b.status?.phase ?? 'Pending'] ?? 0),
    () => Number(isReady(a)) - Number(isReady(b)),
    () => costOf(a) - costOf(b),
    () => (siblings.get(b.spec.nodeName ?? '') ?? 0) - (siblings.get(a.spec.nodeName ?? '') ?? 0),
    () => (isReady(a) && isReady(b) ? bucket(readySince(a), now) - bucket(readySince(b), now) : 0),
    () => restartsOf(b) - restartsOf(a),
    () =>
      bucket(Date.parse(a.metadata.creationTimestamp), now) -
      bucket(Date.parse(b.metadata.creationTimestamp), now),
    () => (a.metadata.uid < b.metadata.uid ? -1 : 1),
  ];
  for (const difference of differences) {
    const found = difference();
    if (found !== 0) return found;
  }
  return 0;
}
