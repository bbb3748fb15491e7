import type { Transaction, Versioned } from '../../../store/index.js';
import { deployments, isTerminating, pods, replicaSets } from '../../kinds/index.js';
import { controllerOf } from '../../object.js';
import type { Stored } from '../../object.js';
import { objectKey } from '../../resource-type.js';
import { Controller, byControllerOrSelector } from '../controller.js';
import type { ControllerParts, Next, Seen, Trigger } from '../controller.js';
import type { Deployment } from './deployment.js';
import { deploymentKeyOf } from './replica-sets.js';
import { DeploymentTurn } from './turn.js';

/** Rolls pods from one template to the next (Kubernetes: Deployment). */
export class DeploymentController extends Controller {
  protected readonly triggers: readonly Trigger[] = [
    { type: replicaSets, keys: byControllerOrSelector(deployments) },
    { type: pods, keys: (seen, store) => recreating(seen, store) },
  ];

  constructor(parts: ControllerParts) {
    super(parts, deployments);
  }

  protected reconcile(tx: Transaction, entry: Versioned<Stored>): Next {
    const deployment = entry.value.object as Deployment;
    const turn = new DeploymentTurn(this.parts, tx, entry, deployment);
    if (!isTerminating(deployment)) turn.advance();
    return turn.putStatus();
  }
}

/** A deployment that recreates waits for the last old pod to go. */
function recreating({ cluster, before, after }: Seen, store: Pick<Transaction, 'get'>): readonly string[] {
  const owner = after || !before ? undefined : controllerOf(before);
  if (owner?.kind !== 'ReplicaSet') return [];
  const set = store.get(replicaSets.collection, objectKey(cluster, before?.metadata.namespace, owner.name));
  return (set ? deploymentKeyOf(cluster, set.object) : []).filter((key) => {
    const found = store.get(deployments.collection, key)?.object as Deployment | undefined;
    return found?.spec.strategy.type === 'Recreate';
  });
}
