import { defineKind, objectCollection } from '../../resource-type.js';
import { ageColumn, nameColumn } from '../../table/index.js';
import { defaultClaim } from '../core/persistent-volume-claim.js';
import { fill, member, objectsOf } from '../defaulting.js';
import { defaultTemplate, templateWarnings } from '../pod/index.js';
import { containerColumns, readyColumn } from '../workload-columns.js';
import { apps, bySelector, workloadScale } from './group.js';
import { statefulSetErrors } from './stateful-set-validation.js';

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
    for (const claim of objectsOf(spec['volumeClaimTemplates'])) {
      fill(claim, 'apiVersion', 'v1');
      fill(claim, 'kind', 'PersistentVolumeClaim');
      defaultClaim(claim);
      fill(member(claim, 'status'), 'phase', 'Pending');
    }
  },
  prepareCreate: (draft) => {
    draft['status'] = { availableReplicas: 0, replicas: 0 };
  },
  validate: statefulSetErrors,
  warnings: templateWarnings('spec.template'),
});
