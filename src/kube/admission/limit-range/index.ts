import type { AdmissionRequest } from '../../api/context.js';
import { StatusError } from '../../api/status-error.js';
import { limitRanges, persistentVolumeClaims, pods } from '../../kinds/index.js';
import type { Container, PodSpec } from '../../kinds/index.js';
import { valueAt } from '../../object.js';
import { podResources } from '../../quota/index.js';
import type { Amounts } from '../../quota/index.js';
import { namespaceTerm } from '../../resource-type.js';
import type { Draft } from '../../resource-type.js';
import type { AdmissionPlugin } from '../plugin.js';
import { limitErrors } from './limits.js';
import type { LimitRange, LimitRangeItem } from './limits.js';
import { own } from '../../../units/index.js';

type Write = Exclude<AdmissionRequest, { operation: 'DELETE' }>;

/** Gives containers the amounts that a namespace has for them, and keeps all within its bounds (Kubernetes: LimitRanger). */
export const limitRange: AdmissionPlugin = {
  name: 'LimitRanger',
  kinds: [pods, persistentVolumeClaims],
  operations: ['CREATE', 'UPDATE'],
  mutate: (request) => {
    if (request.operation === 'CREATE' && request.type === pods) complete(request);
  },
  validate: (request) => {
    if (request.operation === 'DELETE' || !isLimited(request)) return;
    const items = itemsOf(request);
    const errors =
      request.type === pods ? podErrors(request.draft, items) : claimErrors(request.draft, items);
    if (errors.length === 0) return;
    const why = errors.length === 1 ? String(errors[0]) : `[${errors.join(', ')}]`;
    throw StatusError.forbidden(request.type, request.name, why);
  },
};

/** Pods' amounts change by resizing alone. */
const isLimited = ({ type, operation, subresource }: Write): boolean =>
  type !== pods || operation === 'CREATE' || subresource === 'resize';

function itemsOf({ tx, scope }: Write): readonly LimitRangeItem[] {
  const term = namespaceTerm(scope.cluster, scope.namespace ?? '');
  if (tx.count(limitRanges.collection, 'byNamespace', term) === 0) return [];
  return tx
    .find(limitRanges.collection, 'byNamespace', term)
    .flatMap(({ object }) => (object as LimitRange).spec?.limits ?? []);
}

const annotation = 'kubernetes.io/limit-ranger';

/** Fills the amounts that containers leave out, and notes which on the pod. */
function complete(request: Write): void {
  const items = itemsOf(request).filter(({ type }) => type === 'Container');
  if (items.length === 0) return;
  const limits = items.reduce<Amounts>((sum, item) => ({ ...item.default, ...sum }), {});
  const requests = items.reduce<Amounts>((sum, item) => ({ ...item.defaultRequest, ...sum }), {});
  const spec = request.draft['spec'] as Draft;
  const notes: string[] = [];
  for (const [list, what] of [
    ['containers', 'container'],
    ['initContainers', 'init container'],
  ] as const) {
    for (const container of (spec[list] ?? []) as Draft[]) {
      const resources = { ...(container['resources'] as object) } as Record<string, Amounts | undefined>;
      for (const [part, defaults, word] of [
        ['requests', requests, 'request'],
        ['limits', limits, 'limit'],
      ] as const) {
        const given = resources[part] ?? {};
        const added = Object.keys(defaults).filter((name) => own(given, name) === undefined);
        if (added.length === 0) continue;
        resources[part] = { ...defaults, ...given };
        notes.push(`${added.sort().join(', ')} ${word} for ${what} ${String(container['name'])}`);
      }
      container['resources'] = resources;
    }
  }
  if (notes.length === 0) return;
  const metadata = request.draft['metadata'] as Draft;
  const text = `LimitRanger plugin set: ${notes.join('; ')}`;
  metadata['annotations'] = { ...(metadata['annotations'] as object), [annotation]: text };
}

function podErrors(draft: Draft, items: readonly LimitRangeItem[]): readonly string[] {
  const spec = draft['spec'] as PodSpec;
  const containers = [...spec.containers, ...(spec.initContainers ?? [])];
  return items.flatMap((item) => {
    if (item.type === 'Container') return containers.flatMap((one) => limitErrors(item, takenBy(one)));
    if (item.type !== 'Pod') return [];
    return limitErrors(item, {
      requests: podResources(spec, 'requests'),
      limits: podResources(spec, 'limits'),
    });
  });
}

const takenBy = ({ resources }: Container) => ({
  requests: resources?.requests ?? {},
  limits: resources?.limits ?? {},
});

function claimErrors(draft: Draft, items: readonly LimitRangeItem[]): readonly string[] {
  const requests = (valueAt(draft, ['spec', 'resources', 'requests']) ?? {}) as Amounts;
  return items
    .filter(({ type }) => type === 'PersistentVolumeClaim')
    .flatMap((item) => limitErrors(item, { requests, limits: {} }));
}
