import type { StorageClass } from '../../../kinds/index.js';
import type { KubeNode } from '../../../nodes/index.js';
import { requestedBytes } from '../../../volumes/index.js';
import {
  ProvisioningError,
  claimAttributes,
  nodeResourceGroup,
  parameterOf,
  sharedModeOf,
} from './driver.js';
import type { MadeVolume, VolumeDriver, VolumeRequest } from './driver.js';

/** The label by which the driver says in which zone a node's disks are; empty outside zones. */
export const diskZoneLabel = 'topology.disk.csi.azure.com/zone';

const skus = [
  'PremiumV2_LRS',
  'Premium_LRS',
  'Premium_ZRS',
  'StandardSSD_LRS',
  'StandardSSD_ZRS',
  'Standard_LRS',
  'UltraSSD_LRS',
];
const gibibyte = 2 ** 30;

/**
 * Managed disks (disk.csi.azure.com). A locally redundant one is in one zone, and only nodes there can attach it; a zone
 * redundant one can be attached in every zone.
 */
export const azureDisk: VolumeDriver = { make, growsOnNode: true };

function make(request: VolumeRequest): MadeVolume {
  const { claim, storageClass, name, nodes } = request;
  checkSharing(request);
  const sku = skuOf(storageClass);
  const zones = sku.endsWith('_ZRS') ? zonesOfRegion(nodes) : [zoneFor(request)];
  const sizeGiB = Math.max(1, Math.ceil(requestedBytes(claim) / gibibyte));
  return {
    volumeHandle: `${nodeResourceGroup(nodes)}/providers/Microsoft.Compute/disks/${name}`,
    volumeAttributes: {
      ...claimAttributes(request),
      ...storageClass.parameters,
      requestedsizegib: String(sizeGiB),
    },
    sizeGiB,
    nodeAffinity: {
      required: {
        nodeSelectorTerms: zones.map((zone) => ({
          matchExpressions: [{ key: diskZoneLabel, operator: 'In' as const, values: [zone] }],
        })),
      },
    },
  };
}

/** Disks can be shared as raw devices alone, and when the class says how many VMs may. */
function checkSharing({ claim, storageClass }: VolumeRequest): void {
  const shared = sharedModeOf(claim);
  if (shared === undefined) return;
  if (claim.spec.volumeMode !== 'Block')
    throw ProvisioningError.invalid(`mountVolume is not supported for access mode: ${shared}`);
  if (Number(parameterOf(storageClass, 'maxShares') ?? 1) < 2)
    throw ProvisioningError.invalid(`access mode: ${shared} is not supported for non-shared disk`);
}

function skuOf(storageClass: StorageClass): string {
  const given =
    parameterOf(storageClass, 'skuName') ??
    parameterOf(storageClass, 'storageAccountType') ??
    'StandardSSD_LRS';
  const sku = skus.find((one) => one.toLowerCase() === given.toLowerCase());
  if (sku !== undefined) return sku;
  throw ProvisioningError.invalid(
    `azureDisk - ${given} is not supported sku/storageaccounttype. Supported values are [${skus.join(' ')}]`,
  );
}

const zoneOf = ({ metadata }: KubeNode): string => metadata.labels?.[diskZoneLabel] ?? '';

/** All zones of the nodes' region, and no zone: regions that have zones have three. */
function zonesOfRegion(nodes: readonly KubeNode[]): readonly string[] {
  const region = nodes[0]?.metadata.labels?.['topology.kubernetes.io/region'] ?? '';
  return [...['1', '2', '3'].map((zone) => `${region}-${zone}`), ''];
}

/**
 * The zone of a disk: the node's, where a pod waits for it; else one of those that the class or the nodes give, so that the
 * claims of one set spread (Kubernetes: a set's ordinal counts on from a hash of its name).
 */
function zoneFor({ claim, storageClass, nodes }: VolumeRequest): string {
  const [only] = nodes;
  if (nodes.length === 1 && only) return zoneOf(only);
  const allowed = allowedZones(storageClass);
  const zones = [...new Set(allowed.length > 0 ? allowed : nodes.map(zoneOf))].sort();
  const zone = zones[spreadIndex(claim.metadata.name) % Math.max(1, zones.length)];
  if (zone === undefined)
    throw new ProvisioningError('error generating accessibility requirements: no available topology found');
  return zone;
}

const allowedZones = ({ allowedTopologies = [] }: StorageClass): readonly string[] =>
  allowedTopologies
    .flatMap(({ matchLabelExpressions = [] }) => matchLabelExpressions)
    .filter(({ key }) => key === diskZoneLabel || key === 'topology.kubernetes.io/zone')
    .flatMap(({ values }) => values);

function spreadIndex(claimName: string): number {
  const [, base = claimName, ordinal = '0'] = /^(.*)-(\d+)$/.exec(claimName) ?? [];
  let hash = 0x811c9dc5;
  for (const letter of base) hash = Math.imul(hash ^ letter.charCodeAt(0), 0x01000193) >>> 0;
  return hash + Number(ordinal);
}
