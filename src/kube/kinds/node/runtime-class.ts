import { defineKind } from '../../resource-type.js';
import { ageColumn, column, nameColumn, textAt } from '../../table/index.js';

export const runtimeClasses = defineKind({
  group: 'node.k8s.io',
  version: 'v1',
  kind: 'RuntimeClass',
  plural: 'runtimeclasses',
  namespaced: false,
  schema: 'V1RuntimeClass',
  columns: [nameColumn, column('Handler', textAt('handler')), ageColumn],
});
