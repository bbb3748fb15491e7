import { createHash } from 'node:crypto';
import type { Transaction, Versioned } from '../../store/index.js';
import type { Instant } from '../../units/index.js';
import { instant } from '../../units/index.js';
import { StatusError, deleteObject, insertObject } from '../api/index.js';
import {
  isFinished,
  isReady,
  isTerminating,
  persistentVolumeClaims,
  pods,
  statefulSets,
} from '../kinds/index.js';
import type { Pod, PodTemplateSpec } from '../kinds/index.js';
import { canonicalJson } from '../object.js';
import type { KubeObject, Stored } from '../object.js';
import { objectKey } from '../resource-type.js';
import type { Draft } from '../resource-type.js';
import { isAvailable, nextAvailable } from './availability.js';
import { Controller, byController } from './controller.js';
import type { ControllerParts } from './controller.js';
import { recordEvent } from './events.js';
import { controllerReference, podDraft, podsOf, putStatus } from './owned.js';

interface ClaimTemplate {
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> };
  readonly spec: object;
}

interface StatefulSet extends KubeObject {
  readonly spec: {
    readonly replicas: number;
    readonly minReadySeconds?: number;
    readonly podManagementPolicy: 'OrderedReady' | 'Parallel';
    readonly updateStrategy: {
      readonly type: 'RollingUpdate' | 'OnDelete';
      readonly rollingUpdate?: { readonly partition?: number };
    };
    readonly ordinals?: { readonly start?: number };
    readonly serviceName?: string;
    readonly template: PodTemplateSpec;
    readonly volumeClaimTemplates?: readonly ClaimTemplate[];
  };
  readonly status?: { readonly currentRevision?: string };
}

type PodEntry = Versioned<Stored<Pod>>;

const component = 'statefulset-controller';
const revisionLabel = 'controller-revision-hash';

/** Keeps pods with names and volumes of their own, one after the other (Kubernetes: StatefulSet). */
export class StatefulSetController extends Controller {
  protected readonly triggers = [{ type: pods, keys: byController('StatefulSet') }];

  constructor(parts: ControllerParts) {
    super(parts, statefulSets);
  }

  protected reconcile(tx: Transaction, entry: Versioned<Stored>): Instant | undefined {
    const set = entry.value.object as StatefulSet;
    const turn = new SetTurn(this.parts, tx, entry, set);
    let refusal: StatusError | undefined;
    if (!isTerminating(set)) refusal = turn.advance();
    const next = turn.putStatus();
    return refusal ? instant(this.parts.clock.now() + 15_000) : next;
  }
}

/** One turn of a set. */
class SetTurn {
  readonly #parts: ControllerParts;
  readonly #tx: Transaction;
  readonly #entry: Versioned<Stored>;
  readonly #set: StatefulSet;
  readonly #revision: string;
  readonly #now: Instant;
  readonly #minReady: number;

  constructor(parts: ControllerParts, tx: Transaction, entry: Versioned<Stored>, set: StatefulSet) {
    this.#parts = parts;
    this.#tx = tx;
    this.#entry = entry;
    this.#set = set;
    this.#now = parts.clock.now();
    this.#minReady = (set.spec.minReadySeconds ?? 0) * 1000;
    const digest = createHash('sha256').update(canonicalJson(set.spec.template)).digest('hex').slice(0, 10);
    this.#revision = `${set.metadata.name}-${digest}`;
  }

  /** Does what may be done now: makes, removes or replaces a pod, or several where the set is parallel. */
  advance(): StatusError | undefined {
    const { spec } = this.#set;
    const start = spec.ordinals?.start ?? 0;
    const present = this.#byOrdinal();
    const isOrdered = spec.podManagementPolicy === 'OrderedReady';
    try {
      for (let ordinal = start; ordinal < start + spec.replicas; ordinal += 1) {
        const pod = present.get(ordinal);
        if (!pod) this.#create(ordinal);
        // A pod that has ended is made anew under its name.
        else if (isFinished(pod.value.object) && !isTerminating(pod.value.object)) this.#delete(pod);
        if (isOrdered && !this.#isHealthy(pod)) return undefined;
      }
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      const message = `create Pod in StatefulSet ${this.#set.metadata.name} failed error: ${error.message}`;
      this.#tell('Warning', 'FailedCreate', message);
      return error;
    }
    const surplus = [...present]
      .filter(([ordinal]) => ordinal < start || ordinal >= start + spec.replicas)
      .sort(([a], [b]) => b - a)
      .map(([, pod]) => pod);
    for (const pod of surplus) {
      if (!isTerminating(pod.value.object)) this.#delete(pod);
      if (isOrdered) return undefined;
    }
    if (surplus.length === 0) this.#update(present, start);
    return undefined;
  }

  #byOrdinal(): ReadonlyMap<number, PodEntry> {
    const prefix = `${this.#set.metadata.name}-`;
    return new Map(
      podsOf(this.#tx, this.#set).flatMap((pod) => {
        const ordinal = Number(pod.value.object.metadata.name.slice(prefix.length));
        return Number.isInteger(ordinal) ? [[ordinal, pod] as const] : [];
      }),
    );
  }

  #isHealthy(pod: PodEntry | undefined): boolean {
    return (
      pod !== undefined &&
      !isTerminating(pod.value.object) &&
      isAvailable(pod.value.object, this.#minReady, this.#now)
    );
  }

  /** Replaces the highest pod of an older template, once all pods are well. */
  #update(present: ReadonlyMap<number, PodEntry>, start: number): void {
    const { updateStrategy, replicas } = this.#set.spec;
    if (updateStrategy.type !== 'RollingUpdate') return;
    const lowest = Math.max(start, updateStrategy.rollingUpdate?.partition ?? 0);
    for (let ordinal = start + replicas - 1; ordinal >= lowest; ordinal -= 1) {
      const pod = present.get(ordinal);
      if (!pod) return;
      const isOld = pod.value.object.metadata.labels?.[revisionLabel] !== this.#revision;
      if (isOld && !isTerminating(pod.value.object)) this.#delete(pod);
      if (isOld || !this.#isHealthy(pod)) return;
    }
  }

  #create(ordinal: number): void {
    const { context } = this.#parts;
    const { name: setName, namespace = '' } = this.#set.metadata;
    const { cluster } = this.#entry.value;
    const name = `${setName}-${String(ordinal)}`;
    const claims = this.#set.spec.volumeClaimTemplates ?? [];
    for (const claim of claims) this.#makeClaim(claim, name);
    const draft = podDraft(this.#set.spec.template, {
      name,
      labels: {
        [revisionLabel]: this.#revision,
        'statefulset.kubernetes.io/pod-name': name,
        'apps.kubernetes.io/pod-index': String(ordinal),
      },
      ownerReferences: [controllerReference(statefulSets, this.#set)],
    });
    const spec = draft['spec'] as Draft;
    const own = new Set(claims.map(({ metadata }) => metadata.name));
    const volumes = ((spec['volumes'] ?? []) as readonly { readonly name: string }[]).filter(
      (volume) => !own.has(volume.name),
    );
    const claimed = claims.map(({ metadata }) => ({
      name: metadata.name,
      persistentVolumeClaim: { claimName: `${metadata.name}-${name}` },
    }));
    if (volumes.length + claimed.length > 0) spec['volumes'] = [...claimed, ...volumes];
    spec['hostname'] = name;
    if (this.#set.spec.serviceName) spec['subdomain'] = this.#set.spec.serviceName;
    insertObject(context, this.#tx, pods, { cluster, namespace }, draft);
    this.#tell('Normal', 'SuccessfulCreate', `create Pod ${name} in StatefulSet ${setName} successful`);
  }

  /** The claim of a pod stays when the pod goes. */
  #makeClaim({ metadata, spec }: ClaimTemplate, pod: string): void {
    const { namespace = '' } = this.#set.metadata;
    const { cluster } = this.#entry.value;
    const name = `${metadata.name}-${pod}`;
    if (this.#tx.get(persistentVolumeClaims.collection, objectKey(cluster, namespace, name))) return;
    insertObject(
      this.#parts.context,
      this.#tx,
      persistentVolumeClaims,
      { cluster, namespace },
      {
        metadata: { name, ...(metadata.labels && { labels: metadata.labels }) },
        spec: structuredClone(spec),
      },
    );
  }

  #delete(pod: PodEntry): void {
    deleteObject(this.#parts.context, this.#tx, pods, pod, { propagation: 'Background' });
    const { name } = pod.value.object.metadata;
    const message = `delete Pod ${name} in StatefulSet ${this.#set.metadata.name} successful`;
    this.#tell('Normal', 'SuccessfulDelete', message);
  }

  /** Writes the status; when a pod becomes available by time alone. */
  putStatus(): Instant | undefined {
    const owned = podsOf(this.#tx, this.#set).map(({ value }) => value.object);
    const living = owned.filter((pod) => !isTerminating(pod));
    const updated = living.filter(
      ({ metadata }) => metadata.labels?.[revisionLabel] === this.#revision,
    ).length;
    const isDone = updated === this.#set.spec.replicas && living.every(isReady);
    const current = isDone ? this.#revision : (this.#set.status?.currentRevision ?? this.#revision);
    const currents = living.filter(({ metadata }) => metadata.labels?.[revisionLabel] === current).length;
    const entry = this.#tx.entry(statefulSets.collection, this.#entry.key) ?? this.#entry;
    putStatus(this.#tx, statefulSets, entry, {
      observedGeneration: this.#set.metadata.generation ?? 0,
      replicas: owned.length,
      readyReplicas: living.filter(isReady).length,
      availableReplicas: living.filter((pod) => isAvailable(pod, this.#minReady, this.#now)).length,
      ...(currents > 0 && { currentReplicas: currents }),
      ...(updated > 0 && { updatedReplicas: updated }),
      currentRevision: current,
      updateRevision: this.#revision,
      collisionCount: 0,
    });
    return nextAvailable(living, this.#minReady, this.#now);
  }

  #tell(type: 'Normal' | 'Warning', reason: string, message: string): void {
    const { cluster } = this.#entry.value;
    recordEvent(this.#tx, this.#parts.context, cluster, this.#set, { type, reason, message, component });
  }
}
