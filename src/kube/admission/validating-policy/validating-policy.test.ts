import { beforeEach, describe, expect, test } from 'vitest';
import { TestCluster, refusal } from '../../fixtures.js';

const configMapRule = {
  apiGroups: [''],
  apiVersions: ['v1'],
  operations: ['CREATE', 'UPDATE'],
  resources: ['configmaps'],
};
const constraints = (members: object = {}) => ({ resourceRules: [configMapRule], ...members });

let cluster: TestCluster;
/** Makes a policy `p` and its binding `b`. */
const declare = (policy: object, binding: object = {}) => {
  cluster.create('validatingadmissionpolicies', {
    metadata: { name: 'p' },
    spec: { matchConstraints: constraints(), validations: [{ expression: 'false' }], ...policy },
  });
  cluster.create('validatingadmissionpolicybindings', {
    metadata: { name: 'b' },
    spec: { policyName: 'p', validationActions: ['Deny'], ...binding },
  });
};
const outcome = (metadata: object = {}, members: object = {}): string => {
  try {
    cluster.write('configmaps', { metadata: { name: 'm', ...metadata }, ...members }, { dryRun: true });
    return 'allowed';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
};
const denied = (text: string) =>
  `configmaps "m" is forbidden: ValidatingAdmissionPolicy 'p' with binding 'b' denied request: ${text}`;
const all = denied('failed expression: false');

beforeEach(() => {
  cluster = new TestCluster();
});

describe('what a policy is for', () => {
  test.each<[what: string, policy: object, binding: object, metadata: object, outcome: string]>([
    ['what is written', {}, {}, {}, all],
    ['nothing without a binding of its name', {}, { policyName: 'q' }, {}, 'allowed'],
    [
      'another kind',
      { matchConstraints: { resourceRules: [{ ...configMapRule, resources: ['secrets'] }] } },
      {},
      {},
      'allowed',
    ],
    [
      'another name',
      { matchConstraints: { resourceRules: [{ ...configMapRule, resourceNames: ['other'] }] } },
      {},
      {},
      'allowed',
    ],
    [
      'all but what is excluded',
      { matchConstraints: constraints({ excludeResourceRules: [configMapRule] }) },
      {},
      {},
      'allowed',
    ],
    [
      'labels',
      { matchConstraints: constraints({ objectSelector: { matchLabels: { a: 'b' } } }) },
      {},
      { labels: { a: 'b' } },
      all,
    ],
    [
      'other labels',
      { matchConstraints: constraints({ objectSelector: { matchLabels: { a: 'b' } } }) },
      {},
      {},
      'allowed',
    ],
    [
      'namespaces of a binding',
      {},
      { matchResources: { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'other' } } } },
      {},
      'allowed',
    ],
    [
      'what meets its conditions',
      { matchConditions: [{ name: 'c', expression: 'object.metadata.name == "m"' }] },
      {},
      {},
      all,
    ],
    [
      'not what meets some',
      { matchConditions: [{ name: 'c', expression: 'request.operation == "UPDATE"' }] },
      {},
      {},
      'allowed',
    ],
    [
      'nothing that can not be told',
      { matchConditions: [{ name: 'c', expression: 'object.data.zork == "x"' }] },
      {},
      {},
      denied(`expression 'object.data.zork == "x"' resulted in error: no such key: data`),
    ],
  ])('%s', (_, policy, binding, metadata, expected) => {
    declare(policy, binding);
    expect(outcome(metadata)).toBe(expected);
  });
});

describe('what a policy says', () => {
  test.each<[what: string, policy: object, metadata: object, outcome: string]>([
    ['a message', { validations: [{ expression: 'false', message: 'no' }] }, {}, denied('no')],
    [
      'a message that is worked out',
      {
        validations: [
          { expression: 'false', message: 'no', messageExpression: '"not " + object.metadata.name' },
        ],
      },
      {},
      denied('not m'),
    ],
    [
      'its message where none can be worked out',
      { validations: [{ expression: 'false', message: 'no', messageExpression: 'object.data.zork' }] },
      {},
      denied('no'),
    ],
    [
      'the first that does not hold',
      {
        validations: [
          { expression: 'true' },
          { expression: 'false', message: 'a' },
          { expression: 'false', message: 'b' },
        ],
      },
      {},
      denied('a'),
    ],
    [
      'by variables of variables',
      {
        variables: [
          { name: 'labels', expression: 'object.metadata.?labels.orValue({})' },
          { name: 'team', expression: 'variables.labels[?"team"].orValue("none")' },
        ],
        validations: [
          { expression: 'variables.team != "none"', messageExpression: '"team " + variables.team' },
        ],
      },
      {},
      denied('team none'),
    ],
    [
      'nothing where variables allow it',
      {
        variables: [{ name: 'team', expression: 'object.metadata.labels.team' }],
        validations: [{ expression: 'variables.team == "a"' }],
      },
      { labels: { team: 'a' } },
      'allowed',
    ],
    [
      'an error',
      { validations: [{ expression: "object.metadata.nosuch == 'x'" }] },
      {},
      denied("expression 'object.metadata.nosuch == 'x'' resulted in error: no such key: nosuch"),
    ],
    [
      'no error that is to be ignored',
      { failurePolicy: 'Ignore', validations: [{ expression: "object.metadata.nosuch == 'x'" }] },
      {},
      'allowed',
    ],
    [
      'of the namespace',
      { validations: [{ expression: 'namespaceObject.metadata.name == "default"' }] },
      {},
      'allowed',
    ],
    ['of what was before', { validations: [{ expression: 'oldObject == null' }] }, {}, 'allowed'],
    [
      'of who asks',
      { validations: [{ expression: 'request.userInfo.username == "x"' }] },
      {},
      denied('failed expression: request.userInfo.username == "x"'),
    ],
  ])('%s', (_, policy, metadata, expected) => {
    declare(policy);
    expect(outcome(metadata)).toBe(expected);
  });

  test.each<[reason: string | undefined, code: number]>([
    [undefined, 422],
    ['Invalid', 422],
    ['Forbidden', 403],
    ['RequestEntityTooLarge', 413],
  ])('with the reason %s', (reason, code) => {
    declare({ validations: [{ expression: 'false', ...(reason !== undefined && { reason }) }] });
    expect(refusal(() => cluster.create('configmaps', { metadata: { name: 'm' } }))).toBe(
      `${String(code)} ${all}`,
    );
  });

  test.each<[actions: string[], outcome: string]>([
    [['Audit'], 'allowed'],
    [['Warn', 'Audit'], 'allowed'],
    [['Deny', 'Audit'], all],
  ])('with the actions %s', (validationActions, expected) => {
    declare({}, { validationActions });
    expect(outcome()).toBe(expected);
  });
});

describe('parameters', () => {
  const paramKind = { apiVersion: 'v1', kind: 'ConfigMap' };
  const validations = [
    { expression: 'object.metadata.name in params.data.names.split(",")', message: 'unknown' },
  ];
  const nothing = denied(
    'failed to configure binding: no params found for policy binding with `Deny` parameterNotFoundAction',
  );
  test.each<[what: string, policy: object, paramRef: object | undefined, outcome: string]>([
    ['by name', {}, { name: 'good' }, 'allowed'],
    ['by name, of the namespace', {}, { name: 'good', namespace: 'kube-public' }, nothing],
    ['that do not allow it', {}, { name: 'bad' }, denied('unknown')],
    ['by labels', {}, { selector: { matchLabels: { for: 'p' } } }, denied('unknown')],
    ['that are not there', {}, { name: 'nope' }, nothing],
    ['that need not be there', {}, { name: 'nope', parameterNotFoundAction: 'Allow' }, 'allowed'],
    [
      'of a kind that nobody serves',
      { paramKind: { apiVersion: 'v1', kind: 'Nope' } },
      { name: 'x' },
      `configmaps "m" is forbidden: ValidatingAdmissionPolicy 'p' denied request: failed to configure policy: failed to find resource referenced by paramKind: '/v1, Kind=Nope'`,
    ],
    ['of none', { validations: [{ expression: 'params == null' }] }, undefined, 'allowed'],
  ])('%s', (_, policy, paramRef, expected) => {
    cluster.create('configmaps', {
      metadata: { name: 'good', labels: { for: 'p' } },
      data: { names: 'l,m' },
    });
    cluster.create('configmaps', { metadata: { name: 'bad', labels: { for: 'p' } }, data: { names: 'l' } });
    declare(
      { paramKind, validations, ...policy },
      paramRef && { paramRef: { parameterNotFoundAction: 'Deny', ...paramRef } },
    );
    expect(outcome()).toBe(expected);
  });
});

test('policies are not for what configures admission', () => {
  declare({
    matchConstraints: {
      resourceRules: [{ apiGroups: ['*'], apiVersions: ['*'], operations: ['*'], resources: ['*'] }],
    },
  });
  expect(outcome()).toBe(all);
  cluster.create('validatingadmissionpolicybindings', {
    metadata: { name: 'c' },
    spec: { policyName: 'p', validationActions: ['Warn'] },
  });
});
