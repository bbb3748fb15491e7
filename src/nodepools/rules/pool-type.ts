import { invalidPool, notModelled, refusal } from '../refusal.js';
import { atLeastMinor } from '../versions/index.js';
import { always, onCreate } from './rule.js';

const maxScaleProfiles = 5;

/**
 * Pool types. The rules of `VirtualMachines` pools are AKS's (AKS: Virtual Machines node pools); one that obeys them is
 * still refused, because single VMs of mixed sizes outside a scale set are not modelled.
 */
export const poolTypeRules = [
  onCreate('availability sets are gone', ({ sent }) =>
    (sent.type as string | undefined) === 'AvailabilitySet'
      ? invalidPool('type', 'AvailabilitySet was retired on 30 September 2025: use VirtualMachineScaleSets.')
      : undefined,
  ),
  always('virtualMachinesProfile is for VirtualMachines pools', ({ pool }) =>
    pool.virtualMachinesProfile && pool.type !== 'VirtualMachines'
      ? invalidPool(
          'virtualMachinesProfile',
          `it can only be set when type is VirtualMachines, not ${pool.type}.`,
        )
      : undefined,
  ),
  onCreate('VirtualMachines pools', ({ pool, ctx, version }) => {
    if (pool.type !== 'VirtualMachines') return undefined;
    if (!atLeastMinor(version, 27))
      return invalidPool('type', 'VirtualMachines needs Kubernetes 1.27 or newer.');
    if (pool.osType === 'Windows') return invalidPool('osType', "a VirtualMachines pool can't run Windows.");
    const { manual = [], autoscale = [] } = pool.virtualMachinesProfile?.scale ?? {};
    const sizes = [...manual, ...autoscale].map(({ size }) => size ?? '');
    const member = 'virtualMachinesProfile.scale';
    if (sizes.length === 0)
      return invalidPool(member, 'a VirtualMachines pool needs at least one scale profile.');
    if (sizes.length > maxScaleProfiles) {
      return invalidPool(
        member,
        `${sizes.length} scale profiles are given, at most ${maxScaleProfiles} are allowed.`,
      );
    }
    for (const size of sizes) {
      if (ctx.catalog.vmSize(size)) continue;
      return refusal(
        'VMSizeNotSupported',
        `Virtual Machine size: '${size}' of agentPoolProfile.${member} is not supported.`,
        `agentPoolProfile.${member}`,
      );
    }
    if (new Set(sizes.map((size) => ctx.catalog.vmSize(size)?.cpuArchitecture)).size > 1) {
      return invalidPool(member, 'all sizes must have the same CPU architecture.');
    }
    return notModelled(
      'agent pools of type VirtualMachines (properties.type; use VirtualMachineScaleSets)',
      'properties.type',
    );
  }),
];

/** Node settings that need something that is not modelled, and would mislead if they were just stored. */
export const notModelledRules = [
  onCreate('snapshots', ({ pool }) =>
    pool.creationData?.sourceResourceId
      ? notModelled(
          'node pool snapshots (properties.creationData.sourceResourceId)',
          'properties.creationData',
        )
      : undefined,
  ),
  always('taints at boot', ({ pool }) => {
    const taints = pool['nodeInitializationTaints'];
    return Array.isArray(taints) && taints.length > 0
      ? notModelled(
          'initialization taints (properties.nodeInitializationTaints, a preview)',
          'properties.nodeInitializationTaints',
        )
      : undefined;
  }),
];
