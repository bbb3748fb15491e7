const initial = 1_000;
const longest = 10_000;

/** How long a pod waits after it was refused for the nth time, in milliseconds: 1 s, 2 s, 4 s, 8 s, then 10 s each. */
export const backoffOf = (refusals: number): number =>
  Math.min(longest, initial * 2 ** Math.min(30, Math.max(0, refusals - 1)));
