import { invalid } from '../../api/status-error.js';
import { fieldAt, membersOf } from '../../object.js';
import { defineKind } from '../../resource-type.js';
import { ageColumn, column, nameColumn, numberAt, textAt } from '../../table/index.js';

export const podDisruptionBudgets = defineKind({
  group: 'policy',
  version: 'v1',
  kind: 'PodDisruptionBudget',
  plural: 'poddisruptionbudgets',
  shortNames: ['pdb'],
  namespaced: true,
  hasStatus: true,
  schema: 'V1PodDisruptionBudget',
  columns: [
    nameColumn,
    column('Min Available', textAt('spec.minAvailable', 'N/A')),
    column('Max Unavailable', textAt('spec.maxUnavailable', 'N/A')),
    column('Allowed Disruptions', numberAt('status.disruptionsAllowed'), 'integer'),
    ageColumn,
  ],
  prepareCreate: (draft) => {
    draft['status'] = { disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 };
  },
  validate: (object) => {
    const minimum = fieldAt(object, 'spec.minAvailable');
    const maximum = fieldAt(object, 'spec.maxUnavailable');
    if (minimum !== undefined && maximum !== undefined) {
      return [
        invalid('spec', membersOf(object)['spec'], 'minAvailable and maxUnavailable cannot be both set'),
      ];
    }
    for (const [field, value] of [
      ['spec.minAvailable', minimum],
      ['spec.maxUnavailable', maximum],
    ] as const) {
      if (typeof value === 'number' && value < 0)
        return [invalid(field, value, 'must be greater than or equal to 0')];
      if (typeof value === 'string' && !/^(100|\d{1,2})%$/.test(value)) {
        return [
          invalid(
            field,
            value,
            "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%')",
          ),
        ];
      }
    }
    return [];
  },
});
