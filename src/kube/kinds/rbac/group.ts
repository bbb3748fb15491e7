import { column } from '../../table/index.js';
import { fieldAt } from '../../object.js';

export const rbac = { group: 'rbac.authorization.k8s.io', version: 'v1', nameRule: 'pathSegment' } as const;

export const roleColumn = column('Role', (object) => {
  const { kind = '', name = '' } = (fieldAt(object, 'roleRef') ?? {}) as { kind?: string; name?: string };
  return `${kind}/${name}`;
});

export const createdAt = column('Created At', ({ metadata }) => metadata.creationTimestamp, 'date');
