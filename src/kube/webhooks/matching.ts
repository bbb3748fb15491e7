import type { AdmissionOperation } from '../api/context.js';
import type { ResourceType } from '../resource-type.js';
import type { Webhook, WebhookRule } from './configuration.js';

/** What is written, as rules of webhooks speak of it. */
export interface RuleTarget {
  readonly operation: AdmissionOperation;
  readonly type: Pick<ResourceType, 'group' | 'version' | 'plural' | 'namespaced'>;
  readonly subresource: string | undefined;
}

const has = (list: readonly string[] | undefined, value: string): boolean =>
  list !== undefined && (list.includes('*') || list.includes(value));

/** True when a rule covers what is written (admissionregistration/v1: rules). */
export function ruleMatches(rule: WebhookRule, { operation, type, subresource }: RuleTarget): boolean {
  const { scope = '*' } = rule;
  return (
    has(rule.operations, operation) &&
    has(rule.apiGroups, type.group) &&
    has(rule.apiVersions, type.version) &&
    (scope === '*' || (scope === 'Namespaced') === type.namespaced) &&
    (rule.resources ?? []).some((one) => resourceMatches(one, type.plural, subresource ?? ''))
  );
}

function resourceMatches(pattern: string, plural: string, subresource: string): boolean {
  const [resource = '', sub = ''] = pattern.split('/');
  return (resource === '*' || resource === plural) && (sub === '*' || sub === subresource);
}

/**
 * The version of what is written that a webhook's rules cover: its own, or with `matchPolicy: Equivalent` any other that is
 * served of it; undefined when they cover none.
 */
export function matchedVersion(
  { rules = [], matchPolicy = 'Equivalent' }: Pick<Webhook, 'rules' | 'matchPolicy'>,
  target: RuleTarget & { readonly type: ResourceType },
  served: readonly ResourceType[],
): ResourceType | undefined {
  const covers = (type: ResourceType) => rules.some((rule) => ruleMatches(rule, { ...target, type }));
  if (covers(target.type)) return target.type;
  if (matchPolicy === 'Exact') return undefined;
  const { collection } = target.type;
  return served.find((type) => type.collection.name === collection.name && covers(type));
}
