import { forbiddenField } from '../../api/status-error.js';
import { fieldAt } from '../../object.js';
import { defineKind } from '../../resource-type.js';
import { ageColumn, column, flagAt, nameColumn, numberAt, textAt } from '../../table/index.js';
import { fill } from '../defaulting.js';

export const priorityClasses = defineKind({
  group: 'scheduling.k8s.io',
  version: 'v1',
  kind: 'PriorityClass',
  plural: 'priorityclasses',
  shortNames: ['pc'],
  namespaced: false,
  schema: 'V1PriorityClass',
  columns: [
    nameColumn,
    column('Value', numberAt('value'), 'integer'),
    column('Global-Default', flagAt('globalDefault'), 'boolean'),
    ageColumn,
    column('PreemptionPolicy', textAt('preemptionPolicy')),
  ],
  applyDefaults: (draft) => {
    fill(draft, 'value', 0);
    fill(draft, 'preemptionPolicy', 'PreemptLowerPriority');
  },
  validate: (object, before) => {
    const value = Number(fieldAt(object, 'value'));
    if (before && fieldAt(before, 'value') !== value)
      return [forbiddenField('value', 'may not be changed in an update.')];
    if (
      object.metadata.name.startsWith('system-') &&
      !/^system-(cluster|node)-critical$/.test(object.metadata.name)
    ) {
      return [
        forbiddenField(
          'metadata.name',
          "priority class names with 'system-' prefix are reserved for system use only.",
        ),
      ];
    }
    return value > 1_000_000_000 && !object.metadata.name.startsWith('system-')
      ? [forbiddenField('value', 'maximum allowed value of a user defined priority is 1000000000')]
      : [];
  },
});
