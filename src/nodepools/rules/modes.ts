import type { AzureError } from '../../azure/index.js';
import type { SiblingPool } from '../model.js';
import { invalidPool, poolTarget, refusal } from '../refusal.js';
import { always, onCreate } from './rule.js';
import type { PoolModel } from './rule.js';
import { parseTaint } from './taint-syntax.js';

const isSystem = ({ properties }: SiblingPool): boolean => properties.mode === 'System';

const lastSystemPool = (target?: string): AzureError =>
  refusal('OperationNotAllowed', 'There has to be at least one system agent pool.', target);

/** Taint that AKS allows on a System pool: the one that keeps other workloads off, or one that only discourages. */
function allowedOnSystem(text: string): boolean {
  const taint = parseTaint(text);
  return taint?.key === 'CriticalAddonsOnly' || taint?.effect === 'PreferNoSchedule';
}

const forSystem = (check: (model: PoolModel) => AzureError | undefined) => (model: PoolModel) =>
  model.pool.mode === 'System' ? check(model) : undefined;

/** System, User and Gateway pools (AKS: system node pools). */
export const modeRules = [
  always(
    'System pools run Linux',
    forSystem(({ pool, ctx }) =>
      pool.osType === 'Linux'
        ? undefined
        : refusal(
            'SystemPoolMustBeLinux',
            `System node pool must be linux: ${poolTarget('osType')} of '${ctx.name}' is ${pool.osType}.`,
            poolTarget('osType'),
          ),
    ),
  ),
  always(
    'System pools have Regular priority',
    forSystem(({ pool, ctx }) =>
      pool.scaleSetPriority === 'Spot'
        ? refusal(
            'SystemPoolMustBeRegular',
            `System node pool must have Regular priority: ${poolTarget('scaleSetPriority')} of '${ctx.name}' is Spot.`,
            poolTarget('scaleSetPriority'),
          )
        : undefined,
    ),
  ),
  always(
    'System pool size',
    forSystem(({ size, ctx, current }) => {
      if (!size || current?.mode === 'System') return undefined;
      if (size.vCPUs < 2 || size.memoryGiB < 4) {
        return refusal(
          'SystemPoolSkuTooLow',
          `System node pool must use VM sku with more than 2 cores and 4GB memory. Nodepool name: ${ctx.name}.`,
          poolTarget('vmSize'),
        );
      }
      if (!size.burstable) return undefined;
      return refusal(
        'VMSizeRestrictedByAKS',
        `The VM size ${size.name} (${poolTarget('vmSize')}) is burstable (B series), which is not supported for ` +
          `system node pools. Nodepool name: ${ctx.name}.`,
        poolTarget('vmSize'),
      );
    }),
  ),
  always(
    'taints of System pools',
    forSystem(({ pool }) =>
      (pool.nodeTaints ?? []).every(allowedOnSystem)
        ? undefined
        : refusal(
            'SystemPoolHasRestrictedTaint',
            `Placing custom taints on system pool is not supported(except 'CriticalAddonsOnly' taint or taint effect ` +
              `is 'PreferNoSchedule'). Please refer to https://aka.ms/aks/system-taints for detail`,
            poolTarget('nodeTaints'),
          ),
    ),
  ),
  always('one System pool stays', ({ pool, current, ctx }) =>
    current?.mode === 'System' && pool.mode !== 'System' && !ctx.siblings.some(isSystem)
      ? lastSystemPool(poolTarget('mode'))
      : undefined,
  ),
  always('no change to or from Gateway', ({ pool, current }) =>
    current && current.mode !== pool.mode && [current.mode, pool.mode].includes('Gateway')
      ? invalidPool('mode', `an agent pool can't be changed from ${current.mode} to ${pool.mode}.`)
      : undefined,
  ),
  onCreate('gatewayProfile is for Gateway pools', ({ pool }) =>
    pool.gatewayProfile && pool.mode !== 'Gateway'
      ? invalidPool('gatewayProfile', `it can only be set when mode is Gateway, not ${pool.mode}.`)
      : undefined,
  ),
  always('Gateway pools run Linux and are not autoscaled', ({ pool }) => {
    if (pool.mode !== 'Gateway') return undefined;
    if (pool.osType !== 'Linux') return invalidPool('osType', 'a Gateway pool must run Linux.');
    if (pool.enableAutoScaling)
      return invalidPool('enableAutoScaling', "a Gateway pool can't be autoscaled.");
    const prefix = pool.gatewayProfile?.publicIPPrefixSize ?? 31;
    const addresses = 2 ** (32 - prefix);
    return pool.count <= addresses
      ? undefined
      : invalidPool(
          'count',
          `gatewayProfile.publicIPPrefixSize /${prefix} has addresses for ${addresses} nodes, not ${pool.count}.`,
        );
  }),
];

/**
 * Refuses to delete a pool the cluster can't do without (AKS: system node pools).
 *
 * @throws AzureError 400 `OperationNotAllowed`.
 */
export function checkAgentPoolDeletion(pool: SiblingPool, siblings: readonly SiblingPool[]): void {
  if (siblings.length === 0) throw refusal('OperationNotAllowed', 'There has to be at least one agent pool.');
  if (isSystem(pool) && !siblings.some(isSystem)) throw lastSystemPool();
}

/** Refuses a new cluster without a System pool. */
export function checkFirstPools(pools: readonly SiblingPool[]): void {
  if (!pools.some(isSystem)) {
    throw refusal(
      'BadRequest',
      'Must define at least one system pool.',
      'agentPoolProfiles',
      'MustDefineAtLeastOneSystemPool',
    );
  }
}
