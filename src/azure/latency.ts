import { YAMLParseError, parse } from 'yaml';
import type { Rng } from '../sim/index.js';
import type { Duration } from '../units/index.js';
import { milliseconds, seconds } from '../units/index.js';

/** The steps of the cloud that take world time; `nodeJoin` ends when the node registers, `nodeReady` begins there. */
export const latencySteps = [
  'vmCreate',
  'nodeJoin',
  'nodeReady',
  'vmDelete',
  'poolUpdate',
  'poolDelete',
  'clusterCreate',
  'clusterUpdate',
  'clusterDelete',
] as const;

export type LatencyStep = (typeof latencySteps)[number];

/** How long a step takes: evenly spread between `min` and `max`; `source` says where the figures are from. */
export interface Latency {
  readonly min: Duration;
  readonly max: Duration;
  readonly source: string;
}

export type LatencyProfile = Readonly<Record<LatencyStep, Latency>>;

const between = (min: Duration, max: Duration, source: string): Latency => ({ min, max, source });

const chosen = 'chosen for quick local work';

/** About two seconds from asking for a VM to its node being Ready. */
export const fastLatency: LatencyProfile = {
  vmCreate: between(milliseconds(800), milliseconds(1400), chosen),
  nodeJoin: between(milliseconds(300), milliseconds(600), chosen),
  nodeReady: between(milliseconds(100), milliseconds(200), chosen),
  vmDelete: between(milliseconds(300), milliseconds(700), chosen),
  poolUpdate: between(milliseconds(300), milliseconds(300), chosen),
  poolDelete: between(milliseconds(300), milliseconds(300), chosen),
  clusterCreate: between(seconds(2), seconds(2), chosen),
  clusterUpdate: between(milliseconds(500), milliseconds(500), chosen),
  clusterDelete: between(seconds(1), seconds(1), chosen),
};

const burst = 'AKS: burst scaling page gives 2-5 minutes from request to Ready; the split is inferred';
const recorded = 'inferred from the times of recorded Azure CLI sessions';

/** What a region under normal load takes. */
export const realisticLatency: LatencyProfile = {
  vmCreate: between(seconds(30), seconds(90), burst),
  nodeJoin: between(seconds(45), seconds(95), burst),
  nodeReady: between(seconds(15), seconds(25), burst),
  vmDelete: between(seconds(30), seconds(60), 'inferred'),
  poolUpdate: between(seconds(20), seconds(60), recorded),
  poolDelete: between(seconds(30), seconds(60), recorded),
  clusterCreate: between(seconds(150), seconds(270), recorded),
  clusterUpdate: between(seconds(60), seconds(120), recorded),
  clusterDelete: between(seconds(120), seconds(240), recorded),
};

/** Steps are a whole number of these, so that VMs that take about as long move on together. */
const grain = 50;

/** Draws how long `step` takes this time. */
export function sample(profile: LatencyProfile, step: LatencyStep, rng: Rng): Duration {
  const { min, max } = profile[step];
  return milliseconds(Math.round(rng.between(min, max) / grain) * grain);
}

/**
 * Reads a profile in YAML: `STEP: {min: SECONDS, max: SECONDS, source: TEXT}` or `STEP: SECONDS`; steps it leaves out are
 * the fast profile's.
 *
 * @throws RangeError that names the step at fault.
 */
export function parseLatencyProfile(text: string): LatencyProfile {
  const content = parseYaml(text);
  if (!isRecord(content)) throw new RangeError('A latency profile must be a mapping of steps to seconds.');
  const known: readonly string[] = latencySteps;
  const unknown = Object.keys(content).find((step) => !known.includes(step));
  if (unknown !== undefined) {
    throw new RangeError(`'${unknown}' is no latency step. The steps are: ${latencySteps.join(', ')}.`);
  }
  const read = (step: LatencyStep): Latency =>
    step in content ? parseLatency(step, content[step]) : fastLatency[step];
  return Object.fromEntries(latencySteps.map((step) => [step, read(step)])) as Record<LatencyStep, Latency>;
}

function parseYaml(text: string): unknown {
  try {
    return (parse(text) as unknown) ?? {};
  } catch (error) {
    if (!(error instanceof YAMLParseError)) throw error;
    throw new RangeError(`The latency profile is no YAML: ${error.message.trimEnd()}`, { cause: error });
  }
}

function parseLatency(step: LatencyStep, value: unknown): Latency {
  const { min, max, source } = isRecord(value) ? value : { min: value, max: value, source: undefined };
  const upper = max ?? min;
  if (!isSeconds(min) || !isSeconds(upper) || min > upper) {
    throw new RangeError(
      `${step} must be a number of seconds, or {min, max} with 0 <= min <= max; got ${JSON.stringify(value)}.`,
    );
  }
  return between(seconds(min), seconds(upper), typeof source === 'string' ? source : 'latency profile');
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isSeconds = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0;
