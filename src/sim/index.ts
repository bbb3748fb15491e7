export { SimClock } from './clock.js';
export type { Clock, ClockInit, ClockMode, Timer } from './clock.js';
export { LivelockError } from './moment-guard.js';
export { Seed } from './seed.js';
export type { Rng } from './seed.js';
export { systemWallClock } from './wall-clock.js';
export type { WallClock } from './wall-clock.js';
export { Postponement, WorkQueue } from './work-queue.js';
