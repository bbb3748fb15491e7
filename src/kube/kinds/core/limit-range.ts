import { defineKind } from '../../resource-type.js';
import type { Draft } from '../../resource-type.js';
import { column, nameColumn } from '../../table/index.js';
import { member, objectOf, objectsOf } from '../defaulting.js';
import { limitRangeErrors } from './limit-range-validation.js';

/** A container's limit is the maximum unless it is said, its request the limit, or else the minimum (core/v1 defaults). */
function defaultLimit(limit: Draft): void {
  if (limit['type'] !== 'Container') return;
  const [ordinary, request] = [member(limit, 'default'), member(limit, 'defaultRequest')];
  limit['default'] = { ...objectOf(limit['max']), ...ordinary };
  limit['defaultRequest'] = { ...objectOf(limit['min']), ...objectOf(limit['default']), ...request };
}

export const limitRanges = defineKind({
  group: '',
  version: 'v1',
  kind: 'LimitRange',
  plural: 'limitranges',
  shortNames: ['limits'],
  namespaced: true,
  schema: 'V1LimitRange',
  columns: [nameColumn, column('Created At', ({ metadata }) => metadata.creationTimestamp, 'date')],
  applyDefaults: (draft) => {
    for (const limit of objectsOf(member(draft, 'spec')['limits'])) defaultLimit(limit);
  },
  validate: limitRangeErrors,
});
