export { hasDefaults, withDefaults } from './defaults.js';
export { checkDuplicates } from './list-uniqueness.js';
export { shapeOfSchema } from './merge-shape.js';
export { compilePattern } from './patterns.js';
export { prune } from './pruning.js';
export { checkRules, expressionFault } from './rules.js';
export { checkSchema } from './schema-validation.js';
export { checkStructural } from './structural-rules.js';
export type { StructuralSchema, ValidationRule } from './structural-schema.js';
