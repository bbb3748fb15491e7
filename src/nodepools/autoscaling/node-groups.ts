import type { Instance, NodeGroup } from '../../autoscaler/index.js';
import { instancesOf } from '../../azure/index.js';
import type { ScaleSet, VirtualMachine } from '../../azure/index.js';
import type { Reader } from '../../store/index.js';
import { activeOperation, managedClusters, poolsOf, resourceKey, scaleSetOf } from '../lifecycle/index.js';
import type { OperationKind } from '../lifecycle/index.js';
import type { AgentPool, ManagedCluster } from '../model.js';
import { providerIdOf } from '../nodes/index.js';
import { scarceResource } from './cloud-failure.js';
import { groupOptions } from './tag-hints.js';

/** An autoscaled pool with what it stands on. */
export interface AutoscaledPool {
  readonly cluster: ManagedCluster;
  readonly pool: AgentPool;
  readonly scaleSet: ScaleSet;
}

/** Whether an operation replaces or removes nodes: nobody else may then. */
const holdsNodes: Readonly<Record<OperationKind, boolean>> = {
  create: true,
  update: false,
  scale: true,
  delete: true,
  abort: true,
};

/** The pools of a cluster whose number of nodes its autoscaler sets now, by the names of their scale sets. */
export function autoscaledPools(reader: Reader, clusterKey: string): readonly AutoscaledPool[] {
  const cluster = reader.get(managedClusters, clusterKey);
  if (!cluster) return [];
  const found = poolsOf(reader, clusterKey).flatMap((pool) => {
    const scaleSet = isAutoscaled(pool) ? scaleSetOf(reader, resourceKey(pool.id)) : undefined;
    return scaleSet ? [{ cluster, pool, scaleSet }] : [];
  });
  return found.sort((a, b) => (a.scaleSet.name < b.scaleSet.name ? -1 : 1));
}

/** A pool that is being made is told to the autoscaler once it stands; one that goes or is stopped is its no longer. */
const isAutoscaled = ({ properties }: AgentPool): boolean =>
  properties.enableAutoScaling &&
  properties.type === 'VirtualMachineScaleSets' &&
  properties.powerState.code === 'Running' &&
  properties.provisioningState !== 'Creating' &&
  properties.provisioningState !== 'Deleting';

/** The autoscaled pool on a scale set, by the latter's name. */
export const autoscaledPool = (
  reader: Reader,
  clusterKey: string,
  group: string,
): AutoscaledPool | undefined =>
  autoscaledPools(reader, clusterKey).find(({ scaleSet }) => scaleSet.name === group);

/** A pool as the autoscaler sees it. */
export function nodeGroup(reader: Reader, { cluster, pool, scaleSet }: AutoscaledPool): NodeGroup {
  const vms = instancesOf(reader, scaleSet.key);
  const { minCount = 0, maxCount = 0 } = pool.properties;
  const operation = activeOperation(reader, resourceKey(pool.id));
  return {
    id: scaleSet.name,
    pool: pool.name,
    minSize: minCount,
    maxSize: maxCount,
    targetSize: vms.filter(({ state }) => state.kind !== 'deleting').length,
    instances: vms.map((vm) => instanceOf(cluster, vm)),
    options: groupOptions(scaleSet.tags),
    isHeld: operation !== undefined && holdsNodes[operation.kind],
  };
}

const known = new WeakMap<VirtualMachine, Instance>();

/** A VM as the autoscaler takes it; made once for each version of it, as most are as they were in the loop before. */
function instanceOf(cluster: ManagedCluster, vm: VirtualMachine): Instance {
  const instance = known.get(vm) ?? newInstance(cluster, vm);
  known.set(vm, instance);
  return instance;
}

/** One that failed never came (cluster autoscaler on Azure: fast delete on failure). */
function newInstance(cluster: ManagedCluster, vm: VirtualMachine): Instance {
  const instance = { id: providerIdOf(cluster, vm).toLowerCase(), node: vm.name };
  switch (vm.state.kind) {
    case 'creating':
    case 'deleting':
      return { ...instance, state: vm.state.kind };
    case 'failed':
      return {
        ...instance,
        state: 'creating',
        failure: {
          class: 'OutOfResource',
          code: 'provisioning-state-failed',
          message: 'Azure failed to provision a node for this node group',
          scarce: scarceResource(vm.state.error.code),
        },
      };
    case 'running':
    case 'stopped':
    case 'deallocated':
      return { ...instance, state: 'running' };
  }
}
