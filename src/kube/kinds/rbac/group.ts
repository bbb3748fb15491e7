import { invalid } from '../../api/status-error.js';
import { fieldAt } from '../../object.js';
import type { KubeObject } from '../../object.js';
import { column } from '../../table/index.js';
import { fill } from '../defaulting.js';

export const rbac = { group: 'rbac.authorization.k8s.io', version: 'v1', nameRule: 'pathSegment' } as const;

export const roleColumn = column('Role', (object) => {
  const { kind = '', name = '' } = (fieldAt(object, 'roleRef') ?? {}) as { kind?: string; name?: string };
  return `${kind}/${name}`;
});

export const createdAt = column('Created At', ({ metadata }) => metadata.creationTimestamp, 'date');

/** A binding's role is what it was made with, for good. */
export const roleRefUnchanged = (object: KubeObject, before: KubeObject | undefined) => {
  const role = fieldAt(object, 'roleRef');
  const same = !before || JSON.stringify(role) === JSON.stringify(fieldAt(before, 'roleRef'));
  return same ? [] : [invalid('roleRef', role, 'cannot change roleRef')];
};

export const defaultSubjects = (draft: Record<string, unknown>): void => {
  const group = 'rbac.authorization.k8s.io';
  const roleRef = draft['roleRef'];
  if (typeof roleRef === 'object' && roleRef !== null)
    fill(roleRef as Record<string, unknown>, 'apiGroup', group);
  for (const subject of (draft['subjects'] ?? []) as Record<string, unknown>[]) {
    if (subject['kind'] !== 'ServiceAccount') fill(subject, 'apiGroup', group);
  }
};
