import { fieldAt } from '../../object.js';
import { defineKind } from '../../resource-type.js';
import { ageColumn, column, lengthAt, nameColumn } from '../../table/index.js';
import { admission } from './group.js';
import { defaultPolicy } from './policy-defaults.js';
import { policyErrors } from './policy-validation.js';

export const validatingAdmissionPolicies = defineKind({
  ...admission,
  categories: ['api-extensions'],
  kind: 'ValidatingAdmissionPolicy',
  plural: 'validatingadmissionpolicies',
  schema: 'V1ValidatingAdmissionPolicy',
  columns: [
    nameColumn,
    column('Validations', lengthAt('spec.validations'), 'integer'),
    column('ParamKind', (object) => {
      const kind = fieldAt(object, 'spec.paramKind.kind');
      const version = fieldAt(object, 'spec.paramKind.apiVersion');
      return kind === undefined ? '<unset>' : `${String(version)}/${String(kind)}`;
    }),
    ageColumn,
  ],
  hasStatus: true,
  tracksGeneration: true,
  prepareCreate: (draft) => {
    draft['status'] = {};
  },
  applyDefaults: defaultPolicy,
  validate: policyErrors,
});
