import type { Transaction, Versioned } from '../../../store/index.js';
import type { Instant } from '../../../units/index.js';
import { after } from '../../../units/index.js';
import { insertObject } from '../../api/index.js';
import {
  isBindingComplete,
  isTerminating,
  nodeKind,
  persistentVolumeClaims,
  persistentVolumes,
  storageClasses,
  volumeAnnotations,
} from '../../kinds/index.js';
import type { PersistentVolumeClaim, StorageClass, StoredClaim } from '../../kinds/index.js';
import type { KubeNode } from '../../nodes/index.js';
import type { KubeObject, Stored } from '../../object.js';
import { objectKey } from '../../resource-type.js';
import { annotated, driverOf, storageClassOf, volumeEntry } from '../../volumes/index.js';
import type { ClaimEntry, VolumeTimings } from '../../volumes/index.js';
import { Controller } from '../controller.js';
import type { ControllerParts, Trigger } from '../controller.js';
import { recordEvent } from '../events.js';
import { ProvisioningError, volumeDrivers } from './drivers/index.js';
import type { MadeVolume, VolumeDriver, VolumeRequest } from './drivers/index.js';

/** Keeps a volume from going before its storage has gone (external-provisioner: HonorPVReclaimPolicy). */
export const storageProtection = 'external-provisioner.volume.kubernetes.io/finalizer';

/** Makes the volumes that claims wait for (Kubernetes CSI: external-provisioner, with AKS's drivers). */
export class Provisioner extends Controller {
  readonly #timings: VolumeTimings;
  protected readonly triggers: readonly Trigger[] = [
    // The first node of a cluster, or of a zone, may be what a claim waits for; one that goes may be what it was for.
    {
      type: nodeKind,
      keys: ({ cluster, before, after: now }, store) =>
        before && now
          ? []
          : store
              .findEntries(persistentVolumeClaims.collection, 'provisioning', cluster)
              .map(({ key }) => key),
    },
    {
      type: storageClasses,
      keys: ({ cluster }, store) =>
        store.findEntries(persistentVolumeClaims.collection, 'provisioning', cluster).map(({ key }) => key),
    },
  ];

  constructor(parts: ControllerParts, timings: VolumeTimings) {
    super(parts, persistentVolumeClaims);
    this.#timings = timings;
  }

  protected override readonly concerns = (object: KubeObject): boolean => {
    return provisionerOf(object as PersistentVolumeClaim) !== undefined;
  };

  protected reconcile(tx: Transaction, found: Versioned<Stored>): Instant | undefined {
    const entry = found as ClaimEntry;
    const { object: claim, cluster } = entry.value;
    const storageClass = storageClassOf(tx, cluster, claim);
    const driver = volumeDrivers.get(provisionerOf(claim) ?? '');
    if (!storageClass || !driver || isTerminating(claim)) return undefined;
    if (volumeEntry(tx, cluster, volumeName(claim))) return undefined;
    const selected = claim.metadata.annotations?.[volumeAnnotations.selectedNode];
    if (storageClass.volumeBindingMode === 'WaitForFirstConsumer' && selected === undefined) return undefined;
    const nodes = nodesFor(tx, cluster, selected);
    if (selected !== undefined && nodes.length === 0) {
      this.#giveUpNode(tx, entry, storageClass, selected);
      return undefined;
    }
    return this.#make(tx, entry, driver, { claim, storageClass, name: volumeName(claim), nodes });
  }

  #make(
    tx: Transaction,
    entry: ClaimEntry,
    driver: VolumeDriver,
    request: VolumeRequest,
  ): Instant | undefined {
    const { provisionedBy } = entry.value;
    const now = this.parts.clock.now();
    try {
      const made = driver.make(request);
      if (provisionedBy === undefined) {
        this.#tellProvisioning(tx, entry);
        return this.#begin(tx, entry, after(now, this.#timings.provision));
      }
      if (now < provisionedBy) return provisionedBy;
      this.#insert(tx, entry, request, made);
    } catch (error) {
      if (!(error instanceof ProvisioningError)) throw error;
      if (provisionedBy === undefined) this.#tellProvisioning(tx, entry);
      this.#tellFailure(tx, entry, request.storageClass, error.message);
    }
    return undefined;
  }

  #begin(tx: Transaction, { key, value }: ClaimEntry, provisionedBy: Instant): Instant {
    const begun: StoredClaim = { ...value, provisionedBy };
    tx.put(persistentVolumeClaims.collection, key, begun);
    return provisionedBy;
  }

  #insert(tx: Transaction, { key, value }: ClaimEntry, request: VolumeRequest, made: MadeVolume): void {
    const { claim, storageClass, name } = request;
    const { cluster } = value;
    const { spec, metadata } = claim;
    const driver = driverOf(storageClass);
    const { volumeHandle, volumeAttributes, sizeGiB, nodeAffinity } = made;
    insertObject(
      this.parts.context,
      tx,
      persistentVolumes,
      { cluster },
      {
        metadata: {
          name,
          annotations: {
            [volumeAnnotations.provisionedBy]: driver,
            'volume.kubernetes.io/provisioner-deletion-secret-name': '',
            'volume.kubernetes.io/provisioner-deletion-secret-namespace': '',
          },
          ...(storageClass.reclaimPolicy === 'Delete' && { finalizers: [storageProtection] }),
        },
        spec: {
          accessModes: spec.accessModes,
          capacity: { storage: `${String(sizeGiB)}Gi` },
          claimRef: {
            apiVersion: 'v1',
            kind: 'PersistentVolumeClaim',
            name: metadata.name,
            namespace: metadata.namespace,
            uid: metadata.uid,
          },
          csi: { driver, volumeHandle, volumeAttributes },
          ...(storageClass.mountOptions && { mountOptions: storageClass.mountOptions }),
          ...(nodeAffinity && { nodeAffinity }),
          persistentVolumeReclaimPolicy: storageClass.reclaimPolicy,
          storageClassName: storageClass.metadata.name,
          volumeMode: spec.volumeMode,
          ...(spec.volumeAttributesClassName && {
            volumeAttributesClassName: spec.volumeAttributesClassName,
          }),
        },
      },
    );
    const { provisionedBy: _done, ...settled } = value;
    tx.put(persistentVolumeClaims.collection, key, settled);
    this.#tell(tx, value, 'Normal', 'ProvisioningSucceeded', `Successfully provisioned volume ${name}`);
  }

  /** The node that the volume was to be made for has gone: the pod is to be scheduled anew. */
  #giveUpNode(tx: Transaction, entry: ClaimEntry, storageClass: StorageClass, node: string): void {
    const { provisionedBy: _begun, ...value } = entry.value;
    const object = annotated(value.object, { [volumeAnnotations.selectedNode]: undefined });
    tx.put(persistentVolumeClaims.collection, entry.key, { ...value, object });
    const why = `failed to get target node: node "${node}" not found`;
    this.#tellFailure(tx, entry, storageClass, why);
  }

  #tellProvisioning(tx: Transaction, { value }: ClaimEntry): void {
    const { namespace = '', name } = value.object.metadata;
    const what = `External provisioner is provisioning volume for claim "${namespace}/${name}"`;
    this.#tell(tx, value, 'Normal', 'Provisioning', what);
  }

  #tellFailure(tx: Transaction, { value }: ClaimEntry, { metadata }: StorageClass, why: string): void {
    const what = `failed to provision volume with StorageClass "${metadata.name}": ${why}`;
    this.#tell(tx, value, 'Warning', 'ProvisioningFailed', what);
  }

  #tell(
    tx: Transaction,
    { cluster, object }: StoredClaim,
    type: 'Normal' | 'Warning',
    reason: string,
    message: string,
  ): void {
    const component = provisionerOf(object) ?? '';
    recordEvent(tx, this.parts.context, cluster, object, { type, reason, message, component });
  }
}

/** The driver that a claim waits for; undefined when it waits for none. */
function provisionerOf(claim: PersistentVolumeClaim): string | undefined {
  if (isBindingComplete(claim)) return undefined;
  return claim.metadata.annotations?.[volumeAnnotations.storageProvisioner];
}

const volumeName = ({ metadata }: PersistentVolumeClaim): string => `pvc-${metadata.uid}`;

function nodesFor(tx: Transaction, cluster: string, selected: string | undefined): readonly KubeNode[] {
  if (selected === undefined)
    return tx.find(nodeKind.collection, 'byCluster', cluster).map(({ object }) => object as KubeNode);
  const found = tx.get(nodeKind.collection, objectKey(cluster, undefined, selected));
  return found ? [found.object as KubeNode] : [];
}
