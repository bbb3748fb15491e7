import { validation } from '../../api/field-error.js';
import type { KubeObject } from '../../object.js';
import { defineKind } from '../../resource-type.js';
import { column, nameColumn } from '../../table/index.js';
import { checkPodTemplate, defaultTemplate, templateWarnings } from '../pod/index.js';
import type { PodTemplateSpec } from '../pod/index.js';
import { containerColumns, labelsAt } from '../workload-columns.js';

export const podTemplates = defineKind({
  group: '',
  version: 'v1',
  kind: 'PodTemplate',
  plural: 'podtemplates',
  namespaced: true,
  schema: 'V1PodTemplate',
  columns: [
    nameColumn,
    ...containerColumns('template.spec.containers').map((one) => ({ ...one, priority: 0 as const })),
    column('Pod Labels', labelsAt('template.metadata.labels')),
  ],
  applyDefaults: defaultTemplate,
  validate: validation<KubeObject & { readonly template?: PodTemplateSpec }>((faults, { template }) =>
    checkPodTemplate(faults, 'template', template),
  ),
  warnings: templateWarnings('template'),
  tracksGeneration: true,
});
