export { aggregatedRules, aggregationOf } from './aggregation.js';
export { Authorizer, rulesOfRole, superusers } from './authorizer.js';
export type { Decision, HeldRules } from './authorizer.js';
export { compactTexts, quotedList, uncovered } from './policy-rule.js';
export type { Attributes, PolicyRule } from './policy-rule.js';
