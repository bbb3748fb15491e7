import { defineKind } from '../../resource-type.js';
import { ageColumn, column, lengthAt, nameColumn } from '../../table/index.js';
import { admission } from './group.js';

export const mutatingWebhookConfigurations = defineKind({
  ...admission,
  kind: 'MutatingWebhookConfiguration',
  plural: 'mutatingwebhookconfigurations',
  schema: 'V1MutatingWebhookConfiguration',
  columns: [nameColumn, column('Webhooks', lengthAt('webhooks'), 'integer'), ageColumn],
});
