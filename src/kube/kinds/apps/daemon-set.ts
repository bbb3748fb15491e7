import { canonicalJson, valueAt } from '../../object.js';
import { defineKind, objectCollection } from '../../resource-type.js';
import { ageColumn, column, nameColumn, numberAt } from '../../table/index.js';
import { fill, member } from '../defaulting.js';
import { defaultTemplate, templateWarnings } from '../pod/index.js';
import { containerColumns, labelsAt, selectorColumn } from '../workload-columns.js';
import { daemonSetErrors } from './daemon-set-validation.js';
import { apps, bySelector } from './group.js';

/** How often the template has been set, kept as an annotation since apps/v1 (extensions/v1beta1: templateGeneration). */
const templateGeneration = 'deprecated.daemonset.template.generation';

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
    member(member(draft, 'metadata'), 'annotations')[templateGeneration] = '1';
    draft['status'] = {
      currentNumberScheduled: 0,
      desiredNumberScheduled: 0,
      numberMisscheduled: 0,
      numberReady: 0,
    };
  },
  prepareUpdate: (draft, before) => {
    const template = (object: object) => canonicalJson(valueAt({ ...object }, ['spec', 'template']));
    const isChanged = template(draft) !== template(before);
    const count = Number(before.metadata.annotations?.[templateGeneration] ?? 1) + (isChanged ? 1 : 0);
    member(member(draft, 'metadata'), 'annotations')[templateGeneration] = String(count);
  },
  validate: daemonSetErrors,
  warnings: templateWarnings('spec.template'),
});
