import type { Faults } from '../../../api/field-error.js';
import { nameFault } from '../../../api/names.js';
import { milliValue, own } from '../../../../units/index.js';
import {
  checkContainerResourceName,
  checkPodResourceName,
  checkResourceAmount,
  hugePagesFault,
  isHugePages,
  isOvercommitAllowed,
} from '../../resource-names.js';
import type { ResourceList } from '../../resource-names.js';
import type { ResourceRequirements } from '../container.js';
import type { PodResourceClaim, PodSpec } from '../pod.js';

const none: ResourceList = {};

/** What a container asks for (core validation: ValidateResourceRequirements); `claims` are the pod's. */
export function checkContainerResources(
  faults: Faults,
  at: string,
  resources: ResourceRequirements | undefined,
  claims: readonly PodResourceClaim[],
): void {
  if (!resources) return;
  checkAmounts(faults, at, resources, checkContainerResourceName);
  if (resources.claims) checkClaimReferences(faults, `${at}.claims`, resources.claims, claims);
}

/** What a pod as a whole asks for. */
export function checkPodResources(faults: Faults, at: string, { resources, containers }: PodSpec): void {
  if (!resources) return;
  if (resources.claims) faults.forbidden(`${at}.claims`, 'claims cannot be set for Resources at pod-level');
  checkAmounts(faults, at, resources, checkPodResourceName);
  const { requests = none, limits = none } = resources;
  for (const name of Object.keys(requests)) {
    const total = containers.reduce(
      (sum, container) => sum + milliValue(own(container.resources?.requests, name) ?? '0'),
      0,
    );
    if (total > milliValue(own(requests, name) ?? '0')) {
      const least = `must be greater than or equal to aggregate container requests of ${String(total / 1000)}`;
      faults.invalid(`${at}.requests[${name}]`, own(requests, name), least);
    }
  }
  for (const [index, container] of containers.entries()) {
    for (const [name, limit] of Object.entries(container.resources?.limits ?? none)) {
      const most = own(limits, name);
      if (most === undefined || milliValue(limit) <= milliValue(most)) continue;
      const place = `${at}.containers[${String(index)}][${name}].limits`;
      faults.invalid(place, limit, `must be less than or equal to pod limits of ${most}`);
    }
  }
}

type NameCheck = (faults: Faults, at: string, name: string) => void;

function checkAmounts(
  faults: Faults,
  at: string,
  { requests = none, limits = none }: ResourceRequirements,
  checkName: NameCheck,
): void {
  let hasHugePages = false;
  let hasComputing = false;
  const checkOne = (list: string, name: string, amount: string): void => {
    const place = `${at}.${list}[${name}]`;
    checkName(faults, place, name);
    checkResourceAmount(faults, place, name, amount);
    if (name === 'cpu' || name === 'memory') hasComputing = true;
    else if (isHugePages(name)) {
      hasHugePages = true;
      faults.invalid(place, amount, hugePagesFault(name, amount));
    }
  };
  for (const name of Object.keys(limits)) checkOne('limits', name, limits[name] ?? '0');
  for (const name of Object.keys(requests)) {
    const request = own(requests, name) ?? '0';
    checkOne('requests', name, request);
    checkAgainstLimit(faults, at, name, request, own(limits, name));
  }
  if (hasHugePages && !hasComputing) faults.forbidden(at, 'HugePages require cpu or memory');
}

/** A request is at most its limit; for what comes by the piece, it is its limit. */
function checkAgainstLimit(
  faults: Faults,
  at: string,
  name: string,
  request: string,
  limit: string | undefined,
): void {
  const overcommits = isOvercommitAllowed(name);
  if (limit === undefined) {
    if (!overcommits) faults.required(`${at}.limits`, 'Limit must be set for non overcommitable resources');
    return;
  }
  if (request === limit) return;
  const difference = milliValue(request) - milliValue(limit);
  if (!overcommits && difference !== 0)
    faults.invalid(`${at}.requests`, request, `must be equal to ${name} limit of ${limit}`);
  else if (difference > 0)
    faults.invalid(`${at}.requests`, request, `must be less than or equal to ${name} limit of ${limit}`);
}

function checkClaimReferences(
  faults: Faults,
  at: string,
  references: NonNullable<ResourceRequirements['claims']>,
  claims: readonly PodResourceClaim[],
): void {
  const names = claims.flatMap(({ name }) => name ?? []);
  const seen = new Set<string>();
  for (const [index, { name = '', request = '' }] of references.entries()) {
    const place = `${at}[${String(index)}]`;
    if (name === '') {
      faults.required(place);
      continue;
    }
    if (request !== '') faults.invalid(`${place}.request`, request, nameFault('label', request));
    const key = request === '' ? name : `${name}/${request}`;
    const overlaps = request === '' && [...seen].some((one) => one.startsWith(`${name}/`));
    if (seen.has(name) || overlaps) faults.duplicate(place, name);
    else if (seen.has(key)) faults.duplicate(place, key);
    seen.add(key);
    if (names.includes(name)) continue;
    const present = names.length === 0 ? ' which is empty' : `: ${[...names].sort().join(', ')}`;
    faults.notFound(place, name, `must be one of the names in pod.spec.resourceClaims${present}`);
  }
}

/** The claims that a pod makes on devices (Kubernetes: dynamic resource allocation). */
export function checkResourceClaims(faults: Faults, at: string, claims: readonly PodResourceClaim[]): void {
  const names = new Set<string>();
  for (const [index, claim] of claims.entries()) {
    const place = `${at}[${String(index)}]`;
    const { name = '', resourceClaimName, resourceClaimTemplateName } = claim;
    if (name === '') faults.required(`${place}.name`);
    else if (names.has(name)) faults.duplicate(`${place}.name`, name);
    else faults.invalid(`${place}.name`, name, nameFault('label', name));
    names.add(name);
    if (resourceClaimName !== undefined && resourceClaimTemplateName !== undefined) {
      const one = 'at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified';
      faults.invalid(place, claim, one);
    }
    if (resourceClaimName === undefined && resourceClaimTemplateName === undefined) {
      faults.invalid(place, claim, 'must specify one of: `resourceClaimName`, `resourceClaimTemplateName`');
    }
    for (const member of ['resourceClaimName', 'resourceClaimTemplateName'] as const) {
      const value = claim[member];
      if (value !== undefined) faults.invalid(`${place}.${member}`, value, nameFault('subdomain', value));
    }
  }
}
