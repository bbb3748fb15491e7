import { defineKind } from '../../resource-type.js';
import { ageColumn, column, nameColumn, textAt } from '../../table/index.js';
import { flowControl } from './group.js';

export const priorityLevelConfigurations = defineKind({
  ...flowControl,
  kind: 'PriorityLevelConfiguration',
  plural: 'prioritylevelconfigurations',
  schema: 'V1PriorityLevelConfiguration',
  columns: [
    nameColumn,
    column('Type', textAt('spec.type')),
    column('NominalConcurrencyShares', textAt('spec.limited.nominalConcurrencyShares')),
    column('Queues', textAt('spec.limited.limitResponse.queuing.queues')),
    column('HandSize', textAt('spec.limited.limitResponse.queuing.handSize')),
    column('QueueLengthLimit', textAt('spec.limited.limitResponse.queuing.queueLengthLimit')),
    ageColumn,
  ],
});
