import { defineKind } from '../../resource-type.js';
import { column, nameColumn } from '../../table/index.js';

export const limitRanges = defineKind({
  group: '',
  version: 'v1',
  kind: 'LimitRange',
  plural: 'limitranges',
  shortNames: ['limits'],
  namespaced: true,
  schema: 'V1LimitRange',
  columns: [nameColumn, column('Created At', ({ metadata }) => metadata.creationTimestamp)],
});
