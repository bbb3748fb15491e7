import { claimsOf } from '../../kube/index.js';
import type { Pod, PodReservation } from '../../kube/index.js';
import type { Instant } from '../../units/index.js';
import type { PodInfo } from '../cache/pod-info.js';

/** A pod that counts on its node, and waits for its volumes before it is bound. */
export interface Reservation extends PodReservation {
  readonly info: PodInfo;
  /** How often it had been refused. */
  readonly refusals: number;
}

/** The pods of a cluster that have a node and are not bound yet. */
export class Reservations {
  readonly #byPod = new Map<string, Reservation>();
  /** Pods by the claims they wait for, as `namespace/name`. */
  readonly #byClaim = new Map<string, Set<string>>();
  /** Pods that may be bound now, or never will be. */
  readonly #due = new Set<string>();

  add(reservation: Reservation): void {
    const { info } = reservation;
    this.#byPod.set(info.uid, reservation);
    for (const key of claimKeys(info.pod)) {
      const users = this.#byClaim.get(key) ?? new Set();
      users.add(info.uid);
      this.#byClaim.set(key, users);
    }
  }

  get(uid: string): Reservation | undefined {
    return this.#byPod.get(uid);
  }

  remove(uid: string): Reservation | undefined {
    const found = this.#byPod.get(uid);
    this.#byPod.delete(uid);
    this.#due.delete(uid);
    for (const key of found ? claimKeys(found.info.pod) : []) {
      const users = this.#byClaim.get(key);
      users?.delete(uid);
      if (users?.size === 0) this.#byClaim.delete(key);
    }
    return found;
  }

  /** Lets the pods be looked at that use a claim. */
  claimChanged(namespace: string | undefined, name: string): void {
    for (const uid of this.#byClaim.get(`${namespace ?? ''}/${name}`) ?? []) this.#due.add(uid);
  }

  /** Lets the pods be looked at that wait on a node. */
  nodeRemoved(name: string): void {
    for (const [uid, { node }] of this.#byPod) if (node === name) this.#due.add(uid);
  }

  lookAt(uid: string): void {
    this.#due.add(uid);
  }

  /** True when a pod is to be looked at. */
  get hasDue(): boolean {
    return this.#due.size > 0;
  }

  /** When the first has waited too long. */
  nextTimeout(): Instant | undefined {
    let first: Instant | undefined;
    for (const { until } of this.#byPod.values()) if (first === undefined || until < first) first = until;
    return first;
  }

  /** The pods to look at, which are those of which something has changed and those that have waited too long. */
  takeDue(now: Instant): readonly Reservation[] {
    const due = [...this.#byPod.values()].filter(
      ({ info, until }) => until <= now || this.#due.has(info.uid),
    );
    this.#due.clear();
    return due;
  }
}

const claimKeys = (pod: Pod): readonly string[] =>
  claimsOf(pod).map(({ name }) => `${pod.metadata.namespace ?? ''}/${name}`);
