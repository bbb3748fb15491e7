import { defineKind } from '../../resource-type.js';
import { ageColumn, column, nameColumn } from '../../table/index.js';
import { labelsAt } from '../workload-columns.js';

export const podTemplates = defineKind({
  group: '',
  version: 'v1',
  kind: 'PodTemplate',
  plural: 'podtemplates',
  namespaced: true,
  schema: 'V1PodTemplate',
  columns: [nameColumn, column('Pod Labels', labelsAt('template.metadata.labels')), ageColumn],
});
