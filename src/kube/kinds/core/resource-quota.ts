import { fieldAt, isObject, membersOf, valueAt } from '../../object.js';
import type { KubeObject } from '../../object.js';
import { defineKind } from '../../resource-type.js';
import { ageColumn, column, nameColumn } from '../../table/index.js';
import { newStatus } from '../kind-parts.js';
import { asText } from './group.js';
import { resourceQuotaErrors } from './resource-quota-validation.js';

export const resourceQuotas = defineKind({
  group: '',
  version: 'v1',
  kind: 'ResourceQuota',
  plural: 'resourcequotas',
  shortNames: ['quota'],
  namespaced: true,
  schema: 'V1ResourceQuota',
  hasStatus: true,
  columns: [
    nameColumn,
    column(
      'Request',
      quotaText((name) => !name.startsWith('limits.')),
    ),
    column(
      'Limit',
      quotaText((name) => name.startsWith('limits.')),
    ),
    ageColumn,
  ],
  prepareCreate: newStatus,
  validate: resourceQuotaErrors,
});

function quotaText(shown: (name: string) => boolean) {
  return (object: KubeObject): string => {
    const hard = fieldAt(object, 'status.hard');
    const names = isObject(hard) ? Object.keys(hard).filter(shown).sort() : [];
    const amount = (kind: string, name: string) =>
      asText(valueAt(membersOf(object), ['status', kind, name]), '0');
    return names.map((name) => `${name}: ${amount('used', name)}/${amount('hard', name)}`).join(', ');
  };
}
