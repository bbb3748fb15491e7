import type { Instant } from '../../units/index.js';
import { instant, own } from '../../units/index.js';
import type {
  Container,
  ContainerLife,
  ContainerStage,
  ContainerStop,
  Pod,
  Termination,
} from '../kinds/index.js';
import { imageNeedTerm, isEphemeral, isSidecar } from '../kinds/index.js';
import { behaviourOf, drawn } from './behaviour/index.js';
import type { Behaviour } from './behaviour/index.js';
import { goDuration } from './go-duration.js';
import { imageReference, imageSize, pullFault, pullTime } from './images.js';
import { isRestarted, pullDelay, restartDelay } from './restarts.js';
import { runOf } from './run.js';
import type { Run, RunEnd } from './run.js';
import { graceOf, stopOf } from './termination.js';
import { fieldPathOf } from './turn.js';
import type { Outcome, View } from './turn.js';

type Stage<K extends ContainerStage['kind']> = Extract<ContainerStage, { kind: K }>;

/** A container that has not begun. */
export const unborn: ContainerLife = { stage: { kind: 'waiting' }, restarts: 0 };

/** The life of one container of a pod, taken through all that has come due. */
export class ContainerTurn {
  readonly #view: View;
  readonly #outcome: Outcome;
  readonly #pod: Pod;
  readonly #container: Container;
  readonly #behaviour: Behaviour;
  readonly #acceptedAt: Instant;

  constructor(view: View, outcome: Outcome, pod: Pod, container: Container, acceptedAt: Instant) {
    this.#view = view;
    this.#outcome = outcome;
    this.#pod = pod;
    this.#container = container;
    this.#behaviour = behaviourOf(pod, container);
    this.#acceptedAt = acceptedAt;
  }

  /** Begins the container: its image is pulled from `since` on. */
  begin(life: ContainerLife, since: Instant): ContainerLife {
    const image = this.#container.image ?? '';
    const { imagePullPolicy: policy } = this.#container;
    const present = this.#present();
    if (!isThere(present, since) && policy === 'Never') return { ...life, stage: this.#neverPulled(life) };
    const { failed } = life.stage.kind === 'pull-back-off' ? { failed: life.stage.message } : {};
    const asks = policy === 'Always' || !isThere(present, since);
    if (asks) this.#tell('Normal', 'Pulling', `Pulling image "${image}"`);
    const fault = asks ? this.#fault(since) : undefined;
    const pulledAt = fault !== undefined ? instant(since + this.#view.timings.imageCheck) : this.#pull(since);
    return {
      ...life,
      stage: {
        kind: 'creating',
        since,
        pulledAt,
        until: instant(pulledAt + (fault !== undefined ? 0 : this.#startTime(life.restarts))),
        ...(fault !== undefined && { fault }),
        ...(failed !== undefined && { failed }),
      },
    };
  }

  /** Takes it through all that has come due. */
  advance(life: ContainerLife): ContainerLife {
    let present = life;
    for (;;) {
      const next = this.#step(present);
      if (next === present) return present;
      present = next;
    }
  }

  /** The next stage, if it is due; the same life if not. */
  #step(life: ContainerLife): ContainerLife {
    const { stage } = life;
    const { now } = this.#view;
    if (stage.kind === 'waiting') return life;
    if (stage.kind === 'running') return this.#run(life, stage);
    if (stage.kind === 'blocked') return this.#unblock(life, stage);
    if (stage.until === undefined) return life;
    if (now < stage.until) {
      this.#outcome.lookAgain(stage.until);
      return life;
    }
    switch (stage.kind) {
      case 'creating':
        return stage.fault === undefined ? this.#launch(life) : this.#failPull(life, stage.fault);
      case 'pull-failed':
        return this.#backOffPull(life, stage);
      case 'pull-back-off':
        return this.begin(life, now);
      case 'ended':
        return this.#restart(life, stage);
      case 'crash-back-off':
        return this.#relaunch(life);
    }
  }

  #present() {
    const reference = imageReference(this.#container.image ?? '');
    return own(this.#outcome.pulls, reference) ?? this.#view.image(reference);
  }

  #neverPulled(life: ContainerLife): ContainerStage {
    const image = this.#container.image ?? '';
    const message = `Container image "${image}" is not present with pull policy of Never`;
    const { cluster, node } = this.#view;
    this.#outcome.needs.push(imageNeedTerm(cluster, node.metadata.name, imageReference(image)));
    if (life.stage.kind === 'blocked') return life.stage;
    this.#tell('Warning', 'ErrImageNeverPull', message);
    this.#tell('Warning', 'Failed', 'Error: ErrImageNeverPull');
    return { kind: 'blocked', reason: 'ErrImageNeverPull', message };
  }

  /** Why the image can't be pulled at a moment, if annotations say so. */
  #fault(at: Instant): string | undefined {
    const { pullFailure, pullFailureFor = Infinity } = this.#behaviour;
    if (pullFailure === undefined || at >= this.#acceptedAt + pullFailureFor) return undefined;
    return pullFault(pullFailure, this.#container.image ?? '');
  }

  /** When the image is there, pulled by this pod or by another one that needs it too. */
  #pull(since: Instant): Instant {
    const { imagePullPolicy, image = '' } = this.#container;
    const { seed, node, timings } = this.#view;
    const reference = imageReference(image);
    const present = this.#present();
    if (present && present.at > since) return present.at;
    if (present) return instant(since + (imagePullPolicy === 'Always' ? timings.imageCheck : 0));
    const size = this.#behaviour.imageSize ?? imageSize(seed, reference);
    const at = instant(since + pullTime(size, node, timings));
    this.#outcome.pulls[reference] = { size, at };
    return at;
  }

  #startTime(run: number): number {
    const { startDelay } = this.#behaviour;
    const usual = this.#view.timings.containerStart;
    return Math.round(drawn(startDelay, usual, this.#pod, this.#container.name, run, 'start-delay'));
  }

  #failPull(life: ContainerLife, message: string): ContainerLife {
    const image = this.#container.image ?? '';
    this.#tell('Warning', 'Failed', `Failed to pull image "${image}": ${message}`);
    this.#tell('Warning', 'Failed', 'Error: ErrImagePull');
    const until = instant(this.#view.now + this.#view.timings.notice);
    return {
      ...life,
      failedPulls: (life.failedPulls ?? 0) + 1,
      stage: { kind: 'pull-failed', message, until },
    };
  }

  #backOffPull(life: ContainerLife, { message, until }: Stage<'pull-failed'>): ContainerLife {
    const text = `Back-off pulling image "${this.#container.image ?? ''}"`;
    this.#tell('Normal', 'BackOff', text);
    this.#tell('Warning', 'Failed', 'Error: ImagePullBackOff');
    const failedAt = until - this.#view.timings.notice;
    return {
      ...life,
      stage: {
        kind: 'pull-back-off',
        message: `${text}: ErrImagePull: ${message}`,
        until: instant(Math.max(until, failedAt + pullDelay(life.failedPulls ?? 1))),
      },
    };
  }

  #unblock(life: ContainerLife, { reason }: Stage<'blocked'>): ContainerLife {
    if (reason === 'ErrImageNeverPull') {
      const present = this.#present();
      if (isThere(present, this.#view.now)) return this.begin(life, this.#view.now);
      if (present) this.#outcome.lookAgain(present.at);
      this.#neverPulled(life);
      return life;
    }
    const missing = this.#view.missingConfig(this.#container);
    if (!missing) return this.#launch(life);
    this.#outcome.needs.push(...missing.needs);
    return life;
  }

  /** Tells of the image, then makes and starts the container. */
  #launch(life: ContainerLife): ContainerLife {
    const { stage } = life;
    const { now } = this.#view;
    const { name } = this.#container;
    if (stage.kind !== 'blocked') this.#tellPulled(stage);
    const { failedPulls: _failedPulls, ...rest } = life;
    const how = stage.kind === 'ended' ? stage.how : life.last;
    const missing = this.#view.missingConfig(this.#container);
    if (missing) {
      const { message, needs } = missing;
      this.#outcome.needs.push(...needs);
      this.#tell('Warning', 'Failed', `Error: ${message}`);
      const blocked = { kind: 'blocked', reason: 'CreateContainerConfigError', message } as const;
      return { ...rest, ...(how && { last: how }), stage: blocked };
    }
    const born = { ...rest, ...(how && { last: how, restarts: how.run + 1 }) };
    const { created, started } = launchTexts(this.#view.node.status.nodeInfo?.['kubeletVersion'], name);
    this.#tell('Normal', 'Created', created);
    const { startFailure } = this.#behaviour;
    if (startFailure !== undefined) return this.#failStart(born, startFailure);
    this.#tell('Normal', 'Started', started);
    return { ...born, stage: { kind: 'running', startedAt: now, isStarted: false, isReady: false } };
  }

  #failStart(life: ContainerLife, why: string): ContainerLife {
    const message = `failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: ${why}: unknown`;
    this.#tell('Warning', 'Failed', `Error: ${message}`);
    const { now } = this.#view;
    return this.#end(
      life,
      { exitCode: 128, reason: 'StartError', message, finishedAt: now, run: life.restarts },
      0,
    );
  }

  #tellPulled(stage: ContainerStage): void {
    const image = this.#container.image ?? '';
    if (stage.kind !== 'creating' || stage.pulledAt === stage.since) {
      this.#tell('Normal', 'Pulled', `Container image "${image}" already present on machine`);
      return;
    }
    const took = goDuration(stage.pulledAt - stage.since);
    const { size = 0 } = this.#present() ?? {};
    this.#tell(
      'Normal',
      'Pulled',
      `Successfully pulled image "${image}" in ${took} (${took} including waiting). Image size: ${String(size)} bytes.`,
    );
  }

  /** Moves a running container on: what its probes find, and its end. */
  #run(life: ContainerLife, stage: Stage<'running'>): ContainerLife {
    const { now, timings } = this.#view;
    const { startedAt } = stage;
    const run = runOf({
      pod: this.#pod,
      container: this.#container,
      run: life.restarts,
      startedAt,
      now,
      timings,
    });
    const end = this.#due(life.restarts, run.end, stage.stop);
    if (end) return end.at <= now ? this.#finish(life, stage, end) : this.#stay(life, stage, run, end.at);
    return this.#stay(life, stage, run, undefined);
  }

  /** How and when it ends: by itself, or because it has been asked to. */
  #due(run: number, own: RunEnd | undefined, stop: ContainerStop | undefined): RunEnd | Stopped | undefined {
    if (!stop) return own;
    const grace = stop.cause === 'pod' ? Math.min(stop.grace, graceOf(this.#pod, stop.grace)) : stop.grace;
    const stopped = {
      kind: 'stopped',
      ...stopOf(this.#pod, this.#container, run, { ...stop, grace }, this.#view.timings),
    } as const;
    // A container that is being stopped is not stopped once more by its probes.
    return own && own.kind !== 'unhealthy' && own.at < stopped.at ? own : stopped;
  }

  #finish(life: ContainerLife, stage: Stage<'running'>, end: RunEnd | Stopped): ContainerLife {
    const { now } = this.#view;
    if (end.kind === 'unhealthy') {
      const { name } = this.#container;
      this.#tell('Normal', 'Killing', `Container ${name} failed ${end.probe} probe, will be restarted`);
      const probe = end.probe === 'startup' ? this.#container.startupProbe : this.#container.livenessProbe;
      const grace =
        probe?.terminationGracePeriodSeconds ?? this.#pod.spec.terminationGracePeriodSeconds ?? 30;
      return { ...life, stage: { ...stage, stop: { since: now, grace: grace * 1000, cause: 'probe' } } };
    }
    const { exitCode, reason } = endOf(end);
    const how: Termination = {
      exitCode,
      reason,
      startedAt: stage.startedAt,
      finishedAt: now,
      run: life.restarts,
    };
    if (stage.stop?.cause === 'pod') return { ...life, stage: { kind: 'ended', how } };
    return this.#end(life, how, now - stage.startedAt);
  }

  #stay(life: ContainerLife, stage: Stage<'running'>, run: Run, endsAt: number | undefined): ContainerLife {
    const { now } = this.#view;
    const moments = [run.startsAt, run.lookAgainAt, endsAt, ...run.readiness.map(({ at }) => at)];
    for (const at of moments) if (at !== undefined && at > now) this.#outcome.lookAgain(at);
    const isStarted = run.startsAt !== undefined && run.startsAt <= now;
    const isReady = run.readiness.findLast(({ at }) => at <= now)?.isPassing ?? false;
    const told = stage.toldAt ?? -Infinity;
    let toldAt = stage.toldAt;
    for (const { at, message } of stage.stop ? [] : run.failures) {
      if (at > now) this.#outcome.lookAgain(at);
      else if (at > told) {
        this.#tell('Warning', 'Unhealthy', message);
        toldAt = now;
      }
    }
    const isSame = isStarted === stage.isStarted && isReady === stage.isReady && toldAt === stage.toldAt;
    if (isSame) return life;
    return { ...life, stage: { ...stage, isStarted, isReady, ...(toldAt !== undefined && { toldAt }) } };
  }

  /** A run that is over: for good, or until the container is restarted. */
  #end(life: ContainerLife, how: Termination, ranFor: number): ContainerLife {
    if (!isRestarted(this.#policy(), how.exitCode)) return { ...life, stage: { kind: 'ended', how } };
    const delay = restartDelay(life.crashDelay, ranFor);
    const { now, timings } = this.#view;
    const until = now + timings.notice + (delay === 0 ? this.#startTime(life.restarts + 1) : 0);
    return { ...life, crashDelay: delay, stage: { kind: 'ended', how, until: instant(until) } };
  }

  /** Sidecars always run again, init containers until they succeed, ephemeral ones never (Kubernetes: kinds of containers). */
  #policy(): 'Always' | 'OnFailure' | 'Never' {
    if (isEphemeral(this.#pod, this.#container)) return 'Never';
    if (isSidecar(this.#container)) return 'Always';
    const { restartPolicy = 'Always', initContainers = [] } = this.#pod.spec;
    return restartPolicy === 'Always' && initContainers.includes(this.#container)
      ? 'OnFailure'
      : restartPolicy;
  }

  #restart(life: ContainerLife, { how }: Stage<'ended'>): ContainerLife {
    const { crashDelay = 0 } = life;
    if (crashDelay === 0) return this.#relaunch(life);
    const { name, namespace = '', uid } = this.#pod.metadata;
    const where = `${this.#container.name} in pod ${name}_${namespace}(${uid})`;
    this.#tell('Warning', 'BackOff', `Back-off restarting failed container ${where}`);
    const until = instant(how.finishedAt + crashDelay + this.#startTime(life.restarts + 1));
    return { ...life, last: how, stage: { kind: 'crash-back-off', delay: crashDelay, until } };
  }

  /** Runs a container again; its image is asked for once more where the policy says so. */
  #relaunch(life: ContainerLife): ContainerLife {
    const fault = this.#container.imagePullPolicy === 'Always' ? this.#fault(this.#view.now) : undefined;
    if (fault === undefined) return this.#launch(life);
    const last = life.stage.kind === 'ended' ? life.stage.how : life.last;
    this.#tell('Normal', 'Pulling', `Pulling image "${this.#container.image ?? ''}"`);
    return this.#failPull({ ...life, ...(last && { last }) }, fault);
  }

  #tell(type: 'Normal' | 'Warning', reason: string, message: string): void {
    this.#outcome.tell(type, reason, message, fieldPathOf(this.#pod, this.#container));
  }
}

/** A container that was asked to end, and did or was killed. */
interface Stopped {
  readonly kind: 'stopped';
  readonly at: number;
  readonly exitCode: number;
}

const isThere = (image: { readonly at: Instant } | undefined, now: Instant): boolean =>
  image !== undefined && image.at <= now;

/** The exit code and the runtime's word for an end. */
function endOf(end: Exclude<RunEnd, { kind: 'unhealthy' }> | Stopped): { exitCode: number; reason: string } {
  if (end.kind === 'out-of-memory') return { exitCode: 137, reason: 'OOMKilled' };
  return { exitCode: end.exitCode, reason: end.exitCode === 0 ? 'Completed' : 'Error' };
}

/** What is said of a container that starts; the words are new with 1.36. */
function launchTexts(version: string | undefined, name: string): { created: string; started: string } {
  const minor = Number(/^v?1\.(\d+)/.exec(version ?? '')?.[1] ?? 0);
  return minor >= 36
    ? { created: 'Container created', started: 'Container started' }
    : { created: `Created container: ${name}`, started: `Started container ${name}` };
}
