import type { Row } from '../output/index.js';

type Fields = Readonly<Record<string, unknown>>;

/** az prints the Python SDK's spelling: a run of capitals becomes one, e.g. `osDiskSizeGB` is `osDiskSizeGb`. */
export const pythonName = (name: string): string =>
  name.replace(
    /([A-Z])([A-Z]+)(?=[A-Z][a-z]|$)/g,
    (_, first: string, rest: string) => first + rest.toLowerCase(),
  );

/** Members that az shows as null when a pool has none of them. */
const poolMembers = [
  'availabilityZones',
  'capacityReservationGroupId',
  'count',
  'creationData',
  'currentOrchestratorVersion',
  'eTag',
  'enableAutoScaling',
  'enableEncryptionAtHost',
  'enableFips',
  'enableNodePublicIp',
  'enableUltraSsd',
  'gpuInstanceProfile',
  'hostGroupId',
  'kubeletConfig',
  'kubeletDiskType',
  'linuxOsConfig',
  'maxCount',
  'maxPods',
  'minCount',
  'mode',
  'networkProfile',
  'nodeImageVersion',
  'nodeLabels',
  'nodePublicIpPrefixId',
  'nodeTaints',
  'orchestratorVersion',
  'osDiskSizeGb',
  'osDiskType',
  'osSku',
  'osType',
  'podSubnetId',
  'powerState',
  'provisioningState',
  'proximityPlacementGroupId',
  'scaleDownMode',
  'scaleSetEvictionPolicy',
  'scaleSetPriority',
  'securityProfile',
  'spotMaxPrice',
  'tags',
  'typePropertiesType',
  'upgradeSettings',
  'vmSize',
  'vnetSubnetId',
  'windowsProfile',
  'workloadRuntime',
] as const;

/** Members whose keys are the user's own and must not be respelled. */
const userKeyed: ReadonlySet<string> = new Set([
  'tags',
  'nodeLabels',
  'userAssignedIdentities',
  'addonProfiles',
]);

/** A pool as az shows it: flat, in the Python spelling, with nulls for what it lacks. */
export function shapePool(pool: object): Fields {
  const respelled = respell(pool) as Fields;
  const nulls = Object.fromEntries(poolMembers.map((member) => [member, null]));
  return { ...nulls, ...respelled, ...resourceGroupOf(respelled['id']) };
}

/** Any other resource as az shows it. */
export function shapeResource(resource: object): Fields {
  const respelled = respell(resource) as Fields;
  return { ...respelled, ...resourceGroupOf(respelled['id']) };
}

function resourceGroupOf(id: unknown): Fields {
  const [, resourceGroup] = /\/resourcegroups\/([^/]+)/i.exec(typeof id === 'string' ? id : '') ?? [];
  return resourceGroup === undefined ? {} : { resourceGroup };
}

function respell(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(respell);
  if (value instanceof Date) return value.toISOString();
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .map(([name, member]) => [
        pythonName(name),
        userKeyed.has(name) ? (member as unknown) : respell(member),
      ]),
  );
}

const cell = (value: unknown): string =>
  value === null || value === undefined
    ? ''
    : typeof value === 'object'
      ? ''
      : String(value as string | number);

/** az's columns of `nodepool list` and `nodepool show`. */
export const poolColumns = (pool: Fields): Row => ({
  Name: cell(pool['name']),
  OsType: cell(pool['osType']),
  KubernetesVersion: cell(pool['orchestratorVersion']),
  VmSize: cell(pool['vmSize']),
  ...(cell(pool['osDiskSizeGb']) !== '' && { OsDiskSizeGB: cell(pool['osDiskSizeGb']) }),
  Count: cell(pool['count']),
  MaxPods: cell(pool['maxPods']),
  ProvisioningState: cell(pool['provisioningState']),
  Mode: cell(pool['mode']),
});

/** az's columns of `aks list` and `aks show`. */
export const clusterColumns = (cluster: Fields): Row => ({
  Name: cell(cluster['name']),
  Location: cell(cluster['location']),
  ResourceGroup: cell(cluster['resourceGroup']),
  KubernetesVersion: cell(cluster['kubernetesVersion']),
  CurrentKubernetesVersion: cell(cluster['currentKubernetesVersion']),
  ProvisioningState: cell(cluster['provisioningState']),
  Fqdn: cell(cluster['fqdn'] ?? cluster['privateFqdn']),
});
