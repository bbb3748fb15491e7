import type { Transaction, Versioned } from '../../../store/index.js';
import type { Instant } from '../../../units/index.js';
import { StatusError, deleteObject, insertObject } from '../../api/index.js';
import {
  isFinished,
  isReady,
  isTerminating,
  persistentVolumeClaims,
  pods,
  statefulSets,
} from '../../kinds/index.js';
import type { Pod } from '../../kinds/index.js';
import type { KubeObject, Stored } from '../../object.js';
import type { Draft } from '../../resource-type.js';
import { compileLabelSelector } from '../../selectors/index.js';
import { adopt, release } from '../adoption.js';
import type { Adopter } from '../adoption.js';
import { isAvailable, nextAvailable } from '../availability.js';
import type { ControllerParts, Next } from '../controller.js';
import { recordEvent } from '../events.js';
import { controllerReference, podDraft, podsOf, putStatus } from '../owned.js';
import {
  presentRevision,
  revisionLabel,
  revisionsOf,
  templateOf,
  trimRevisions,
} from '../revision-history.js';
import type { ControllerRevision } from '../revision-history.js';
import { PodClaims } from './claims.js';
import { firstOrdinal, isInSet, ordinalOf, podName } from './stateful-set.js';
import type { PodEntry, StatefulSet } from './stateful-set.js';

const component = 'statefulset-controller';
const claimKind = persistentVolumeClaims.kind;

/** What a step leaves of the turn: it goes on, or the rest waits for what was begun. */
type Step = 'on' | 'wait';

/** One turn of a set: what may be done now, in the order of its pods, then its status. */
export class StatefulTurn {
  readonly #parts: ControllerParts;
  readonly #tx: Transaction;
  readonly #entry: Versioned<Stored>;
  readonly #set: StatefulSet;
  readonly #claims: PodClaims;
  readonly #adopter: Adopter;
  readonly #isOrdered: boolean;
  readonly #minReady: number;
  readonly #now: Instant;
  readonly #update: ControllerRevision;
  readonly #current: ControllerRevision;
  readonly #collisions: number;
  #retries = false;

  constructor(parts: ControllerParts, tx: Transaction, entry: Versioned<Stored>, set: StatefulSet) {
    this.#parts = parts;
    this.#tx = tx;
    this.#entry = entry;
    this.#set = set;
    this.#now = parts.clock.now();
    this.#isOrdered = set.spec.podManagementPolicy === 'OrderedReady';
    this.#minReady = (set.spec.minReadySeconds ?? 0) * 1000;
    this.#claims = new PodClaims(parts, tx, entry.value.cluster, set);
    const matches = compileLabelSelector(set.spec.selector);
    this.#adopter = {
      type: statefulSets,
      entry,
      selects: (object) =>
        matches(object.metadata.labels ?? {}) &&
        (object.kind !== 'Pod' || ordinalOf(set, object) !== undefined),
    };
    const known = set.status?.collisionCount ?? 0;
    const { template } = set.spec;
    const found = presentRevision(parts.context, tx, this.#adopter, template, { label: 'name' }, known);
    this.#update = found.revision;
    this.#collisions = found.collisions;
    const { currentRevision } = set.status ?? {};
    this.#current =
      revisionsOf(tx, set).find(({ value }) => value.object.metadata.name === currentRevision)?.value
        .object ?? this.#update;
  }

  run(): Next {
    adopt(this.#tx, this.#adopter, pods);
    release(this.#tx, this.#adopter, pods, podsOf(this.#tx, this.#set));
    this.#advance();
    const next = this.#putStatus();
    this.#trim();
    return this.#retries ? 'retry' : next;
  }

  #advance(): void {
    const present = this.#byOrdinal();
    try {
      if (this.#keep(present) === 'wait') return;
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      this.#retries = true;
      return;
    }
    for (const [ordinal, pod] of present) this.#claims.retain(ordinal, pod);
    if (this.#shrink(present) === 'wait') return;
    if (this.#set.spec.updateStrategy.type === 'RollingUpdate') this.#replaceOld(present);
  }

  #byOrdinal(): ReadonlyMap<number, PodEntry> {
    const found = podsOf(this.#tx, this.#set).flatMap((pod) => {
      const ordinal = ordinalOf(this.#set, pod.value.object);
      return ordinal === undefined ? [] : [[ordinal, pod] as const];
    });
    return new Map([...found].sort(([a], [b]) => a - b));
  }

  /** Sees to the pods that there should be, the lowest first. @throws StatusError when one is refused */
  #keep(present: ReadonlyMap<number, PodEntry>): Step {
    const first = firstOrdinal(this.#set);
    for (let ordinal = first; ordinal < first + this.#set.spec.replicas; ordinal += 1) {
      if (this.#keepOne(ordinal, present.get(ordinal)) === 'wait') return 'wait';
    }
    return 'on';
  }

  #keepOne(ordinal: number, pod: PodEntry | undefined): Step {
    if (!pod) {
      if (this.#claims.areGoing(ordinal)) {
        this.#retries = true;
        return this.#isOrdered ? 'wait' : 'on';
      }
      this.#create(ordinal);
      return this.#isOrdered ? 'wait' : 'on';
    }
    const { object } = pod.value;
    if (isFinished(object)) {
      if (!isTerminating(object)) this.#makeAnew(pod);
      return 'wait';
    }
    if (object.status?.phase === 'Pending') this.#makeClaims(ordinal);
    return this.#isOrdered && !this.#isHealthy(pod) ? 'wait' : 'on';
  }

  /** A pod that has ended goes, and comes again under its name. */
  #makeAnew(pod: PodEntry): void {
    const { name: set, namespace = '' } = this.#set.metadata;
    const { name } = pod.value.object.metadata;
    const isFailed = pod.value.object.status?.phase === 'Failed';
    const what = `StatefulSet ${namespace}/${set} is recreating ${isFailed ? 'failed' : 'terminated'} Pod ${name}`;
    if (isFailed) this.#tell('Warning', 'RecreatingFailedPod', what);
    else this.#tell('Normal', 'RecreatingTerminatedPod', what);
    this.#delete(pod);
  }

  #isHealthy(pod: PodEntry | undefined): boolean {
    return (
      pod !== undefined &&
      !isTerminating(pod.value.object) &&
      isAvailable(pod.value.object, this.#minReady, this.#now)
    );
  }

  /** Takes the pods away that are too many, the highest first. */
  #shrink(present: ReadonlyMap<number, PodEntry>): Step {
    const condemned = [...present].filter(([ordinal]) => !isInSet(this.#set, ordinal)).reverse();
    const sick = [...present.values()].find((pod) => !this.#isHealthy(pod));
    for (const [, pod] of condemned) {
      const isGoing = isTerminating(pod.value.object);
      // One that is not well keeps those before it, unless it is the first that is not.
      const mayGo = this.#isHealthy(pod) || !this.#isOrdered || pod === sick;
      if (!isGoing && mayGo) this.#delete(pod);
      if (this.#isOrdered) return 'wait';
    }
    return 'on';
  }

  /** Replaces the highest pod of an older template, once those above it are well. */
  #replaceOld(present: ReadonlyMap<number, PodEntry>): void {
    const first = firstOrdinal(this.#set);
    const lowest = first + (this.#set.spec.updateStrategy.rollingUpdate?.partition ?? 0);
    for (let ordinal = first + this.#set.spec.replicas - 1; ordinal >= lowest; ordinal -= 1) {
      const pod = present.get(ordinal);
      if (!pod) return;
      if (revisionOf(pod) !== this.#update.metadata.name && !isTerminating(pod.value.object)) {
        this.#delete(pod);
        return;
      }
      if (!this.#isHealthy(pod)) return;
    }
  }

  /** The revision that a new pod is made from: below the partition the one that was there before. */
  #revisionFor(ordinal: number): ControllerRevision {
    const { type, rollingUpdate } = this.#set.spec.updateStrategy;
    if (type !== 'RollingUpdate') return this.#update;
    const lowest = firstOrdinal(this.#set) + (rollingUpdate?.partition ?? 0);
    return ordinal < lowest ? this.#current : this.#update;
  }

  /** @throws StatusError when the pod or one of its claims is refused; an event says so. */
  #create(ordinal: number): void {
    const { name: set, namespace = '' } = this.#set.metadata;
    const name = podName(this.#set, ordinal);
    this.#makeClaims(ordinal);
    const revision = this.#revisionFor(ordinal);
    const draft = podDraft(templateOf(revision), {
      name,
      labels: {
        [revisionLabel]: revision.metadata.name,
        'statefulset.kubernetes.io/pod-name': name,
        'apps.kubernetes.io/pod-index': String(ordinal),
      },
      ownerReferences: [controllerReference(statefulSets, this.#set)],
    });
    const spec = draft['spec'] as Draft;
    const claimed = this.#claims.volumesOf(ordinal).map(({ name: volume, claim }) => ({
      name: volume,
      persistentVolumeClaim: { claimName: claim },
    }));
    const own = new Set(claimed.map((volume) => volume.name));
    const volumes = ((spec['volumes'] ?? []) as readonly { readonly name: string }[]).filter(
      (volume) => !own.has(volume.name),
    );
    if (volumes.length + claimed.length > 0) spec['volumes'] = [...claimed, ...volumes];
    spec['hostname'] = name;
    if (this.#set.spec.serviceName) spec['subdomain'] = this.#set.spec.serviceName;
    try {
      const { cluster } = this.#entry.value;
      insertObject(this.#parts.context, this.#tx, pods, { cluster, namespace }, draft);
    } catch (error) {
      if (error instanceof StatusError) {
        const message = `create Pod ${name} in StatefulSet ${set} failed error: ${error.message}`;
        this.#tell('Warning', 'FailedCreate', message);
      }
      throw error;
    }
    this.#tell('Normal', 'SuccessfulCreate', `create Pod ${name} in StatefulSet ${set} successful`);
  }

  #makeClaims(ordinal: number): void {
    const { name: set } = this.#set.metadata;
    const pod = podName(this.#set, ordinal);
    try {
      for (const claim of this.#claims.ensure(ordinal)) {
        const message = `create Claim ${claim} Pod ${pod} in StatefulSet ${set} success`;
        this.#tell('Normal', 'SuccessfulCreate', message);
      }
    } catch (error) {
      if (error instanceof StatusError) {
        const message = `create ${claimKind} Pod ${pod} in StatefulSet ${set} failed error: ${error.message}`;
        this.#tell('Warning', 'FailedCreate', message);
      }
      throw error;
    }
  }

  #delete(pod: PodEntry): void {
    deleteObject(this.#parts.context, this.#tx, pods, pod, { propagation: 'Background' });
    const { name } = pod.value.object.metadata;
    const message = `delete Pod ${name} in StatefulSet ${this.#set.metadata.name} successful`;
    this.#tell('Normal', 'SuccessfulDelete', message);
  }

  /** Writes the status; when a pod becomes available by time alone. */
  #putStatus(): Instant | undefined {
    const owned = podsOf(this.#tx, this.#set).filter(
      ({ value }) => ordinalOf(this.#set, value.object) !== undefined,
    );
    const all = owned.map(({ value }) => value.object);
    const running = all.filter(({ status }) => status?.phase === 'Running');
    const ready = running.filter(isReady).length;
    const living = owned.filter(({ value }) => !isTerminating(value.object));
    const countOf = (revision: ControllerRevision) =>
      living.filter((pod) => revisionOf(pod) === revision.metadata.name).length;
    const updated = countOf(this.#update);
    const isRolling = this.#set.spec.updateStrategy.type === 'RollingUpdate';
    const isDone = isRolling && updated === all.length && ready === all.length;
    const current = isDone ? this.#update : this.#current;
    const entry = this.#tx.entry(statefulSets.collection, this.#entry.key);
    if (entry) {
      putStatus(this.#tx, statefulSets, entry, {
        observedGeneration: this.#set.metadata.generation ?? 0,
        replicas: all.length,
        ...positive('readyReplicas', ready),
        ...positive('currentReplicas', countOf(current)),
        ...positive('updatedReplicas', updated),
        availableReplicas: running.filter((pod) => isAvailable(pod, this.#minReady, this.#now)).length,
        currentRevision: current.metadata.name,
        updateRevision: this.#update.metadata.name,
        collisionCount: this.#collisions,
      });
    }
    return nextAvailable(running, this.#minReady, this.#now);
  }

  #trim(): void {
    const inUse = new Set(podsOf(this.#tx, this.#set).map(revisionOf));
    const isUsed = ({ metadata: { name } }: KubeObject): boolean =>
      name === this.#current.metadata.name || name === this.#update.metadata.name || inUse.has(name);
    trimRevisions(this.#tx, this.#set, this.#set.spec.revisionHistoryLimit ?? 10, isUsed);
  }

  #tell(type: 'Normal' | 'Warning', reason: string, message: string): void {
    const { cluster } = this.#entry.value;
    recordEvent(this.#tx, this.#parts.context, cluster, this.#set, { type, reason, message, component });
  }
}

const revisionOf = ({ value }: PodEntry | Versioned<Stored<Pod>>): string | undefined =>
  value.object.metadata.labels?.[revisionLabel];

const positive = (name: string, value: number): object => (value > 0 ? { [name]: value } : {});
