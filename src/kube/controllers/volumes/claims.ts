import type { Transaction, Versioned } from '../../../store/index.js';
import type { Instant } from '../../../units/index.js';
import {
  classNameOf,
  classTerm,
  isBindingComplete,
  isTerminating,
  persistentVolumeClaims,
  persistentVolumes,
  claimTerm,
  pods,
  storageClasses,
  volumeAnnotations,
} from '../../kinds/index.js';
import type {
  ClaimPhase,
  PersistentVolume,
  PersistentVolumeClaim,
  Pod,
  StoredVolume,
} from '../../kinds/index.js';
import type { KubeObject, Stored } from '../../object.js';
import { objectKey } from '../../resource-type.js';
import {
  annotated,
  bestMatch,
  bindVolume,
  defaultClassOf,
  driverOf,
  isClaimedBy,
  mismatch,
  putClaim,
  storageClassOf,
  volumeEntry,
  waitsForConsumer,
} from '../../volumes/index.js';
import type { ClaimEntry } from '../../volumes/index.js';
import { Controller } from '../controller.js';
import type { ControllerParts, Trigger } from '../controller.js';
import { recordEvent } from '../events.js';

const component = 'persistentvolume-controller';

/**
 * Binds claims to volumes, or asks for a volume to be made (Kubernetes: PersistentVolume controller, the claims' half). The
 * scheduler binds those that wait for their first pod.
 */
export class ClaimController extends Controller {
  protected readonly triggers: readonly Trigger[] = [
    {
      type: persistentVolumes,
      keys: ({ cluster, before, after }, store) => [
        ...new Set([
          ...keyOfClaim(cluster, before),
          ...keyOfClaim(cluster, after),
          ...claimsOfFreeVolume(cluster, after).flatMap((term) =>
            store.findEntries(persistentVolumeClaims.collection, 'unbound', term).map(({ key }) => key),
          ),
        ]),
      ],
    },
    {
      type: storageClasses,
      keys: ({ cluster, before, after }, store) =>
        [(after ?? before)?.metadata.name, ''].flatMap((name) =>
          store
            .findEntries(persistentVolumeClaims.collection, 'unbound', classTerm(cluster, name))
            .map(({ key }) => key),
        ),
    },
  ];

  constructor(parts: ControllerParts) {
    super(parts, persistentVolumeClaims);
  }

  protected reconcile(tx: Transaction, found: Versioned<Stored>): undefined {
    const entry = found as ClaimEntry;
    const turn = new ClaimTurn(this.parts, tx, entry);
    if (isBindingComplete(entry.value.object)) turn.keepBound();
    else if (!isTerminating(entry.value.object)) turn.bind();
    return undefined;
  }
}

function keyOfClaim(cluster: string, object: KubeObject | undefined): readonly string[] {
  const { name, namespace } = (object as PersistentVolume | undefined)?.spec.claimRef ?? {};
  return name === undefined ? [] : [objectKey(cluster, namespace, name)];
}

/** Term of the claims that may want a volume that is free. */
function claimsOfFreeVolume(cluster: string, object: KubeObject | undefined): readonly string[] {
  const volume = object as PersistentVolume | undefined;
  const isFree = volume?.spec.claimRef === undefined && volume?.status?.phase === 'Available';
  return isFree ? [classTerm(cluster, volume.spec.storageClassName)] : [];
}

/** One turn of a claim. */
class ClaimTurn {
  readonly #parts: ControllerParts;
  readonly #tx: Transaction;
  readonly #entry: ClaimEntry;
  readonly #claim: PersistentVolumeClaim;
  readonly #cluster: string;
  readonly #now: Instant;

  constructor(parts: ControllerParts, tx: Transaction, entry: ClaimEntry) {
    this.#parts = parts;
    this.#tx = tx;
    this.#entry = entry;
    this.#claim = entry.value.object;
    this.#cluster = entry.value.cluster;
    this.#now = parts.clock.now();
  }

  /** A claim that was bound stays so, or is lost with its volume for good. */
  keepBound(): void {
    const { volumeName = '' } = this.#claim.spec;
    if (volumeName === '') {
      this.#lose(
        'ClaimLost',
        'Bound claim has lost reference to PersistentVolume. Data on the volume is lost!',
      );
      return;
    }
    const volume = volumeEntry(this.#tx, this.#cluster, volumeName);
    if (!volume) {
      this.#lose('ClaimLost', 'Bound claim has lost its PersistentVolume. Data on the volume is lost!');
      return;
    }
    const { claimRef } = volume.value.object.spec;
    if (claimRef === undefined || claimRef.uid === this.#claim.metadata.uid)
      bindVolume(this.#tx, volume, this.#entry, this.#now);
    else
      this.#lose('ClaimMisbound', 'Two claims are bound to the same volume, this one is bound incorrectly');
  }

  bind(): void {
    const { volumeName = '' } = this.#claim.spec;
    if (volumeName !== '') this.#bindTo(volumeName);
    else this.#bindToAny();
  }

  /** The claim names its volume. */
  #bindTo(volumeName: string): void {
    const volume = volumeEntry(this.#tx, this.#cluster, volumeName);
    if (!volume) return;
    const { object } = volume.value;
    if (object.spec.claimRef === undefined) {
      const why = mismatch(object, this.#claim);
      if (why === undefined) bindVolume(this.#tx, volume, this.#entry, this.#now);
      else this.#tell('Warning', 'VolumeMismatch', `Cannot bind to requested volume "${volumeName}": ${why}`);
    } else if (isClaimedBy(object, this.#claim)) bindVolume(this.#tx, volume, this.#entry, this.#now);
    else this.#tell('Warning', 'FailedBinding', `volume "${volumeName}" already bound to a different claim.`);
  }

  #bindToAny(): void {
    const isDelayed = waitsForConsumer(this.#tx, this.#cluster, this.#claim);
    const match = bestMatch(this.#claim, this.#candidates(), { kind: isDelayed ? 'reserved' : 'anywhere' });
    const volume = match && volumeEntry(this.#tx, this.#cluster, match.metadata.name);
    if (volume) {
      bindVolume(this.#tx, volume, this.#entry, this.#now);
      return;
    }
    const className = classNameOf(this.#claim);
    if (className === undefined && this.#takeDefaultClass()) return;
    const isSelected = this.#claim.metadata.annotations?.[volumeAnnotations.selectedNode] !== undefined;
    if (isDelayed && !isSelected) this.#tellWaiting();
    else if (className) this.#provision(className);
    else {
      const why = 'no persistent volumes available for this claim and no storage class is set';
      this.#tell('Normal', 'FailedBinding', why);
    }
  }

  /** Volumes that are free in the claim's class, or kept for it. */
  #candidates(): readonly PersistentVolume[] {
    const { namespace, name } = this.#claim.metadata;
    const find = (index: string, term: string) =>
      this.#tx.find(persistentVolumes.collection, index, term) as readonly StoredVolume[];
    return [
      ...find('byClaim', claimTerm(this.#cluster, namespace, name)),
      ...find('unclaimed', classTerm(this.#cluster, classNameOf(this.#claim))),
    ].map(({ object }) => object);
  }

  /** Gives a claim without a class the default one, the newest if there are several; false when there is none. */
  #takeDefaultClass(): boolean {
    const standard = defaultClassOf(this.#tx, this.#cluster);
    if (!standard) return false;
    const storageClassName = standard.metadata.name;
    putClaim(this.#tx, this.#entry, { ...this.#claim, spec: { ...this.#claim.spec, storageClassName } });
    return true;
  }

  #tellWaiting(): void {
    const { namespace, name } = this.#claim.metadata;
    const users = this.#tx.find(
      pods.collection,
      'byClaim',
      claimTerm(this.#cluster, namespace, name),
    ) as readonly Stored<Pod>[];
    const names = users.flatMap(({ object }) => (object.spec.nodeName ? [] : [object.metadata.name]));
    if (names.length === 0)
      this.#tell('Normal', 'WaitForFirstConsumer', 'waiting for first consumer to be created before binding');
    else {
      const which = names.length === 1 ? 'pod' : 'pods';
      this.#tell('Normal', 'WaitForPodScheduled', `waiting for ${which} ${names.join(',')} to be scheduled`);
    }
  }

  /** Says who is to make the volume: that is a driver's work (see `provisioner.ts`). */
  #provision(className: string): void {
    const storageClass = storageClassOf(this.#tx, this.#cluster, this.#claim);
    if (!storageClass) {
      this.#tell('Warning', 'ProvisioningFailed', `storageclass.storage.k8s.io "${className}" not found`);
      return;
    }
    const { provisioner } = storageClass;
    const driver = driverOf(storageClass);
    if (driver.startsWith('kubernetes.io/')) {
      this.#tell('Warning', 'ProvisioningFailed', `no volume plugin matched name: ${provisioner}`);
      return;
    }
    const { betaStorageProvisioner, storageProvisioner } = volumeAnnotations;
    if (this.#claim.metadata.annotations?.[storageProvisioner] === driver) return;
    putClaim(
      this.#tx,
      this.#entry,
      annotated(this.#claim, { [betaStorageProvisioner]: driver, [storageProvisioner]: driver }),
    );
    this.#tell(
      'Normal',
      'ExternalProvisioning',
      `Waiting for a volume to be created either by the external provisioner '${driver}' or manually by the system administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered.`,
    );
  }

  #lose(reason: string, message: string): void {
    const phase: ClaimPhase = 'Lost';
    if (this.#claim.status?.phase === phase) return;
    putClaim(this.#tx, this.#entry, { ...this.#claim, status: { phase } });
    this.#tell('Warning', reason, message);
  }

  #tell(type: 'Normal' | 'Warning', reason: string, message: string): void {
    recordEvent(this.#tx, this.#parts.context, this.#cluster, this.#claim, {
      type,
      reason,
      message,
      component,
    });
  }
}
