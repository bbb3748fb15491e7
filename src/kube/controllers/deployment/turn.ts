import type { Transaction, Versioned } from '../../../store/index.js';
import type { Instant } from '../../../units/index.js';
import { instant } from '../../../units/index.js';
import type { StatusError } from '../../api/index.js';
import { deployments, isFinished } from '../../kinds/index.js';
import type { Stored } from '../../object.js';
import type { ControllerParts, Next } from '../controller.js';
import { podsOf, putStatus } from '../owned.js';
import type { ReplicaSet } from '../replication/index.js';
import { conditionOf, isComplete, lateAt, withCondition, withProgress, without } from './conditions.js';
import { maxSurge, maxUnavailable, progressDeadline } from './deployment.js';
import type { Deployment, DeploymentCondition, DeploymentStatus, SetEntry } from './deployment.js';
import { DeploymentSets, desiredAtSizing, sizeOf } from './replica-sets.js';
import type { Bounds } from './sizes.js';
import { grownSize, proportionalSizes, shrunkSizes } from './sizes.js';

const isActive = ({ value }: SetEntry): boolean => value.object.spec.replicas > 0;
const replicasOf = ({ value }: SetEntry): number => value.object.spec.replicas;

/** Milliseconds until a rollout that is late but not told so yet is looked at again. */
const soonest = 1000;

/** One turn of a Deployment: one step, then its status. */
export class DeploymentTurn {
  readonly #parts: ControllerParts;
  readonly #tx: Transaction;
  readonly #key: string;
  readonly #cluster: string;
  readonly #deployment: Deployment;
  readonly #sets: DeploymentSets;
  readonly #bounds: Bounds;
  readonly #now: Instant;
  #conditions: readonly DeploymentCondition[];
  #refusal: StatusError | undefined;
  /** Whether the rollout is judged by its progress, which one that is paused or being scaled is not. */
  #isRolling = false;

  constructor(parts: ControllerParts, tx: Transaction, entry: Versioned<Stored>, deployment: Deployment) {
    this.#parts = parts;
    this.#tx = tx;
    this.#key = entry.key;
    this.#cluster = entry.value.cluster;
    this.#deployment = deployment;
    this.#sets = new DeploymentSets(parts, tx, entry, deployment);
    this.#bounds = {
      replicas: deployment.spec.replicas,
      surge: maxSurge(deployment),
      unavailable: maxUnavailable(deployment),
    };
    this.#now = parts.clock.now();
    this.#conditions = deployment.status?.conditions ?? [];
  }

  advance(): void {
    const { spec } = this.#deployment;
    this.#sets.claim();
    this.#notePause();
    this.#sets.syncPresent();
    if (spec.paused === true) {
      this.#scale();
      this.#sets.trim();
      return;
    }
    this.#noteFound();
    if (this.#wasScaled()) {
      this.#scale();
      return;
    }
    this.#isRolling = true;
    if (spec.strategy.type === 'Recreate') this.#recreate();
    else this.#roll();
  }

  /** Keeps the time of a pause out of the rollout's deadline. */
  #notePause(): void {
    if (progressDeadline(this.#deployment) === undefined) return;
    const present = conditionOf(this.#conditions, 'Progressing');
    if (present?.reason === 'ProgressDeadlineExceeded') return;
    const isNoted = present?.reason === 'DeploymentPaused';
    const isPaused = this.#deployment.spec.paused === true;
    if (isPaused && !isNoted) this.#setProgress('Unknown', 'DeploymentPaused', 'Deployment is paused');
    if (!isPaused && isNoted) this.#setProgress('Unknown', 'DeploymentResumed', 'Deployment is resumed');
  }

  #noteFound(): void {
    const present = this.#sets.present();
    if (!present || conditionOf(this.#conditions, 'Progressing')) return;
    const message = `Found new replica set "${present.value.object.metadata.name}"`;
    this.#setProgress('True', 'FoundNewReplicaSet', message);
  }

  #setProgress(status: DeploymentCondition['status'], reason: string, message: string): void {
    if (progressDeadline(this.#deployment) === undefined) return;
    this.#conditions = withCondition(
      this.#conditions,
      { type: 'Progressing', status, reason, message },
      this.#now,
    );
  }

  /** True when the deployment was scaled since its sets were last told how large it is. */
  #wasScaled(): boolean {
    return this.#sets
      .all()
      .filter(isActive)
      .some(({ value }) => {
        const told = desiredAtSizing(value.object);
        return told !== undefined && told !== this.#bounds.replicas;
      });
  }

  #scale(): void {
    const all = this.#sets.all();
    const active = all.filter(isActive);
    if (active.length <= 1) {
      const latest = active[0] ?? this.#sets.present() ?? all.at(-1);
      if (latest) this.#sets.resize(latest, this.#bounds.replicas);
      return;
    }
    const present = this.#sets.present();
    if (present && this.#isSaturated(present)) {
      for (const set of this.#sets.old()) if (isActive(set)) this.#sets.resize(set, 0);
      return;
    }
    if (this.#deployment.spec.strategy.type !== 'RollingUpdate') return;
    const sizes = proportionalSizes(active.map(sizeOf), this.#bounds, this.#deployment.status?.replicas ?? 0);
    for (const set of active) this.#sets.resize(set, sizes.get(set.value.object.metadata.name) ?? 0);
  }

  /** All of it is of the present template already. */
  #isSaturated({ value: { object } }: SetEntry): boolean {
    const { replicas } = this.#bounds;
    return (
      object.spec.replicas === replicas &&
      desiredAtSizing(object) === replicas &&
      object.status?.availableReplicas === replicas
    );
  }

  #recreate(): void {
    const old = this.#sets.old();
    let isScaledDown = false;
    for (const set of old.filter(isActive)) isScaledDown = this.#sets.resize(set, 0) || isScaledDown;
    if (isScaledDown || this.#isRunning(old)) return;
    const present = this.#ensurePresent(this.#bounds.replicas);
    if (!present) return;
    this.#sets.resize(present, this.#bounds.replicas);
    if (this.#isComplete()) this.#sets.trim();
  }

  #isRunning(sets: readonly SetEntry[]): boolean {
    return sets.some(({ value }) =>
      podsOf(this.#tx, value.object).some((pod) => !isFinished(pod.value.object)),
    );
  }

  #roll(): void {
    const total = this.#sets.all().reduce((sum, set) => sum + replicasOf(set), 0);
    const present = this.#ensurePresent(grownSize(0, total, this.#bounds));
    if (!present) return;
    const all = this.#sets.all().reduce((sum, set) => sum + replicasOf(set), 0);
    const grown = grownSize(replicasOf(present), all, this.#bounds);
    if (grown !== replicasOf(present)) {
      this.#sets.resize(present, grown);
      return;
    }
    const old = this.#sets.old();
    const sizes = shrunkSizes(old.map(sizeOf), sizeOf(present), this.#bounds);
    let isScaledDown = false;
    for (const [index, set] of old.entries()) {
      const size = sizes[index] ?? 0;
      if (size !== replicasOf(set)) isScaledDown = this.#sets.resize(set, size) || isScaledDown;
    }
    if (!isScaledDown && this.#isComplete()) this.#sets.trim();
  }

  #ensurePresent(replicas: number): SetEntry | undefined {
    const present = this.#sets.ensurePresent(replicas);
    if (present.kind === 'refused') {
      this.#refusal = present.error;
      this.#setProgress('False', 'ReplicaSetCreateError', present.error.message);
      return undefined;
    }
    const { name } = present.set.value.object.metadata;
    if (present.kind === 'made')
      this.#setProgress('True', 'NewReplicaSetCreated', `Created new replica set "${name}"`);
    return present.set;
  }

  #isComplete(): boolean {
    const { status, metadata } = this.#deployment;
    const isSeen = (status?.observedGeneration ?? 0) >= (metadata.generation ?? 0);
    return isSeen && isComplete(status ?? {}, this.#bounds.replicas);
  }

  /** Writes the status; the moment at which the rollout is late, while it is under way. */
  putStatus(): Next {
    const entry = this.#tx.entry(deployments.collection, this.#key);
    if (!entry) return undefined;
    const sets = this.#sets.all().map(({ value }) => value.object);
    const counts = this.#counts(sets);
    this.#noteAvailability(counts.availableReplicas ?? 0);
    const deadline = progressDeadline(this.#deployment);
    if (this.#isRolling) this.#judge(sets, counts, deadline);
    const conditions = this.#conditions;
    putStatus(this.#tx, deployments, entry, { ...counts, ...(conditions.length > 0 && { conditions }) });
    if (this.#refusal) return 'retry';
    // Who was not judged now would not be at any other moment before something changes.
    if (!this.#isRolling || deadline === undefined) return undefined;
    const late = lateAt(conditions, counts, this.#bounds.replicas, deadline);
    return late === undefined ? undefined : instant(Math.max(late, this.#now + soonest));
  }

  #counts(sets: readonly ReplicaSet[]): DeploymentStatus {
    const present = this.#sets.present()?.value.object;
    const sum = (count: (set: ReplicaSet) => number | undefined) =>
      sets.reduce((total, set) => total + (count(set) ?? 0), 0);
    const available = sum(({ status }) => status?.availableReplicas);
    const unavailable = Math.max(0, sum(({ spec }) => spec.replicas) - available);
    const { collisions } = this.#sets;
    const isTold = this.#parts.context.minorOf(this.#cluster) >= 35;
    return {
      observedGeneration: this.#deployment.metadata.generation ?? 0,
      ...positive(
        'replicas',
        sum(({ status }) => status?.replicas),
      ),
      ...positive('updatedReplicas', present?.status?.replicas ?? 0),
      ...positive(
        'readyReplicas',
        sum(({ status }) => status?.readyReplicas),
      ),
      ...positive('availableReplicas', available),
      ...positive('unavailableReplicas', unavailable),
      ...(isTold && { terminatingReplicas: sum(({ status }) => status?.terminatingReplicas) }),
      ...positive('collisionCount', collisions),
    };
  }

  #noteAvailability(available: number): void {
    const { replicas, unavailable } = this.#bounds;
    const isAvailable = available >= replicas - unavailable;
    this.#conditions = withCondition(
      this.#conditions,
      {
        type: 'Available',
        status: isAvailable ? 'True' : 'False',
        reason: isAvailable ? 'MinimumReplicasAvailable' : 'MinimumReplicasUnavailable',
        message: `Deployment ${isAvailable ? 'has' : 'does not have'} minimum availability.`,
      },
      this.#now,
    );
  }

  #judge(sets: readonly ReplicaSet[], after: DeploymentStatus, deadline: number | undefined): void {
    const present = this.#sets.present()?.value.object;
    if (deadline === undefined) this.#conditions = without(this.#conditions, 'Progressing');
    else {
      const before = this.#deployment.status ?? {};
      const { replicas } = this.#bounds;
      const set = present?.metadata.name;
      const deployment = this.#deployment.metadata.name;
      const view = { before, after, replicas, set, deployment, deadline };
      this.#conditions = withProgress(this.#conditions, view, this.#now);
    }
    const failure = [...(present ? [present] : []), ...sets]
      .flatMap(({ status }) => status?.conditions ?? [])
      .find(({ type }) => type === 'ReplicaFailure');
    if (!failure) this.#conditions = without(this.#conditions, 'ReplicaFailure');
    else {
      const { type, status, reason, message } = failure;
      this.#conditions = withCondition(this.#conditions, { type, status, reason, message }, this.#now);
    }
  }
}

const positive = <K extends string>(name: K, value: number): Partial<Record<K, number>> =>
  value > 0 ? ({ [name]: value } as Partial<Record<K, number>>) : {};
