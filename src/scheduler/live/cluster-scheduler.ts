import {
  nominateNode,
  objectKey,
  podCondition,
  pods,
  preemptPod,
  putPodCondition,
  recordEvent,
  reserveNode,
} from '../../kube/index.js';
import type { Pod, PodReservation, WriteContext } from '../../kube/index.js';
import type { Transaction } from '../../store/index.js';
import { instant } from '../../units/index.js';
import type { Instant } from '../../units/index.js';
import { ClusterCache } from '../cache/cluster-cache.js';
import type { NodeInfo } from '../cache/node-info.js';
import type { PodInfo } from '../cache/pod-info.js';
import { Attempts } from '../engine/attempt.js';
import type { Outcome } from '../engine/attempt.js';
import { rejectingPlugins } from '../engine/diagnosis.js';
import { Engine } from '../engine/engine.js';
import type { Draw } from '../engine/engine.js';
import type { ClusterEvent } from '../framework/cluster-event.js';
import type { SchedulerConfiguration } from '../framework/configuration.js';
import { featuresOf, parseKubernetesVersion } from '../framework/features.js';
import { noteOf } from '../framework/refusal-text.js';
import { bindToNode } from '../plugins/default-binder.js';
import { defaultPlugins } from '../plugins/index.js';
import type { Budget } from '../preemption/budgets.js';
import type { Candidate } from '../preemption/dry-run.js';
import { SchedulingQueue } from '../queue/scheduling-queue.js';
import type { PodGroup, QueuedPod } from '../queue/scheduling-queue.js';
import { ClusterState } from './cluster-state.js';
import { Reservations } from './reservations.js';
import type { Reservation } from './reservations.js';

const component = 'default-scheduler';

/** Stands for the plugin that refused a pod, where it was an error that did: no event wakes such a pod, time alone does. */
const anError = 'error';

/** Refused pods wait no longer than this without being tried again, give or take a look every half minute. */
const longestWait = 300_000;
const lookEvery = 30_000;

/** Pods of a group that are told a new text when all of it is refused anew; the others keep the one they have. */
const retold = 100;

/** What refused a pod of a group, as long as nothing changes. */
interface GroupRefusal {
  readonly version: number;
  readonly message: string;
  readonly plugins: ReadonlySet<string>;
  /** How many pods have been told since the group was tried. */
  told: number;
}

/** The scheduler of one cluster. Its cache and queue are current with the store between transactions. */
export class ClusterScheduler {
  readonly state: ClusterState;
  readonly engine: Engine;
  readonly #cluster: string;
  readonly #context: WriteContext;
  readonly #queue = new SchedulingQueue();
  readonly #attempts: Attempts;
  readonly #refusals = new WeakMap<PodGroup, GroupRefusal>();
  readonly #budgets: () => readonly Budget[];
  readonly #reservations = new Reservations();
  /** Groups whose pod an error has kept from its node, and when they are tried again. */
  readonly #failed = new Map<PodGroup, Instant>();

  constructor(init: {
    readonly cluster: string;
    readonly context: WriteContext;
    /** Of the control plane, e.g. `1.34.2`. */
    readonly kubernetesVersion: string;
    readonly configuration?: SchedulerConfiguration;
    /** The same array as long as no budget changes. */
    readonly budgets: () => readonly Budget[];
  }) {
    const { cluster, configuration } = init;
    this.#cluster = cluster;
    this.#context = init.context;
    this.#budgets = init.budgets;
    const features = featuresOf(parseKubernetesVersion(init.kubernetesVersion));
    const cache = new ClusterCache(features);
    this.engine = new Engine({
      cluster,
      cache,
      features,
      plugins: defaultPlugins,
      ...(configuration && { configuration }),
    });
    this.#attempts = new Attempts(this.engine);
    this.state = new ClusterState({
      cache,
      queue: this.#queue,
      isOurs: (pod) => this.engine.isFor(pod) && !this.engine.refusesToQueue(pod),
      tell: (event) => this.tell(event),
    });
  }

  /** Wakes the pods that an event may help. */
  tell(event: ClusterEvent): void {
    this.#lookAtReserved(event);
    const now = this.#context.clock.now();
    for (const group of this.#queue.parkedGroups()) {
      if (!this.#mayHelp(event, group)) continue;
      this.#refusals.delete(group);
      this.#queue.wake(group, now);
    }
  }

  /** True while a pod is to be tried. */
  get hasWork(): boolean {
    return this.#queue.hasNext || this.#reservations.hasDue;
  }

  /** Takes a pod up again that waited on its node when the world was closed. */
  resume(pod: Pod, { node, until }: PodReservation): void {
    const info = this.engine.cache.describe(pod);
    this.state.reserve(info, node);
    this.#reservations.add({ info, node, until, refusals: 0 });
    this.#reservations.lookAt(info.uid);
  }

  /** When pods that were refused are looked at again though nothing was to help them; undefined while none is. */
  nextLook(): Instant | undefined {
    let first: number | undefined = this.#reservations.nextTimeout();
    for (const at of this.#failed.values()) if (first === undefined || at < first) first = at;
    for (const group of this.#queue.parkedGroups()) {
      // Nothing has changed since: another attempt would end as the last one did.
      if (this.#refusals.get(group)?.version === this.engine.cache.version) continue;
      const due = Math.ceil((group.parkedAt + longestWait) / lookEvery) * lookEvery;
      if (first === undefined || due < first) first = due;
    }
    return first === undefined ? undefined : instant(first);
  }

  /** Tries up to `limit` pods. @returns whether there are more to be tried */
  run(tx: Transaction, limit: number): 'done' | 'more' {
    this.#settleReserved(tx);
    this.#wakeOverdue();
    for (let tried = 0; tried < limit; tried += 1) {
      const next = this.#queue.next();
      if (!next) return 'done';
      this.#try(tx, next.pod, next.group);
      this.#queue.goOn(next.group, this.#context.clock.now());
    }
    return 'more';
  }

  #wakeOverdue(): void {
    const now = this.#context.clock.now();
    for (const [group, at] of this.#failed) {
      if (at > now) continue;
      this.#failed.delete(group);
      this.#queue.wake(group, now);
    }
    for (const group of this.#queue.parkedGroups()) {
      const isStale = this.#refusals.get(group)?.version !== this.engine.cache.version;
      if (isStale && group.parkedAt + longestWait <= now) this.#queue.wake(group, now);
    }
  }

  #mayHelp(event: ClusterEvent, group: PodGroup): boolean {
    const waiting = group.parked.first;
    if (!waiting) return false;
    // No plugin has seen it: there was no node at all.
    if (group.refusedBy.size === 0) return true;
    const { info } = waiting;
    const { programs } = this.engine.profileOf(info.pod);
    const subject = { pod: info.pod, info, labels: info.labels };
    return programs.plugins.some(
      ({ name, wakesOn }) => group.refusedBy.has(name) && wakesOn?.(event, subject, this.engine) === true,
    );
  }

  #try(tx: Transaction, pod: QueuedPod, group: PodGroup): void {
    const { info } = pod;
    const known = this.#refusals.get(group);
    if (known?.version === this.engine.cache.version && !info.pod.status?.nominatedNodeName) {
      this.#refuseAlike(tx, pod, group, known);
      return;
    }
    const held = this.engine.heldBy(info, tx);
    if (held) {
      this.#queue.hold(group, pod, new Set([held.plugin]), this.#context.clock.now());
      return;
    }
    const { cache } = this.engine;
    const kept = cache.nominatedNodeOf(info.uid);
    if (kept) cache.nominate(info, undefined);
    const outcome = this.#attempts.decide(info, tx, this.#budgets(), this.#drawFor(pod));
    if (outcome.kind === 'placed') this.#assign(tx, pod, outcome);
    else this.#refuse(tx, pod, group, outcome, kept);
  }

  /** Which of several equal nodes is taken hangs on the pod and how often it was tried alone. */
  #drawFor({ info, refusals }: QueuedPod): Draw {
    return (below) => {
      const key = refusals === 0 ? info.uid : `${info.uid} ${String(refusals)}`;
      return Math.floor(this.#context.seed.fraction('kube-scheduler', key) * below);
    };
  }

  /** Puts a pod on a node, at once or when what it needs is there. */
  #assign(tx: Transaction, pod: QueuedPod, { node, prepared }: Extract<Outcome, { kind: 'placed' }>): void {
    const { info, refusals } = pod;
    const now = this.#context.clock.now();
    prepared.program.reserve(node, tx, now);
    const readiness = this.engine.readiness(info, tx, node.name);
    if (readiness === 'ready') {
      bindToNode(tx, this.#context, this.#cluster, info.pod, node.name);
      this.state.assume(info, node.name);
      return;
    }
    const until = instant(now + this.engine.patienceFor(info.pod));
    reserveNode(tx, this.#cluster, info.pod, { node: node.name, until });
    if (this.engine.features.nominatesWhileWaiting) nominateNode(tx, this.#cluster, info.pod, node.name);
    this.state.reserve(info, node.name);
    this.#reservations.add({ info, node: node.name, until, refusals });
    if (readiness !== 'waiting') this.#reservations.lookAt(info.uid);
  }

  /** Notes which pods that wait on their nodes an event is about. */
  #lookAtReserved(event: ClusterEvent): void {
    if (event.kind === 'node removed') this.#reservations.nodeRemoved(event.before.metadata.name);
    if (event.kind === 'pod removed') this.#reservations.remove(event.info.uid);
    if (event.kind !== 'object changed' || event.of !== 'persistentvolumeclaims') return;
    const metadata = (event.after ?? event.before)?.metadata;
    if (metadata) this.#reservations.claimChanged(metadata.namespace, metadata.name);
  }

  /** Binds the pods that have what they need, and takes those off their nodes that will not get it. */
  #settleReserved(tx: Transaction): void {
    const now = this.#context.clock.now();
    for (const reservation of this.#reservations.takeDue(now)) {
      const { info, node, until } = reservation;
      if (!this.state.isReserved(info.uid)) {
        this.#reservations.remove(info.uid);
        continue;
      }
      const readiness = this.engine.readiness(info, tx, node);
      if (readiness === 'ready') {
        this.#reservations.remove(info.uid);
        this.state.bindReserved(info.uid);
        bindToNode(tx, this.#context, this.#cluster, info.pod, node);
      } else if (readiness !== 'waiting') this.#fail(tx, reservation, readiness.failure);
      else if (until <= now) this.#fail(tx, reservation, 'context deadline exceeded');
    }
  }

  /** Lets a pod that waited in vain be tried anew after a while (kube-scheduler: Unreserve, SchedulerError). */
  #fail(tx: Transaction, { info, refusals }: Reservation, why: string): void {
    const { uid } = info;
    const now = this.#context.clock.now();
    this.#reservations.remove(uid);
    const message = `running PreBind plugin "VolumeBinding": binding volumes: ${why}`;
    this.engine.unreserve(info, tx);
    this.state.unreserve(info);
    reserveNode(tx, this.#cluster, info.pod, undefined);
    nominateNode(tx, this.#cluster, info.pod, undefined);
    this.#tellPod(tx, info.pod, message, 'SchedulerError');
    const pod = this.#queue.get(uid);
    if (!pod) return;
    const { group } = pod;
    pod.refusals = refusals;
    this.#queue.park(group, pod, new Set([anError]), now);
    this.#failed.set(group, pod.backoffUntil);
  }

  #refuse(
    tx: Transaction,
    pod: QueuedPod,
    group: PodGroup,
    { diagnosis, message, candidate, clearsNomination, givenBack }: Extract<Outcome, { kind: 'refused' }>,
    kept: NodeInfo | undefined,
  ): void {
    const { info } = pod;
    const { cache } = this.engine;
    this.#tellPod(tx, info.pod, message, 'Unschedulable');
    givenBack?.act?.(tx);
    if (candidate) this.#preempt(tx, info, candidate);
    else if (clearsNomination) nominateNode(tx, this.#cluster, info.pod, undefined);
    else if (kept) cache.nominate(info, kept.name);
    const plugins = rejectingPlugins(diagnosis);
    this.#queue.park(group, pod, plugins, this.#context.clock.now());
    if (candidate) this.#refusals.delete(group);
    else this.#refusals.set(group, { version: cache.version, message, plugins, told: 0 });
  }

  /** A pod like the one that was refused before it, with nothing changed since. */
  #refuseAlike(tx: Transaction, pod: QueuedPod, group: PodGroup, refusal: GroupRefusal): void {
    if (pod.refusals > 0) {
      refusal.told += 1;
      if (refusal.told > retold) {
        this.#queue.parkRetried(group);
        return;
      }
    }
    this.#tellPod(tx, pod.info.pod, refusal.message, 'Unschedulable');
    this.#queue.park(group, pod, refusal.plugins, this.#context.clock.now());
  }

  /** Said once: a change that does not help says nothing new. */
  #tellPod(tx: Transaction, pod: Pod, message: string, reason: 'Unschedulable' | 'SchedulerError'): void {
    if (podCondition(pod, 'PodScheduled')?.message === message) return;
    const condition = { type: 'PodScheduled', status: 'False', reason, message } as const;
    putPodCondition(tx, this.#cluster, pod, condition, this.#context.clock.now());
    recordEvent(tx, this.#context, this.#cluster, pod, {
      type: 'Warning',
      reason: 'FailedScheduling',
      message: noteOf(message),
      component,
    });
  }

  /** Drives pods out of a node and keeps it for another (DefaultPreemption). */
  #preempt(tx: Transaction, info: PodInfo, { node, victims }: Candidate): void {
    const cluster = this.#cluster;
    for (const waiting of node.nominated) {
      if (waiting.shape.priority >= info.shape.priority) continue;
      this.engine.cache.nominate(waiting, undefined);
      nominateNode(tx, cluster, waiting.pod, undefined);
    }
    for (const victim of victims) {
      const { namespace = '', name } = victim.pod.metadata;
      // Another pod may have driven it out already in this turn (kube-scheduler: victims that are gone are no fault).
      const present = tx.get(pods.collection, objectKey(cluster, namespace, name))?.object.metadata;
      if (present?.uid !== victim.pod.metadata.uid || present.deletionTimestamp !== undefined) continue;
      recordEvent(tx, this.#context, cluster, victim.pod, {
        type: 'Normal',
        reason: 'Preempted',
        message: `Preempted by pod ${info.uid} on node ${node.name}`,
        component,
      });
      preemptPod(this.#context, tx, { cluster, namespace }, name);
    }
    nominateNode(tx, cluster, info.pod, node.name);
    this.engine.cache.nominate(info, node.name);
  }
}
