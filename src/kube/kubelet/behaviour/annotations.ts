import { Seed } from '../../../sim/index.js';
import type { Rng } from '../../../sim/index.js';
import type { Container, Pod } from '../../kinds/index.js';
import { bytes, cores, duration, literal, plain, readDraw } from './draws.js';
import type { Draw } from './draws.js';
import { curveFrom, leak, readCurve, sum } from './curves.js';
import type { Curve, CurveForm } from './curves.js';
import { BehaviourFault, parseList, parseOne } from './expression.js';
import { readWindows } from './windows.js';
import type { Window } from './windows.js';
import { own } from '../../../units/index.js';

/** Annotations of this prefix say how a pod's simulated containers behave. */
export const prefix = 'poolkeeper.dev/';

/** Why a pull fails: each has its own words in the container runtime's answer. */
export type PullFailure = 'not-found' | 'unauthorized' | 'unreachable';

/** How a container behaves, as far as annotations say so; the defaults are the kubelet's. */
export interface Behaviour {
  readonly runDuration?: Draw;
  readonly exitCode?: number;
  readonly failureChance?: number;
  readonly startDelay?: Draw;
  readonly startFailure?: string;
  readonly readyDelay?: Draw;
  readonly stopDuration?: Draw;
  readonly stopExitCode?: number;
  readonly imageSize?: number;
  readonly pullFailure?: PullFailure;
  /** Pulls fail for so long after the pod was taken up; for ever when absent. */
  readonly pullFailureFor?: number;
  readonly livenessFailing?: readonly Window[];
  readonly readinessFailing?: readonly Window[];
  readonly startupFailing?: readonly Window[];
  readonly cpu?: CurveForm;
  readonly memory?: CurveForm;
}

type Reader = (text: string) => Behaviour;

const draw =
  (name: 'runDuration' | 'startDelay' | 'readyDelay' | 'stopDuration'): Reader =>
  (text) => ({ [name]: readDraw(parseOne(text), duration) });

const windows =
  (name: 'livenessFailing' | 'readinessFailing' | 'startupFailing'): Reader =>
  (text) => ({ [name]: readWindows(parseList(text)) });

const exitCode =
  (name: 'exitCode' | 'stopExitCode'): Reader =>
  (text) => {
    if (!/^\d{1,3}$/.test(text) || Number(text) > 255)
      throw new BehaviourFault('expected an exit code from 0 to 255');
    return { [name]: Number(text) };
  };

function failureChance(text: string): Behaviour {
  const chance = /^\d+(\.\d+)?%$/.test(text) ? Number(text.slice(0, -1)) / 100 : plain.read(text);
  if (chance === undefined || chance > 1) throw new BehaviourFault('expected a chance such as 0.05 or 5%');
  return { failureChance: chance };
}

const pullFailures: readonly PullFailure[] = ['not-found', 'unauthorized', 'unreachable'];

function pullFailure(text: string): Behaviour {
  const [name = '', ...rest] = text.trim().split(/\s+/);
  const kind = name === 'true' ? 'not-found' : pullFailures.find((one) => one === name);
  if (name === 'false' && rest.length === 0) return {};
  const span = rest.length === 2 && rest[0] === 'for' ? duration.read(rest[1] ?? '') : undefined;
  if (kind === undefined || (rest.length > 0 && span === undefined)) {
    throw new BehaviourFault(
      `expected one of ${pullFailures.join(', ')}, with "for DURATION" after it unless it is for ever`,
    );
  }
  return { pullFailure: kind, ...(span !== undefined && { pullFailureFor: span }) };
}

function memoryLeak(text: string): Behaviour {
  const [size = '', per = ''] = text.split('/').map((part) => part.trim());
  const span = duration.read(/^[a-z]+$/.test(per) ? `1${per}` : per);
  const amount = bytes.read(size);
  if (amount === undefined || span === undefined || span === 0)
    throw new BehaviourFault('expected memory in a time such as 10Mi/m or 1Gi/6h');
  return { memory: (start) => leak(start, amount / span) };
}

/** The annotations, by the name after the prefix and, for one container alone, `CONTAINER.`. */
const readers: Readonly<Record<string, Reader>> = {
  'run-duration': draw('runDuration'),
  'exit-code': exitCode('exitCode'),
  'failure-chance': failureChance,
  'start-delay': draw('startDelay'),
  'start-failure': (text) => ({ startFailure: text }),
  'ready-delay': draw('readyDelay'),
  'stop-duration': draw('stopDuration'),
  'stop-exit-code': exitCode('stopExitCode'),
  'image-size': (text) => ({ imageSize: literal(parseOne(text), bytes) }),
  'image-pull-failure': pullFailure,
  'liveness-failing': windows('livenessFailing'),
  'readiness-failing': windows('readinessFailing'),
  'startup-failing': windows('startupFailing'),
  cpu: (text) => ({ cpu: readCurve(parseList(text), cores) }),
  memory: (text) => ({ memory: readCurve(parseList(text), bytes) }),
  'memory-leak': memoryLeak,
};

/** An annotation that says nothing, because of what it should say. */
export interface InvalidBehaviour {
  readonly annotation: string;
  readonly message: string;
}

interface PodBehaviour {
  /** Of the pod's own containers; init containers and sidecars have theirs by name alone. */
  readonly shared: Behaviour;
  readonly byName: ReadonlyMap<string, Behaviour>;
  readonly faults: readonly InvalidBehaviour[];
}

const nothing: Behaviour = {};
const plainPod: PodBehaviour = { shared: nothing, byName: new Map(), faults: [] };

/** Annotations are read once: objects are immutable, and a pod's annotations outlive most of its changes. */
const known = new WeakMap<object, PodBehaviour>();

function podBehaviour({ metadata }: Pod): PodBehaviour {
  const { annotations } = metadata;
  if (!annotations) return plainPod;
  const read = known.get(annotations) ?? readAnnotations(annotations);
  known.set(annotations, read);
  return read;
}

function readAnnotations(annotations: Readonly<Record<string, string>>): PodBehaviour {
  let shared = nothing;
  const byName = new Map<string, Behaviour>();
  const faults: InvalidBehaviour[] = [];
  for (const [annotation, text] of Object.entries(annotations)) {
    if (!annotation.startsWith(prefix)) continue;
    const path = annotation.slice(prefix.length);
    const dot = path.lastIndexOf('.');
    const name = path.slice(dot + 1);
    const container = dot < 0 ? undefined : path.slice(0, dot);
    try {
      const behaviour = readOne(name, text);
      if (container === undefined) shared = joined(shared, behaviour);
      else byName.set(container, joined(byName.get(container) ?? nothing, behaviour));
    } catch (error) {
      if (!(error instanceof BehaviourFault)) throw error;
      faults.push({ annotation, message: `${annotation}: ${JSON.stringify(text)}: ${error.message}` });
    }
  }
  return { shared, byName, faults };
}

function readOne(name: string, text: string): Behaviour {
  const read = own(readers, name);
  if (!read) {
    throw new BehaviourFault(`there is no such behaviour; there are ${Object.keys(readers).join(', ')}`);
  }
  return read(text);
}

/** Two behaviours as one; a leak adds to the memory that is used without it. */
function joined(a: Behaviour, b: Behaviour): Behaviour {
  const [one, other] = [a.memory, b.memory];
  const memory: CurveForm | undefined =
    one && other ? (start, from) => sum(one(start, from), other(start, from)) : (one ?? other);
  return { ...a, ...b, ...(memory && { memory }) };
}

/** What is wrong with a pod's behaviour annotations: those that can't be read, and those for containers it does not have. */
export function invalidBehaviours(pod: Pod): readonly InvalidBehaviour[] {
  const { faults, byName } = podBehaviour(pod);
  if (byName.size === 0) return faults;
  const names = new Set([...(pod.spec.initContainers ?? []), ...pod.spec.containers].map(({ name }) => name));
  const strangers = [...byName.keys()].filter((name) => !names.has(name));
  return [
    ...faults,
    ...strangers.map((name) => ({
      annotation: `${prefix}${name}`,
      message: `${prefix}${name}.*: the pod has no container "${name}"; it has ${[...names].join(', ')}`,
    })),
  ];
}

/** How a container behaves; what is said for it by name comes before what is said for the whole pod. */
export function behaviourOf(pod: Pod, container: Container): Behaviour {
  const { shared, byName } = podBehaviour(pod);
  const isMain = shared !== nothing && pod.spec.containers.includes(container);
  const own = byName.get(container.name);
  if (!isMain) return own ?? nothing;
  return own ? { ...shared, ...own } : shared;
}

/** True for a pod some of whose containers' memory follows an annotation. */
export function hasMemoryBehaviour(pod: Pod): boolean {
  const { shared, byName } = podBehaviour(pod);
  return shared.memory !== undefined || [...byName.values()].some(({ memory }) => memory !== undefined);
}

/**
 * The chance of one thing in one run of a container. A pod's uid follows from the world's seed, so this does too, and
 * whoever has the pod can draw it again.
 */
export const chanceOf = ({ metadata }: Pod, container: string, run: number, what: string): Rng =>
  new Seed(metadata.uid).stream(what, `${container}/${String(run)}`);

/** A draw for a run of a container; `otherwise` when nothing is said. */
export function drawn(
  from: Draw | undefined,
  otherwise: number,
  pod: Pod,
  container: string,
  run: number,
  what: string,
): number {
  if (!from) return otherwise;
  return from.kind === 'fixed' ? from.value : from.draw(chanceOf(pod, container, run, what));
}

/** A curve of a run of a container that began at `start`. */
export const curveOf = (
  form: CurveForm,
  start: number,
  pod: Pod,
  container: string,
  run: number,
  what: string,
): Curve => curveFrom(form, start, () => chanceOf(pod, container, run, what));
