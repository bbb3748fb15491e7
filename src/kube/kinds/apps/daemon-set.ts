import { defineKind, objectCollection } from '../../resource-type.js';
import { ageColumn, column, nameColumn, numberAt } from '../../table/index.js';
import { fill, member } from '../defaulting.js';
import { defaultTemplate, templateWarnings } from '../pod/index.js';
import { containerColumns, labelsAt, selectorColumn } from '../workload-columns.js';
import { daemonSetErrors } from './daemon-set-validation.js';
import { apps, bySelector } from './group.js';

export const daemonSets = defineKind({
  ...apps,
  kind: 'DaemonSet',
  plural: 'daemonsets',
  collection: objectCollection('daemonsets.apps', bySelector),
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
  prepareCreate: (draft) => {
    draft['status'] = {
      currentNumberScheduled: 0,
      desiredNumberScheduled: 0,
      numberMisscheduled: 0,
      numberReady: 0,
    };
  },
  validate: daemonSetErrors,
  warnings: templateWarnings('spec.template'),
});
