import { fieldAt, membersOf } from '../../object.js';
import type { KubeObject, Stored } from '../../object.js';
import type { ScaleRule } from '../../resource-type.js';
import { labelSelectorText, selectorTerm } from '../../selectors/index.js';
import type { WorkloadSpec } from './workload-validation.js';

const specOf = (object: KubeObject): WorkloadSpec => (membersOf(object)['spec'] ?? {}) as WorkloadSpec;

const countAt = (object: KubeObject, path: string): number => Number(fieldAt(object, path) ?? 0);

/** How workloads scale: `spec.replicas`, `status.replicas` and the selector of their pods. */
export const workloadScale: ScaleRule = {
  replicas: (object) => countAt(object, 'spec.replicas'),
  statusReplicas: (object) => countAt(object, 'status.replicas'),
  selector: (object) => labelSelectorText(specOf(object).selector),
};

/** The index by which pods find the workloads that may select them. */
export const bySelector = {
  bySelector: (stored: Stored) => selectorTerm(stored, specOf(stored.object).selector),
};

export const apps = {
  group: 'apps',
  version: 'v1',
  namespaced: true,
  hasStatus: true,
  categories: ['all'],
} as const;
