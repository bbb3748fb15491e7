import { defineKind, objectCollection } from '../../resource-type.js';
import { ageColumn, column, nameColumn, numberAt } from '../../table/index.js';
import { newStatus } from '../kind-parts.js';
import { fill, member } from '../defaulting.js';
import { defaultTemplate, templateWarnings } from '../pod/index.js';
import { containerColumns, readyColumn, selectorColumn } from '../workload-columns.js';
import { deploymentErrors } from './deployment-validation.js';
import { apps, bySelector, workloadScale } from './group.js';

export const deployments = defineKind({
  ...apps,
  kind: 'Deployment',
  plural: 'deployments',
  collection: objectCollection('deployments.apps', bySelector),
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
  validate: deploymentErrors,
  warnings: templateWarnings('spec.template'),
});
