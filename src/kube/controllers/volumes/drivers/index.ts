import { azureDisk } from './azure-disk.js';
import { azureFiles } from './azure-files.js';
import type { VolumeDriver } from './driver.js';

export { diskZoneLabel } from './azure-disk.js';
export { ProvisioningError } from './driver.js';
export type { MadeVolume, VolumeDriver, VolumeRequest } from './driver.js';

/** The drivers that AKS's clusters have. What names another one waits for it, as it would. */
export const volumeDrivers: ReadonlyMap<string, VolumeDriver> = new Map([
  ['disk.csi.azure.com', azureDisk],
  ['file.csi.azure.com', azureFiles],
]);
