import { compareQuantities, own } from '../../units/index.js';
import type { Transaction } from '../../store/index.js';
import type { AdmissionRequest, WriteContext } from '../api/context.js';
import { StatusError } from '../api/status-error.js';
import { persistentVolumeClaims, pods, resourceQuotas, services } from '../kinds/index.js';
import type { Container, PodSpec } from '../kinds/index.js';
import type { KubeObject, Stored } from '../object.js';
import {
  amountsText,
  countUsed,
  differenceOf,
  isInScope,
  only,
  quotaUsage,
  requirementsOf,
  sumOf,
} from '../quota/index.js';
import type { Amounts, ResourceQuota } from '../quota/index.js';
import { namespaceTerm, objectKey } from '../resource-type.js';
import type { ResourceType } from '../resource-type.js';
import type { AdmissionPlugin } from './plugin.js';

type Write = Exclude<AdmissionRequest, { operation: 'DELETE' }>;

/** Kinds whose changes can take more of a quota. */
const growing: ReadonlySet<ResourceType> = new Set([persistentVolumeClaims, pods, services]);

/** Nothing is taken beyond a namespace's quotas; what is taken is noted on them (Kubernetes: ResourceQuota). */
export const resourceQuota: AdmissionPlugin = {
  name: 'ResourceQuota',
  operations: ['CREATE', 'UPDATE'],
  validate: (request, context) => {
    const { type, scope, tx, operation, subresource } = request;
    if (operation === 'DELETE' || scope.namespace === undefined) return;
    const term = namespaceTerm(scope.cluster, scope.namespace);
    if (tx.count(resourceQuotas.collection, 'byNamespace', term) === 0) return;
    if (operation === 'UPDATE' && (!growing.has(type) || (type === pods && subresource !== 'resize'))) return;
    const quotas = tx.find(resourceQuotas.collection, 'byNamespace', term);
    const charges = quotas.flatMap(({ object }) => {
      const charge = chargeOf(request, object as ResourceQuota, context);
      return charge ? [charge] : [];
    });
    // All quotas are asked before any is charged.
    for (const { quota, used } of charges) put(tx, scope.cluster, quota, used);
  },
};

interface Charge {
  readonly quota: ResourceQuota;
  readonly used: Amounts;
}

/** What a quota's usage becomes; undefined when it stays. @throws StatusError 403 when it would be too much */
function chargeOf(request: Write, quota: ResourceQuota, { kinds }: WriteContext): Charge | undefined {
  const { type, scope, before, tx, name } = request;
  const object = request.draft as unknown as KubeObject;
  const stored: Stored = { cluster: scope.cluster, object };
  const hard = quota.status?.hard ?? quota.spec?.hard ?? {};
  const isCounted = isInScope(requirementsOf(quota), type, object);
  if (isCounted && type === pods && !before) checkPod(request, quota, hard);
  const is = quotaUsage(quota, type, stored);
  const was = before ? quotaUsage(quota, type, { cluster: scope.cluster, object: before }) : {};
  const asked = differenceOf(is, was);
  const more = Object.keys(asked).filter(
    (resource) => compareQuantities(own(asked, resource) ?? '0', '0') > 0,
  );
  if (more.length === 0) return undefined;
  // A quota so new that nobody has counted for it is counted for now.
  const known = quota.status?.used ?? countUsed(tx, kinds.of(scope.cluster).stored, scope.cluster, quota);
  const used = sumOf(known, asked);
  const exceeded = more.filter(
    (resource) => compareQuantities(own(used, resource) ?? '0', own(hard, resource) ?? '0') > 0,
  );
  if (exceeded.length === 0) return { quota, used };
  const told = (amounts: Amounts) => amountsText(only(amounts, exceeded));
  throw StatusError.forbidden(
    type,
    name,
    `exceeded quota: ${quota.metadata.name}, requested: ${told(asked)}, used: ${told(known)}, limited: ${told(hard)}`,
  );
}

function put(tx: Transaction, cluster: string, quota: ResourceQuota, used: Amounts): void {
  const key = objectKey(cluster, quota.metadata.namespace, quota.metadata.name);
  const stored = tx.get(resourceQuotas.collection, key);
  if (!stored) return;
  const status = { hard: quota.spec?.hard ?? {}, ...quota.status, used };
  tx.put(resourceQuotas.collection, key, { ...stored, object: { ...quota, status } as ResourceQuota });
}

const computeNames = ['cpu', 'memory', 'requests.cpu', 'requests.memory', 'limits.cpu', 'limits.memory'];

/** Where a quota limits processors or memory, every container says how much it takes. */
function checkPod(request: Write, quota: ResourceQuota, hard: Amounts): void {
  const spec = request.draft['spec'] as PodSpec;
  const containers = [...spec.containers, ...(spec.initContainers ?? [])];
  const missing = Object.keys(hard)
    .filter((resource) => computeNames.includes(resource))
    .sort()
    .flatMap((resource) => {
      const without = containers.filter((container) => !says(container, resource)).map(({ name }) => name);
      return without.length === 0 ? [] : [`${resource} for: ${without.sort().join(',')}`];
    });
  if (missing.length === 0) return;
  throw StatusError.forbidden(
    request.type,
    request.name,
    `failed quota: ${quota.metadata.name}: must specify ${missing.join('; ')}`,
  );
}

function says({ resources }: Container, resource: string): boolean {
  const [part, name] = resource.includes('.') ? resource.split('.') : ['requests', resource];
  return own(part === 'limits' ? resources?.limits : resources?.requests, name ?? '') !== undefined;
}
