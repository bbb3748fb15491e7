import { isDeepStrictEqual } from 'node:util';
import type { AgentPoolInput, AgentPoolPropertiesInput } from '../model.js';
import { agentPoolFields } from './agent-pool.js';
import { checkDepth, nullMembers, object, readObject, readValue } from './shape.js';
import type { JsonObject, Shape } from './shape.js';

const fieldOf = (member: string) =>
  Object.hasOwn(agentPoolFields, member)
    ? agentPoolFields[member as keyof typeof agentPoolFields]
    : undefined;

/**
 * Reads a pool's properties: known members checked by type, enum and range; unknown members kept; read-only ones
 * dropped (clients that read, edit and put back send them all); values that mean "choose for me" dropped.
 */
function readProperties(sent: JsonObject, cleared: ReadonlySet<string>): AgentPoolInput {
  const properties: Record<string, unknown> = {};
  for (const [member, value] of Object.entries(sent)) {
    const field = fieldOf(member);
    if (!field) {
      Object.defineProperty(properties, member, {
        value,
        enumerable: true,
        writable: true,
        configurable: true,
      });
      continue;
    }
    if (field.change === 'read-only') continue;
    if (field.unset?.some((unset) => isDeepStrictEqual(unset, value))) continue;
    properties[member] = readValue(value, field.shape, {
      path: `properties.${member}`,
      parameter: `agentPoolProfile.${member}`,
    });
  }
  return { properties: properties as AgentPoolPropertiesInput, cleared };
}

const body: Shape = object({ properties: object({}) });

/**
 * Reads the body of a pool's PUT.
 *
 * @throws AzureError 400 `UnmarshalError` or `InvalidParameter`, naming the field.
 */
export function parseAgentPoolBody(value: unknown): AgentPoolInput {
  checkDepth(value);
  const { properties } = readValue(value, body, { path: '', parameter: '' }) as { properties?: JsonObject };
  const sent = (value as { properties?: unknown }).properties;
  return readProperties(properties ?? {}, nullMembers(sent));
}

/** Reads an entry of a cluster's `agentPoolProfiles`: a pool's properties with its name among them. */
export function parseAgentPoolProfile(value: unknown, path: string): { name: string; input: AgentPoolInput } {
  const { name, ...sent } = readObject(
    value,
    { name: { kind: 'string' } },
    { path, parameter: 'agentPoolProfile' },
  );
  return { name: typeof name === 'string' ? name : '', input: readProperties(sent, nullMembers(value)) };
}
