import type { Transaction, Versioned } from '../../store/index.js';
import { aggregatedRules, aggregationOf, rulesOfRole } from '../authorization/index.js';
import { clusterRoles } from '../kinds/index.js';
import { canonicalJson } from '../object.js';
import type { KubeObject, Stored } from '../object.js';
import { objectKey } from '../resource-type.js';
import { Controller } from './controller.js';
import type { ControllerParts, Trigger } from './controller.js';

/** Keeps the rules of cluster roles that are gathered from others (Kubernetes: ClusterRole aggregation). */
export class ClusterRoleAggregationController extends Controller {
  protected readonly triggers: readonly Trigger[] = [
    {
      type: clusterRoles,
      keys: ({ cluster }, store) =>
        store
          .find(clusterRoles.collection, 'byCluster', cluster)
          .filter(({ object }) => aggregationOf(object) !== undefined)
          .map(({ object }) => objectKey(cluster, undefined, object.metadata.name)),
    },
  ];

  constructor(parts: ControllerParts) {
    super(parts, clusterRoles);
  }

  protected reconcile(tx: Transaction, { key, value }: Versioned<Stored>): undefined {
    if (aggregationOf(value.object) === undefined) return undefined;
    const all = tx.find(clusterRoles.collection, 'byCluster', value.cluster).map(({ object }) => object);
    const rules = aggregatedRules(value.object, all);
    if (canonicalJson(rules) === canonicalJson(rulesOfRole(value.object))) return undefined;
    const object = { ...value.object, rules } as KubeObject;
    tx.put(clusterRoles.collection, key, { ...value, object });
    return undefined;
  }
}
