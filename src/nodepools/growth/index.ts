export { growthBounds, isOwnBound, nextZones, vmBounds } from './bounds.js';
export type { GrowthBound } from './bounds.js';
export { templateNode } from './template.js';
export type { TemplateRequest } from './template.js';
