import { fieldAt } from '../../object.js';
import { defineKind } from '../../resource-type.js';
import { ageColumn, column, nameColumn, textAt } from '../../table/index.js';
import { objectOf } from '../defaulting.js';
import { admission } from './group.js';
import { defaultMatchResources } from './policy-defaults.js';
import { policyBindingErrors } from './policy-validation.js';

export const validatingAdmissionPolicyBindings = defineKind({
  ...admission,
  categories: ['api-extensions'],
  kind: 'ValidatingAdmissionPolicyBinding',
  plural: 'validatingadmissionpolicybindings',
  schema: 'V1ValidatingAdmissionPolicyBinding',
  columns: [
    nameColumn,
    column('PolicyName', textAt('spec.policyName')),
    column('ParamRef', (object) => {
      if (fieldAt(object, 'spec.paramRef') === undefined) return '<unset>';
      const parts = ['namespace', 'name'].map((member) => fieldAt(object, `spec.paramRef.${member}`));
      return parts.filter((part) => typeof part === 'string' && part !== '').join('/');
    }),
    ageColumn,
  ],
  tracksGeneration: true,
  applyDefaults: (draft) => defaultMatchResources(objectOf(objectOf(draft['spec'])?.['matchResources'])),
  validate: policyBindingErrors,
});
