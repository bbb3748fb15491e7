import { defineKind } from '../../resource-type.js';
import { ageColumn, nameColumn } from '../../table/index.js';
import { bindingErrors, defaultSubjects } from './bindings.js';
import { rbac, roleColumn, subjectColumns } from './group.js';

export const roleBindings = defineKind({
  ...rbac,
  kind: 'RoleBinding',
  plural: 'rolebindings',
  namespaced: true,
  schema: 'V1RoleBinding',
  columns: [nameColumn, roleColumn, ageColumn, ...subjectColumns],
  applyDefaults: defaultSubjects,
  validate: bindingErrors(['Role', 'ClusterRole']),
});
