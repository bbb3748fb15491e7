import { defineKind } from '../../resource-type.js';
import { nameColumn } from '../../table/index.js';
import { createdAt, rbac } from './group.js';
import { roleErrors } from './rules.js';

export const roles = defineKind({
  ...rbac,
  kind: 'Role',
  plural: 'roles',
  namespaced: true,
  schema: 'V1Role',
  columns: [nameColumn, createdAt],
  validate: roleErrors,
});
