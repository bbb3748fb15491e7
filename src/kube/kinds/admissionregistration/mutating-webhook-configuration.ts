import { defineKind } from '../../resource-type.js';
import { ageColumn, column, lengthAt, nameColumn } from '../../table/index.js';
import { admission } from './group.js';
import { defaultMutatingWebhooks } from './webhook-defaults.js';
import { webhookErrors } from './webhook-validation.js';

export const mutatingWebhookConfigurations = defineKind({
  ...admission,
  categories: ['api-extensions'],
  kind: 'MutatingWebhookConfiguration',
  plural: 'mutatingwebhookconfigurations',
  schema: 'V1MutatingWebhookConfiguration',
  columns: [nameColumn, column('Webhooks', lengthAt('webhooks'), 'integer'), ageColumn],
  tracksGeneration: true,
  applyDefaults: defaultMutatingWebhooks,
  validate: webhookErrors,
});
