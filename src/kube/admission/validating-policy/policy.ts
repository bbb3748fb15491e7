import type { AdmissionRequest, WriteContext } from '../../api/context.js';
import type { KubeObject } from '../../object.js';
import { compileLabelSelector } from '../../selectors/index.js';
import type { LabelMatcher, LabelSelector } from '../../selectors/index.js';
import { matchedVersion, selects } from '../../webhooks/index.js';
import type { MatchCondition, WebhookRule } from '../../webhooks/index.js';
import type { ResourceType } from '../../resource-type.js';

interface NamedRule extends WebhookRule {
  readonly resourceNames?: readonly string[];
}

/** What a policy or a binding is for (admissionregistration/v1 MatchResources). */
export interface MatchResources {
  readonly resourceRules?: readonly NamedRule[];
  readonly excludeResourceRules?: readonly NamedRule[];
  readonly matchPolicy?: 'Equivalent' | 'Exact';
  readonly namespaceSelector?: LabelSelector;
  readonly objectSelector?: LabelSelector;
}

/** One thing that must hold. */
export interface Validation {
  readonly expression: string;
  readonly message?: string;
  readonly messageExpression?: string;
  readonly reason?: 'Forbidden' | 'Invalid' | 'RequestEntityTooLarge';
}

/** A ValidatingAdmissionPolicy, its defaults filled in. */
export interface Policy extends KubeObject {
  readonly spec: {
    readonly failurePolicy?: 'Fail' | 'Ignore';
    readonly paramKind?: { readonly apiVersion: string; readonly kind: string };
    readonly matchConstraints?: MatchResources;
    readonly matchConditions?: readonly MatchCondition[];
    readonly variables?: readonly { readonly name: string; readonly expression: string }[];
    readonly validations?: readonly Validation[];
  };
}

/** What a binding tells of a policy's parameters. */
export interface ParamRef {
  readonly name?: string;
  readonly namespace?: string;
  readonly selector?: LabelSelector;
  readonly parameterNotFoundAction: 'Allow' | 'Deny';
}

/** A ValidatingAdmissionPolicyBinding, its defaults filled in. */
export interface Binding extends KubeObject {
  readonly spec: {
    readonly policyName: string;
    readonly validationActions?: readonly ('Audit' | 'Deny' | 'Warn')[];
    readonly matchResources?: MatchResources;
    readonly paramRef?: ParamRef;
  };
}

interface Selectors {
  readonly namespaces: LabelMatcher;
  readonly objects: LabelMatcher;
}

const compiled = new WeakMap<MatchResources, Selectors>();

function selectorsOf(match: MatchResources): Selectors {
  const known = compiled.get(match);
  if (known) return known;
  const made = {
    namespaces: compileLabelSelector(match.namespaceSelector ?? {}),
    objects: compileLabelSelector(match.objectSelector ?? {}),
  };
  compiled.set(match, made);
  return made;
}

/** The version of what is written that something is for; undefined when it is not for it. Without rules it is for everything. */
export function matchedBy(
  match: MatchResources,
  request: AdmissionRequest,
  { kinds }: WriteContext,
): ResourceType | undefined {
  const { resourceRules = [], excludeResourceRules = [], matchPolicy = 'Equivalent' } = match;
  const covered = (rules: readonly NamedRule[]): ResourceType | undefined => {
    const named = rules.filter(
      ({ resourceNames = [] }) => resourceNames.length === 0 || resourceNames.includes(request.name),
    );
    if (named.length === 0) return undefined;
    return matchedVersion({ rules: named, matchPolicy }, request, kinds.of(request.scope.cluster).served);
  };
  const type = resourceRules.length === 0 ? request.type : covered(resourceRules);
  if (!type || covered(excludeResourceRules)) return undefined;
  return selects(request, selectorsOf(match)) ? type : undefined;
}
