import type { Instant } from '../../units/index.js';
import { instant, own } from '../../units/index.js';
import type { Container, ContainerLife, MissingNeed, Pod, PodLife, PodStop } from '../kinds/index.js';
import { isSidecar, isTerminating } from '../kinds/index.js';
import { ContainerTurn, unborn } from './containers.js';
import { hasMemoryBehaviour } from './behaviour/index.js';
import { graceOf, leastGrace } from './termination.js';
import { fieldPathOf } from './turn.js';
import { Outcome } from './turn.js';
import type { View } from './turn.js';

/** A pod's life after a turn, and what comes of it. */
export interface PodTurn {
  readonly life: PodLife;
  readonly outcome: Outcome;
}

/** The life of a pod that its node has just taken up. */
export function newLife(pod: Pod, now: Instant): PodLife {
  const all = [...(pod.spec.initContainers ?? []), ...pod.spec.containers];
  const containers = Object.fromEntries(all.map(({ name }) => [name, unborn]));
  return { acceptedAt: now, containers, ...(hasMemoryBehaviour(pod) && { isWeighed: true }) };
}

/**
 * Takes a pod's life through all that has come due: init containers one by one, sidecars, then the others; or their end
 * (Kubernetes: pod lifecycle). A pure step: it reads the pod, its life and the view, and returns what comes of them.
 */
export function advancePod(pod: Pod, life: PodLife, view: View): PodTurn {
  const outcome = new Outcome();
  const next = new PodMachine(pod, life, view, outcome).advance();
  return { life: withNeeds(next, life, outcome.needs), outcome };
}

/** Notes what the pod waits for; the very same life when nothing has changed. */
function withNeeds(next: PodLife, before: PodLife, needs: readonly string[]): PodLife {
  const wanted = [...new Set(needs)].sort();
  if (wanted.join() === (before.needs ?? []).join()) return next;
  const { needs: _needs, ...rest } = next;
  return wanted.length === 0 ? rest : { ...rest, needs: wanted };
}

class PodMachine {
  readonly #pod: Pod;
  readonly #view: View;
  readonly #outcome: Outcome;
  readonly #inits: readonly Container[];
  readonly #mains: readonly Container[];
  readonly #ephemerals: readonly Container[];
  readonly #before: PodLife;
  #containers: Readonly<Record<string, ContainerLife>>;

  constructor(pod: Pod, life: PodLife, view: View, outcome: Outcome) {
    this.#pod = pod;
    this.#view = view;
    this.#outcome = outcome;
    this.#inits = pod.spec.initContainers ?? [];
    this.#mains = pod.spec.containers;
    this.#ephemerals = pod.spec.ephemeralContainers ?? [];
    this.#before = life;
    this.#containers = life.containers;
  }

  advance(): PodLife {
    const life = this.#before;
    if (life.hasEnded) return life;
    const stop = this.#stop();
    if (stop) return this.#stopAll(stop);
    if (life.missing || this.#isNew()) {
      const missing = this.#view.missingSetup();
      if (missing) return this.#await(missing);
    }
    const { missing: _missing, ...mounted } = life;
    const isMounted = life.missing === undefined;
    this.#runInits();
    const areMainsOver = this.#isOver();
    if (!areMainsOver) this.#runEphemerals();
    const isOver = areMainsOver && this.#stopOthers(this.#view.now, this.#specGrace());
    if (isOver) return { ...mounted, containers: this.#containers, hasEnded: true };
    if (isMounted && this.#containers === life.containers) return life;
    return { ...mounted, containers: this.#containers };
  }

  #isNew(): boolean {
    return [...this.#inits, ...this.#mains].every(({ name }) => this.#life(name).stage.kind === 'waiting');
  }

  #await(missing: MissingNeed): PodLife {
    this.#outcome.needs.push(...missing.needs);
    if (this.#before.missing?.message === missing.message) return this.#before;
    if (missing.reason !== undefined) this.#outcome.tell('Warning', missing.reason, missing.message);
    return { ...this.#before, missing };
  }

  #life(name: string): ContainerLife {
    return own(this.#containers, name) ?? unborn;
  }

  #turn(container: Container): ContainerTurn {
    return new ContainerTurn(this.#view, this.#outcome, this.#pod, container, this.#before.acceptedAt);
  }

  #put(name: string, life: ContainerLife): ContainerLife {
    if (life !== own(this.#containers, name)) this.#containers = { ...this.#containers, [name]: life };
    return life;
  }

  /** Each init container when all before it are done, then the others (Kubernetes: init containers). */
  #runInits(): void {
    let isTurn = true;
    for (const container of this.#inits) {
      const life = this.#runOne(container, isTurn ? this.#view.now : undefined);
      isTurn &&= isDone(container, life);
    }
    // A pod pulls its images one after the other; a pull that fails keeps the next one no longer.
    let since: Instant = this.#view.now;
    for (const container of this.#mains) {
      const life = this.#runOne(container, isTurn ? since : undefined);
      if (life.stage.kind === 'creating' && life.stage.pulledAt > since) since = life.stage.pulledAt;
    }
  }

  /** Those that were added begin at once, whatever the others are at (Kubernetes: ephemeral containers). */
  #runEphemerals(): void {
    for (const container of this.#ephemerals) this.#runOne(container, this.#view.now);
  }

  /** Moves a container on; one that waits begins at `begins`, if it may. */
  #runOne(container: Container, begins: Instant | undefined): ContainerLife {
    const turn = this.#turn(container);
    const life = this.#life(container.name);
    const isBegun = life.stage.kind !== 'waiting';
    if (!isBegun && begins === undefined) return life;
    const present = isBegun || begins === undefined ? life : turn.begin(life, begins);
    return this.#put(container.name, turn.advance(present));
  }

  /** True once no container but sidecars has anything left to do. */
  #isOver(): boolean {
    const failed = this.#inits.some((container) => {
      const { stage } = this.#life(container.name);
      return !isSidecar(container) && isFinal(stage) && stage.kind === 'ended' && stage.how.exitCode !== 0;
    });
    return failed || this.#mains.every(({ name }) => isFinal(this.#life(name).stage));
  }

  /** Why the pod has to end, if it has to. */
  #stop(): PodStop | undefined {
    const { stop, acceptedAt } = this.#before;
    if (stop) return stop;
    const { now } = this.#view;
    if (isTerminating(this.#pod)) return { since: now, cause: 'deletion' };
    const { activeDeadlineSeconds } = this.#pod.spec;
    if (activeDeadlineSeconds === undefined) return undefined;
    const ends = acceptedAt + activeDeadlineSeconds * 1000;
    if (now < ends) {
      this.#outcome.lookAgain(ends);
      return undefined;
    }
    this.#outcome.tell('Normal', 'DeadlineExceeded', deadlineMessage);
    return { since: now, cause: 'deadline' };
  }

  /** Ends all containers: sidecars last, in the reverse of their order (Kubernetes: termination of pods). */
  #stopAll(stop: PodStop): PodLife {
    const grace = this.#grace(stop);
    const inits = this.#inits.filter((container) => !isSidecar(container));
    const areOver = this.#stopAtOnce([...inits, ...this.#mains, ...this.#ephemerals], stop.since, grace);
    const isOver = areOver && this.#stopSidecars(stop.since, grace);
    const { missing, ...rest } = this.#before;
    const isSame = stop === rest.stop && this.#containers === rest.containers && missing === undefined;
    if (isSame && !isOver) return this.#before;
    return { ...rest, containers: this.#containers, stop, ...(isOver && { hasEnded: true as const }) };
  }

  #specGrace(): number {
    return (this.#pod.spec.terminationGracePeriodSeconds ?? 30) * 1000;
  }

  #grace({ cause }: PodStop): number {
    if (cause === 'eviction' || cause === 'preemption') return 0;
    return graceOf(this.#pod, this.#specGrace());
  }

  #stopAtOnce(containers: readonly Container[], since: Instant, grace: number): boolean {
    return containers.map((container) => this.#stopOne(container, since, grace)).every(Boolean);
  }

  /** Stops what has nothing to do without the pod's own containers; true once none runs. */
  #stopOthers(since: Instant, grace: number): boolean {
    return this.#stopAtOnce(this.#ephemerals, since, grace) && this.#stopSidecars(since, grace);
  }

  /** Stops the sidecars one after the other; true once none runs. */
  #stopSidecars(since: Instant, grace: number): boolean {
    for (const sidecar of [...this.#inits].reverse()) {
      if (!isSidecar(sidecar)) continue;
      const left = grace === 0 ? 0 : Math.max(grace - (this.#view.now - since), leastGrace);
      if (!this.#stopOne(sidecar, this.#view.now, left)) return false;
    }
    return true;
  }

  /** Asks a container to end; true once it has. */
  #stopOne(container: Container, since: Instant, grace: number): boolean {
    const life = this.#life(container.name);
    const { stage } = life;
    if (isFinal(stage)) return true;
    if (stage.kind !== 'running') {
      this.#put(container.name, { ...life, stage: { kind: 'ended', how: this.#cutOff(life) } });
      return true;
    }
    if (stage.stop?.cause !== 'pod') {
      const path = fieldPathOf(this.#pod, container);
      this.#outcome.tell('Normal', 'Killing', `Stopping container ${container.name}`, path);
      this.#put(container.name, { ...life, stage: { ...stage, stop: { since, grace, cause: 'pod' } } });
    }
    const after = this.#put(container.name, this.#turn(container).advance(this.#life(container.name)));
    return isFinal(after.stage);
  }

  /** How a container ended that did not run: as it did before, or it was never seen to (kubelet: ContainerStatusUnknown). */
  #cutOff({ stage, last, restarts }: ContainerLife) {
    const before = stage.kind === 'ended' ? stage.how : last;
    return (
      before ?? {
        exitCode: 137,
        reason: 'ContainerStatusUnknown',
        message: 'The container could not be located when the pod was terminated',
        finishedAt: instant(this.#view.now),
        run: restarts,
      }
    );
  }
}

export const deadlineMessage = 'Pod was active on the node longer than the specified deadline';

/** True for a container that has ended and stays so. */
export const isFinal = (stage: ContainerLife['stage']): boolean =>
  stage.kind === 'ended' && stage.until === undefined;

/** True for an init container that lets the next one begin. */
export const isDone = (container: Container, { stage }: ContainerLife): boolean =>
  isSidecar(container)
    ? stage.kind === 'running' && stage.isStarted
    : stage.kind === 'ended' && isFinal(stage) && stage.how.exitCode === 0;
