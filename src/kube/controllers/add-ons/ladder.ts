/** What of a cluster decides how many pods of an add-on it has. */
export interface ClusterSize {
  readonly nodes: number;
  readonly cores: number;
}

type Steps = readonly (readonly [from: number, replicas: number])[];

/**
 * How many pods settings ask for (cluster-proportional-autoscaler: ladder and linear mode); undefined when they make no
 * sense.
 */
export function replicasFor(
  data: Readonly<Record<string, string>> | undefined,
  size: ClusterSize,
): number | undefined {
  const { ladder, linear } = data ?? {};
  if (ladder !== undefined) return byLadder(parsed(ladder), size);
  return linear === undefined ? undefined : byLine(parsed(linear), size);
}

function byLadder(settings: Readonly<Record<string, unknown>> | undefined, size: ClusterSize) {
  if (!settings) return undefined;
  const steps = (name: string, amount: number) => {
    const given = settings[name];
    return given === undefined ? 0 : isSteps(given) ? onStep(given, amount) : undefined;
  };
  const byCores = steps('coresToReplicas', size.cores);
  const byNodes = steps('nodesToReplicas', size.nodes);
  return byCores === undefined || byNodes === undefined ? undefined : Math.max(byCores, byNodes);
}

/** The highest step that an amount reaches; below the first, the first. */
function onStep(steps: Steps, amount: number): number {
  const sorted = [...steps].sort(([a], [b]) => a - b);
  const reached = sorted.filter(([from]) => from <= amount).at(-1) ?? sorted[0];
  return reached?.[1] ?? 0;
}

function byLine(settings: Readonly<Record<string, unknown>> | undefined, { nodes, cores }: ClusterSize) {
  if (!settings) return undefined;
  const number = (name: string): number | undefined => {
    const value = settings[name];
    return typeof value === 'number' && value > 0 ? value : undefined;
  };
  const share = (amount: number, per: number | undefined) =>
    per === undefined ? 0 : Math.ceil(amount / per);
  const wanted = Math.max(share(cores, number('coresPerReplica')), share(nodes, number('nodesPerReplica')));
  const least = settings['preventSinglePointFailure'] === true && nodes > 1 ? 2 : 1;
  return Math.min(number('max') ?? Infinity, Math.max(wanted, number('min') ?? least, least));
}

const isSteps = (value: unknown): value is Steps =>
  Array.isArray(value) &&
  value.every(
    (step) => Array.isArray(step) && step.length === 2 && step.every((one) => typeof one === 'number'),
  );

function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
