import { beforeEach, describe, expect, test } from 'vitest';
import { TestCluster, refusal } from '../fixtures.js';
import type { User } from '../user.js';
import { compactTexts, ruleAllows, uncovered } from './policy-rule.js';
import type { Attributes, PolicyRule } from './policy-rule.js';

const resource = (
  verb: string,
  what: string,
  more: { namespace?: string; name?: string } = {},
): Attributes => {
  const [name = '', group = ''] = what.split('@');
  return { kind: 'resource', verb, group, resource: name, ...more };
};
const path = (of: string, verb = 'get'): Attributes => ({ kind: 'path', verb, path: of });
const rule = (verbs: string, resources: string, groups = '', names?: string): PolicyRule => ({
  verbs: verbs.split(' '),
  apiGroups: groups.split(' '),
  resources: resources.split(' '),
  ...(names !== undefined && { resourceNames: names.split(' ') }),
});
const paths = (...nonResourceURLs: string[]): PolicyRule => ({ verbs: ['get'], nonResourceURLs });

test.each<[what: string, PolicyRule, Attributes, boolean]>([
  ['a verb and a resource', rule('get list', 'pods'), resource('get', 'pods'), true],
  ['another verb', rule('get list', 'pods'), resource('delete', 'pods'), false],
  ['another resource', rule('get', 'pods'), resource('get', 'secrets'), false],
  ['another group', rule('get', 'deployments', 'apps'), resource('get', 'deployments@extensions'), false],
  ['any verb', rule('*', 'pods'), resource('impersonate', 'pods'), true],
  ['any group', rule('get', 'deployments', '*'), resource('get', 'deployments@apps'), true],
  ['any resource, with its subresources', rule('get', '*'), resource('get', 'pods/log'), true],
  ['a resource is not its subresource', rule('get', 'pods'), resource('get', 'pods/log'), false],
  ['a subresource is not its resource', rule('get', 'pods/log'), resource('get', 'pods'), false],
  [
    'a subresource of any resource',
    rule('update', '*/scale', '*'),
    resource('update', 'deployments/scale@apps'),
    true,
  ],
  [
    'that subresource alone',
    rule('update', '*/scale', '*'),
    resource('update', 'deployments/status@apps'),
    false,
  ],
  ['a name', rule('get', 'secrets', '', 'one two'), resource('get', 'secrets', { name: 'two' }), true],
  ['another name', rule('get', 'secrets', '', 'one'), resource('get', 'secrets', { name: 'two' }), false],
  ['a list has no name', rule('list', 'secrets', '', 'one'), resource('list', 'secrets'), false],
  ['a path', paths('/healthz'), path('/healthz'), true],
  ['a path is not what is below', paths('/healthz'), path('/healthz/etcd'), false],
  ['all below a path', paths('/api/*'), path('/api/v1'), true],
  ['a path and another verb', paths('*'), path('/metrics', 'post'), false],
  ['any path', paths('*'), path('/metrics'), true],
  ['rules on resources say nothing of paths', rule('*', '*', '*'), path('/metrics'), false],
])('a rule with %s', (_, policy, attributes, allowed) =>
  expect(ruleAllows(policy, attributes)).toBe(allowed),
);

test.each<[what: string, held: PolicyRule[], wanted: PolicyRule[], missing: string[]]>([
  ['the same', [rule('get', 'pods')], [rule('get', 'pods')], []],
  ['less', [rule('*', '*', '*')], [rule('get list', 'pods secrets')], []],
  [
    'nothing held',
    [],
    [rule('get list', 'pods')],
    ['{APIGroups:[""], Resources:["pods"], Verbs:["get" "list"]}'],
  ],
  ['parts by several rules', [rule('get', 'pods'), rule('list', 'pods')], [rule('get list', 'pods')], []],
  [
    'one verb more',
    [rule('get', 'pods')],
    [rule('get delete', 'pods')],
    ['{APIGroups:[""], Resources:["pods"], Verbs:["delete"]}'],
  ],
  [
    'every name of a named one',
    [rule('get', 'pods', '', 'a')],
    [rule('get', 'pods')],
    ['{APIGroups:[""], Resources:["pods"], Verbs:["get"]}'],
  ],
  [
    'another name',
    [rule('get', 'pods', '', 'a')],
    [rule('get', 'pods', '', 'a b')],
    ['{APIGroups:[""], Resources:["pods"], ResourceNames:["b"], Verbs:["get"]}'],
  ],
  ['subresources of any', [rule('get', '*/scale')], [rule('get', 'pods/scale')], []],
  ['paths below', [paths('/api/*')], [paths('/api/v1', '/api/*')], []],
  ['a path above', [paths('/api/*')], [paths('*')], ['{NonResourceURLs:["*"], Verbs:["get"]}']],
])('granting %s', (_, held, wanted, missing) =>
  expect(compactTexts(uncovered(held, wanted))).toEqual(missing),
);

const bob: User = { name: 'bob', groups: ['system:authenticated'] };
const robot: User = {
  name: 'system:serviceaccount:default:robot',
  groups: ['system:serviceaccounts', 'system:authenticated'],
};
const roleRef = (kind: string, name: string) => ({ apiGroup: 'rbac.authorization.k8s.io', kind, name });
const toBob = { kind: 'User', name: 'bob' };

describe('a cluster', () => {
  let cluster: TestCluster;
  const decide = (user: User, attributes: Attributes) =>
    cluster.kubernetes.authorizer.decide(cluster.key, user, attributes);
  const bind = (name: string, ref: object, subject: object = toBob) =>
    cluster.create('rolebindings', { metadata: { name }, roleRef: ref, subjects: [subject] });
  const bindAcross = (name: string, role: string, subject: object = toBob) =>
    cluster.create('clusterrolebindings', {
      metadata: { name },
      roleRef: roleRef('ClusterRole', role),
      subjects: [subject],
    });
  const inDefault = { namespace: 'default' };

  beforeEach(() => {
    cluster = new TestCluster();
  });

  test('lets nobody do what no binding gives', () => {
    expect(decide(bob, resource('get', 'pods', inDefault))).toEqual({ allowed: false, reason: '' });
  });

  test('says by which binding it lets somebody', () => {
    bind('viewers', roleRef('ClusterRole', 'view'));
    bindAcross('everywhere', 'view', { kind: 'Group', name: 'auditors' });
    bind('robots', roleRef('ClusterRole', 'view'), { kind: 'ServiceAccount', name: 'robot' });
    const get = resource('get', 'pods', inDefault);
    expect(decide(bob, get).reason).toBe(
      'RBAC: allowed by RoleBinding "viewers/default" of ClusterRole "view" to User "bob"',
    );
    expect(decide({ name: 'amy', groups: ['auditors'] }, get).reason).toBe(
      'RBAC: allowed by ClusterRoleBinding "everywhere" of ClusterRole "view" to Group "auditors"',
    );
    expect(decide(robot, get).reason).toBe(
      'RBAC: allowed by RoleBinding "robots/default" of ClusterRole "view" to ServiceAccount "robot/default"',
    );
    expect(decide(bob, resource('get', 'pods', { namespace: 'kube-system' })).allowed).toBe(false);
  });

  test('goes by the bindings and roles there are now', () => {
    const get = resource('get', 'pods', inDefault);
    bind('later', roleRef('Role', 'reader'));
    expect(decide(bob, get)).toEqual({
      allowed: false,
      reason: 'RBAC: role.rbac.authorization.k8s.io "reader" not found',
    });
    cluster.create('roles', { metadata: { name: 'reader' }, rules: [rule('get', 'pods')] });
    expect(decide(bob, get).allowed).toBe(true);
    cluster.patch('roles', 'reader', { rules: [rule('list', 'pods')] });
    expect(decide(bob, get).allowed).toBe(false);
    cluster.patch('roles', 'reader', { rules: [rule('get', 'pods')] });
    cluster.remove('rolebindings', 'later');
    expect(decide(bob, get).allowed).toBe(false);
  });

  test.each<[role: string, Attributes, boolean]>([
    ['view', resource('get', 'pods/log', inDefault), true],
    ['view', resource('get', 'secrets', inDefault), false],
    ['view', resource('list', 'pods@metrics.k8s.io', inDefault), true],
    ['edit', resource('create', 'deployments@apps', inDefault), true],
    ['edit', resource('get', 'secrets', inDefault), true],
    ['edit', resource('create', 'serviceaccounts/token', inDefault), true],
    ['edit', resource('create', 'rolebindings@rbac.authorization.k8s.io', inDefault), false],
    ['admin', resource('create', 'rolebindings@rbac.authorization.k8s.io', inDefault), true],
    ['admin', resource('list', 'pods', inDefault), true],
    ['admin', resource('update', 'resourcequotas', inDefault), false],
  ])('gives a holder of %s: %o is %s', (role, attributes, allowed) => {
    bind('own', roleRef('ClusterRole', role));
    expect(decide(bob, attributes).allowed).toBe(allowed);
  });

  test('gathers the rules of labelled roles, and lets them go with them', () => {
    const get = resource('get', 'widgets@example.com', inDefault);
    bind('own', roleRef('ClusterRole', 'admin'));
    const metadata = { name: 'widgets', labels: { 'rbac.authorization.k8s.io/aggregate-to-view': 'true' } };
    cluster.create('clusterroles', { metadata, rules: [rule('get', 'widgets', 'example.com')] });
    cluster.pass(0);
    // From view to edit to admin.
    expect(decide(bob, get).allowed).toBe(true);
    cluster.remove('clusterroles', 'widgets');
    cluster.pass(0);
    expect(decide(bob, get).allowed).toBe(false);
  });

  test("gathers the rules of roles of one's own choice", () => {
    cluster.create('clusterroles', {
      metadata: { name: 'monitoring' },
      aggregationRule: { clusterRoleSelectors: [{ matchLabels: { monitoring: 'yes' } }] },
    });
    cluster.create('clusterroles', {
      metadata: { name: 'part', labels: { monitoring: 'yes' } },
      rules: [rule('list', 'nodes')],
    });
    cluster.pass(0);
    expect(cluster.get('clusterroles', 'monitoring')['rules']).toEqual([rule('list', 'nodes')]);
  });

  describe('keeps from somebody who may write roles and bindings', () => {
    beforeEach(() => bindAcross('writers', 'admin'));
    const as = { user: bob };
    const role = (rules: PolicyRule[]) => cluster.create('roles', { metadata: { name: 'r' }, rules }, as);

    test('rules that he does not hold himself', () => {
      expect(role([rule('get', 'pods')]).metadata.name).toBe('r');
      expect(
        refusal(() =>
          cluster.patch('roles', 'r', { rules: [rule('get list', 'nodes'), rule('get', 'pods')] }, as),
        ),
      ).toBe(
        '403 roles.rbac.authorization.k8s.io "r" is forbidden: user "bob" (groups=["system:authenticated"]) is attempting to grant RBAC permissions not currently held:\n{APIGroups:[""], Resources:["nodes"], Verbs:["get" "list"]}',
      );
    });

    test('unless he may escalate', () => {
      cluster.create('clusterroles', {
        metadata: { name: 'escalate' },
        rules: [rule('escalate', 'roles', 'rbac.authorization.k8s.io')],
      });
      bind('escalate', roleRef('ClusterRole', 'escalate'));
      expect(role([rule('get', 'nodes')]).metadata.name).toBe('r');
    });

    const bindAs = (ref: object) =>
      cluster.create('rolebindings', { metadata: { name: 'b' }, roleRef: ref, subjects: [toBob] }, as);

    test('roles of rules that he does not hold', () => {
      expect(refusal(() => bindAs(roleRef('ClusterRole', 'cluster-admin')))).toContain(
        'rolebindings.rbac.authorization.k8s.io "b" is forbidden: user "bob" (groups=["system:authenticated"]) is attempting to grant RBAC permissions not currently held:\n{APIGroups:["*"], Resources:["*"], Verbs:["*"]}',
      );
      expect(bindAs(roleRef('ClusterRole', 'view')).metadata.name).toBe('b');
    });

    test('unless he may bind that role', () => {
      const grant = rule('bind', 'clusterroles', 'rbac.authorization.k8s.io', 'cluster-admin');
      cluster.create('clusterroles', { metadata: { name: 'binder' }, rules: [grant] });
      bind('binder', roleRef('ClusterRole', 'binder'));
      expect(bindAs(roleRef('ClusterRole', 'cluster-admin')).metadata.name).toBe('b');
    });

    test('roles that there are not', () => {
      expect(refusal(() => bindAs(roleRef('Role', 'none')))).toBe(
        '404 roles.rbac.authorization.k8s.io "none" not found',
      );
    });

    test('aggregation', () => {
      cluster.create('clusterroles', {
        metadata: { name: 'roles' },
        rules: [rule('*', 'clusterroles', 'rbac.authorization.k8s.io', 'x')],
      });
      const aggregationRule = { clusterRoleSelectors: [{ matchLabels: { a: 'b' } }] };
      expect(
        refusal(() => cluster.create('clusterroles', { metadata: { name: 'x' }, aggregationRule }, as)),
      ).toBe(
        '403 clusterroles.rbac.authorization.k8s.io "x" is forbidden: must have cluster-admin privileges to use an aggregationRule',
      );
    });
  });

  test.each<[plural: string, body: object, text: string]>([
    [
      'roles',
      { rules: [{ apiGroups: [''], resources: ['pods'] }] },
      'rules[0].verbs: Required value: verbs must contain at least one value',
    ],
    [
      'roles',
      { rules: [{ verbs: ['get'], resources: ['pods'] }] },
      'rules[0].apiGroups: Required value: resource rules must supply at least one api group',
    ],
    [
      'roles',
      { rules: [{ verbs: ['get'], apiGroups: [''] }] },
      'rules[0].resources: Required value: resource rules must supply at least one resource',
    ],
    [
      'roles',
      { rules: [{ verbs: ['get'], nonResourceURLs: ['/a'] }] },
      'rules[0].nonResourceURLs: Invalid value: ["/a"]: namespaced rules cannot apply to non-resource URLs',
    ],
    [
      'clusterroles',
      { rules: [{ verbs: ['get'], nonResourceURLs: ['/a'], resources: ['pods'] }] },
      'rules[0].nonResourceURLs: Invalid value: ["/a"]: rules cannot apply to both regular resources and non-resource URLs',
    ],
    [
      'clusterroles',
      { aggregationRule: {} },
      'aggregationRule.clusterRoleSelectors: Required value: at least one clusterRoleSelector required if aggregationRule is non-nil',
    ],
    [
      'rolebindings',
      { roleRef: { kind: 'Group', name: 'x' } },
      'roleRef.kind: Unsupported value: "Group": supported values: "Role", "ClusterRole"',
    ],
    [
      'clusterrolebindings',
      { roleRef: { kind: 'Role', name: 'x' } },
      'roleRef.kind: Unsupported value: "Role": supported values: "ClusterRole"',
    ],
    ['rolebindings', { roleRef: { kind: 'Role', name: '' } }, 'roleRef.name: Required value'],
    [
      'rolebindings',
      { roleRef: { kind: 'Role', name: 'x', apiGroup: 'v1' } },
      'roleRef.apiGroup: Unsupported value: "v1": supported values: "rbac.authorization.k8s.io"',
    ],
    [
      'rolebindings',
      { roleRef: { kind: 'Role', name: 'x' }, subjects: [{ kind: 'Robot', name: 'x' }] },
      'subjects[0].kind: Unsupported value: "Robot": supported values: "ServiceAccount", "User", "Group"',
    ],
    [
      'clusterrolebindings',
      { roleRef: { kind: 'ClusterRole', name: 'x' }, subjects: [{ kind: 'ServiceAccount', name: 'x' }] },
      'subjects[0].namespace: Required value',
    ],
    [
      'rolebindings',
      { roleRef: { kind: 'Role', name: 'x' }, subjects: [{ kind: 'ServiceAccount', name: 'X' }] },
      'subjects[0].name: Invalid value: "X": a lowercase RFC 1123 subdomain',
    ],
  ])('refuses %s %j', (plural, body, text) => {
    expect(refusal(() => cluster.create(plural, { metadata: { name: 'x' }, ...body }))).toContain(text);
  });

  test('keeps a binding to its role', () => {
    bindAcross('b', 'view');
    expect(
      refusal(() => cluster.patch('clusterrolebindings', 'b', { roleRef: roleRef('ClusterRole', 'edit') })),
    ).toContain(
      'roleRef: Invalid value: {"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"edit"}: cannot change roleRef',
    );
  });
});
