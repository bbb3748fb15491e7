import { defineKind, objectCollection, uncontrolledTerm } from '../../resource-type.js';
import { ageColumn, column, nameColumn, numberAt } from '../../table/index.js';
import { newStatus } from '../kind-parts.js';
import { fill, member } from '../defaulting.js';
import { defaultTemplate } from '../pod/index.js';
import { containerColumns, selectorColumn } from '../workload-columns.js';
import { apps, bySelector, workloadFaults, workloadScale } from './group.js';

export const replicaSets = defineKind({
  ...apps,
  kind: 'ReplicaSet',
  plural: 'replicasets',
  collection: objectCollection('replicasets.apps', { ...bySelector, uncontrolled: uncontrolledTerm }),
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
  validate: workloadFaults,
});
