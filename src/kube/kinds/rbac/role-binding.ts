import { defineKind } from '../../resource-type.js';
import { ageColumn, nameColumn } from '../../table/index.js';
import { defaultSubjects, rbac, roleColumn, roleRefUnchanged } from './group.js';

export const roleBindings = defineKind({
  ...rbac,
  kind: 'RoleBinding',
  plural: 'rolebindings',
  namespaced: true,
  schema: 'V1RoleBinding',
  columns: [nameColumn, roleColumn, ageColumn],
  applyDefaults: defaultSubjects,
  validate: roleRefUnchanged,
});
