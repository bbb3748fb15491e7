import { defineKind, objectCollection } from '../../resource-type.js';
import { ageColumn, nameColumn } from '../../table/index.js';
import { newStatus } from '../kind-parts.js';
import { fill, member } from '../defaulting.js';
import { defaultTemplate } from '../pod/index.js';
import { containerColumns, readyColumn } from '../workload-columns.js';
import { apps, bySelector, workloadFaults, workloadScale } from './group.js';

export const statefulSets = defineKind({
  ...apps,
  kind: 'StatefulSet',
  plural: 'statefulsets',
  collection: objectCollection('statefulsets.apps', bySelector),
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
  validate: workloadFaults,
});
