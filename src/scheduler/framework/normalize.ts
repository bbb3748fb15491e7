/** What scores are brought to. */
export const maxNodeScore = 100;

const largest = (scores: Float64Array, count: number): number => {
  let most = 0;
  for (let at = 0; at < count; at += 1) most = Math.max(most, scores[at] ?? 0);
  return most;
};

/** Scales scores so that the largest is 100 (framework: DefaultNormalizeScore). */
export function normalizeByLargest(scores: Float64Array, count: number): void {
  const most = largest(scores, count);
  if (most === 0) return;
  for (let at = 0; at < count; at += 1) scores[at] = Math.floor((maxNodeScore * (scores[at] ?? 0)) / most);
}

/** As `normalizeByLargest`, with the least first: all are 100 when none has anything. */
export function normalizeReversed(scores: Float64Array, count: number): void {
  const most = largest(scores, count);
  for (let at = 0; at < count; at += 1) {
    const scaled = most === 0 ? 0 : Math.floor((maxNodeScore * (scores[at] ?? 0)) / most);
    scores[at] = maxNodeScore - scaled;
  }
}
