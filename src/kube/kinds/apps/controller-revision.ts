import { defineKind, objectCollection, uncontrolledTerm } from '../../resource-type.js';
import { ageColumn, column, nameColumn, textAt } from '../../table/index.js';

export const controllerRevisions = defineKind({
  group: 'apps',
  version: 'v1',
  kind: 'ControllerRevision',
  plural: 'controllerrevisions',
  collection: objectCollection('controllerrevisions.apps', { uncontrolled: uncontrolledTerm }),
  namespaced: true,
  schema: 'V1ControllerRevision',
  columns: [
    nameColumn,
    column('Controller', ({ metadata }) => {
      const owner = metadata.ownerReferences?.find(({ controller }) => controller === true);
      return owner
        ? `${owner.kind.toLowerCase()}.${owner.apiVersion.split('/')[0] ?? ''}/${owner.name}`
        : '<none>';
    }),
    column('Revision', textAt('revision', '0'), 'integer'),
    ageColumn,
  ],
});
