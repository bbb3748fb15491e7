import type { AgentPool, ManagedCluster, UnknownMembers } from '../model.js';
import type { NodeMachine } from './labels.js';

const lastSegment = (id: string): string => id.slice(id.lastIndexOf('/') + 1);

/** A node's VM as AKS's machines API answers it. `zones` stands in both places in which AKS has written it. */
export function renderMachine(pool: AgentPool, cluster: ManagedCluster, vm: NodeMachine): UnknownMembers {
  const zones = vm.zone === undefined ? {} : { zones: [vm.zone] };
  return {
    id: `${pool.id}/machines/${vm.name}`,
    name: vm.name,
    type: 'Microsoft.ContainerService/managedClusters/agentPools/machines',
    ...zones,
    properties: {
      network: { ipAddresses: vm.ip === undefined ? [] : [{ family: 'IPv4', ip: vm.ip }] },
      resourceId:
        `/subscriptions/${cluster.subscriptionId}/resourceGroups/${cluster.properties.nodeResourceGroup}` +
        `/providers/Microsoft.Compute/virtualMachineScaleSets/${lastSegment(vm.scaleSet)}` +
        `/virtualMachines/${vm.instanceId}`,
      ...zones,
    },
  };
}
