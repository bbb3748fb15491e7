import type { Reader } from '../../store/index.js';
import { isRestricted } from '../capacity.js';
import type { Catalog, Region, VmSize } from '../catalog.js';
import { quotaUsage } from '../quota.js';

/** `locations/LOCATION/usages` of Microsoft.Compute: every vCPU quota of a region. */
export const renderUsages = (reader: Reader, catalog: Catalog, location: string) => ({
  value: quotaUsage(reader, catalog, location).map(({ name, localizedName, limit, current }) => ({
    unit: 'Count',
    currentValue: current,
    limit,
    name: { value: name, localizedValue: localizedName },
  })),
});

/** Size that a managed OS disk may have at most, in MiB; the same for every VM size. */
const osDiskSizeInMB = 1_047_552;

/** `locations/LOCATION/vmSizes` of Microsoft.Compute: the sizes that a region sells. */
export const renderVmSizes = (catalog: Catalog, location: string) => ({
  value: catalog
    .vmSizes()
    .filter(({ name }) => catalog.offers(location, name))
    .map((size) => ({
      name: size.name,
      numberOfCores: size.vCPUs,
      osDiskSizeInMB,
      resourceDiskSizeInMB: (size.tempDiskGiB ?? 0) * 1024,
      memoryInMB: size.memoryGiB * 1024,
      maxDataDiskCount: size.maxDataDisks ?? 0,
    })),
});

/**
 * `skus` of Microsoft.Compute: one entry per size and region (all regions, without one), with the zones, capabilities and
 * restrictions that hold for the subscription. A capability that the sources don't tell is left out.
 */
export function renderSkus(reader: Reader, catalog: Catalog, location?: string) {
  const one = location === undefined ? undefined : catalog.region(location);
  const regions = location === undefined ? catalog.regions() : one ? [one] : [];
  return {
    value: regions.flatMap((region) =>
      catalog
        .vmSizes()
        .filter(({ name }) => catalog.offers(region.name, name))
        .map((size) => renderSku(reader, region, size, catalog.zonesOf(region.name, size.name))),
    ),
  };
}

const renderSku = (reader: Reader, { name: location }: Region, size: VmSize, zones: readonly string[]) => ({
  resourceType: 'virtualMachines',
  name: size.name,
  tier: 'Standard',
  size: size.name.replace(/^Standard_/, ''),
  family: size.family,
  locations: [location],
  locationInfo: [{ location, zones, zoneDetails: [] }],
  capabilities: capabilitiesOf(size),
  restrictions: restrictionsOf(reader, location, size.name, zones),
});

function restrictionsOf(reader: Reader, location: string, size: string, zones: readonly string[]) {
  const reasonCode = 'NotAvailableForSubscription';
  if (isRestricted(reader, { location, size })) {
    return [{ type: 'Location', values: [location], restrictionInfo: { locations: [location] }, reasonCode }];
  }
  const closed = zones.filter((zone) => isRestricted(reader, { location, size, zone }));
  if (closed.length === 0) return [];
  const restrictionInfo = { locations: [location], zones: closed };
  return [{ type: 'Zone', values: [location], restrictionInfo, reasonCode }];
}

/** As the API writes them: all values are strings, booleans `True` and `False`. */
function capabilitiesOf(size: VmSize): readonly { readonly name: string; readonly value: string }[] {
  const facts: readonly (readonly [string, string | number | boolean | null | undefined])[] = [
    ['MaxResourceVolumeMB', size.tempDiskGiB === null ? null : size.tempDiskGiB * 1024],
    ['OSVhdSizeMB', osDiskSizeInMB],
    ['vCPUs', size.vCPUs],
    ['HyperVGenerations', size.hyperVGenerations?.join(',')],
    ['MemoryGB', size.memoryGiB],
    ['MaxDataDiskCount', size.maxDataDisks],
    ['CpuArchitectureType', size.cpuArchitecture === 'arm64' ? 'Arm64' : 'x64'],
    ['LowPriorityCapable', size.spotCapable],
    ['PremiumIO', size.premiumIO],
    ['vCPUsAvailable', size.vCPUs],
    ['GPUs', size.gpu?.count],
    ['CachedDiskBytes', size.cacheDiskGiB === null ? null : size.cacheDiskGiB * 1024 ** 3],
    ['EphemeralOSDiskSupported', size.ephemeralOsDisk.supported],
    ['EncryptionAtHostSupported', size.encryptionAtHost],
    ['AcceleratedNetworkingEnabled', size.acceleratedNetworking],
    ['MaxNetworkInterfaces', size.maxNICs],
  ];
  return facts.flatMap(([name, value]) =>
    value === null || value === undefined ? [] : [{ name, value: capabilityValue(value) }],
  );
}

const capabilityValue = (value: string | number | boolean): string =>
  typeof value === 'boolean' ? (value ? 'True' : 'False') : String(value);
