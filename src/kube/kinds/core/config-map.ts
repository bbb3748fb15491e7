import { fieldAt } from '../../object.js';
import { defineKind } from '../../resource-type.js';
import { ageColumn, column, nameColumn } from '../../table/index.js';
import { immutableData, sizeOf } from './group.js';

export const configMaps = defineKind({
  group: '',
  version: 'v1',
  kind: 'ConfigMap',
  plural: 'configmaps',
  shortNames: ['cm'],
  namespaced: true,
  schema: 'V1ConfigMap',
  columns: [
    nameColumn,
    column(
      'Data',
      (object) => sizeOf(fieldAt(object, 'data')) + sizeOf(fieldAt(object, 'binaryData')),
      'integer',
    ),
    ageColumn,
  ],
  validate: (object, before) => immutableData(object, before),
});
