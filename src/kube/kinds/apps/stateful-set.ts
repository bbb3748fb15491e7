import { defineKind, objectCollection } from '../../resource-type.js';
import type { Draft } from '../../resource-type.js';
import { ageColumn, nameColumn } from '../../table/index.js';
import { defaultClaim } from '../core/persistent-volume-claim.js';
import { fill, member, objectOf, objectsOf } from '../defaulting.js';
import { defaultTemplate, templateWarnings } from '../pod/index.js';
import { containerColumns, readyColumn } from '../workload-columns.js';
import { apps, bySelector, workloadScale } from './group.js';
import { statefulSetErrors } from './stateful-set-validation.js';

/** The gate of this field is off unless it is asked for, as in AKS: what is said of it is dropped. */
function dropMaxUnavailable(draft: Draft): void {
  const rolling = objectOf(objectOf(objectOf(draft['spec'])?.['updateStrategy'])?.['rollingUpdate']);
  if (rolling) delete rolling['maxUnavailable'];
}

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
  prepareUpdate: dropMaxUnavailable,
  prepareCreate: (draft) => {
    dropMaxUnavailable(draft);
    draft['status'] = { availableReplicas: 0, replicas: 0 };
  },
  validate: statefulSetErrors,
  warnings: templateWarnings('spec.template'),
});
