import { createHash } from 'node:crypto';
import type { Transaction, Versioned } from '../../store/index.js';
import type { Instant } from '../../units/index.js';
import { instant, seconds, after } from '../../units/index.js';
import { deleteObject, insertObject } from '../api/index.js';
import { toKubeTime } from '../kube-time.js';
import { deployments, isFinished, isTerminating, pods, replicaSets } from '../kinds/index.js';
import type { PodTemplateSpec } from '../kinds/index.js';
import type { KubeObject, Stored } from '../object.js';
import { canonicalJson, controllerOf } from '../object.js';
import { objectKey } from '../resource-type.js';
import type { LabelSelector } from '../selectors/index.js';
import { Controller, byController } from './controller.js';
import type { ControllerParts, Trigger } from './controller.js';
import { recordEvent } from './events.js';
import { resolveCount } from './int-or-percent.js';
import { controlledBy, controllerReference, podsOf, putDesired, putStatus } from './owned.js';
import type { ReplicaSet } from './replica-set.js';

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  readonly message: string;
  readonly lastUpdateTime: string;
  readonly lastTransitionTime: string;
}

export interface Deployment extends KubeObject {
  readonly spec: {
    readonly replicas: number;
    readonly paused?: boolean;
    readonly minReadySeconds?: number;
    readonly progressDeadlineSeconds?: number;
    readonly revisionHistoryLimit?: number;
    readonly selector: LabelSelector;
    readonly template: PodTemplateSpec;
    readonly strategy: {
      readonly type: 'RollingUpdate' | 'Recreate';
      readonly rollingUpdate?: {
        readonly maxSurge: number | string;
        readonly maxUnavailable: number | string;
      };
    };
  };
  readonly status?: {
    readonly conditions?: readonly Condition[];
    readonly updatedReplicas?: number;
    readonly availableReplicas?: number;
    readonly readyReplicas?: number;
    readonly replicas?: number;
  };
}

type SetEntry = Versioned<Stored<ReplicaSet>>;

const component = 'deployment-controller';
const hashLabel = 'pod-template-hash';
const revisionKey = 'deployment.kubernetes.io/revision';
const desiredKey = 'deployment.kubernetes.io/desired-replicas';
const maxKey = 'deployment.kubernetes.io/max-replicas';
const letters = 'bcdfghjklmnpqrstvwxz2456789';

/** Rolls pods from one template to the next (Kubernetes: Deployment). */
export class DeploymentController extends Controller {
  protected readonly triggers: readonly Trigger[] = [
    { type: replicaSets, keys: byController('Deployment') },
    // Recreate waits for the last old pod to go.
    {
      type: pods,
      keys: ({ cluster, before, after }, store) => {
        if (after || !before) return [];
        const owner = controllerOf(before);
        if (owner?.kind !== 'ReplicaSet') return [];
        const set = store.get(
          replicaSets.collection,
          objectKey(cluster, before.metadata.namespace, owner.name),
        );
        const deployment = set && controllerOf(set.object);
        return deployment ? [objectKey(cluster, before.metadata.namespace, deployment.name)] : [];
      },
    },
  ];

  constructor(parts: ControllerParts) {
    super(parts, deployments);
  }

  protected reconcile(tx: Transaction, entry: Versioned<Stored>): Instant | undefined {
    const deployment = entry.value.object as Deployment;
    if (isTerminating(deployment)) return undefined;
    const rollout = new Rollout(this.parts, tx, entry, deployment);
    rollout.advance();
    return rollout.putStatus();
  }
}

/** One turn of a Deployment: one step, then its status. */
class Rollout {
  readonly #parts: ControllerParts;
  readonly #tx: Transaction;
  readonly #entry: Versioned<Stored>;
  readonly #deployment: Deployment;
  readonly #hash: string;

  constructor(parts: ControllerParts, tx: Transaction, entry: Versioned<Stored>, deployment: Deployment) {
    this.#parts = parts;
    this.#tx = tx;
    this.#entry = entry;
    this.#deployment = deployment;
    this.#hash = templateHash(deployment.spec.template);
  }

  advance(): void {
    const { spec } = this.#deployment;
    if (spec.paused === true) {
      this.#scaleProportionally();
      return;
    }
    const current = this.#currentSet();
    const old = this.#sets().filter(({ key }) => key !== current.key);
    if (this.#wasScaled()) this.#scaleProportionally();
    else if (spec.strategy.type === 'Recreate') this.#recreate(current, old);
    else if (!this.#scaleUp(current)) this.#scaleDown(current, old);
    this.#clean(current);
  }

  /** ReplicaSets of the deployment, oldest first. */
  #sets(): readonly SetEntry[] {
    const sets = controlledBy<ReplicaSet>(this.#tx, replicaSets, this.#deployment.metadata.uid);
    return [...sets].sort((a, b) => revisionOf(a.value.object) - revisionOf(b.value.object));
  }

  #find(): SetEntry | undefined {
    return this.#sets().find(({ value }) => value.object.metadata.labels?.[hashLabel] === this.#hash);
  }

  /** The set of the present template, made when there is none, with the newest revision. */
  #currentSet(): SetEntry {
    const newest = Math.max(0, ...this.#sets().map(({ value }) => revisionOf(value.object)));
    const found = this.#find();
    if (!found) return this.#makeSet(newest + 1);
    const revision = revisionOf(found.value.object);
    if (revision < newest) this.#annotateSet(found, newest + 1);
    this.#annotateDeployment(revision < newest ? newest + 1 : revision);
    return this.#find() ?? found;
  }

  #makeSet(revision: number): SetEntry {
    const { context } = this.#parts;
    const { metadata, spec } = this.#deployment;
    const labels = { ...spec.template.metadata?.labels, [hashLabel]: this.#hash };
    const selector = {
      ...spec.selector,
      matchLabels: { ...spec.selector.matchLabels, [hashLabel]: this.#hash },
    };
    const others = this.#sets().reduce((sum, { value }) => sum + value.object.spec.replicas, 0);
    const replicas =
      spec.strategy.type === 'Recreate' && others > 0
        ? 0
        : Math.max(0, Math.min(spec.replicas + this.#surge() - others, spec.replicas));
    const name = `${metadata.name}-${this.#hash}`;
    insertObject(
      context,
      this.#tx,
      replicaSets,
      { cluster: this.#entry.value.cluster, namespace: metadata.namespace ?? '' },
      {
        metadata: {
          name,
          labels,
          annotations: { ...this.#copied(), ...this.#counts(), [revisionKey]: String(revision) },
          ownerReferences: [controllerReference(deployments, this.#deployment)],
        },
        spec: {
          replicas,
          ...(spec.minReadySeconds !== undefined && { minReadySeconds: spec.minReadySeconds }),
          selector,
          template: structuredClone({ ...spec.template, metadata: { ...spec.template.metadata, labels } }),
        },
      },
    );
    if (replicas > 0) this.#tell(name, 0, replicas);
    this.#annotateDeployment(revision);
    return this.#find() as SetEntry;
  }

  /** Annotations of the deployment that its sets carry too. */
  #copied(): Record<string, string> {
    const own = new Set([
      'kubectl.kubernetes.io/last-applied-configuration',
      revisionKey,
      desiredKey,
      maxKey,
    ]);
    const all = Object.entries(this.#deployment.metadata.annotations ?? {});
    return Object.fromEntries(all.filter(([key]) => !own.has(key)));
  }

  #counts(): Record<string, string> {
    const { replicas } = this.#deployment.spec;
    return { [desiredKey]: String(replicas), [maxKey]: String(replicas + this.#surge()) };
  }

  #annotateSet(set: SetEntry, revision: number): void {
    const { metadata } = set.value.object;
    const annotations = {
      ...metadata.annotations,
      ...this.#copied(),
      ...this.#counts(),
      [revisionKey]: String(revision),
    };
    putDesired(this.#tx, replicaSets, set, { metadata: { annotations } });
  }

  #annotateDeployment(revision: number): void {
    const entry = this.#tx.entry(deployments.collection, this.#entry.key);
    if (!entry) return;
    const { annotations } = entry.value.object.metadata;
    if (annotations?.[revisionKey] === String(revision)) return;
    putDesired(this.#tx, deployments, entry, {
      metadata: { annotations: { ...annotations, [revisionKey]: String(revision) } },
    });
  }

  #surge(): number {
    const { strategy, replicas } = this.#deployment.spec;
    return strategy.rollingUpdate ? resolveCount(strategy.rollingUpdate.maxSurge, replicas, 'up') : 0;
  }

  #unavailable(): number {
    const { strategy, replicas } = this.#deployment.spec;
    if (!strategy.rollingUpdate || replicas === 0) return 0;
    const count = resolveCount(strategy.rollingUpdate.maxUnavailable, replicas, 'down');
    return Math.min(replicas, count === 0 && this.#surge() === 0 ? 1 : count);
  }

  /** True when the deployment was scaled since its sets were last told how large it is. */
  #wasScaled(): boolean {
    const active = this.#sets().filter(({ value }) => value.object.spec.replicas > 0);
    return active.some(({ value }) => {
      const told = value.object.metadata.annotations?.[desiredKey];
      return told !== undefined && Number(told) !== this.#deployment.spec.replicas;
    });
  }

  /** A deployment scaled in mid-rollout grows or shrinks all its sets by their sizes, the rest going to the largest. */
  #scaleProportionally(): void {
    const { replicas } = this.#deployment.spec;
    const active = this.#sets().filter(({ value }) => value.object.spec.replicas > 0);
    const single = active.length <= 1 ? (active[0] ?? this.#find()) : undefined;
    if (single) {
      this.#setReplicas(single, replicas);
      return;
    }
    const total = active.reduce((sum, { value }) => sum + value.object.spec.replicas, 0);
    const allowed = replicas > 0 ? replicas + this.#surge() : 0;
    let left = allowed - total;
    const largestFirst = [...active].sort(
      (a, b) => b.value.object.spec.replicas - a.value.object.spec.replicas,
    );
    const change = new Map<string, number>();
    for (const { key, value } of largestFirst) {
      const { spec, metadata } = value.object;
      const previous = Number(metadata.annotations?.[maxKey] ?? total) || total;
      const share = Math.round((spec.replicas * allowed) / previous) - spec.replicas;
      const bounded = left > 0 ? Math.max(0, Math.min(share, left)) : Math.min(0, Math.max(share, left));
      change.set(key, bounded);
      left -= bounded;
    }
    for (const [index, set] of largestFirst.entries()) {
      const rest = index === 0 ? left : 0;
      this.#setReplicas(set, Math.max(0, set.value.object.spec.replicas + (change.get(set.key) ?? 0) + rest));
    }
  }

  #recreate(current: SetEntry, old: readonly SetEntry[]): void {
    for (const set of old) this.#setReplicas(set, 0);
    const isRunning = old.some(({ value }) =>
      podsOf(this.#tx, value.object).some((pod) => !isFinished(pod.value.object)),
    );
    if (!isRunning) this.#setReplicas(current, this.#deployment.spec.replicas);
  }

  /** Grows the present set as far as the surge allows; true when it did. */
  #scaleUp(current: SetEntry): boolean {
    const { replicas } = this.#deployment.spec;
    const present = current.value.object.spec.replicas;
    if (present > replicas) {
      this.#setReplicas(current, replicas);
      return true;
    }
    const total = this.#sets().reduce((sum, { value }) => sum + value.object.spec.replicas, 0);
    const growth = Math.min(replicas + this.#surge() - total, replicas - present);
    if (growth <= 0) return false;
    this.#setReplicas(current, present + growth);
    return true;
  }

  /** Shrinks the old sets as far as enough pods stay available: first what is not healthy, then the oldest. */
  #scaleDown(current: SetEntry, old: readonly SetEntry[]): void {
    const { replicas } = this.#deployment.spec;
    const sets = this.#sets();
    const total = sets.reduce((sum, { value }) => sum + value.object.spec.replicas, 0);
    const minAvailable = replicas - this.#unavailable();
    const { spec, status } = current.value.object;
    const newUnavailable = spec.replicas - (status?.availableReplicas ?? 0);
    let budget = total - minAvailable - newUnavailable;
    const sizes = new Map(old.map(({ key, value }) => [key, value.object.spec.replicas]));
    for (const { key, value } of old) {
      if (budget <= 0) break;
      const size = sizes.get(key) ?? 0;
      const unhealthy = Math.max(0, size - (value.object.status?.availableReplicas ?? 0));
      const removed = Math.min(budget, unhealthy);
      sizes.set(key, size - removed);
      budget -= removed;
    }
    const available = sets.reduce((sum, { value }) => sum + (value.object.status?.availableReplicas ?? 0), 0);
    let spare = available - minAvailable;
    for (const { key } of old) {
      if (spare <= 0) break;
      const size = sizes.get(key) ?? 0;
      const removed = Math.min(spare, size);
      sizes.set(key, size - removed);
      spare -= removed;
    }
    for (const set of old) this.#setReplicas(set, sizes.get(set.key) ?? 0);
  }

  #setReplicas(set: SetEntry, replicas: number): void {
    const present = this.#tx.entry(replicaSets.collection, set.key) as SetEntry | undefined;
    if (!present) return;
    const { object } = present.value;
    const before = object.spec.replicas;
    const annotations = { ...object.metadata.annotations, ...this.#counts() };
    const isSameNote = canonicalJson(annotations) === canonicalJson(object.metadata.annotations ?? {});
    if (before === replicas && isSameNote) return;
    putDesired(this.#tx, replicaSets, present, {
      metadata: { annotations },
      ...(before !== replicas && { spec: { ...object.spec, replicas } }),
    });
    if (before !== replicas) this.#tell(object.metadata.name, before, replicas);
  }

  #tell(set: string, from: number, to: number): void {
    const verb = to > from ? 'up' : 'down';
    recordEvent(this.#tx, this.#parts.context, this.#entry.value.cluster, this.#deployment, {
      type: 'Normal',
      reason: 'ScalingReplicaSet',
      message: `Scaled ${verb} replica set ${set} from ${String(from)} to ${String(to)}`,
      component,
    });
  }

  /** Drops the oldest sets beyond the history, once the rollout is done. */
  #clean(current: SetEntry): void {
    const { revisionHistoryLimit = 10 } = this.#deployment.spec;
    const idle = this.#sets().filter(({ key, value }) => {
      const { spec, status } = value.object;
      return key !== current.key && spec.replicas === 0 && (status?.replicas ?? 0) === 0;
    });
    for (const set of idle.slice(0, Math.max(0, idle.length - revisionHistoryLimit))) {
      deleteObject(this.#parts.context, this.#tx, replicaSets, set, { propagation: 'Background' });
    }
  }

  /** Writes the status; the moment at which the rollout would be late, while one is under way. */
  putStatus(): Instant | undefined {
    const entry = this.#tx.entry(deployments.collection, this.#entry.key);
    if (!entry) return undefined;
    const deployment = entry.value.object as Deployment;
    const sets = this.#sets().map(({ value }) => value.object);
    const current = this.#find()?.value.object;
    const sum = (count: (set: ReplicaSet) => number | undefined) =>
      sets.reduce((total, set) => total + (count(set) ?? 0), 0);
    const replicas = sum(({ status }) => status?.replicas);
    const ready = sum(({ status }) => status?.readyReplicas);
    const available = sum(({ status }) => status?.availableReplicas);
    const updated = current?.status?.replicas ?? 0;
    const wanted = deployment.spec.replicas;
    const isComplete = updated === wanted && replicas === wanted && available === wanted;
    const hasProgressed =
      updated > (deployment.status?.updatedReplicas ?? 0) ||
      available > (deployment.status?.availableReplicas ?? 0) ||
      ready > (deployment.status?.readyReplicas ?? 0) ||
      replicas - updated < (deployment.status?.replicas ?? 0) - (deployment.status?.updatedReplicas ?? 0);
    const { conditions, late } = this.#conditions(deployment, current, available, isComplete, hasProgressed);
    putStatus(this.#tx, deployments, entry, {
      observedGeneration: deployment.metadata.generation ?? 0,
      ...positive('replicas', replicas),
      ...positive('updatedReplicas', updated),
      ...positive('readyReplicas', ready),
      ...positive('availableReplicas', available),
      ...positive('unavailableReplicas', Math.max(0, sum(({ spec }) => spec.replicas) - available)),
      conditions,
    });
    return late;
  }

  #conditions(
    deployment: Deployment,
    current: ReplicaSet | undefined,
    available: number,
    isComplete: boolean,
    hasProgressed: boolean,
  ): { readonly conditions: readonly Condition[]; readonly late: Instant | undefined } {
    const now = this.#parts.clock.now();
    const before = deployment.status?.conditions ?? [];
    const minimum = deployment.spec.replicas - this.#unavailable();
    const isAvailable = available >= minimum;
    const availability = conditionOf(before, now, {
      type: 'Available',
      status: isAvailable ? 'True' : 'False',
      reason: isAvailable ? 'MinimumReplicasAvailable' : 'MinimumReplicasUnavailable',
      message: `Deployment ${isAvailable ? 'has' : 'does not have'} minimum availability.`,
    });
    if (!current) return { conditions: [availability], late: undefined };
    const set = `ReplicaSet "${current.metadata.name}"`;
    const previous = before.find(({ type }) => type === 'Progressing');
    const deadline = after(
      instant(Date.parse(previous?.lastUpdateTime ?? toKubeTime(now))),
      seconds(deployment.spec.progressDeadlineSeconds ?? 600),
    );
    const note = (status: string, reason: string, message: string) =>
      conditionOf(
        before,
        now,
        { type: 'Progressing', status, reason, message },
        hasProgressed ? 'renewed' : 'kept',
      );
    let progress: Condition;
    if (deployment.spec.paused === true)
      progress = note('Unknown', 'DeploymentPaused', 'Deployment is paused');
    else if (isComplete)
      progress = note('True', 'NewReplicaSetAvailable', `${set} has successfully progressed.`);
    else if (previous?.reason === 'ProgressDeadlineExceeded' && !hasProgressed) progress = previous;
    else if (previous && !hasProgressed && previous.reason !== 'NewReplicaSetAvailable' && deadline <= now) {
      progress = note('False', 'ProgressDeadlineExceeded', `${set} has timed out progressing.`);
    } else if (!previous)
      progress = note('True', 'NewReplicaSetCreated', `Created new replica set "${current.metadata.name}"`);
    else progress = note('True', 'ReplicaSetUpdated', `${set} is progressing.`);
    const isUnderWay = progress.status === 'True' && !isComplete;
    return {
      conditions: [availability, progress],
      late: isUnderWay && deadline > now ? deadline : undefined,
    };
  }
}

const positive = (name: string, value: number): object => (value > 0 ? { [name]: value } : {});

/** A condition with its times: it is updated when it says something else, its transition when its status does. */
function conditionOf(
  before: readonly Condition[],
  now: Instant,
  condition: Pick<Condition, 'type' | 'status' | 'reason' | 'message'>,
  update: 'renewed' | 'kept' = 'kept',
): Condition {
  const previous = before.find(({ type }) => type === condition.type);
  const time = toKubeTime(now);
  const isSame = previous?.reason === condition.reason && previous.message === condition.message;
  return {
    ...condition,
    lastUpdateTime: previous && isSame && update === 'kept' ? previous.lastUpdateTime : time,
    lastTransitionTime: previous?.status === condition.status ? previous.lastTransitionTime : time,
  };
}

const revisionOf = ({ metadata }: KubeObject): number => Number(metadata.annotations?.[revisionKey] ?? 0);

/** A hash of a template in letters that make no words. */
function templateHash(template: PodTemplateSpec): string {
  const digest = createHash('sha256').update(canonicalJson(template)).digest();
  return [...digest.subarray(0, 10)].map((byte) => letters[byte % letters.length]).join('');
}
