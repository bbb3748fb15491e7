import type { KubeObject } from '../object.js';
import { membersOf, valueAt } from '../object.js';
import type { LabelSelector } from '../selectors/index.js';
import { labelSelectorText } from '../selectors/index.js';
import { defineKind } from '../resource-type.js';
import type { Draft, ScaleRule } from '../resource-type.js';
import { ageColumn, column, nameColumn, numberAt, textAt } from '../table/index.js';
import { invalid } from '../api/status-error.js';
import { defaultTemplate, fill, member } from './pod-defaults.js';
import { selectorUnchanged, workloadErrors } from './pod-validation.js';
import type { PodTemplateSpec } from './pod.js';
import { containerColumns, labelsAt, readyColumn, selectorColumn } from './workload-columns.js';

interface WorkloadSpec {
  readonly replicas?: number;
  readonly selector?: LabelSelector;
  readonly template?: PodTemplateSpec;
}

const specOf = (object: KubeObject): WorkloadSpec => (membersOf(object)['spec'] ?? {}) as WorkloadSpec;
const number = (object: KubeObject, path: string): number =>
  Number(valueAt(membersOf(object), path.split('.')) ?? 0);

/** How workloads scale: `spec.replicas`, `status.replicas` and the selector of their pods. */
export const workloadScale: ScaleRule = {
  replicas: (object) => number(object, 'spec.replicas'),
  statusReplicas: (object) => number(object, 'status.replicas'),
  selector: (object) => labelSelectorText(specOf(object).selector),
};

const validate = (object: KubeObject, before: KubeObject | undefined) => [
  ...workloadErrors(specOf(object)),
  ...selectorUnchanged(object, before),
];

const newStatus = (draft: Draft): void => {
  draft['status'] = {};
};

const apps = {
  group: 'apps',
  version: 'v1',
  namespaced: true,
  hasStatus: true,
  categories: ['all'],
} as const;

export const deployments = defineKind({
  ...apps,
  kind: 'Deployment',
  plural: 'deployments',
  shortNames: ['deploy'],
  schema: 'V1Deployment',
  scale: workloadScale,
  columns: [
    nameColumn,
    readyColumn('status.readyReplicas', 'spec.replicas'),
    column('Up-to-date', numberAt('status.updatedReplicas')),
    column('Available', numberAt('status.availableReplicas')),
    ageColumn,
    ...containerColumns(),
    selectorColumn,
  ],
  applyDefaults: (draft) => {
    const spec = member(draft, 'spec');
    fill(spec, 'replicas', 1);
    fill(spec, 'revisionHistoryLimit', 10);
    fill(spec, 'progressDeadlineSeconds', 600);
    const strategy = member(spec, 'strategy');
    fill(strategy, 'type', 'RollingUpdate');
    if (strategy['type'] === 'RollingUpdate') {
      const rolling = member(strategy, 'rollingUpdate');
      fill(rolling, 'maxUnavailable', '25%');
      fill(rolling, 'maxSurge', '25%');
    }
    defaultTemplate(spec);
  },
  prepareCreate: newStatus,
  validate: (object, before) => {
    const strategy = valueAt(membersOf(object), ['spec', 'strategy']) as
      { type?: string; rollingUpdate?: { maxSurge?: unknown; maxUnavailable?: unknown } } | undefined;
    const errors = [...validate(object, before)];
    if (strategy?.type === 'Recreate' && strategy.rollingUpdate) {
      errors.push({
        type: 'forbidden',
        field: 'spec.strategy.rollingUpdate',
        detail: "may not be specified when strategy `type` is 'Recreate'",
      });
    }
    const isZero = (value: unknown) => value === 0 || value === '0%';
    if (isZero(strategy?.rollingUpdate?.maxUnavailable) && isZero(strategy?.rollingUpdate?.maxSurge)) {
      errors.push(
        invalid(
          'spec.strategy.rollingUpdate.maxUnavailable',
          strategy?.rollingUpdate?.maxUnavailable,
          'may not be 0 when `maxSurge` is 0',
        ),
      );
    }
    return errors;
  },
});

export const replicaSets = defineKind({
  ...apps,
  kind: 'ReplicaSet',
  plural: 'replicasets',
  shortNames: ['rs'],
  schema: 'V1ReplicaSet',
  scale: workloadScale,
  selectable: ['status.replicas'],
  columns: [
    nameColumn,
    column('Desired', numberAt('spec.replicas'), 'integer'),
    column('Current', numberAt('status.replicas'), 'integer'),
    column('Ready', numberAt('status.readyReplicas'), 'integer'),
    ageColumn,
    ...containerColumns(),
    selectorColumn,
  ],
  applyDefaults: (draft) => {
    const spec = member(draft, 'spec');
    fill(spec, 'replicas', 1);
    defaultTemplate(spec);
  },
  prepareCreate: newStatus,
  validate,
});

export const statefulSets = defineKind({
  ...apps,
  kind: 'StatefulSet',
  plural: 'statefulsets',
  shortNames: ['sts'],
  schema: 'V1StatefulSet',
  scale: workloadScale,
  columns: [
    nameColumn,
    readyColumn('status.readyReplicas', 'spec.replicas'),
    ageColumn,
    ...containerColumns(),
  ],
  applyDefaults: (draft) => {
    const spec = member(draft, 'spec');
    fill(spec, 'replicas', 1);
    fill(spec, 'revisionHistoryLimit', 10);
    fill(spec, 'podManagementPolicy', 'OrderedReady');
    const strategy = member(spec, 'updateStrategy');
    fill(strategy, 'type', 'RollingUpdate');
    if (strategy['type'] === 'RollingUpdate') fill(member(strategy, 'rollingUpdate'), 'partition', 0);
    const retention = member(spec, 'persistentVolumeClaimRetentionPolicy');
    fill(retention, 'whenDeleted', 'Retain');
    fill(retention, 'whenScaled', 'Retain');
    defaultTemplate(spec);
  },
  prepareCreate: newStatus,
  validate,
});

export const daemonSets = defineKind({
  ...apps,
  kind: 'DaemonSet',
  plural: 'daemonsets',
  shortNames: ['ds'],
  schema: 'V1DaemonSet',
  columns: [
    nameColumn,
    column('Desired', numberAt('status.desiredNumberScheduled'), 'integer'),
    column('Current', numberAt('status.currentNumberScheduled'), 'integer'),
    column('Ready', numberAt('status.numberReady'), 'integer'),
    column('Up-to-date', numberAt('status.updatedNumberScheduled'), 'integer'),
    column('Available', numberAt('status.numberAvailable'), 'integer'),
    column('Node Selector', labelsAt('spec.template.spec.nodeSelector')),
    ageColumn,
    ...containerColumns(),
    selectorColumn,
  ],
  applyDefaults: (draft) => {
    const spec = member(draft, 'spec');
    fill(spec, 'revisionHistoryLimit', 10);
    const strategy = member(spec, 'updateStrategy');
    fill(strategy, 'type', 'RollingUpdate');
    if (strategy['type'] === 'RollingUpdate') {
      const rolling = member(strategy, 'rollingUpdate');
      fill(rolling, 'maxUnavailable', 1);
      fill(rolling, 'maxSurge', 0);
    }
    defaultTemplate(spec);
  },
  prepareCreate: newStatus,
  validate,
});

export const controllerRevisions = defineKind({
  group: 'apps',
  version: 'v1',
  kind: 'ControllerRevision',
  plural: 'controllerrevisions',
  namespaced: true,
  schema: 'V1ControllerRevision',
  columns: [
    nameColumn,
    column('Controller', ({ metadata }) => {
      const owner = metadata.ownerReferences?.find(({ controller }) => controller === true);
      return owner
        ? `${owner.kind.toLowerCase()}.${owner.apiVersion.split('/')[0] ?? ''}/${owner.name}`
        : '<none>';
    }),
    column('Revision', textAt('revision', '0'), 'integer'),
    ageColumn,
  ],
});

export const replicationControllers = defineKind({
  group: '',
  version: 'v1',
  kind: 'ReplicationController',
  plural: 'replicationcontrollers',
  shortNames: ['rc'],
  categories: ['all'],
  namespaced: true,
  hasStatus: true,
  tracksGeneration: true,
  schema: 'V1ReplicationController',
  selectable: ['status.replicas'],
  columns: [
    nameColumn,
    column('Desired', numberAt('spec.replicas'), 'integer'),
    column('Current', numberAt('status.replicas'), 'integer'),
    column('Ready', numberAt('status.readyReplicas'), 'integer'),
    ageColumn,
    ...containerColumns(),
  ],
  applyDefaults: (draft) => {
    const spec = member(draft, 'spec');
    fill(spec, 'replicas', 1);
    defaultTemplate(spec);
  },
  prepareCreate: newStatus,
});
