/** How large a ReplicaSet is, and what it was told of its deployment when it was last sized. */
export interface SetSize {
  readonly name: string;
  readonly replicas: number;
  /** Pods of it that are available. */
  readonly available: number;
  /** The most pods its deployment could have then; undefined when it was not told. */
  readonly maxBefore: number | undefined;
  readonly created: number;
}

/** How far a deployment may go from its replicas. */
export interface Bounds {
  readonly replicas: number;
  readonly surge: number;
  readonly unavailable: number;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);

/** The size of the present set as far as the surge allows; `total` counts the pods that all sets ask for. */
export function grownSize(present: number, total: number, { replicas, surge }: Bounds): number {
  if (present >= replicas) return replicas;
  const room = replicas + surge - total;
  return present + Math.max(0, Math.min(room, replicas - present));
}

/**
 * The sizes of old sets, oldest first, as far as enough pods stay available: first what is not healthy goes, then the
 * oldest (Kubernetes: Deployment, rolling update).
 */
export function shrunkSizes(
  old: readonly SetSize[],
  present: SetSize,
  { replicas, unavailable }: Bounds,
): readonly number[] {
  const sizes = old.map((set) => set.replicas);
  const minimum = replicas - unavailable;
  let budget = sum(sizes) + present.replicas - minimum - (present.replicas - present.available);
  if (budget <= 0) return sizes;
  for (const [index, set] of old.entries()) {
    const unhealthy = Math.min(Math.max(0, set.replicas - set.available), budget);
    sizes[index] = set.replicas - unhealthy;
    budget -= unhealthy;
  }
  let spare = sum(old.map((set) => set.available)) + present.available - minimum;
  for (const [index, size] of sizes.entries()) {
    const removed = Math.max(0, Math.min(size, spare));
    sizes[index] = size - removed;
    spare -= removed;
  }
  return sizes;
}

/**
 * The sizes of the sets of a deployment that is scaled in the middle of a rollout: each grows or shrinks by its share, and
 * the largest takes what is left over (Kubernetes: Deployment, proportional scaling).
 */
export function proportionalSizes(
  sets: readonly SetSize[],
  { replicas, surge }: Bounds,
  statusReplicas: number,
): ReadonlyMap<string, number> {
  const allowed = replicas > 0 ? replicas + surge : 0;
  const toAdd = allowed - sum(sets.map((set) => set.replicas));
  const order = [...sets].sort(
    (a, b) =>
      b.replicas - a.replicas ||
      (toAdd > 0 ? b.created - a.created : a.created - b.created) ||
      (a.name < b.name ? -1 : 1),
  );
  const sizes = new Map<string, number>();
  let left = toAdd;
  for (const set of order) {
    const share = shareOf(set, replicas, replicas + surge, statusReplicas);
    const change = left > 0 ? Math.min(share, left) : Math.max(share, left);
    const taken = set.replicas === 0 || left === 0 ? 0 : change;
    sizes.set(set.name, set.replicas + taken);
    left -= taken;
  }
  const [largest] = order;
  if (largest) sizes.set(largest.name, Math.max(0, (sizes.get(largest.name) ?? 0) + left));
  return sizes;
}

function shareOf(
  { replicas, maxBefore }: SetSize,
  wanted: number,
  most: number,
  statusReplicas: number,
): number {
  if (wanted === 0) return -replicas;
  const before = maxBefore === undefined || maxBefore === 0 ? statusReplicas : maxBefore;
  return before === 0 ? 0 : Math.round((replicas * most) / before) - replicas;
}
