import type { Transaction } from '../../../store/index.js';
import type { WriteContext } from '../../api/index.js';
import { insertObject } from '../../api/index.js';
import { aggregatedRules } from '../../authorization/index.js';
import { clusterRoleBindings, clusterRoles, roleBindings, roles } from '../../kinds/index.js';
import type { KubeObject } from '../../object.js';
import { defaultBindings } from './bindings.js';
import type { DefaultBinding } from './bindings.js';
import { controllerBindings, controllerRoles } from './controllers.js';
import type { DefaultRole } from './grant.js';
import { namespacedRoles } from './namespaced.js';
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
  for (const [name, role] of Object.entries({ ...systemRoles, ...controllerRoles, ...userFacingRoles })) {
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
  for (const [name, binding] of Object.entries({ ...defaultBindings, ...controllerBindings })) {
    const subjects = subjectsOf(binding);
    insertObject(
      context,
      tx,
      clusterRoleBindings,
      { cluster },
      {
        metadata: metadataOf(name, undefined),
        roleRef: { apiGroup, kind: 'ClusterRole', name: binding.role },
        ...(subjects.length > 0 && { subjects }),
      },
    );
  }
  addNamespacedRoles(tx, context, cluster);
}

const apiGroup = 'rbac.authorization.k8s.io';

const subjectsOf = ({ groups = [], users = [], accounts = [] }: Omit<DefaultBinding, 'role'>) => [
  ...groups.map((group) => ({ apiGroup, kind: 'Group', name: group })),
  ...users.map((user) => ({ apiGroup, kind: 'User', name: user })),
  ...accounts.map(([namespace, account]) => ({ kind: 'ServiceAccount', name: account, namespace })),
];

function addNamespacedRoles(tx: Transaction, context: WriteContext, cluster: string): void {
  for (const { namespace, name, bindingName = name, rules, ...whom } of namespacedRoles) {
    const scope = { cluster, namespace };
    insertObject(context, tx, roles, scope, {
      metadata: metadataOf(name, undefined),
      rules: structuredClone(rules),
    });
    insertObject(context, tx, roleBindings, scope, {
      metadata: metadataOf(bindingName, undefined),
      roleRef: { apiGroup, kind: 'Role', name },
      subjects: subjectsOf(whom),
    });
  }
}
