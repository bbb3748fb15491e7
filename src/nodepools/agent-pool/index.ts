export { parseAgentPoolBody, parseAgentPoolProfile } from '../schema/parse-agent-pool.js';
export { checkAgentPoolDeletion } from '../rules/modes.js';
export { resolveNewAgentPool } from './create.js';
export { renderAgentPool, renderAgentPoolProfile } from './render.js';
export { resolveAgentPoolUpdate } from './update.js';
