import { defineKind } from '../../resource-type.js';
import { ageColumn, column, nameColumn, textAt } from '../../table/index.js';
import { storage } from './group.js';

export const volumeAttributesClasses = defineKind({
  ...storage,
  kind: 'VolumeAttributesClass',
  plural: 'volumeattributesclasses',
  shortNames: ['vac'],
  schema: 'V1VolumeAttributesClass',
  columns: [nameColumn, column('DriverName', textAt('driverName')), ageColumn],
});
