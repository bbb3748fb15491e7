import {
  attachmentTerm,
  claimEntry,
  claimTerm,
  classTerm,
  csiDrivers,
  csiNodes,
  csiStorageCapacities,
  objectKey,
  persistentVolumes,
  pods,
  storageClassOf,
  volumeAttachments,
  volumeEntry,
} from '../../kube/index.js';
import type {
  ClaimEntry,
  CsiDriver,
  CsiNode,
  CsiStorageCapacity,
  PersistentVolume,
  PersistentVolumeClaim,
  Pod,
  StorageClass,
  Stored,
  VolumeAttachment,
} from '../../kube/index.js';
import type { Reader } from '../../store/index.js';

/** Reads what the volumes of a cluster's pods hang on. */
export class VolumeObjects {
  readonly #reader: Reader;
  readonly #cluster: string;

  constructor({ reader, cluster }: { readonly reader: Reader; readonly cluster: string }) {
    this.#reader = reader;
    this.#cluster = cluster;
  }

  claim(namespace: string | undefined, name: string): ClaimEntry | undefined {
    return claimEntry(this.#reader, this.#cluster, namespace, name);
  }

  volume(name: string | undefined): PersistentVolume | undefined {
    return name ? volumeEntry(this.#reader, this.#cluster, name)?.value.object : undefined;
  }

  classOf(claim: PersistentVolumeClaim): StorageClass | undefined {
    return storageClassOf(this.#reader, this.#cluster, claim);
  }

  csiNode(name: string): CsiNode | undefined {
    const key = objectKey(this.#cluster, undefined, name);
    return this.#reader.get(csiNodes.collection, key)?.object as CsiNode | undefined;
  }

  driver(name: string): CsiDriver | undefined {
    const key = objectKey(this.#cluster, undefined, name);
    return this.#reader.get(csiDrivers.collection, key)?.object as CsiDriver | undefined;
  }

  capacitiesOf({ metadata }: StorageClass): readonly CsiStorageCapacity[] {
    return this.#find<CsiStorageCapacity>(csiStorageCapacities.collection, 'byCluster', this.#cluster).filter(
      ({ storageClassName }) => storageClassName === metadata.name,
    );
  }

  /** Volumes of a class that nobody has, and those that are kept for the claim by its name. */
  volumesFor(
    className: string | undefined,
    { metadata }: PersistentVolumeClaim,
  ): readonly PersistentVolume[] {
    const free = classTerm(this.#cluster, className);
    const kept = claimTerm(this.#cluster, metadata.namespace, metadata.name);
    return [
      ...this.#find<PersistentVolume>(persistentVolumes.collection, 'unclaimed', free),
      ...this.#find<PersistentVolume>(persistentVolumes.collection, 'byClaim', kept),
    ];
  }

  attachmentsOf(node: string): readonly VolumeAttachment[] {
    return this.#find(volumeAttachments.collection, 'byNode', attachmentTerm(this.#cluster, node));
  }

  /** The pods that use a claim. */
  usersOf({ metadata }: PersistentVolumeClaim): readonly Pod[] {
    const term = claimTerm(this.#cluster, metadata.namespace, metadata.name);
    return this.#find(pods.collection, 'byClaim', term);
  }

  #find<T>(collection: (typeof pods)['collection'], index: string, term: string): readonly T[] {
    return this.#reader.find(collection, index, term).map(({ object }: Stored) => object as T);
  }
}
