import { defineKind } from '../../resource-type.js';
import { ageColumn, nameColumn } from '../../table/index.js';
import { bindingErrors, defaultSubjects } from './bindings.js';
import { rbac, roleColumn, subjectColumns } from './group.js';

export const clusterRoleBindings = defineKind({
  ...rbac,
  kind: 'ClusterRoleBinding',
  plural: 'clusterrolebindings',
  namespaced: false,
  schema: 'V1ClusterRoleBinding',
  columns: [nameColumn, roleColumn, ageColumn, ...subjectColumns],
  applyDefaults: defaultSubjects,
  validate: bindingErrors(['ClusterRole']),
});
