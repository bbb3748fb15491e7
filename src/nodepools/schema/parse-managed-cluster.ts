import type { ManagedClusterInput, StringMap } from '../model.js';
import { refusal } from '../refusal.js';
import { clusterBody, clusterMembers, readOnlyClusterMembers } from './managed-cluster.js';
import { parseAgentPoolProfile } from './parse-agent-pool.js';
import { checkDepth, listOf, nullMembers, object, readObject, readValue } from './shape.js';
import type { JsonObject } from './shape.js';

const readOnlyTopLevel = ['id', 'name', 'type', 'systemData', 'eTag'];

function parsePools(value: unknown): ManagedClusterInput['pools'] {
  if (value === undefined) return undefined;
  const path = 'properties.agentPoolProfiles';
  const entries = readValue(value, listOf(object({})), {
    path,
    parameter: 'agentPoolProfiles',
  }) as JsonObject[];
  const sent = value as readonly unknown[];
  const pools = entries.map((_, i) => parseAgentPoolProfile(sent[i], `${path}[${i}]`));
  const doubled = pools.find(({ name }, i) => pools.findIndex((other) => other.name === name) !== i);
  if (doubled) {
    throw refusal(
      'InvalidParameter',
      `agentPoolProfiles names '${doubled.name}' twice.`,
      'agentPoolProfile.name',
    );
  }
  return pools;
}

/**
 * Reads the body of a cluster's PUT. Unknown members are kept, read-only ones dropped, and of pools every entry is
 * read as a pool.
 *
 * @throws AzureError 400 `UnmarshalError` or `InvalidParameter`, naming the field.
 */
export function parseManagedClusterBody(value: unknown): ManagedClusterInput {
  checkDepth(value);
  const body = readObject(value, clusterBody, { path: '', parameter: '' });
  const { location, tags, sku, identity, properties: _shallow, ...others } = body;
  const sent = (value as { properties?: JsonObject | null }).properties ?? {};
  const { agentPoolProfiles, ...rest } = sent;
  const properties = { ...readObject(rest, clusterMembers, { path: 'properties', parameter: '' }) };
  for (const member of readOnlyClusterMembers) delete properties[member];
  const extra = Object.fromEntries(
    Object.entries(others).filter(([name]) => !readOnlyTopLevel.includes(name)),
  );
  const optional = { location, tags, sku, identity };
  return {
    ...Object.fromEntries(Object.entries(optional).filter(([, member]) => member !== undefined)),
    extra,
    properties,
    cleared: nullMembers(sent),
    pools: parsePools(agentPoolProfiles ?? undefined),
  } as ManagedClusterInput;
}

/**
 * Reads the body of a cluster's PATCH, `{"tags": {…}}`; absent tags leave none.
 *
 * @throws AzureError 400 `UnmarshalError`.
 */
export function parseTagsBody(value: unknown): StringMap {
  const { tags } = readObject(
    value,
    { tags: { kind: 'map', of: { kind: 'string' } } },
    { path: '', parameter: '' },
  );
  return (tags ?? {}) as StringMap;
}
