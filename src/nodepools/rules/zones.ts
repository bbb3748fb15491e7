import { poolTarget, refusal } from '../refusal.js';
import { onCreate } from './rule.js';

const target = poolTarget('availabilityZones');

/** Availability zones of a new pool (AKS: availability zones). The set can't change later. */
export const zoneRules = [
  onCreate('zone names', ({ pool }) => {
    const wrong = pool.availabilityZones?.find((zone) => !['1', '2', '3'].includes(zone));
    const doubled = new Set(pool.availabilityZones).size !== (pool.availabilityZones?.length ?? 0);
    if (wrong === undefined && !doubled) return undefined;
    const why = wrong === undefined ? 'a zone is named twice' : `'${wrong}' is not one of '1', '2', '3'`;
    return refusal(
      'InvalidAvailabilityZoneFormat',
      `The value of parameter ${target} is invalid: ${why}.`,
      target,
    );
  }),
  onCreate('zones need scale sets', ({ pool }) =>
    pool.availabilityZones && pool.type !== 'VirtualMachineScaleSets'
      ? refusal(
          'VMSSRequiredForAvailabilityZone',
          `${target} needs an agent pool of type VirtualMachineScaleSets, not ${pool.type}.`,
          target,
        )
      : undefined,
  ),
  onCreate('zones need the Standard load balancer', ({ pool, ctx }) =>
    pool.availabilityZones && ctx.cluster.loadBalancerSku !== 'standard'
      ? refusal(
          'SLBRequiredForAvailabilityZone',
          `${target} needs the Standard load balancer: networkProfile.loadBalancerSku of the cluster is Basic.`,
          target,
        )
      : undefined,
  ),
  onCreate('zones of the region and size', ({ pool, ctx }) => {
    const { location, name, resourceGroup } = ctx.cluster;
    const offered = ctx.catalog.zonesOf(location, pool.vmSize);
    const missing = (pool.availabilityZones ?? []).filter((zone) => !offered.includes(zone));
    if (missing.length === 0) return undefined;
    const quoted = (zones: readonly string[]): string => zones.map((zone) => `'${zone}'`).join(',');
    return refusal(
      'AvailabilityZoneNotSupported',
      `Preflight validation check for resource(s) for container service ${name} in resource group ${resourceGroup} ` +
        `failed. Message: The zone(s) ${quoted(missing)} for resource '${ctx.name}' is not supported.The supported ` +
        `zones for location '${location}' are ${quoted(offered)}`,
      target,
    );
  }),
];
