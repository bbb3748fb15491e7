import { invalidPool, poolTarget, refusal } from '../refusal.js';
import { always, onCreate } from './rule.js';

/** At most 5 decimal places: compared as text, because binary fractions are not exact. */
const hasAtMostFiveDecimals = (price: number): boolean => Number(price.toFixed(5)) === price;

/** Spot pools (AKS: Spot node pools). Priority, eviction policy and price are fixed at creation. */
export const spotRules = [
  onCreate('a Spot pool is not the first', ({ pool, ctx }) =>
    pool.scaleSetPriority === 'Spot' && ctx.siblings.length === 0
      ? invalidPool('scaleSetPriority', "a Spot pool can't be the first agent pool of a cluster.")
      : undefined,
  ),
  onCreate('Spot needs scale sets and the Standard load balancer', ({ pool, ctx }) => {
    if (pool.scaleSetPriority !== 'Spot') return undefined;
    if (pool.type !== 'VirtualMachineScaleSets') {
      return invalidPool('scaleSetPriority', `Spot needs type VirtualMachineScaleSets, not ${pool.type}.`);
    }
    return ctx.cluster.loadBalancerSku === 'standard'
      ? undefined
      : invalidPool('scaleSetPriority', 'Spot needs a cluster with the Standard load balancer.');
  }),
  onCreate('Spot size', ({ pool, size }) =>
    pool.scaleSetPriority === 'Spot' && size?.spotCapable === false
      ? refusal(
          'VMSizeNotSupported',
          `The VM size ${size.name} (${poolTarget('vmSize')}) can't be used with scaleSetPriority Spot.`,
          poolTarget('vmSize'),
        )
      : undefined,
  ),
  onCreate('Spot price', ({ pool, sent }) => {
    const price = sent.spotMaxPrice;
    if (price === undefined) return undefined;
    if (price !== -1 && pool.scaleSetPriority !== 'Spot') {
      return invalidPool('spotMaxPrice', 'it can only be set when scaleSetPriority is Spot.');
    }
    if (price !== -1 && price <= 0) {
      return invalidPool('spotMaxPrice', `${price} is neither -1 nor greater than 0.`);
    }
    return hasAtMostFiveDecimals(price)
      ? undefined
      : invalidPool('spotMaxPrice', `${price} has more than 5 decimal places.`);
  }),
  onCreate('eviction policy', ({ pool, sent }) =>
    sent.scaleSetEvictionPolicy === 'Deallocate' && pool.scaleSetPriority !== 'Spot'
      ? invalidPool('scaleSetEvictionPolicy', 'Deallocate can only be set when scaleSetPriority is Spot.')
      : undefined,
  ),
  onCreate('evicted nodes that stay need a managed disk', ({ pool }) =>
    pool.scaleSetEvictionPolicy === 'Deallocate' &&
    pool.osDiskType === 'Ephemeral' &&
    pool.scaleSetPriority === 'Spot'
      ? invalidPool(
          'scaleSetEvictionPolicy',
          'Deallocate needs osDiskType Managed: an ephemeral OS disk is lost with its VM.',
        )
      : undefined,
  ),
  always('no surge on Spot', ({ pool, sent }) => {
    if (pool.scaleSetPriority !== 'Spot') return undefined;
    const given = (['maxSurge', 'maxUnavailable'] as const).find(
      (member) => sent.upgradeSettings?.[member] !== undefined,
    );
    return given === undefined
      ? undefined
      : invalidPool(
          `upgradeSettings.${given}`,
          "it can't be set on a Spot pool, which is upgraded without surge.",
        );
  }),
];
