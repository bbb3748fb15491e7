export { World } from './world.js';
export type { WorldInit } from './world.js';
export { seedDemo } from './demo.js';
