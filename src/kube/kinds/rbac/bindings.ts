import { checkName } from '../../api/names.js';
import { Faults, validation } from '../../api/field-error.js';
import { canonicalJson } from '../../object.js';
import type { KubeObject } from '../../object.js';
import type { Draft } from '../../resource-type.js';
import { fill, member, objectsOf } from '../defaulting.js';
import { rbac } from './group.js';

interface Subject {
  readonly kind?: string;
  readonly apiGroup?: string;
  readonly name?: string;
  readonly namespace?: string;
}
interface Binding extends KubeObject {
  readonly roleRef?: { readonly apiGroup?: string; readonly kind?: string; readonly name?: string };
  readonly subjects?: readonly Subject[];
}

/** Users, groups and roles are of the group of RBAC unless it is said otherwise. */
export const defaultSubjects = (draft: Draft): void => {
  fill(member(draft, 'roleRef'), 'apiGroup', rbac.group);
  for (const subject of objectsOf(draft['subjects'])) {
    if (subject['kind'] !== 'ServiceAccount') fill(subject, 'apiGroup', rbac.group);
  }
};

/** Everything wrong with a binding to roles of `kinds` (rbac validation: ValidateRoleBinding). */
export const bindingErrors = (kinds: readonly string[]) =>
  validation<Binding>((faults, { roleRef = {}, subjects = [], metadata }, before) => {
    faults.oneOf('roleRef.apiGroup', roleRef.apiGroup ?? '', [rbac.group]);
    faults.oneOf('roleRef.kind', roleRef.kind ?? '', kinds);
    checkName(faults, 'roleRef.name', rbac.nameRule, roleRef.name);
    for (const [index, subject] of subjects.entries()) {
      checkSubject(faults, `subjects[${String(index)}]`, subject, metadata.namespace);
    }
    if (before && canonicalJson(before.roleRef ?? {}) !== canonicalJson(roleRef))
      faults.invalid('roleRef', roleRef, 'cannot change roleRef');
  });

function checkSubject(faults: Faults, at: string, subject: Subject, namespace: string | undefined): void {
  const { kind = '', apiGroup = '', name = '' } = subject;
  if (name === '') faults.required(`${at}.name`);
  switch (kind) {
    case 'ServiceAccount':
      if (name !== '') checkName(faults, `${at}.name`, 'subdomain', name);
      faults.oneOf(`${at}.apiGroup`, apiGroup, ['']);
      if (namespace === undefined && !subject.namespace) faults.required(`${at}.namespace`);
      return;
    case 'User':
    case 'Group':
      faults.oneOf(`${at}.apiGroup`, apiGroup, [rbac.group]);
      return;
    default:
      faults.oneOf(`${at}.kind`, kind, ['ServiceAccount', 'User', 'Group']);
  }
}
