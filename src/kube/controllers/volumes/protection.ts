import type { Transaction, Versioned } from '../../../store/index.js';
import {
  claimProtection,
  claimTerm,
  claimsOf,
  isFinished,
  isTerminating,
  persistentVolumeClaims,
  pods,
} from '../../kinds/index.js';
import type { Pod } from '../../kinds/index.js';
import type { KubeObject, Stored } from '../../object.js';
import { objectKey } from '../../resource-type.js';
import { Controller } from '../controller.js';
import type { ControllerParts, Trigger } from '../controller.js';
import { releaseFinalizer } from '../finalizers.js';

/** Lets a claim go that is being deleted, once no pod on a node uses it (Kubernetes: storage object in use protection). */
export class ClaimProtection extends Controller {
  protected readonly triggers: readonly Trigger[] = [
    {
      type: pods,
      keys: ({ cluster, before, after }) => {
        const pod = (after ?? before) as Pod;
        if (after && pod.spec.nodeName && !isFinished(pod) && !isTerminating(pod)) return [];
        return claimsOf(pod).map(({ name }) => objectKey(cluster, pod.metadata.namespace, name));
      },
    },
  ];

  constructor(parts: ControllerParts) {
    super(parts, persistentVolumeClaims);
  }

  protected override readonly concerns = (claim: KubeObject): boolean => {
    return isTerminating(claim) && claim.metadata.finalizers?.includes(claimProtection) === true;
  };

  protected reconcile(tx: Transaction, entry: Versioned<Stored>): undefined {
    const { object: claim, cluster } = entry.value;
    if (!this.concerns(claim)) return undefined;
    const { namespace, name } = claim.metadata;
    const users = tx.find(
      pods.collection,
      'byClaim',
      claimTerm(cluster, namespace, name),
    ) as readonly Stored<Pod>[];
    if (!users.some(({ object }) => holds(object, name)))
      releaseFinalizer(tx, persistentVolumeClaims, entry, claimProtection);
    return undefined;
  }
}

/** A pod on a node holds its claims as long as it is there; one that has ended holds those not that go with it. */
function holds(pod: Pod, claimName: string): boolean {
  if (!pod.spec.nodeName) return false;
  const isShutDown = isTerminating(pod) && pod.metadata.deletionGracePeriodSeconds === 0;
  return claimsOf(pod).some(
    ({ name, volume }) => name === claimName && (volume.persistentVolumeClaim !== undefined || !isShutDown),
  );
}
