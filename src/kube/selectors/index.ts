export { compileFieldSelector, parseFieldSelector } from './field-selector.js';
export type { FieldRequirement } from './field-selector.js';
export { compileLabelSelector, everyLabel, labelSelectorText, parseLabelSelector } from './label-selector.js';
export type { LabelMatcher, LabelSelector, Labels } from './label-selector.js';
export { labelTerms, mayBeSelecting, selectedBy, selectedByText, selectorTerm } from './label-index.js';
