import { validation } from '../../api/field-error.js';
import { canonicalJson } from '../../object.js';
import type { KubeObject } from '../../object.js';
import { defineKind, objectCollection, uncontrolledTerm } from '../../resource-type.js';
import { ageColumn, column, nameColumn, numberAt } from '../../table/index.js';

interface ControllerRevision extends KubeObject {
  readonly data?: unknown;
  readonly revision?: number;
}

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
    column('Revision', numberAt('revision')),
    ageColumn,
  ],
  validate: validation<ControllerRevision>((faults, { data, revision }, before) => {
    if (data === undefined) faults.required('data', 'data is mandatory');
    faults.nonNegative('revision', revision);
    if (before) faults.immutable('data', data, canonicalJson(data) === canonicalJson(before.data));
  }),
});
