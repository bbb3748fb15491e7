import type { AzureError } from '../../azure/index.js';
import type { OsType, PoolContext, VmSizeFacts } from '../model.js';
import { notModelled, poolTarget, refusal } from '../refusal.js';
import { onCreate } from './rule.js';

const target = poolTarget('vmSize');

/**
 * Sizes to try, best first, when a pool names none (AKS picks by the region's capacity; recorded picks are of these
 * series).
 */
const preferred: Readonly<Record<OsType, readonly string[]>> = {
  Linux: [
    'Standard_D4ds_v5',
    'Standard_D4ads_v5',
    'Standard_D4s_v5',
    'Standard_D4as_v5',
    'Standard_D4s_v3',
    'Standard_DS2_v2',
  ],
  Windows: ['Standard_D4s_v5', 'Standard_D4as_v5', 'Standard_D4ds_v5', 'Standard_D4s_v3', 'Standard_D2s_v3'],
};

const notSupported = (size: string, ctx: PoolContext): AzureError =>
  refusal(
    'VMSizeNotSupported',
    `Virtual Machine size: '${size}' is not supported for subscription ${ctx.subscriptionId} in location ` +
      `'${ctx.cluster.location}'. Please refer to aka.ms/aks/vm-size-selector to find supported VM sizes in location ` +
      `'${ctx.cluster.location}'.`,
    target,
  );

/**
 * The size of a new pool, spelled as the catalogue spells it: the one asked for, or the service's pick for the region.
 *
 * @throws AzureError `VMSizeNotSupported` or `BadRequest` for a size AKS does not allow.
 */
export function chooseSize(sent: string | undefined, osType: OsType, ctx: PoolContext): VmSizeFacts {
  const { catalog, cluster } = ctx;
  if (sent === undefined) {
    const pick = preferred[osType].find(
      (name) => catalog.vmSize(name) && catalog.offers(cluster.location, name),
    );
    const size = pick === undefined ? undefined : catalog.vmSize(pick);
    if (size) return size;
    throw notSupported('', ctx);
  }
  const size = catalog.vmSize(sent);
  if (!size) throw notSupported(sent, ctx);
  if (size.aks.restricted) {
    throw refusal(
      'BadRequest',
      `The VM size of ${size.name} is not allowed in your subscription in location '${cluster.location}'. ` +
        `(${target}: AKS does not run node pools on this size.)`,
      target,
    );
  }
  if (!catalog.offers(cluster.location, size.name)) throw notSupported(size.name, ctx);
  if (size.gpu && size.gpu.manufacturer !== 'nvidia') {
    throw notModelled(`the GPUs of ${size.name} (${target})`, target);
  }
  return size;
}

/** Smallest node of any pool (AKS: restricted VM sizes). System pools need more: see the rules of modes. */
export const sizeRules = [
  onCreate('smallest size', ({ size }) =>
    size && (size.vCPUs < 2 || size.memoryGiB < 2)
      ? refusal(
          'VMSizeRestrictedByAKS',
          `${target} ${size.name} has ${size.vCPUs} vCPU and ${size.memoryGiB} GiB of memory: node pools need at least ` +
            `2 of each.`,
          target,
        )
      : undefined,
  ),
];
