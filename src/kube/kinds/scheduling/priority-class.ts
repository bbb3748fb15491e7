import { validation } from '../../api/field-error.js';
import type { KubeObject } from '../../object.js';
import { defineKind } from '../../resource-type.js';
import { ageColumn, column, flagAt, nameColumn, numberAt, textAt } from '../../table/index.js';
import { fill } from '../defaulting.js';
import { own } from '../../../units/index.js';

interface PriorityClass extends KubeObject {
  readonly value?: number;
  readonly globalDefault?: boolean;
  readonly preemptionPolicy?: string;
}

/** Kubernetes' own classes, above all that users may have. */
const systemClasses: Readonly<Record<string, number>> = {
  'system-cluster-critical': 2_000_000_000,
  'system-node-critical': 2_000_001_000,
};
const highestOfUsers = 1_000_000_000;

/** Everything wrong with a priority class (scheduling validation: ValidatePriorityClass). */
const priorityClassErrors = validation<PriorityClass>((faults, object, before) => {
  const { value = 0, preemptionPolicy, metadata } = object;
  if (metadata.name.startsWith('system-')) {
    if (own(systemClasses, metadata.name) !== value) {
      const text = "priority class names with 'system-' prefix are reserved for system use only. error: ";
      const why =
        own(systemClasses, metadata.name) === undefined
          ? `${metadata.name} is not a known system priority class`
          : `value of ${metadata.name} PriorityClass must be ${String(own(systemClasses, metadata.name))}`;
      faults.forbidden('metadata.name', text + why);
    }
  } else if (value > highestOfUsers) {
    const most = `maximum allowed value of a user defined priority is ${String(highestOfUsers)}`;
    faults.forbidden('value', most);
  }
  if (preemptionPolicy !== undefined)
    faults.requiredOneOf('preemptionPolicy', preemptionPolicy, ['PreemptLowerPriority', 'Never']);
  if (!before) return;
  if (value !== (before.value ?? 0)) faults.forbidden('value', 'may not be changed in an update.');
  const policy = before.preemptionPolicy;
  faults.immutable('preemptionPolicy', preemptionPolicy ?? null, preemptionPolicy === policy);
});

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
  tracksGeneration: true,
  validate: priorityClassErrors,
});
