import { expect, test } from 'vitest';
import { checking } from '../fixtures.js';
import { validatingAdmissionPolicies } from './validating-admission-policy.js';
import { validatingAdmissionPolicyBindings } from './validating-admission-policy-binding.js';

const rule = { operations: ['CREATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['pods'] };
const matchConstraints = { resourceRules: [rule] };
const validations = [{ expression: 'object != null' }];
const policies = checking(validatingAdmissionPolicies, { spec: { matchConstraints, validations } });
const undeclared = (expression: string, name: string, column: number) =>
  `compilation failed: ERROR: <input>:1:${String(column)}: undeclared reference to '${name}' (in container '')\n | ${expression}\n | ${'.'.repeat(column - 1)}^`;

test.each<[what: string, spec: object, faults: readonly string[]]>([
  ['nothing wrong', {}, []],
  [
    'a failure policy',
    { failurePolicy: 'X' },
    ['spec.failurePolicy: Unsupported value: "X": supported values: "Fail", "Ignore"'],
  ],
  ['no constraints', { matchConstraints: undefined }, ['spec.matchConstraints: Required value']],
  [
    'no rules',
    { matchConstraints: { resourceRules: [] } },
    ['spec.matchConstraints.resourceRules: Required value'],
  ],
  [
    'nothing to check',
    { validations: [] },
    [
      'spec.validations: Required value: validations or auditAnnotations must contain at least one item',
      'spec.auditAnnotations: Required value: validations or auditAnnotations must contain at least one item',
    ],
  ],
  [
    'a condition of what is not declared',
    { matchConditions: [{ name: '', expression: 'zork' }] },
    [
      `spec.matchConditions[0].expression: Invalid value: "zork": ${undeclared('zork', 'zork', 1)}`,
      'spec.matchConditions[0].name: Required value',
    ],
  ],
  [
    'variables',
    { variables: [{ name: '1a', expression: 'foo(1)' }] },
    [
      'spec.variables[0].name: Invalid value: "1a": must be a valid CEL identifier',
      `spec.variables[0].expression: Invalid value: "foo(1)": ${undeclared('foo(1)', 'foo', 4)}`,
    ],
  ],
  [
    'parameters without a kind of them',
    { validations: [{ expression: 'params.x == 1' }] },
    [
      `spec.validations[0].expression: Invalid value: "params.x == 1": ${undeclared('params.x == 1', 'params', 1)}`,
    ],
  ],
  [
    'parameters',
    {
      paramKind: { apiVersion: 'v1', kind: 'Secret' },
      validations: [{ expression: 'params.x == variables.a' }],
    },
    [],
  ],
  [
    'a message of two lines and an unknown reason',
    { validations: [{ expression: 'true', message: 'a\nb', reason: 'Zork' }] },
    [
      String.raw`spec.validations[0].message: Invalid value: "a\nb": must not contain line breaks`,
      'spec.validations[0].reason: Unsupported value: "Zork": supported values: "Forbidden", "Invalid", "RequestEntityTooLarge"',
    ],
  ],
])('a policy with %s', (_, spec, faults) =>
  expect(policies.faults({ spec: { matchConstraints, validations, ...spec } })).toEqual(faults),
);

const bindings = checking(validatingAdmissionPolicyBindings, { spec: {} });
const actions = 'spec.validationActions';

test.each<[what: string, spec: object, faults: readonly string[]]>([
  ['nothing wrong', {}, []],
  ['no policy', { policyName: '' }, ['spec.policyName: Required value']],
  [
    'no actions',
    { validationActions: [] },
    [`${actions}: Required value: at least one validation action is required`],
  ],
  [
    'actions',
    { validationActions: ['Deny', 'Warn', 'Deny', 'X'] },
    [
      `${actions}[2]: Duplicate value: "Deny"`,
      `${actions}[3]: Unsupported value: "X": supported values: "Audit", "Deny", "Warn"`,
      `${actions}: Invalid value: ["Deny","Warn","Deny","X"]: must not contain both Deny and Warn (repeating the same validation failure information in the API response and headers serves no purpose)`,
    ],
  ],
  [
    'parameters that are not told',
    { paramRef: {} },
    [
      'spec.paramRef: Required value: one of name or selector must be specified',
      'spec.paramRef.parameterNotFoundAction: Required value',
    ],
  ],
])('a binding with %s', (_, spec, faults) =>
  expect(bindings.faults({ spec: { policyName: 'p', validationActions: ['Deny'], ...spec } })).toEqual(
    faults,
  ),
);
