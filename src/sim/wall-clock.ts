/** The host's clock and timers, behind an interface so that tests own time. */
export interface WallClock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  schedule(delayMs: number, run: () => void): { cancel(): void };
}

/** Node refuses longer delays: later events are re-armed when this one fires. */
const longestDelayMs = 2_147_483_647;

/** The only place of the engine that touches the host's time. */
export const systemWallClock: WallClock = {
  now: () => Date.now(),
  schedule: (delayMs, run) => {
    const timer = setTimeout(run, Math.min(delayMs, longestDelayMs));
    return { cancel: () => clearTimeout(timer) };
  },
};
