export type { Brand } from './brand.js';
export * from './time.js';
