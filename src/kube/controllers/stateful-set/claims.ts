import type { Transaction, Versioned } from '../../../store/index.js';
import { insertObject } from '../../api/index.js';
import { isTerminating, persistentVolumeClaims, pods, statefulSets } from '../../kinds/index.js';
import { canonicalJson } from '../../object.js';
import type { KubeObject, OwnerReference, Stored } from '../../object.js';
import { objectKey } from '../../resource-type.js';
import type { ControllerParts } from '../controller.js';
import { controllerReference } from '../owned.js';
import { isInSet, podName } from './stateful-set.js';
import type { ClaimTemplate, PodEntry, StatefulSet } from './stateful-set.js';

/** The claims of a set's pods, one for each template and pod. They outlive their pods unless the set says otherwise. */
export class PodClaims {
  readonly #parts: ControllerParts;
  readonly #tx: Transaction;
  readonly #set: StatefulSet;
  readonly #cluster: string;
  readonly #templates: readonly ClaimTemplate[];

  constructor(parts: ControllerParts, tx: Transaction, cluster: string, set: StatefulSet) {
    this.#parts = parts;
    this.#tx = tx;
    this.#set = set;
    this.#cluster = cluster;
    this.#templates = set.spec.volumeClaimTemplates ?? [];
  }

  /** Names of the volumes of a set's pods and of the claims behind them. */
  volumesOf(ordinal: number): readonly { readonly name: string; readonly claim: string }[] {
    return this.#templates.map(({ metadata: { name } }) => ({
      name,
      claim: `${name}-${podName(this.#set, ordinal)}`,
    }));
  }

  /** True while a claim of a pod is going: its pod waits for a new one. */
  areGoing(ordinal: number): boolean {
    return this.volumesOf(ordinal).some(({ claim }) => {
      const found = this.#find(claim);
      return found !== undefined && isTerminating(found.value.object);
    });
  }

  /**
   * Makes the claims of a pod that are not there.
   *
   * @returns the names of those made.
   * @throws StatusError when one is refused
   */
  ensure(ordinal: number): readonly string[] {
    const made: string[] = [];
    for (const { metadata, spec } of this.#templates) {
      const name = `${metadata.name}-${podName(this.#set, ordinal)}`;
      if (this.#find(name)) continue;
      const { labels, annotations } = metadata;
      const { namespace = '' } = this.#set.metadata;
      const owners = this.#owners([], undefined);
      insertObject(
        this.#parts.context,
        this.#tx,
        persistentVolumeClaims,
        { cluster: this.#cluster, namespace },
        {
          metadata: {
            name,
            labels: { ...labels, ...this.#set.spec.selector.matchLabels },
            ...(annotations && { annotations }),
            ...(owners.length > 0 && { ownerReferences: owners }),
          },
          spec: structuredClone(spec),
        },
      );
      made.push(name);
    }
    return made;
  }

  /** Has a pod's claims belong to whom the set's retention policy says: to the set, to the pod, or to nobody. */
  retain(ordinal: number, pod: PodEntry): void {
    const condemned = isInSet(this.#set, ordinal) ? undefined : pod.value.object;
    for (const { claim } of this.volumesOf(ordinal)) {
      const entry = this.#find(claim);
      if (!entry || isTerminating(entry.value.object)) continue;
      const { ownerReferences: before = [], ...metadata } = entry.value.object.metadata;
      const owners = this.#owners(before, condemned, pod.value.object.metadata.uid);
      if (canonicalJson(owners) === canonicalJson(before)) continue;
      const object = {
        ...entry.value.object,
        metadata: { ...metadata, ...(owners.length > 0 && { ownerReferences: owners }) },
      };
      this.#tx.put(persistentVolumeClaims.collection, entry.key, { ...entry.value, object });
    }
  }

  #owners(
    before: readonly OwnerReference[],
    condemned: KubeObject | undefined,
    podUid?: string,
  ): readonly OwnerReference[] {
    const { whenDeleted = 'Retain', whenScaled = 'Retain' } =
      this.#set.spec.persistentVolumeClaimRetentionPolicy ?? {};
    const others = before.filter(({ uid }) => uid !== this.#set.metadata.uid && uid !== podUid);
    if (condemned && whenScaled === 'Delete') return [...others, controllerReference(pods, condemned)];
    return whenDeleted === 'Delete' ? [...others, controllerReference(statefulSets, this.#set)] : others;
  }

  #find(name: string): Versioned<Stored> | undefined {
    const key = objectKey(this.#cluster, this.#set.metadata.namespace, name);
    return this.#tx.entry(persistentVolumeClaims.collection, key);
  }
}
