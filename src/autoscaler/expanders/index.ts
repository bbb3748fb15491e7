export { choose, parseExpanders } from './chain.js';
export type { Choice, ParsedExpanders } from './chain.js';
export type { ExpanderContext, ExpanderWarning, ExpansionOption } from './expander.js';
export { priorityConfigMap } from './priority-config.js';
