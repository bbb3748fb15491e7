import type { AgentPoolInput, AgentPoolProperties, PoolContext } from '../model.js';
import { missingParameter, notModelled, poolTarget } from '../refusal.js';
import { poolRules } from '../rules/index.js';
import { nameError } from '../rules/names.js';
import { enforce } from '../rules/rule.js';
import { chooseSize } from '../rules/sizes.js';
import { knownVersion, resolvePoolVersion } from '../versions/index.js';
import { imageFor, withDefaults } from './defaults.js';

/**
 * The properties of a new pool, complete: defaults filled and every rule of creation kept.
 *
 * @throws AzureError AKS's refusal of the first rule broken.
 */
export function resolveNewAgentPool(
  { properties: sent }: AgentPoolInput,
  ctx: PoolContext,
): AgentPoolProperties {
  const osType = sent.osType ?? 'Linux';
  const badName = nameError(ctx.name, osType);
  if (badName) throw badName;
  if (sent.mode === undefined) throw missingParameter(poolTarget('mode'));
  if (sent.powerState?.code === 'Stopped') {
    throw notModelled(
      'agent pools that are created stopped (properties.powerState)',
      'properties.powerState',
    );
  }
  const version = resolvePoolVersion(sent.orchestratorVersion, ctx.cluster, ctx.today);
  const size = chooseSize(sent.vmSize, osType, ctx);
  const pool = withDefaults(sent, sent.mode, version, size, ctx);
  enforce(poolRules, { pool, sent, ctx, size, version: knownVersion(version.full) });
  return { ...pool, nodeImageVersion: imageFor(pool, size, ctx.today) };
}
