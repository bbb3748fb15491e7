import type { AgentPool, UnknownMembers } from '../model.js';
import { agentPoolMembers } from '../schema/agent-pool.js';

/** A pool's properties as the provider writes them: known members in its order, unset ones left out, then the others. */
function renderProperties({ properties, etag }: AgentPool): UnknownMembers {
  const all: UnknownMembers = { ...properties, eTag: etag };
  const rendered: Record<string, unknown> = {};
  for (const member of agentPoolMembers) {
    if (all[member] !== undefined) rendered[member] = all[member];
  }
  for (const [member, value] of Object.entries(all)) {
    if (!Object.hasOwn(rendered, member) && value !== undefined) rendered[member] = value;
  }
  return rendered;
}

/** The pool as a resource of its own. */
export const renderAgentPool = (pool: AgentPool): UnknownMembers => ({
  id: pool.id,
  name: pool.name,
  type: 'Microsoft.ContainerService/managedClusters/agentPools',
  properties: renderProperties(pool),
});

/** The pool as an entry of its cluster's `agentPoolProfiles`. */
export const renderAgentPoolProfile = (pool: AgentPool): UnknownMembers => ({
  name: pool.name,
  ...renderProperties(pool),
});
