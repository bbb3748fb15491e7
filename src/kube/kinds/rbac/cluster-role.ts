import { defineKind } from '../../resource-type.js';
import { nameColumn } from '../../table/index.js';
import { createdAt, rbac } from './group.js';
import { roleErrors } from './rules.js';

export const clusterRoles = defineKind({
  ...rbac,
  kind: 'ClusterRole',
  plural: 'clusterroles',
  namespaced: false,
  schema: 'V1ClusterRole',
  columns: [nameColumn, createdAt],
  validate: roleErrors,
});
