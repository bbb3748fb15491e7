import type {
  AccessMode,
  PersistentVolume,
  PersistentVolumeClaim,
  StorageClass,
} from '../../../kinds/index.js';
import type { KubeNode } from '../../../nodes/index.js';

/** A volume to be made. */
export interface VolumeRequest {
  readonly claim: PersistentVolumeClaim;
  readonly storageClass: StorageClass;
  /** What the volume will be called. */
  readonly name: string;
  /** The nodes that it may be made for: the one that a pod waits for, or all of the cluster. */
  readonly nodes: readonly KubeNode[];
}

/** The part of a volume that its driver decides. */
export interface MadeVolume {
  readonly volumeHandle: string;
  readonly volumeAttributes: Readonly<Record<string, string>>;
  readonly sizeGiB: number;
  readonly nodeAffinity?: PersistentVolume['spec']['nodeAffinity'];
}

/** A driver's refusal, in its own words. */
export class ProvisioningError extends Error {
  override readonly name = 'ProvisioningError';

  /** A refusal of a request that makes no sense to the driver. */
  static invalid(why: string): ProvisioningError {
    return new ProvisioningError(`rpc error: code = InvalidArgument desc = ${why}`);
  }
}

/** Makes volumes. @throws ProvisioningError */
export interface VolumeDriver {
  readonly make: (request: VolumeRequest) => MadeVolume;
  /** True when a node has to take part before a volume that has grown can be used whole. */
  readonly growsOnNode: boolean;
}

/** A parameter of a class, whatever the letter case of its name. */
export function parameterOf({ parameters = {} }: StorageClass, name: string): string | undefined {
  const found = Object.entries(parameters).find(([key]) => key.toLowerCase() === name.toLowerCase());
  return found?.[1];
}

/** What a driver is told of the claim (external-provisioner: extra create metadata). */
export const claimAttributes = ({ claim, name }: VolumeRequest): Readonly<Record<string, string>> => ({
  'csi.storage.k8s.io/pv/name': name,
  'csi.storage.k8s.io/pvc/name': claim.metadata.name,
  'csi.storage.k8s.io/pvc/namespace': claim.metadata.namespace ?? '',
});

/** The id of the resource group of the cluster's nodes, as a node's provider id tells it. */
export function nodeResourceGroup(nodes: readonly KubeNode[]): string {
  for (const { spec } of nodes) {
    const [, id] =
      /^azure:\/\/(\/subscriptions\/[^/]+\/resourceGroups\/[^/]+)\//i.exec(spec.providerID ?? '') ?? [];
    if (id !== undefined) return id;
  }
  return '';
}

const csiModes: Readonly<Record<AccessMode, string>> = {
  ReadWriteOnce: 'SINGLE_NODE_MULTI_WRITER',
  ReadWriteOncePod: 'SINGLE_NODE_SINGLE_WRITER',
  ReadOnlyMany: 'MULTI_NODE_READER_ONLY',
  ReadWriteMany: 'MULTI_NODE_MULTI_WRITER',
};

/** The first mode by which several nodes would use a volume, as drivers call it. */
export function sharedModeOf({ spec }: PersistentVolumeClaim): string | undefined {
  const shared = spec.accessModes?.find((mode) => mode === 'ReadWriteMany' || mode === 'ReadOnlyMany');
  return shared && csiModes[shared];
}
