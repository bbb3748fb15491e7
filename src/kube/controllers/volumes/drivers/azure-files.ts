import { createHash } from 'node:crypto';
import { requestedBytes } from '../../../volumes/index.js';
import { claimAttributes, nodeResourceGroup, parameterOf } from './driver.js';
import type { MadeVolume, VolumeDriver, VolumeRequest } from './driver.js';

const gibibyte = 2 ** 30;
/** The smallest share of a premium account (Azure Files). */
const leastPremium = 100;

/** File shares (file.csi.azure.com): every node can mount them, and any number at once. */
export const azureFiles: VolumeDriver = { make, growsOnNode: false };

function make(request: VolumeRequest): MadeVolume {
  const { claim, storageClass, name, nodes } = request;
  const sku = parameterOf(storageClass, 'skuName') ?? 'Standard_LRS';
  const least = sku.toLowerCase().startsWith('premium') ? leastPremium : 1;
  const group = nodeResourceGroup(nodes);
  // Shares of one class are put into one account of the cluster.
  const account = `f${createHash('sha256').update(`${group}/${sku}`).digest('hex').slice(0, 22)}`;
  const namespace = claim.metadata.namespace ?? '';
  return {
    volumeHandle: `${group.slice(group.lastIndexOf('/') + 1)}#${account}#${name}###${namespace}`,
    volumeAttributes: {
      ...claimAttributes(request),
      ...storageClass.parameters,
      secretnamespace: namespace,
    },
    sizeGiB: Math.max(least, Math.ceil(requestedBytes(claim) / gibibyte)),
  };
}
