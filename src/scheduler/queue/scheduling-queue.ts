import type { Instant } from '../../units/index.js';
import type { PodInfo } from '../cache/pod-info.js';
import { comesBefore } from '../plugins/priority-sort.js';
import type { QueuePlace } from '../plugins/priority-sort.js';
import { backoffOf } from './backoff.js';
import { Heap } from './heap.js';
import { Line } from './line.js';
import type { InLine } from './line.js';

/** A pod that waits for a node. */
export interface QueuedPod extends InLine<QueuedPod> {
  readonly info: PodInfo;
  readonly group: PodGroup;
  /** When it came, or was last refused, as a count. */
  sequence: number;
  /** How often it was refused. */
  refusals: number;
  backoffUntil: Instant;
}

/** Pods of equal needs. What refuses one refuses all, so they are asked about, and woken, as one. Each is in one of its lines. */
export interface PodGroup {
  readonly key: string;
  readonly priority: number;
  /** Pods that were never refused, the first that came first. */
  readonly fresh: Line<QueuedPod>;
  /** Pods that were refused and are to be tried again, who was refused first first. */
  retried: Line<QueuedPod>;
  /** Pods that were refused, and wait for something to change. */
  parked: Line<QueuedPod>;
  /** The plugins that refused them. */
  refusedBy: ReadonlySet<string>;
  /** When the last of them was refused. */
  parkedAt: Instant;
  /** The sequence under which it is in a heap; undefined when it is in none. */
  queuedAs: number | undefined;
}

/**
 * The pods of a cluster that wait (kube-scheduler: activeQ, backoffQ and the unschedulable pool). Higher priority goes first,
 * then who came first or was refused longest ago. Pods that back off come when no other is left (SchedulerPopFromBackoffQ).
 */
export class SchedulingQueue {
  readonly #groups = new Map<string, PodGroup>();
  readonly #pods = new Map<string, QueuedPod>();
  readonly #active = new Heap<PodGroup>(comesFirst);
  readonly #backingOff = new Heap<PodGroup>(isDoneFirst);
  #sequence = 0;

  /** How many pods wait. */
  get size(): number {
    return this.#pods.size;
  }

  /** True when a group waits for its turn. */
  get hasNext(): boolean {
    return this.#active.size + this.#backingOff.size > 0;
  }

  /** Takes up a pod that is to be tried. */
  add(groupKey: string, info: PodInfo): void {
    const group = this.#group(groupKey, info.shape.priority);
    this.#sequence += 1;
    const pod: QueuedPod = {
      info,
      group,
      sequence: this.#sequence,
      refusals: 0,
      backoffUntil: never,
      line: undefined,
      ahead: undefined,
      behind: undefined,
    };
    this.#pods.set(info.uid, pod);
    group.fresh.join(pod);
    this.#enqueue(group, never);
  }

  /** What is known of a pod that waits. */
  get(uid: string): QueuedPod | undefined {
    return this.#pods.get(uid);
  }

  /** The next pod to be tried. It stays in its group until it is removed or parked; then the group is to go on. */
  next(): { readonly pod: QueuedPod; readonly group: PodGroup } | undefined {
    for (;;) {
      const group = this.#active.pop() ?? this.#backingOff.pop();
      if (!group) return undefined;
      const { queuedAs } = group;
      group.queuedAs = undefined;
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
    const pod = this.#pods.get(uid);
    if (!pod) return;
    const { group } = pod;
    this.#pods.delete(uid);
    pod.line?.leave(pod);
    if (group.fresh.size + group.retried.size + group.parked.size === 0) this.#groups.delete(group.key);
  }

  /** Lets a refused pod wait until something may help it. */
  park(group: PodGroup, pod: QueuedPod, refusedBy: ReadonlySet<string>, now: Instant): void {
    this.#sequence += 1;
    pod.sequence = this.#sequence;
    pod.refusals += 1;
    pod.backoffUntil = (now + backoffOf(pod.refusals)) as Instant;
    group.parked.join(pod);
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
    for (const pod of group.retried) group.parked.join(pod);
  }

  /** The groups that wait for something to change. */
  *parkedGroups(): Iterable<PodGroup> {
    for (const group of this.#groups.values()) if (group.parked.size > 0) yield group;
  }

  /** Lets a group's pods be tried again. */
  wake(group: PodGroup, now: Instant): void {
    if (group.retried.size === 0) [group.retried, group.parked] = [group.parked, group.retried];
    else for (const pod of group.parked) group.retried.join(pod);
    this.goOn(group, now);
  }

  #group(key: string, priority: number): PodGroup {
    const known = this.#groups.get(key);
    if (known) return known;
    const group: PodGroup = {
      key,
      priority,
      fresh: new Line(),
      retried: new Line(),
      parked: new Line(),
      refusedBy: new Set(),
      parkedAt: never,
      queuedAs: undefined,
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

/** The pod of a group that is to be tried next. */
function headOf({ fresh, retried }: PodGroup): QueuedPod | undefined {
  const { first } = fresh;
  const { first: again } = retried;
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
