import { Faults, validation } from '../../api/field-error.js';
import type { KubeObject } from '../../object.js';
import type { LabelSelector } from '../../selectors/index.js';

interface Rule {
  readonly verbs?: readonly string[];
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly nonResourceURLs?: readonly string[];
}
interface Role extends KubeObject {
  readonly rules?: readonly Rule[];
  readonly aggregationRule?: { readonly clusterRoleSelectors?: readonly LabelSelector[] };
}

/** Everything wrong with the rules of a role (rbac validation: ValidatePolicyRule). */
export const roleErrors = validation<Role>((faults, { rules, aggregationRule, metadata }) => {
  for (const [index, rule] of (rules ?? []).entries()) {
    checkRule(faults, `rules[${String(index)}]`, rule, metadata.namespace !== undefined);
  }
  if (aggregationRule && (aggregationRule.clusterRoleSelectors ?? []).length === 0) {
    faults.required(
      'aggregationRule.clusterRoleSelectors',
      'at least one clusterRoleSelector required if aggregationRule is non-nil',
    );
  }
});

function checkRule(faults: Faults, at: string, rule: Rule, isNamespaced: boolean): void {
  const { verbs = [], apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [] } = rule;
  if (verbs.length === 0) faults.required(`${at}.verbs`, 'verbs must contain at least one value');
  if (nonResourceURLs.length > 0) {
    if (isNamespaced) {
      faults.invalid(
        `${at}.nonResourceURLs`,
        nonResourceURLs,
        'namespaced rules cannot apply to non-resource URLs',
      );
    }
    if (apiGroups.length + resources.length + resourceNames.length > 0) {
      faults.invalid(
        `${at}.nonResourceURLs`,
        nonResourceURLs,
        'rules cannot apply to both regular resources and non-resource URLs',
      );
    }
    return;
  }
  if (apiGroups.length === 0)
    faults.required(`${at}.apiGroups`, 'resource rules must supply at least one api group');
  if (resources.length === 0)
    faults.required(`${at}.resources`, 'resource rules must supply at least one resource');
}
