import { defineKind, objectCollection } from '../../resource-type.js';
import { bySelector } from '../apps/group.js';
import { ageColumn, column, nameColumn, numberAt, textAt } from '../../table/index.js';
import { budgetErrors } from './pod-disruption-budget-validation.js';

export const podDisruptionBudgets = defineKind({
  collection: objectCollection('poddisruptionbudgets.policy', bySelector),
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
  validate: budgetErrors,
});
