import { defineKind } from '../../resource-type.js';
import { ageColumn, column, nameColumn, textAt } from '../../table/index.js';
import { dynamicResources } from './group.js';

export const resourceSlices = defineKind({
  ...dynamicResources,
  kind: 'ResourceSlice',
  plural: 'resourceslices',
  namespaced: false,
  schema: 'V1ResourceSlice',
  columns: [
    nameColumn,
    column('Node', textAt('spec.nodeName', '')),
    column('Driver', textAt('spec.driver', '')),
    column('Pool', textAt('spec.pool.name', '')),
    ageColumn,
  ],
  selectable: ['spec.nodeName', 'spec.driver'],
  selectorRefusal: (field) =>
    `field label not supported for resource.k8s.io/v1, Kind=ResourceSlice: ${field}`,
  tracksGeneration: true,
});
