import { validation } from '../../api/field-error.js';
import { defineKind, objectCollection, uncontrolledTerm } from '../../resource-type.js';
import { ageColumn, column, nameColumn, numberAt } from '../../table/index.js';
import { fill, member } from '../defaulting.js';
import { defaultTemplate, templateWarnings } from '../pod/index.js';
import { containerColumns, selectorColumn } from '../workload-columns.js';
import { apps, bySelector, workloadScale } from './group.js';
import { checkCounts, checkSameSelector, checkSelector, checkTemplate } from './workload-validation.js';
import type { Workload } from './workload-validation.js';

/** Everything wrong with a replica set (apps validation: ValidateReplicaSet). */
const replicaSetErrors = validation<Workload>((faults, object, before) => {
  const { spec = {} } = object;
  checkCounts(faults, spec);
  checkSelector(faults, spec.selector, 'empty selector is invalid for deployment');
  checkTemplate(faults, 'ReplicaSet', spec);
  checkSameSelector(faults, object, before);
});

export const replicaSets = defineKind({
  ...apps,
  kind: 'ReplicaSet',
  plural: 'replicasets',
  collection: objectCollection('replicasets.apps', { ...bySelector, uncontrolled: uncontrolledTerm }),
  shortNames: ['rs'],
  schema: 'V1ReplicaSet',
  scale: workloadScale,
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
  prepareCreate: (draft) => {
    draft['status'] = { replicas: 0 };
  },
  validate: replicaSetErrors,
  warnings: templateWarnings('spec.template'),
});
