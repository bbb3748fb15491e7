import { describe, expect, test } from 'vitest';
import { validatingWebhookConfigurations } from './admissionregistration/validating-webhook-configuration.js';
import { leases } from './coordination/lease.js';
import { endpointSlices } from './discovery/endpoint-slice.js';
import { checking } from './fixtures.js';
import type { Change } from './fixtures.js';
import { runtimeClasses } from './node/runtime-class.js';
import { podDisruptionBudgets } from './policy/pod-disruption-budget.js';
import { priorityClasses } from './scheduling/priority-class.js';

const spec = (change: Change): Change => ({ spec: change });

describe('a disruption budget with', () => {
  const budget = checking(podDisruptionBudgets, { spec: { selector: { matchLabels: { a: 'b' } } } });
  test.each<readonly [string, Change, readonly unknown[]]>([
    ['nothing wrong', spec({ minAvailable: '50%' }), []],
    [
      'two amounts',
      spec({ minAvailable: 1, maxUnavailable: 1 }),
      [
        expect.stringMatching(
          /^spec: Invalid value: \{.*\}: minAvailable and maxUnavailable cannot be both set$/,
        ),
      ],
    ],
    [
      'a negative amount',
      spec({ minAvailable: -1 }),
      ['spec.minAvailable: Invalid value: -1: must be greater than or equal to 0'],
    ],
    [
      'more than all',
      spec({ maxUnavailable: '101%' }),
      ['spec.maxUnavailable: Invalid value: "101%": must not be greater than 100%'],
    ],
    [
      'a policy',
      spec({ unhealthyPodEvictionPolicy: 'Never' }),
      [
        'spec.unhealthyPodEvictionPolicy: Unsupported value: "Never": supported values: "AlwaysAllow", "IfHealthyBudget"',
      ],
    ],
  ])('%s', (_, change, faults) => expect(budget.faults(change)).toEqual(faults));
});

describe('a priority class with', () => {
  const priority = checking(priorityClasses, { value: 1000 });
  test.each<readonly [string, Change, readonly unknown[]]>([
    ['nothing wrong', {}, []],
    ['the most that users may have', { value: 1_000_000_000 }, []],
    [
      'more',
      { value: 1_000_000_001 },
      ['value: Forbidden: maximum allowed value of a user defined priority is 1000000000'],
    ],
    [
      "a name of the system's",
      { metadata: { name: 'system-mine' } },
      [
        "metadata.name: Forbidden: priority class names with 'system-' prefix are reserved for system use only. error: system-mine is not a known system priority class",
      ],
    ],
    [
      'a policy',
      { preemptionPolicy: 'Maybe' },
      ['preemptionPolicy: Unsupported value: "Maybe": supported values: "PreemptLowerPriority", "Never"'],
    ],
  ])('%s', (_, change, faults) => expect(priority.faults(change)).toEqual(faults));
  test.each<readonly [string, Change, readonly string[]]>([
    ['description', { description: 'x' }, []],
    ['value', { value: 1 }, ['value: Forbidden: may not be changed in an update.']],
    [
      'policy',
      { preemptionPolicy: 'Never' },
      ['preemptionPolicy: Invalid value: "Never": field is immutable'],
    ],
  ])('another %s once it exists', (_, change, faults) =>
    expect(priority.changeFaults({}, change)).toEqual(faults),
  );
});

describe('webhooks with', () => {
  const hook = {
    name: 'a.b.c',
    sideEffects: 'None',
    admissionReviewVersions: ['v1'],
    clientConfig: { service: { name: 's', namespace: 'n' } },
    rules: [{ operations: ['CREATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['pods'] }],
  };
  const hooks = checking(validatingWebhookConfigurations, { webhooks: [hook] });
  const one = (change: Change): Change => ({ webhooks: [{ ...hook, ...change }] });
  const rule = (change: Change): Change => one({ rules: [{ ...hook.rules[0], ...change }] });
  const at = 'webhooks[0]';
  test.each<readonly [string, Change, readonly unknown[]]>([
    ['nothing wrong', {}, []],
    ['no name', one({ name: '' }), [`${at}.name: Required value`]],
    [
      'a name of two segments',
      one({ name: 'a.b' }),
      [`${at}.name: Invalid value: "a.b": should be a domain with at least three segments separated by dots`],
    ],
    ['the same name twice', { webhooks: [hook, hook] }, ['webhooks[1].name: Duplicate value: "a.b.c"']],
    [
      'effects not told',
      one({ sideEffects: undefined }),
      [`${at}.sideEffects: Required value: must specify one of None, NoneOnDryRun`],
    ],
    [
      'effects',
      one({ sideEffects: 'Some' }),
      [`${at}.sideEffects: Unsupported value: "Some": supported values: "None", "NoneOnDryRun"`],
    ],
    [
      'no versions',
      one({ admissionReviewVersions: [] }),
      [`${at}.admissionReviewVersions: Required value: must specify one of v1, v1beta1`],
    ],
    [
      'versions of tomorrow',
      one({ admissionReviewVersions: ['v2'] }),
      [`${at}.admissionReviewVersions: Invalid value: ["v2"]: must include at least one of v1, v1beta1`],
    ],
    [
      'nobody to ask',
      one({ clientConfig: {} }),
      [`${at}.clientConfig: Required value: exactly one of url or service is required`],
    ],
    [
      'an address without encryption',
      one({ clientConfig: { url: 'http://a' } }),
      [
        `${at}.clientConfig.url: Invalid value: "http://a": 'http' is not the required protocol 'https'; desired format: https://host[/path]`,
      ],
    ],
    [
      'a service without a namespace',
      one({ clientConfig: { service: { name: 's' } } }),
      [`${at}.clientConfig.service.namespace: Required value: service namespace is required`],
    ],
    [
      'a minute',
      one({ timeoutSeconds: 60 }),
      [`${at}.timeoutSeconds: Invalid value: 60: the timeout value must be between 1 and 30 seconds`],
    ],
    [
      'a policy of failure',
      one({ failurePolicy: 'Retry' }),
      [`${at}.failurePolicy: Unsupported value: "Retry": supported values: "Fail", "Ignore"`],
    ],
    ['no operations', rule({ operations: [] }), [`${at}.rules[0].operations: Required value`]],
    [
      'all operations and one',
      rule({ operations: ['*', 'CREATE'] }),
      [
        `${at}.rules[0].operations: Invalid value: ["*","CREATE"]: if '*' is present, must not specify other operations`,
      ],
    ],
    [
      'an operation',
      rule({ operations: ['PATCH'] }),
      [
        `${at}.rules[0].operations[0]: Unsupported value: "PATCH": supported values: "*", "CONNECT", "CREATE", "DELETE", "UPDATE"`,
      ],
    ],
    ['no groups', rule({ apiGroups: [] }), [`${at}.rules[0].apiGroups: Required value`]],
    [
      'a part of what is covered',
      rule({ resources: ['pods/*', 'pods/log'] }),
      [
        `${at}.rules[0].resources[1]: Invalid value: "pods/log": if 'pods/*' is present, must not specify pods/log`,
      ],
    ],
    [
      'all resources and one',
      rule({ resources: ['*', 'pods'] }),
      [
        `${at}.rules[0].resources: Invalid value: ["*","pods"]: if '*' is present, must not specify other resources without subresources`,
      ],
    ],
  ])('%s', (_, change, faults) => expect(hooks.faults(change)).toEqual(faults));

  test('what they leave out', () =>
    expect(hooks.object({})).toMatchObject({
      webhooks: [
        {
          failurePolicy: 'Fail',
          matchPolicy: 'Equivalent',
          namespaceSelector: {},
          objectSelector: {},
          timeoutSeconds: 10,
          clientConfig: { service: { port: 443 } },
          rules: [{ scope: '*' }],
        },
      ],
    }));
});

describe('a slice of endpoints with', () => {
  const slice = checking(endpointSlices, { addressType: 'IPv4', endpoints: [{ addresses: ['10.1.0.1'] }] });
  const addresses = (...list: string[]): Change => ({ endpoints: [{ addresses: list }] });
  test.each<readonly [string, Change, readonly unknown[]]>([
    ['nothing wrong', {}, []],
    ['no type', { addressType: null }, ['addressType: Required value']],
    [
      'an old type',
      { addressType: 'IP' },
      ['addressType: Unsupported value: "IP": supported values: "FQDN", "IPv4", "IPv6"'],
    ],
    ['no address', addresses(), ['endpoints[0].addresses: Required value: must contain at least 1 address']],
    [
      'an address of another family',
      addresses('::1'),
      [
        'endpoints[0].addresses: Invalid value: "::1": must be an IPv4 address',
        'endpoints[0].addresses[0]: Invalid value: "::1": may not be in the loopback range (127.0.0.0/8, ::1/128)',
      ],
    ],
    [
      'the loopback',
      addresses('127.0.0.1'),
      [
        'endpoints[0].addresses[0]: Invalid value: "127.0.0.1": may not be in the loopback range (127.0.0.0/8, ::1/128)',
      ],
    ],
    [
      'too many endpoints',
      { endpoints: Array.from({ length: 1001 }, () => ({ addresses: ['10.1.0.1'] })) },
      ['endpoints: Too many: 1001: must have at most 1000 items'],
    ],
    [
      'the same port name twice',
      { ports: [{ port: 80 }, { port: 81 }] },
      ['ports[1].name: Duplicate value: ""'],
    ],
  ])('%s', (_, change, faults) => expect(slice.faults(change)).toEqual(faults));
  test('another type once it exists', () =>
    expect(slice.changeFaults({}, { addressType: 'FQDN', endpoints: [] })).toEqual([
      'addressType: Invalid value: "FQDN": field is immutable',
    ]));
});

test.each<readonly [string, Change, readonly string[]]>([
  ['sound', spec({ leaseDurationSeconds: 15 }), []],
  [
    'of no time',
    spec({ leaseDurationSeconds: 0 }),
    ['spec.leaseDurationSeconds: Invalid value: 0: must be greater than 0'],
  ],
  [
    'that went back and forth less than never',
    spec({ leaseTransitions: -1 }),
    ['spec.leaseTransitions: Invalid value: -1: must be greater than or equal to 0'],
  ],
])('a lease that is %s', (_, change, faults) => expect(checking(leases, {}).faults(change)).toEqual(faults));

test('a runtime class keeps its handler', () => {
  const runtime = checking(runtimeClasses, { handler: 'runc' });
  expect(runtime.faults({ handler: null })).toEqual(['handler: Required value']);
  expect(runtime.changeFaults({}, { handler: 'kata' })).toEqual([
    'handler: Invalid value: "kata": field is immutable',
  ]);
});
