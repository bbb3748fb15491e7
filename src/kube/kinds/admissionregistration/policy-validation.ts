import { validation } from '../../api/field-error.js';
import type { Faults } from '../../api/field-error.js';
import { nameFault, qualifiedNameFaults } from '../../api/names.js';
import type { KubeObject } from '../../object.js';
import type { LabelSelector } from '../../selectors/index.js';
import { admissionFault } from '../../structural/admission-expressions.js';
import { checkLabelSelector } from '../selector-validation.js';
import { checkConditions, checkRule } from './webhook-validation.js';
import type { Rule } from './webhook-validation.js';

interface MatchResources {
  readonly resourceRules?: readonly Rule[];
  readonly excludeResourceRules?: readonly Rule[];
  readonly matchPolicy?: string;
  readonly namespaceSelector?: LabelSelector;
  readonly objectSelector?: LabelSelector;
}

interface Policy extends KubeObject {
  readonly spec?: {
    readonly failurePolicy?: string;
    readonly paramKind?: { readonly apiVersion?: string; readonly kind?: string };
    readonly matchConstraints?: MatchResources;
    readonly matchConditions?: readonly { readonly name?: string; readonly expression?: string }[];
    readonly variables?: readonly { readonly name?: string; readonly expression?: string }[];
    readonly validations?: readonly {
      readonly expression?: string;
      readonly message?: string;
      readonly messageExpression?: string;
      readonly reason?: string;
    }[];
    readonly auditAnnotations?: readonly { readonly key?: string; readonly valueExpression?: string }[];
  };
}

interface Binding extends KubeObject {
  readonly spec?: {
    readonly policyName?: string;
    readonly validationActions?: readonly string[];
    readonly matchResources?: MatchResources;
    readonly paramRef?: {
      readonly name?: string;
      readonly namespace?: string;
      readonly selector?: LabelSelector;
      readonly parameterNotFoundAction?: string;
    };
  };
}

type Spec = NonNullable<Policy['spec']>;
type FaultOf = (expression: string) => string | undefined;

const reasons = ['Forbidden', 'Invalid', 'RequestEntityTooLarge'];
const identifier = /^[A-Za-z_]\w*$/;

/** Everything wrong with a policy (admissionregistration validation: ValidateValidatingAdmissionPolicy). */
export const policyErrors = validation<Policy>((faults, { spec = {}, metadata }) => {
  const { paramKind, matchConstraints, auditAnnotations = [], validations = [] } = spec;
  faults.oneOf('spec.failurePolicy', spec.failurePolicy, ['Fail', 'Ignore']);
  if (paramKind) {
    if (!paramKind.apiVersion) faults.required('spec.paramKind.apiVersion');
    if (!paramKind.kind) faults.required('spec.paramKind.kind');
  }
  if (!matchConstraints) faults.required('spec.matchConstraints');
  else {
    checkMatch(faults, 'spec.matchConstraints', matchConstraints);
    if ((matchConstraints.resourceRules ?? []).length === 0)
      faults.required('spec.matchConstraints.resourceRules');
  }
  const names = ['object', 'oldObject', 'request', 'namespaceObject', 'authorizer'];
  const known = paramKind ? [...names, 'params'] : names;
  const faultIn =
    (more: readonly string[]): FaultOf =>
    (expression) => {
      const fault = admissionFault(expression, [...known, ...more]);
      return fault === undefined ? undefined : `compilation failed: ${fault}`;
    };
  checkConditions(faults, 'spec.matchConditions', spec.matchConditions ?? [], faultIn([]));
  checkVariables(faults, spec, faultIn(['variables']));
  if (validations.length + auditAnnotations.length === 0) {
    const text = 'validations or auditAnnotations must contain at least one item';
    faults.required('spec.validations', text);
    faults.required('spec.auditAnnotations', text);
  }
  checkValidations(faults, spec, faultIn(['variables']));
  for (const [index, { key = '', valueExpression = '' }] of auditAnnotations.entries()) {
    const at = `spec.auditAnnotations[${String(index)}]`;
    const whole = `${metadata.name}/${key}`;
    faults.invalid(`${at}.key`, whole, qualifiedNameFaults(whole));
    if (valueExpression.trim() === '')
      faults.required(`${at}.valueExpression`, 'valueExpression is not specified');
    else faults.invalid(`${at}.valueExpression`, valueExpression, faultIn(['variables'])(valueExpression));
  }
});

function checkVariables(faults: Faults, { variables = [] }: Spec, faultOf: FaultOf): void {
  const seen = new Set<string>();
  for (const [index, { name = '', expression = '' }] of variables.entries()) {
    const at = `spec.variables[${String(index)}]`;
    if (name === '') faults.required(`${at}.name`, 'name is not specified');
    else if (!identifier.test(name)) faults.invalid(`${at}.name`, name, 'must be a valid CEL identifier');
    else if (seen.has(name)) faults.duplicate(`${at}.name`, name);
    seen.add(name);
    if (expression.trim() === '') faults.required(`${at}.expression`, 'expression is not specified');
    else faults.invalid(`${at}.expression`, expression, faultOf(expression));
  }
}

function checkValidations(faults: Faults, { validations = [] }: Spec, faultOf: FaultOf): void {
  for (const [index, { expression = '', message, messageExpression, reason }] of validations.entries()) {
    const at = `spec.validations[${String(index)}]`;
    if (expression.trim() === '') faults.required(`${at}.expression`, 'expression is not specified');
    else faults.invalid(`${at}.expression`, expression, faultOf(expression));
    if (messageExpression !== undefined)
      faults.invalid(`${at}.messageExpression`, messageExpression, faultOf(messageExpression));
    if (message?.includes('\n') === true)
      faults.invalid(`${at}.message`, message, 'must not contain line breaks');
    faults.oneOf(`${at}.reason`, reason, reasons);
  }
}

function checkMatch(faults: Faults, at: string, match: MatchResources): void {
  faults.oneOf(`${at}.matchPolicy`, match.matchPolicy, ['Equivalent', 'Exact']);
  checkLabelSelector(faults, `${at}.namespaceSelector`, match.namespaceSelector);
  checkLabelSelector(faults, `${at}.objectSelector`, match.objectSelector);
  for (const member of ['resourceRules', 'excludeResourceRules'] as const) {
    for (const [index, rule] of (match[member] ?? []).entries())
      checkRule(faults, `${at}.${member}[${String(index)}]`, rule);
  }
}

/** Everything wrong with a policy's binding (admissionregistration validation: ValidateValidatingAdmissionPolicyBinding). */
export const policyBindingErrors = validation<Binding>((faults, { spec = {} }) => {
  const { policyName = '', paramRef, matchResources, validationActions: actions = [] } = spec;
  if (policyName === '') faults.required('spec.policyName');
  else faults.invalid('spec.policyName', policyName, nameFault('subdomain', policyName));
  if (paramRef) checkParamRef(faults, paramRef);
  if (matchResources) checkMatch(faults, 'spec.matchResources', matchResources);
  const at = 'spec.validationActions';
  if (actions.length === 0) faults.required(at, 'at least one validation action is required');
  for (const [index, action] of actions.entries()) {
    const place = `${at}[${String(index)}]`;
    faults.oneOf(place, action, ['Audit', 'Deny', 'Warn']);
    if (actions.indexOf(action) < index) faults.duplicate(place, action);
  }
  if (actions.includes('Deny') && actions.includes('Warn')) {
    const why =
      'must not contain both Deny and Warn (repeating the same validation failure information in the API response and headers serves no purpose)';
    faults.invalid(at, actions, why);
  }
});

function checkParamRef(
  faults: Faults,
  { name = '', selector, parameterNotFoundAction }: NonNullable<NonNullable<Binding['spec']>['paramRef']>,
): void {
  const at = 'spec.paramRef';
  if (name !== '' && selector) {
    faults.forbidden(`${at}.name`, 'name and selector are mutually exclusive');
    faults.forbidden(`${at}.selector`, 'name and selector are mutually exclusive');
  } else if (name === '' && !selector) faults.required(at, 'one of name or selector must be specified');
  checkLabelSelector(faults, `${at}.selector`, selector);
  faults.requiredOneOf(`${at}.parameterNotFoundAction`, parameterNotFoundAction, ['Allow', 'Deny']);
}
