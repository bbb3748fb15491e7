import { validation } from '../../api/field-error.js';
import type { KubeObject } from '../../object.js';
import { defineKind } from '../../resource-type.js';
import { ageColumn, column, nameColumn, textAt } from '../../table/index.js';
import { flowControl } from './group.js';

interface PriorityLevel extends KubeObject {
  readonly spec?: {
    readonly type?: string;
    readonly limited?: {
      readonly limitResponse?: { readonly type?: string; readonly queuing?: object };
    };
  };
}

/** What waits needs queues, and what is refused at once has none. */
const levelErrors = validation<PriorityLevel>((faults, { spec = {} }) => {
  const { limitResponse } = spec.limited ?? {};
  const at = 'spec.limited.limitResponse.queuing';
  if (limitResponse?.type === 'Queue' && limitResponse.queuing === undefined)
    faults.required(at, 'must not be empty if limited.limitResponse.type is Limited');
  if (limitResponse?.type === 'Reject' && limitResponse.queuing !== undefined)
    faults.forbidden(at, 'must be nil if limited.limitResponse.type is not Limited');
});

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
  validate: levelErrors,
});
