import { invalidPool, poolTarget, refusal } from '../refusal.js';
import { atLeastMinor } from '../versions/index.js';
import { networkOfSubnet, resourceIdError } from './arm-ids.js';
import { always, onCreate } from './rule.js';

const sameId = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/** Subnets, public addresses of nodes, host ports (AKS: network concepts, node public IPs, allowed host ports). */
export const networkRules = [
  onCreate('node subnet id', ({ pool }) =>
    resourceIdError('vnetSubnetID', pool.vnetSubnetID, 'Microsoft.Network/virtualNetworks/subnets'),
  ),
  onCreate('pod subnet id', ({ pool }) =>
    resourceIdError('podSubnetID', pool.podSubnetID, 'Microsoft.Network/virtualNetworks/subnets'),
  ),
  onCreate('all pools in one virtual network', ({ pool, ctx }) => {
    const other = ctx.siblings.find(({ properties }) => {
      const theirs = properties.vnetSubnetID;
      if (theirs === undefined || pool.vnetSubnetID === undefined) return theirs !== pool.vnetSubnetID;
      return networkOfSubnet(theirs) !== networkOfSubnet(pool.vnetSubnetID);
    });
    return other
      ? invalidPool(
          'vnetSubnetID',
          `all agent pools must be in the same virtual network, and '${other.name}' is in another one.`,
        )
      : undefined;
  }),
  onCreate('pod subnet needs Azure CNI', ({ pool, ctx }) => {
    if (pool.podSubnetID === undefined) return undefined;
    if (ctx.cluster.networkPlugin !== 'azure' || ctx.cluster.networkPluginMode === 'overlay') {
      const plugin = ctx.cluster.networkPluginMode ?? ctx.cluster.networkPlugin;
      return invalidPool(
        'podSubnetID',
        `it needs a cluster with networkPlugin azure without overlay, not ${plugin}.`,
      );
    }
    if (pool.vnetSubnetID === undefined) return invalidPool('podSubnetID', 'it needs vnetSubnetID as well.');
    return networkOfSubnet(pool.podSubnetID) === networkOfSubnet(pool.vnetSubnetID)
      ? undefined
      : invalidPool('podSubnetID', 'it must be in the same virtual network as vnetSubnetID.');
  }),
  onCreate('pod subnet on all pools or none', ({ pool, ctx }) => {
    const other = ctx.siblings.find(
      ({ properties }) => (properties.podSubnetID === undefined) !== (pool.podSubnetID === undefined),
    );
    if (!other) return undefined;
    const has = other.properties.podSubnetID === undefined ? 'has none' : 'has one';
    return invalidPool(
      'podSubnetID',
      `it must be set on all agent pools or on none, and '${other.name}' ${has}.`,
    );
  }),
  onCreate('pod IP allocation', ({ pool, ctx, version, sent }) => {
    if (sent.podIPAllocationMode === undefined) return undefined;
    if (pool.podSubnetID === undefined) return invalidPool('podIPAllocationMode', 'it needs podSubnetID.');
    if (pool.podIPAllocationMode === 'StaticBlock' && !atLeastMinor(version, 28)) {
      return invalidPool('podIPAllocationMode', 'StaticBlock needs Kubernetes 1.28 or newer.');
    }
    const { podSubnetID } = pool;
    const other = ctx.siblings.find(
      ({ properties }) =>
        properties.podSubnetID !== undefined &&
        sameId(properties.podSubnetID, podSubnetID) &&
        (properties.podIPAllocationMode ?? 'DynamicIndividual') !== pool.podIPAllocationMode,
    );
    return other
      ? invalidPool(
          'podIPAllocationMode',
          `a pod subnet serves one mode only, and '${other.name}' uses it with another.`,
        )
      : undefined;
  }),
  onCreate('public address prefix', ({ pool }) => {
    if (pool.nodePublicIPPrefixID === undefined) return undefined;
    if (!pool.enableNodePublicIP) {
      return refusal(
        'NodePublicIPCanNotBeFalseWithIPPrefixSet',
        `${poolTarget('enableNodePublicIP')} must be true when nodePublicIPPrefixID is set.`,
        poolTarget('enableNodePublicIP'),
      );
    }
    return resourceIdError(
      'nodePublicIPPrefixID',
      pool.nodePublicIPPrefixID,
      'Microsoft.Network/publicIPPrefixes',
    );
  }),
  onCreate('node public addresses', ({ pool, ctx }) => {
    if (!pool.enableNodePublicIP) {
      return pool.networkProfile?.nodePublicIPTags?.length
        ? invalidPool('networkProfile.nodePublicIPTags', 'it needs enableNodePublicIP.')
        : undefined;
    }
    const target = poolTarget('enableNodePublicIP');
    if (pool.type !== 'VirtualMachineScaleSets') {
      return refusal(
        'NodePublicIPRequiresVMSS',
        `${target} needs type VirtualMachineScaleSets, not ${pool.type}.`,
        target,
      );
    }
    return ctx.cluster.outboundType === 'userDefinedRouting'
      ? refusal(
          'UDRWithNodePublicIPNotAllowed',
          `${target} can't be used with outboundType userDefinedRouting.`,
          target,
        )
      : undefined;
  }),
  always('allowed host ports', ({ pool }) => {
    const wrong = pool.networkProfile?.allowedHostPorts?.find(
      ({ portStart = 0, portEnd = 0 }) => portStart < 1 || portEnd < portStart,
    );
    return wrong
      ? invalidPool(
          'networkProfile.allowedHostPorts',
          `portStart ${wrong.portStart} and portEnd ${wrong.portEnd} are not a range.`,
        )
      : undefined;
  }),
  always('application security groups', ({ pool }) => {
    for (const id of pool.networkProfile?.applicationSecurityGroups ?? []) {
      const error = resourceIdError(
        'networkProfile.applicationSecurityGroups',
        id,
        'Microsoft.Network/applicationSecurityGroups',
      );
      if (error) return error;
    }
    return undefined;
  }),
];
