import type { Transaction } from '../../../store/index.js';
import type { WriteContext } from '../../api/index.js';
import { insertObject } from '../../api/index.js';
import { aggregatedRules } from '../../authorization/index.js';
import { clusterRoleBindings, clusterRoles } from '../../kinds/index.js';
import type { KubeObject } from '../../object.js';
import { defaultBindings } from './bindings.js';
import type { DefaultRole } from './grant.js';
import { systemRoles } from './system.js';
import { userFacingRoles } from './user-facing.js';

const metadataOf = (name: string, labels: DefaultRole['labels']) => ({
  name,
  labels: { 'kubernetes.io/bootstrapping': 'rbac-defaults', ...labels },
  annotations: { 'rbac.authorization.kubernetes.io/autoupdate': 'true' },
});

/** Gives a new cluster its roles and bindings (Kubernetes: default roles and role bindings). */
export function addDefaultRoles(tx: Transaction, context: WriteContext, cluster: string): void {
  const made: KubeObject[] = [];
  // Roles that gather rules come after those that they gather from.
  for (const [name, role] of Object.entries({ ...systemRoles, ...userFacingRoles })) {
    const aggregationRule = role.aggregates && {
      clusterRoleSelectors: [{ matchLabels: { [role.aggregates]: 'true' } }],
    };
    const draft = {
      metadata: metadataOf(name, role.labels),
      ...(aggregationRule && { aggregationRule }),
      rules: structuredClone(role.rules),
    };
    if (aggregationRule) {
      const others = [...made].sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
      draft.rules = [...aggregatedRules(draft as unknown as KubeObject, others)];
    }
    made.push(insertObject(context, tx, clusterRoles, { cluster }, draft));
  }
  const apiGroup = 'rbac.authorization.k8s.io';
  for (const [name, { role, groups = [], users = [], accounts = [] }] of Object.entries(defaultBindings)) {
    const subjects = [
      ...groups.map((group) => ({ apiGroup, kind: 'Group', name: group })),
      ...users.map((user) => ({ apiGroup, kind: 'User', name: user })),
      ...accounts.map(([namespace, account]) => ({ kind: 'ServiceAccount', name: account, namespace })),
    ];
    insertObject(
      context,
      tx,
      clusterRoleBindings,
      { cluster },
      {
        metadata: metadataOf(name, undefined),
        roleRef: { apiGroup, kind: 'ClusterRole', name: role },
        ...(subjects.length > 0 && { subjects }),
      },
    );
  }
}
