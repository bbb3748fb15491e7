import { canonicalJson, fieldAt } from '../object.js';
import type { KubeObject } from '../object.js';
import { compileLabelSelector } from '../selectors/index.js';
import type { LabelSelector } from '../selectors/index.js';
import { rulesOfRole } from './authorizer.js';
import type { PolicyRule } from './policy-rule.js';

/** The selectors by which a cluster role takes other roles' rules; undefined for one that has rules of its own. */
export function aggregationOf(role: KubeObject): readonly LabelSelector[] | undefined {
  const rule = fieldAt(role, 'aggregationRule');
  if (rule === undefined || rule === null) return undefined;
  return (fieldAt(role, 'aggregationRule.clusterRoleSelectors') ?? []) as readonly LabelSelector[];
}

/**
 * The rules that a role gathers from those that its selectors select, once each, in order of the roles' names
 * (Kubernetes: aggregated ClusterRoles).
 */
export function aggregatedRules(role: KubeObject, all: readonly KubeObject[]): readonly PolicyRule[] {
  const seen = new Set<string>();
  const rules: PolicyRule[] = [];
  for (const selector of aggregationOf(role) ?? []) {
    const matches = compileLabelSelector(selector);
    for (const other of all) {
      if (other.metadata.name === role.metadata.name || !matches(other.metadata.labels ?? {})) continue;
      for (const rule of rulesOfRole(other)) {
        const text = canonicalJson(rule);
        if (!seen.has(text)) rules.push(rule);
        seen.add(text);
      }
    }
  }
  return rules;
}
