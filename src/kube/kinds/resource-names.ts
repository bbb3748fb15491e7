import type { Faults } from '../api/field-error.js';
import { qualifiedNameFaults } from '../api/names.js';
import { milliValue, quantityValue } from '../../units/index.js';

/** Amounts of resources by name (core/v1 ResourceList). */
export type ResourceList = Readonly<Record<string, string>>;

const container: ReadonlySet<string> = new Set(['cpu', 'memory', 'ephemeral-storage']);
/** Resources of which there are whole ones only: they are counted. */
const counted: ReadonlySet<string> = new Set([
  'pods',
  'resourcequotas',
  'services',
  'replicationcontrollers',
  'secrets',
  'configmaps',
  'persistentvolumeclaims',
  'services.nodeports',
  'services.loadbalancers',
]);
const quota: ReadonlySet<string> = new Set([
  ...counted,
  ...container,
  ...[...container].flatMap((name) => [`requests.${name}`, `limits.${name}`]),
  'requests.storage',
]);
const standard: ReadonlySet<string> = new Set([...quota, 'storage']);

const hugePages = 'hugepages-';

export const isHugePages = (name: string): boolean => name.startsWith(hugePages);

/** A resource of Kubernetes itself: its name has no domain, or one of kubernetes.io. */
const isNative = (name: string): boolean => !name.includes('/') || name.includes('kubernetes.io/');

/** A resource that somebody else defines, such as `nvidia.com/gpu`; there are whole ones only. */
export const isExtended = (name: string): boolean =>
  !isNative(name) && !name.startsWith('requests.') && qualifiedNameFaults(`requests.${name}`).length === 0;

/** Whether limits may be above requests: what is given out by the piece can't be promised twice. */
export const isOvercommitAllowed = (name: string): boolean => isNative(name) && !isHugePages(name);

/** A resource's name in general (core validation: validateResourceName); tells whether it is sound. */
function checkResourceName(faults: Faults, at: string, name: string): boolean {
  const wrong = qualifiedNameFaults(name);
  faults.invalid(at, name, wrong);
  if (wrong.length > 0) return false;
  if (
    name.includes('/') ||
    standard.has(name) ||
    isHugePages(name) ||
    name.startsWith('requests.hugepages-')
  ) {
    return true;
  }
  faults.invalid(at, name, 'must be a standard resource type or fully qualified');
  return false;
}

export function checkContainerResourceName(faults: Faults, at: string, name: string): void {
  if (container.has(name)) return;
  checkResourceName(faults, at, name);
  if (!name.includes('/')) {
    if (!isHugePages(name)) faults.invalid(at, name, 'must be a standard resource for containers');
  } else if (!isNative(name) && !isExtended(name)) {
    faults.invalid(at, name, "doesn't follow extended resource name standard");
  }
}

/** What a pod as a whole may ask for (Kubernetes: pod-level resources). */
export function checkPodResourceName(faults: Faults, at: string, name: string): void {
  if (!checkResourceName(faults, at, name)) return;
  if (name !== 'cpu' && name !== 'memory' && !isHugePages(name)) {
    faults.oneOf(at, name, ['cpu', 'hugepages-', 'memory']);
  }
}

export function checkQuotaResourceName(faults: Faults, at: string, name: string): void {
  checkResourceName(faults, at, name);
  if (name.includes('/') || isQuotaResource(name)) return;
  faults.invalid(at, name, 'must be a standard resource for quota');
}

/** Resources that quotas limit by themselves, without a domain or `count/`. */
export const isQuotaResource = (name: string): boolean =>
  quota.has(name) || isHugePages(name) || name.startsWith('requests.hugepages-');

/** Any resource's name, e.g. of a limit on claims. */
export const checkAnyResourceName = (faults: Faults, at: string, name: string): void => {
  checkResourceName(faults, at, name);
};

/** An amount of a resource: never negative, and whole where the resource comes by the piece. */
export function checkResourceAmount(faults: Faults, at: string, name: string, amount: string): void {
  const millis = milliValue(amount);
  if (millis < 0) faults.invalid(at, amount, 'must be greater than or equal to 0');
  if (millis % 1000 !== 0 && (counted.has(name) || isExtended(name))) {
    faults.invalid(at, amount, 'must be an integer');
  }
}

/** Huge pages come in multiples of the size that their name tells. */
export function hugePagesFault(name: string, amount: string): string | undefined {
  const size = quantityValue(name.slice(hugePages.length));
  return size > 0 && quantityValue(amount) % size === 0
    ? undefined
    : `${amount} is not positive integer multiple of ${name}`;
}
