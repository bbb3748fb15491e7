import { column, wide } from '../../table/index.js';
import { fieldAt } from '../../object.js';

export const rbac = { group: 'rbac.authorization.k8s.io', version: 'v1', nameRule: 'pathSegment' } as const;

export const roleColumn = column('Role', (object) => {
  const { kind = '', name = '' } = (fieldAt(object, 'roleRef') ?? {}) as { kind?: string; name?: string };
  return `${kind}/${name}`;
});

/** Who has a binding's role, in wide output. */
export const subjectColumns = (['User', 'Group', 'ServiceAccount'] as const).map((kind) =>
  wide(`${kind}s`, (object) => {
    const subjects = (fieldAt(object, 'subjects') ?? []) as readonly {
      readonly kind?: string;
      readonly name?: string;
      readonly namespace?: string;
    }[];
    return subjects
      .filter((one) => one.kind === kind)
      .map(({ name = '', namespace }) => (kind === 'ServiceAccount' ? `${namespace ?? ''}/${name}` : name))
      .join(', ');
  }),
);

export const createdAt = column('Created At', ({ metadata }) => metadata.creationTimestamp, 'date');
