import type { Transaction, Versioned } from '../../../store/index.js';
import type { Instant } from '../../../units/index.js';
import { instant } from '../../../units/index.js';
import type { StatusError } from '../../api/index.js';
import {
  isActive,
  isTerminating,
  labelledTerm,
  pods,
  replicaSets,
  replicationControllers,
  stateTerm,
} from '../../kinds/index.js';
import type { Pod, PodState } from '../../kinds/index.js';
import { toKubeTime } from '../../kube-time.js';
import { controllerOf } from '../../object.js';
import type { KubeObject, Stored } from '../../object.js';
import type { ResourceType } from '../../resource-type.js';
import { compileLabelSelector } from '../../selectors/index.js';
import type { LabelSelector } from '../../selectors/index.js';
import { adopt, release } from '../adoption.js';
import type { Adopter } from '../adoption.js';
import { isAvailable, nextAvailable } from '../availability.js';
import { Controller, byControllerOrSelector } from '../controller.js';
import type { ControllerParts, Next, Trigger } from '../controller.js';
import { controlledBy, putStatus } from '../owned.js';
import { PodWriter } from '../pod-writer.js';
import { slowStart } from '../slow-start.js';
import type { ReplicaOwner, ReplicaSet, ReplicationController } from './replica-set.js';
import { inDeletionOrder } from './scale-down.js';

/** Pods made or deleted in one turn (Kubernetes: burst replicas). */
const burst = 500;
/** Milliseconds between two bursts. */
const betweenBursts = 100;

/** What sets the two kinds apart that keep a number of pods. */
interface ReplicaKind {
  readonly type: ResourceType;
  readonly component: string;
  readonly selectorOf: (owner: KubeObject) => LabelSelector;
  /** Sets whose pods stand in for each other's, this one among them. */
  readonly related: (tx: Transaction, owner: KubeObject) => readonly KubeObject[];
}

/** Keeps as many pods as a ReplicaSet or a ReplicationController asks for. */
abstract class ReplicaManager extends Controller {
  readonly #kind: ReplicaKind;
  protected readonly triggers: readonly Trigger[];

  protected constructor(parts: ControllerParts, kind: ReplicaKind) {
    super(parts, kind.type);
    this.#kind = kind;
    this.triggers = [{ type: pods, keys: byControllerOrSelector(kind.type) }];
  }

  protected reconcile(tx: Transaction, entry: Versioned<Stored>): Next {
    return new ReplicaTurn(this.parts, tx, entry, this.#kind).advance();
  }
}

/** Kubernetes: ReplicaSet. */
export class ReplicaSetController extends ReplicaManager {
  constructor(parts: ControllerParts) {
    super(parts, {
      type: replicaSets,
      component: 'replicaset-controller',
      selectorOf: (owner) => (owner as ReplicaSet).spec.selector,
      related: (tx, owner) => {
        const above = controllerOf(owner);
        if (!above) return [owner];
        return controlledBy(tx, replicaSets, above.uid).map(({ value }) => value.object);
      },
    });
  }
}

/** Kubernetes: ReplicationController. */
export class ReplicationControllerController extends ReplicaManager {
  constructor(parts: ControllerParts) {
    super(parts, {
      type: replicationControllers,
      component: 'replication-controller',
      selectorOf: (owner) => ({ matchLabels: (owner as ReplicationController).spec.selector }),
      related: (_tx, owner) => [owner],
    });
  }
}

/** One turn of a set. What it has is counted by the store's indexes: a turn of a large set costs what one of a small one does. */
class ReplicaTurn {
  readonly #parts: ControllerParts;
  readonly #tx: Transaction;
  readonly #entry: Versioned<Stored>;
  readonly #kind: ReplicaKind;
  readonly #set: ReplicaOwner;
  readonly #writer: PodWriter;
  readonly #now: Instant;

  constructor(parts: ControllerParts, tx: Transaction, entry: Versioned<Stored>, kind: ReplicaKind) {
    this.#parts = parts;
    this.#tx = tx;
    this.#entry = entry;
    this.#kind = kind;
    this.#set = entry.value.object as ReplicaOwner;
    this.#writer = new PodWriter(parts.context, tx, kind.type, entry, kind.component);
    this.#now = parts.clock.now();
  }

  advance(): Next {
    this.#claim();
    const { replicas } = this.#set.spec;
    let refusal: StatusError | undefined;
    const surplus = this.#count('active') - replicas;
    const isActing = !isTerminating(this.#set);
    if (isActing) {
      if (surplus < 0) refusal = this.#create(Math.min(-surplus, burst));
      else if (surplus > 0) this.#shrink(surplus);
    }
    const next = this.#putStatus(refusal);
    if (refusal) return 'retry';
    // What was too much for one turn is for the next, and in between it is the turn of others.
    return isActing && Math.abs(surplus) > burst ? instant(this.#now + betweenBursts) : next;
  }

  #claim(): void {
    const matches = compileLabelSelector(this.#kind.selectorOf(this.#set));
    const adopter: Adopter = {
      type: this.#kind.type,
      entry: this.#entry,
      selects: ({ metadata }) => matches(metadata.labels ?? {}),
    };
    adopt(this.#tx, adopter, pods, (pod) => isActive(pod as Pod));
    const { uid } = this.#set.metadata;
    if (this.#labelled() < this.#tx.count(pods.collection, 'byOwner', uid))
      release(this.#tx, adopter, pods, this.#podsIn('active'));
  }

  #count(state: PodState): number {
    return this.#tx.count(pods.collection, 'byState', stateTerm(this.#set.metadata.uid, state));
  }

  #podsIn(state: PodState): readonly Versioned<Stored<Pod>>[] {
    const term = stateTerm(this.#set.metadata.uid, state);
    return this.#tx.findEntries(pods.collection, 'byState', term) as readonly Versioned<Stored<Pod>>[];
  }

  /** Pods with exactly the template's labels. */
  #labelled(): number {
    const { uid } = this.#set.metadata;
    const { labels } = this.#set.spec.template.metadata ?? {};
    return this.#tx.count(pods.collection, 'byState', labelledTerm(uid, labels));
  }

  #create(count: number): StatusError | undefined {
    return slowStart(count, () => this.#writer.create(this.#set.spec.template));
  }

  #shrink(surplus: number): void {
    const active = this.#podsIn('active');
    const count = Math.min(surplus, burst);
    if (count < active.length) {
      const order = inDeletionOrder(active, this.#siblingsByNode(), this.#now);
      for (const entry of order.slice(0, count)) this.#writer.remove(entry);
    } else for (const entry of active) this.#writer.remove(entry);
  }

  /** How many active pods of the related sets each node has. */
  #siblingsByNode(): ReadonlyMap<string, number> {
    const counts = new Map<string, number>();
    for (const { metadata } of this.#kind.related(this.#tx, this.#set)) {
      const term = stateTerm(metadata.uid, 'active');
      for (const { object } of this.#tx.find(pods.collection, 'byState', term)) {
        const { nodeName } = (object as Pod).spec;
        if (nodeName) counts.set(nodeName, (counts.get(nodeName) ?? 0) + 1);
      }
    }
    return counts;
  }

  /** Writes the status; when a pod becomes available by time alone. */
  #putStatus(refusal: StatusError | undefined): Instant | undefined {
    const entry = this.#tx.entry(this.#kind.type.collection, this.#entry.key);
    if (!entry) return undefined;
    const minReady = (this.#set.spec.minReadySeconds ?? 0) * 1000;
    const ready = minReady > 0 ? this.#podsIn('ready').map(({ value }) => value.object) : [];
    const isTold = this.#parts.context.minorOf(this.#entry.value.cluster) >= 35;
    const conditions = this.#conditions(refusal);
    putStatus(this.#tx, this.#kind.type, entry, {
      replicas: this.#count('active'),
      ...positive('fullyLabeledReplicas', this.#fullyLabelled()),
      ...positive('readyReplicas', this.#count('ready')),
      ...positive(
        'availableReplicas',
        minReady > 0
          ? ready.filter((pod) => isAvailable(pod, minReady, this.#now)).length
          : this.#count('ready'),
      ),
      ...(isTold && this.#kind.type === replicaSets && { terminatingReplicas: this.#count('terminating') }),
      ...(conditions.length > 0 && { conditions }),
      observedGeneration: this.#set.metadata.generation ?? 0,
    });
    return nextAvailable(ready, minReady, this.#now);
  }

  /** Active pods with all labels of the template. */
  #fullyLabelled(): number {
    const { uid } = this.#set.metadata;
    const active = this.#count('active');
    if (this.#labelled() === this.#tx.count(pods.collection, 'byOwner', uid)) return active;
    const matches = compileLabelSelector({ matchLabels: this.#set.spec.template.metadata?.labels ?? {} });
    return this.#podsIn('active').filter(({ value }) => matches(value.object.metadata.labels ?? {})).length;
  }

  #conditions(refusal: StatusError | undefined): readonly object[] {
    if (!refusal) return [];
    const before = this.#set.status?.conditions?.find(({ type }) => type === 'ReplicaFailure');
    if (before) return [before];
    return [
      {
        type: 'ReplicaFailure',
        status: 'True',
        lastTransitionTime: toKubeTime(this.#now),
        reason: 'FailedCreate',
        message: refusal.message,
      },
    ];
  }
}

const positive = (name: string, value: number): object => (value > 0 ? { [name]: value } : {});
