import { defineKind } from '../../resource-type.js';
import { ageColumn, column, lengthAt, nameColumn } from '../../table/index.js';
import { storage } from './group.js';

export const csiNodes = defineKind({
  ...storage,
  kind: 'CSINode',
  plural: 'csinodes',
  schema: 'V1CSINode',
  columns: [nameColumn, column('Drivers', lengthAt('spec.drivers'), 'integer'), ageColumn],
});
