import { createHash } from 'node:crypto';
import type { Reader } from '../../store/index.js';
import { addressTerm, pods } from '../kinds/index.js';
import type { Pod } from '../kinds/index.js';
import type { KubeNode } from '../nodes/index.js';

/** The range of a node that has none of its own: one of 256 within 10.244.0.0/16 (AKS: Azure CNI Overlay). */
const overlayRange = (nodeUid: string): string => `10.244.${String(digest(nodeUid) % 256)}.0/24`;

const digest = (text: string): number => createHash('sha256').update(text).digest().readUInt32LE(0);

/** Addresses at the start of a range that are no pod's: its own, and the gateway's. */
const reserved = 2;

/**
 * An address of the node's range that no other pod has: the node's own for pods on its network, undefined when none is left.
 * Where the search begins follows from the pod's uid, so that it costs a few steps however full the range is.
 */
export function addressFor(reader: Reader, cluster: string, pod: Pod, node: KubeNode): string | undefined {
  if (pod.spec.hostNetwork === true)
    return node.status.addresses?.find(({ type }) => type === 'InternalIP')?.address;
  const [base = '', bits = '24'] = (node.spec.podCIDR ?? overlayRange(node.metadata.uid)).split('/');
  const start = base.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);
  // The last address is the range's broadcast.
  const size = 2 ** (32 - Number(bits)) - reserved - 1;
  const first = digest(pod.metadata.uid);
  // A stride that shares no factor with the size comes past every address once.
  let stride = 1 + (first % Math.max(1, size - 1));
  while (commonDivisor(stride, size) !== 1) stride += 1;
  for (let probe = 0; probe < size; probe += 1) {
    const address = addressText(start + reserved + ((first + probe * stride) % size));
    if (reader.count(pods.collection, 'byAddress', addressTerm(cluster, address)) === 0) return address;
  }
  return undefined;
}

const addressText = (address: number): string =>
  [24, 16, 8, 0].map((shift) => String(Math.floor(address / 2 ** shift) % 256)).join('.');

function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b);
}
