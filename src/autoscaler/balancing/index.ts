export { balance } from './distribution.js';
export type { Growing, Share } from './distribution.js';
export { areSimilar } from './similarity.js';
export type { LabelRules } from './similarity.js';
