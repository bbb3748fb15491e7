import { fieldAt } from '../../object.js';
import { defineKind } from '../../resource-type.js';
import { ageColumn, column, nameColumn, numberAt, textAt } from '../../table/index.js';
import { fill, member } from '../defaulting.js';
import { flowControl } from './group.js';

export const flowSchemas = defineKind({
  ...flowControl,
  kind: 'FlowSchema',
  plural: 'flowschemas',
  schema: 'V1FlowSchema',
  columns: [
    nameColumn,
    column('PriorityLevel', textAt('spec.priorityLevelConfiguration.name')),
    column('MatchingPrecedence', numberAt('spec.matchingPrecedence')),
    column('DistinguisherMethod', textAt('spec.distinguisherMethod.type')),
    ageColumn,
    column('MissingPL', (object) => {
      const conditions = (fieldAt(object, 'status.conditions') ?? []) as readonly {
        readonly type: string;
        readonly status: string;
      }[];
      return conditions.find(({ type }) => type === 'Dangling')?.status ?? '?';
    }),
  ],
  prepareCreate: (draft) => {
    draft['status'] = {};
  },
  applyDefaults: (draft) => fill(member(draft, 'spec'), 'matchingPrecedence', 1000),
});
