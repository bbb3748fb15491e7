import { validation } from '../../api/field-error.js';
import type { Faults } from '../../api/field-error.js';
import type { KubeObject } from '../../object.js';
import { checkQuotaResourceName, checkResourceAmount, isQuotaResource } from '../resource-names.js';
import type { ResourceList } from '../resource-names.js';

interface ScopeRequirement {
  readonly scopeName?: string;
  readonly operator?: string;
  readonly values?: readonly string[];
}

interface QuotaSpec {
  readonly hard?: ResourceList;
  readonly scopes?: readonly string[];
  readonly scopeSelector?: { readonly matchExpressions?: readonly ScopeRequirement[] };
}

interface ResourceQuota extends KubeObject {
  readonly spec?: QuotaSpec;
}

/** Scopes that a pod is in or is not, without a value. */
const plainScopes = [
  'Terminating',
  'NotTerminating',
  'BestEffort',
  'NotBestEffort',
  'CrossNamespacePodAffinity',
];
const scopes = [...plainScopes, 'PriorityClass', 'VolumeAttributesClass'];
/** What pods that ask for nothing can be counted by. */
const bestEffortResources: ReadonlySet<string> = new Set(['pods']);
const podResources: ReadonlySet<string> = new Set([
  'pods',
  ...['cpu', 'memory'].flatMap((name) => [name, `requests.${name}`, `limits.${name}`]),
]);

function isScopeValidFor(scope: string, resource: string): boolean {
  if (scope === 'BestEffort') return bestEffortResources.has(resource);
  if (scope === 'VolumeAttributesClass')
    return resource === 'persistentvolumeclaims' || resource === 'requests.storage';
  return (
    podResources.has(resource) || resource.includes('ephemeral-storage') || resource.includes('hugepages-')
  );
}

/** Everything wrong with a quota, new or changed (core validation: ValidateResourceQuota). */
export const resourceQuotaErrors = validation<ResourceQuota>((faults, { spec = {} }, before) => {
  for (const [name, amount] of Object.entries(spec.hard ?? {})) {
    checkQuotaResourceName(faults, `spec.hard[${name}]`, name);
    checkResourceAmount(faults, `spec.hard[${name}]`, name, amount);
  }
  checkScopes(faults, spec);
  checkSelector(faults, spec);
  if (!before) return;
  const texts = [spec.scopes, before.spec?.scopes].map((list) => [...new Set(list ?? [])].sort().join());
  faults.immutable('spec.scopes', spec.scopes ?? null, texts[0] === texts[1]);
});

const conflicting = [
  ['BestEffort', 'NotBestEffort'],
  ['Terminating', 'NotTerminating'],
];

function checkScopes(faults: Faults, { hard = {}, scopes: given = [] }: QuotaSpec): void {
  const at = 'spec.scopes';
  for (const scope of given) {
    if (!scopes.includes(scope)) faults.invalid(at, given, 'unsupported scope');
    checkScopeResources(faults, at, given, scope, hard);
  }
  for (const pair of conflicting) {
    if (pair.every((scope) => given.includes(scope))) faults.invalid(at, given, 'conflicting scopes');
  }
}

function checkScopeResources(
  faults: Faults,
  at: string,
  shown: unknown,
  scope: string,
  hard: ResourceList,
): void {
  for (const name of Object.keys(hard).sort()) {
    if (isQuotaResource(name) && !isScopeValidFor(scope, name))
      faults.invalid(at, shown, 'unsupported scope applied to resource');
  }
}

function checkSelector(faults: Faults, { hard = {}, scopes: given = [], scopeSelector }: QuotaSpec): void {
  if (!scopeSelector) return;
  const at = 'spec.scopeSelector.matchExpressions';
  const requirements = scopeSelector.matchExpressions ?? [];
  for (const { scopeName = '', operator = '', values = [] } of requirements) {
    if (!scopes.includes(scopeName)) faults.invalid(`${at}.scopeName`, scopeName, 'unsupported scope');
    checkScopeResources(faults, at, scopeSelector, scopeName, hard);
    if (plainScopes.includes(scopeName) && operator !== 'Exists') {
      const text =
        "must be 'Exists' when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity";
      faults.invalid(`${at}.operator`, operator, text);
    }
    if (operator === 'In' || operator === 'NotIn') {
      const text = "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector";
      if (values.length === 0) faults.required(`${at}.values`, text);
    } else if (operator === 'Exists' || operator === 'DoesNotExist') {
      const text = "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector";
      if (values.length > 0) faults.invalid(`${at}.values`, values, text);
    } else faults.invalid(`${at}.operator`, operator, 'not a valid selector operator');
  }
  const names = requirements.map(({ scopeName }) => scopeName);
  for (const pair of conflicting) {
    if (pair.every((scope) => names.includes(scope)))
      faults.invalid('spec.scopeSelector.matchExpressions', given, 'conflicting scopes');
  }
}
