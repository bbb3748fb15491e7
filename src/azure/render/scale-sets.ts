import type { Reader } from '../../store/index.js';
import type { Instant } from '../../units/index.js';
import { toIso } from '../../units/index.js';
import { liveInstances } from '../compute.js';
import type { ScaleSet, VirtualMachine, VirtualMachineState } from '../compute.js';

export const scaleSetType = 'Microsoft.Compute/virtualMachineScaleSets';

/** A scale set as Microsoft.Compute answers it; its capacity leaves out instances that are being deleted. */
export const renderScaleSet = (reader: Reader, scaleSet: ScaleSet) => ({
  name: scaleSet.name,
  id: scaleSet.id,
  type: scaleSetType,
  location: scaleSet.location,
  tags: scaleSet.tags,
  sku: skuOf(scaleSet.vmSize, liveInstances(reader, scaleSet.key).length),
  ...(scaleSet.zones.length > 0 && { zones: scaleSet.zones }),
  properties: {
    singlePlacementGroup: false,
    orchestrationMode: 'Uniform',
    upgradePolicy: { mode: 'Manual' },
    virtualMachineProfile: {
      osProfile: { computerNamePrefix: scaleSet.name },
      networkProfile: { networkInterfaceConfigurations: [renderNetworkInterface(scaleSet)] },
      ...(scaleSet.priority === 'Spot' && { priority: 'Spot' }),
    },
    provisioningState: 'Succeeded',
    overprovision: false,
    platformFaultDomainCount: 1,
  },
});

const skuOf = (name: string, capacity?: number) => ({
  name,
  tier: 'Standard',
  ...(capacity !== undefined && { capacity }),
});

/** The interface that each instance has: one address configuration per address it takes of its own subnet. */
const renderNetworkInterface = ({ name, addresses: [own] }: ScaleSet) => ({
  name,
  properties: {
    primary: true,
    enableIPForwarding: true,
    ipConfigurations: Array.from({ length: own?.count ?? 0 }, (_, index) => ({
      name: `ipconfig${String(index + 1)}`,
      properties: {
        ...(index === 0 && { primary: true }),
        subnet: { id: own?.subnetId },
        privateIPAddressVersion: 'IPv4',
      },
    })),
  },
});

/** ARM id of an instance. */
export const instanceResourceId = (scaleSet: ScaleSet, vm: VirtualMachine): string =>
  `${scaleSet.id}/virtualMachines/${String(vm.instanceId)}`;

/** An instance of a scale set as Microsoft.Compute answers it. */
export const renderInstance = (scaleSet: ScaleSet, vm: VirtualMachine) => ({
  name: `${scaleSet.name}_${String(vm.instanceId)}`,
  id: instanceResourceId(scaleSet, vm),
  type: `${scaleSetType}/virtualMachines`,
  location: vm.location,
  tags: scaleSet.tags,
  instanceId: String(vm.instanceId),
  sku: skuOf(vm.vmSize),
  ...(vm.zone !== undefined && { zones: [vm.zone] }),
  properties: {
    latestModelApplied: true,
    provisioningState: provisioningStates[vm.state.kind],
    hardwareProfile: { vmSize: vm.vmSize },
    osProfile: { computerName: vm.name },
    networkProfile: {
      networkInterfaces: [{ id: `${instanceResourceId(scaleSet, vm)}/networkInterfaces/${scaleSet.name}` }],
    },
  },
});

const provisioningStates: Readonly<Record<VirtualMachineState['kind'], string>> = {
  creating: 'Creating',
  running: 'Succeeded',
  failed: 'Failed',
  stopped: 'Succeeded',
  deallocated: 'Succeeded',
  deleting: 'Deleting',
};

/** The instance view of an instance: what it does now, and since when where that is known. */
export const renderInstanceView = ({ name, zone, state }: VirtualMachine) => ({
  platformUpdateDomain: 0,
  // A zonal instance tells no fault domain: its zone is one.
  ...(zone === undefined && { platformFaultDomain: 0 }),
  computerName: name,
  statuses: statusesOf(state),
});

function statusesOf(state: VirtualMachineState) {
  switch (state.kind) {
    case 'creating':
      return [status('ProvisioningState/creating', 'Creating'), status('PowerState/starting', 'VM starting')];
    case 'running':
      return [
        status('ProvisioningState/succeeded', 'Provisioning succeeded', state.since),
        status('PowerState/running', 'VM running'),
      ];
    case 'failed':
      return [
        {
          code: `ProvisioningState/failed/${state.error.code}`,
          level: 'Error',
          displayStatus: 'Provisioning failed',
          message: state.error.message,
          time: toIso(state.since),
        },
      ];
    case 'stopped':
    case 'deallocated':
      return [
        status('ProvisioningState/succeeded', 'Provisioning succeeded', state.since),
        status(`PowerState/${state.kind}`, `VM ${state.kind}`),
      ];
    case 'deleting':
      return [status('ProvisioningState/deleting', 'Deleting'), status('PowerState/stopping', 'VM stopping')];
  }
}

const status = (code: string, displayStatus: string, time?: Instant) => ({
  code,
  level: 'Info',
  displayStatus,
  ...(time !== undefined && { time: toIso(time) }),
});
