import { defineKind } from '../../resource-type.js';
import { ageColumn, column, lengthAt, nameColumn } from '../../table/index.js';
import { admission } from './group.js';
import { defaultWebhooks } from './webhook-defaults.js';
import { webhookErrors } from './webhook-validation.js';

export const validatingWebhookConfigurations = defineKind({
  ...admission,
  categories: ['api-extensions'],
  kind: 'ValidatingWebhookConfiguration',
  plural: 'validatingwebhookconfigurations',
  schema: 'V1ValidatingWebhookConfiguration',
  columns: [nameColumn, column('Webhooks', lengthAt('webhooks'), 'integer'), ageColumn],
  tracksGeneration: true,
  applyDefaults: defaultWebhooks,
  validate: webhookErrors,
});
