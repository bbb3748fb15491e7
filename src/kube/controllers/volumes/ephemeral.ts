import type { Transaction, Versioned } from '../../../store/index.js';
import { StatusError, insertObject } from '../../api/index.js';
import { claimsOf, isFinished, isTerminating, persistentVolumeClaims, pods } from '../../kinds/index.js';
import type { Pod, PodClaim } from '../../kinds/index.js';
import { controllerOf } from '../../object.js';
import type { KubeObject, Stored } from '../../object.js';
import { objectKey } from '../../resource-type.js';
import { Controller } from '../controller.js';
import type { ControllerParts, Trigger } from '../controller.js';
import { recordEvent } from '../events.js';
import { controllerReference } from '../owned.js';

/** Makes the claims that go with their pod (Kubernetes: generic ephemeral volumes). */
export class EphemeralVolumes extends Controller {
  protected readonly triggers: readonly Trigger[] = [
    {
      // A claim that goes while its pod stays is made anew.
      type: persistentVolumeClaims,
      keys: ({ cluster, before, after }) => {
        const owner = before && !after ? controllerOf(before) : undefined;
        return owner?.kind === 'Pod' ? [objectKey(cluster, before?.metadata.namespace, owner.name)] : [];
      },
    },
  ];

  constructor(parts: ControllerParts) {
    super(parts, pods);
  }

  protected override readonly concerns = (object: KubeObject): boolean => {
    const pod = object as Pod;
    return !isTerminating(pod) && !isFinished(pod) && claimsOf(pod).some(({ volume }) => volume.ephemeral);
  };

  protected reconcile(tx: Transaction, { value }: Versioned<Stored>): undefined {
    const pod = value.object as Pod;
    if (!this.concerns(pod)) return undefined;
    for (const claim of claimsOf(pod)) {
      if (claim.volume.ephemeral) this.#make(tx, value.cluster, pod, claim);
    }
    return undefined;
  }

  #make(tx: Transaction, cluster: string, pod: Pod, { name, volume }: PodClaim): void {
    const { namespace = '' } = pod.metadata;
    const present = tx.get(persistentVolumeClaims.collection, objectKey(cluster, namespace, name));
    if (present) {
      if (controllerOf(present.object)?.uid === pod.metadata.uid) return;
      const owner = `${namespace}/${pod.metadata.name}`;
      const why = `PVC ${namespace}/${name} was not created for pod ${owner} (pod is not owner)`;
      this.#tellFailure(tx, cluster, pod, `ephemeral volume ${volume.name ?? ''}: ${why}`);
      return;
    }
    const { metadata, spec } = volume.ephemeral?.volumeClaimTemplate ?? {};
    const draft = {
      metadata: {
        name,
        ...(metadata?.labels && { labels: metadata.labels }),
        ...(metadata?.annotations && { annotations: metadata.annotations }),
        ownerReferences: [controllerReference(pods, pod)],
      },
      spec: structuredClone(spec ?? {}),
    };
    try {
      insertObject(this.parts.context, tx, persistentVolumeClaims, { cluster, namespace }, draft);
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      this.#tellFailure(
        tx,
        cluster,
        pod,
        `ephemeral volume ${volume.name ?? ''}: create PVC ${name}: ${error.message}`,
      );
    }
  }

  #tellFailure(tx: Transaction, cluster: string, pod: Pod, message: string): void {
    recordEvent(tx, this.parts.context, cluster, pod, {
      type: 'Warning',
      reason: 'FailedBinding',
      message,
      component: 'ephemeral_volume',
    });
  }
}
