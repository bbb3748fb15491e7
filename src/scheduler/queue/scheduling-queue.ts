import type { Instant } from '../../units/index.js';
import type { PodInfo } from '../cache/pod-info.js';
import { comesBefore } from '../plugins/priority-sort.js';
import type { QueuePlace } from '../plugins/priority-sort.js';
import { backoffOf } from './backoff.js';
import { Heap } from './heap.js';

/** A pod that waits for a node. */
export interface QueuedPod {
  readonly info: PodInfo;
  /** When it came, or was last refused, as a count. */
  sequence: number;
  /** How often it was refused. */
  refusals: number;
  backoffUntil: Instant;
}

/** Pods of equal needs. What refuses one refuses all, so they are asked about, and woken, as one. */
export interface PodGroup {
  readonly key: string;
  readonly priority: number;
  /** Pods that were never refused, the first that came first. */
  readonly fresh: Map<string, QueuedPod>;
  /** Pods that were refused and are to be tried again, who was refused first first. */
  retried: Map<string, QueuedPod>;
  /** Pods that were refused, and wait for something to change. */
  parked: Map<string, QueuedPod>;
  /** The plugins that refused them. */
  refusedBy: ReadonlySet<string>;
  /** When the last of them was refused. */
  parkedAt: Instant;
  /** The sequence under which it is in a heap; absent when it is in none. */
  queuedAs?: number;
}

/**
 * The pods of a cluster that wait (kube-scheduler: activeQ, backoffQ and the unschedulable pool). Higher priority goes first,
 * then who came first or was refused longest ago. Pods that back off come when no other is left (SchedulerPopFromBackoffQ).
 */
export class SchedulingQueue {
  readonly #groups = new Map<string, PodGroup>();
  readonly #groupOf = new Map<string, PodGroup>();
  readonly #active = new Heap<PodGroup>(comesFirst);
  readonly #backingOff = new Heap<PodGroup>(isDoneFirst);
  #sequence = 0;

  /** How many pods wait. */
  get size(): number {
    return this.#groupOf.size;
  }

  /** True when a group waits for its turn. */
  get hasNext(): boolean {
    return this.#active.size + this.#backingOff.size > 0;
  }

  /** Takes up a pod that is to be tried. */
  add(groupKey: string, info: PodInfo): void {
    const group = this.#group(groupKey, info.shape.priority);
    this.#sequence += 1;
    const pod = { info, sequence: this.#sequence, refusals: 0, backoffUntil: never };
    this.#groupOf.set(info.uid, group);
    group.fresh.set(info.uid, pod);
    this.#enqueue(group, never);
  }

  /** What is known of a pod that waits. */
  get(uid: string): QueuedPod | undefined {
    const group = this.#groupOf.get(uid);
    return group?.fresh.get(uid) ?? group?.retried.get(uid) ?? group?.parked.get(uid);
  }

  /** The group of a pod that waits. */
  groupOf(uid: string): PodGroup | undefined {
    return this.#groupOf.get(uid);
  }

  /** The next pod to be tried. It stays in its group until it is removed or parked; then the group is to go on. */
  next(): { readonly pod: QueuedPod; readonly group: PodGroup } | undefined {
    for (;;) {
      const group = this.#active.pop() ?? this.#backingOff.pop();
      if (!group) return undefined;
      const { queuedAs } = group;
      delete group.queuedAs;
      const pod = headOf(group);
      if (pod && pod.sequence === queuedAs) return { pod, group };
      // Its first pod has gone since: another group's may come before the one that is first now.
      if (pod) this.#enqueue(group, never);
    }
  }

  /** Puts a group back whose next pod is to be tried too. */
  goOn(group: PodGroup, now: Instant): void {
    if (headOf(group)) this.#enqueue(group, now);
  }

  remove(uid: string): void {
    const group = this.#groupOf.get(uid);
    if (!group) return;
    this.#groupOf.delete(uid);
    for (const pods of [group.fresh, group.retried, group.parked]) pods.delete(uid);
    if (group.fresh.size + group.retried.size + group.parked.size === 0) this.#groups.delete(group.key);
  }

  /** Lets a refused pod wait until something may help it. */
  park(group: PodGroup, pod: QueuedPod, refusedBy: ReadonlySet<string>, now: Instant): void {
    const { uid } = pod.info;
    this.#sequence += 1;
    pod.sequence = this.#sequence;
    pod.refusals += 1;
    pod.backoffUntil = (now + backoffOf(pod.refusals)) as Instant;
    group.fresh.delete(uid);
    group.retried.delete(uid);
    group.parked.set(uid, pod);
    group.refusedBy = refusedBy;
    group.parkedAt = now;
  }

  /** Lets a pod wait that is not to be tried yet: it has not been refused. */
  hold(group: PodGroup, pod: QueuedPod, heldBy: ReadonlySet<string>, now: Instant): void {
    const { refusals } = pod;
    this.park(group, pod, heldBy, now);
    pod.refusals = refusals;
    pod.backoffUntil = never;
  }

  /** Lets those wait on that were refused before: they would be refused as the first of them was. */
  parkRetried(group: PodGroup): void {
    if (group.retried.size === 0) return;
    if (group.retried.size > group.parked.size) [group.retried, group.parked] = [group.parked, group.retried];
    for (const [uid, pod] of group.retried) group.parked.set(uid, pod);
    group.retried = new Map();
  }

  /** The groups that wait for something to change. */
  *parkedGroups(): Iterable<PodGroup> {
    for (const group of this.#groups.values()) if (group.parked.size > 0) yield group;
  }

  /** Lets a group's pods be tried again. */
  wake(group: PodGroup, now: Instant): void {
    if (group.retried.size === 0) [group.retried, group.parked] = [group.parked, group.retried];
    else {
      for (const [uid, pod] of group.parked) group.retried.set(uid, pod);
      group.parked = new Map();
    }
    this.goOn(group, now);
  }

  #group(key: string, priority: number): PodGroup {
    const known = this.#groups.get(key);
    if (known) return known;
    const group: PodGroup = {
      key,
      priority,
      fresh: new Map(),
      retried: new Map(),
      parked: new Map(),
      refusedBy: new Set(),
      parkedAt: never,
    };
    this.#groups.set(key, group);
    return group;
  }

  #enqueue(group: PodGroup, now: Instant): void {
    const head = headOf(group);
    if (group.queuedAs !== undefined || !head) return;
    group.queuedAs = head.sequence;
    (head.backoffUntil > now && now > never ? this.#backingOff : this.#active).push(group);
  }
}

const never = 0 as Instant;

const firstOf = (pods: ReadonlyMap<string, QueuedPod>): QueuedPod | undefined => {
  for (const pod of pods.values()) return pod;
  return undefined;
};

/** The pod of a group that is to be tried next. */
function headOf({ fresh, retried }: PodGroup): QueuedPod | undefined {
  const first = firstOf(fresh);
  const again = firstOf(retried);
  if (!first || !again) return first ?? again;
  return first.sequence < again.sequence ? first : again;
}

const placeOf = ({ priority, queuedAs = 0 }: PodGroup): QueuePlace => ({ priority, sequence: queuedAs });

const comesFirst = (a: PodGroup, b: PodGroup): boolean => comesBefore(placeOf(a), placeOf(b));

/** Whole seconds of back-off count, then PrioritySort. */
function isDoneFirst(a: PodGroup, b: PodGroup): boolean {
  const first = secondsOf(a);
  const second = secondsOf(b);
  return first === second ? comesFirst(a, b) : first < second;
}

const secondsOf = (group: PodGroup): number => Math.floor((headOf(group)?.backoffUntil ?? never) / 1000);
