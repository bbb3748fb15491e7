import { describe, expect, test } from 'vitest';
import { errorText } from '../../api/field-error.js';
import { checking, completed } from '../fixtures.js';
import type { Change } from '../fixtures.js';
import { endpoints } from './endpoints.js';
import { events } from './event.js';
import { limitRanges } from './limit-range.js';
import { nodeKind } from './node.js';
import { podTemplates } from './pod-template.js';
import { replicationControllers } from './replication-controller.js';
import { resourceQuotas } from './resource-quota.js';

const spec = (change: Change): Change => ({ spec: change });

const notAName =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";

describe('limits of a namespace with', () => {
  const limits = checking(limitRanges, {});
  const one = (change: Change): Change => spec({ limits: [{ type: 'Container', ...change }] });
  const at = 'spec.limits[0]';
  test.each<readonly [string, Change, readonly string[]]>([
    ['nothing wrong', one({ max: { cpu: '2' }, min: { cpu: '1' } }), []],
    [
      'a type',
      one({ type: 'Deployment' }),
      [`${at}.type: Invalid value: "Deployment": must be a standard limit type or fully qualified`],
    ],
    [
      'a resource',
      one({ type: 'Pod', max: { gpu: '1' } }),
      [
        `${at}.max[gpu]: Invalid value: "gpu": must be a standard resource type or fully qualified`,
        `${at}.max[gpu]: Invalid value: "gpu": must be a standard resource for containers`,
      ],
    ],
    [
      'the same type twice',
      spec({ limits: [{ type: 'Pod' }, { type: 'Pod' }] }),
      ['spec.limits[1].type: Duplicate value: "Pod"'],
    ],
    [
      'defaults of pods',
      one({ type: 'Pod', default: { cpu: '1' } }),
      [`${at}.default: Forbidden: may not be specified when \`type\` is 'Pod'`],
    ],
    [
      'a minimum above the maximum',
      one({ type: 'Pod', max: { cpu: '1' }, min: { cpu: '2' } }),
      [`${at}.min[cpu]: Invalid value: "2": min value 2 is greater than max value 1`],
    ],
    [
      'a default above the maximum',
      one({ max: { cpu: '1' }, default: { cpu: '2' }, defaultRequest: { cpu: '1' } }),
      [`${at}.default[cpu]: Invalid value: "1": default value 2 is greater than max value 1`],
    ],
    [
      'a request above the default',
      one({ default: { cpu: '1' }, defaultRequest: { cpu: '2' } }),
      [
        `${at}.defaultRequest[cpu]: Invalid value: "2": default request value 2 is greater than default limit value 1`,
      ],
    ],
    [
      'a ratio below one',
      one({ type: 'Pod', maxLimitRequestRatio: { cpu: '500m' } }),
      [`${at}.maxLimitRequestRatio[cpu]: Invalid value: "500m": ratio 500m is less than 1`],
    ],
    [
      'claims without a size',
      one({ type: 'PersistentVolumeClaim' }),
      [
        `${at}.limits: Required value: either minimum or maximum storage value is required, but neither was provided`,
      ],
    ],
  ])('%s', (_, change, faults) => expect(limits.faults(change)).toEqual(faults));

  test('the maximum only: it is the default, and the request', () =>
    expect(limits.object(one({ max: { cpu: '2' }, min: { memory: '1Gi' } }))).toMatchObject({
      spec: { limits: [{ default: { cpu: '2' }, defaultRequest: { cpu: '2', memory: '1Gi' } }] },
    }));
});

describe('a quota with', () => {
  const quota = checking(resourceQuotas, { spec: { hard: { pods: '10' } } });
  test.each<readonly [string, Change, readonly string[]]>([
    ['nothing wrong', {}, []],
    ['counts of any kind', spec({ hard: { 'count/widgets.example.com': '3' } }), []],
    [
      'an unknown resource',
      spec({ hard: { foo: '1' } }),
      [
        'spec.hard[foo]: Invalid value: "foo": must be a standard resource type or fully qualified',
        'spec.hard[foo]: Invalid value: "foo": must be a standard resource for quota',
      ],
    ],
    [
      'half a pod',
      spec({ hard: { pods: '500m' } }),
      ['spec.hard[pods]: Invalid value: "500m": must be an integer'],
    ],
    [
      'less than nothing',
      spec({ hard: { pods: '-1' } }),
      ['spec.hard[pods]: Invalid value: "-1": must be greater than or equal to 0'],
    ],
    [
      'an unknown scope',
      spec({ scopes: ['Foo'] }),
      ['spec.scopes: Invalid value: ["Foo"]: unsupported scope'],
    ],
    [
      'a scope that says nothing of it',
      spec({ hard: { pods: null, services: '1' }, scopes: ['Terminating'] }),
      ['spec.scopes: Invalid value: ["Terminating"]: unsupported scope applied to resource'],
    ],
    [
      'two scopes that exclude each other',
      spec({ scopes: ['Terminating', 'NotTerminating'] }),
      ['spec.scopes: Invalid value: ["Terminating","NotTerminating"]: conflicting scopes'],
    ],
    [
      'priorities without values',
      spec({ scopeSelector: { matchExpressions: [{ scopeName: 'PriorityClass', operator: 'In' }] } }),
      [
        "spec.scopeSelector.matchExpressions.values: Required value: must be at least one value when `operator` is 'In' or 'NotIn' for scope selector",
      ],
    ],
  ])('%s', (_, change, faults) => expect(quota.faults(change)).toEqual(faults));

  test('other scopes once it exists', () =>
    expect(quota.changeFaults({}, spec({ scopes: ['Terminating'] }))).toEqual([
      'spec.scopes: Invalid value: ["Terminating"]: field is immutable',
    ]));
});

describe('an event', () => {
  const event = checking(events, { involvedObject: { namespace: 'default' } });
  const timed = {
    eventTime: '2026-01-01T00:00:00.000000Z',
    reportingComponent: 'a',
    reportingInstance: 'b',
    action: 'c',
    reason: 'd',
  };
  const mismatch = (namespace: string): string =>
    `involvedObject.namespace: Invalid value: "${namespace}": does not match event.namespace`;
  test.each<readonly [string, Change, readonly string[]]>([
    ['of its namespace', {}, []],
    ['of another namespace', { involvedObject: { namespace: 'other' } }, [mismatch('other')]],
    [
      'of a node, elsewhere',
      { involvedObject: { namespace: null }, metadata: { namespace: 'kube-public' } },
      [mismatch('')],
    ],
    ['of a node', { involvedObject: { namespace: null } }, []],
    ['with a time', timed, []],
    [
      'with a time alone',
      { eventTime: timed.eventTime },
      [
        'reportingController: Required value',
        'reportingController: Invalid value: "": name part must be non-empty',
        `reportingController: Invalid value: "": ${notAName}`,
        'reportingInstance: Required value',
        'action: Required value',
        'reason: Required value',
      ],
    ],
    [
      'with a time and much to say',
      { ...timed, message: 'x'.repeat(1025) },
      ['message: Invalid value: "": can have at most 1024 characters'],
    ],
  ])('%s', (_, change, faults) => expect(event.faults(change)).toEqual(faults));
});

describe('endpoints with', () => {
  const all = checking(endpoints, {});
  const subset = (change: Change): Change => ({ subsets: [{ addresses: [{ ip: '10.1.0.1' }], ...change }] });
  test.each<readonly [string, Change, readonly string[]]>([
    ['nothing wrong', subset({ ports: [{ port: 80 }] }), []],
    [
      'no addresses',
      subset({ addresses: [] }),
      ['subsets[0]: Required value: must specify `addresses` or `notReadyAddresses`'],
    ],
    [
      'an address of the link',
      subset({ addresses: [{ ip: '169.254.0.1' }] }),
      [
        'subsets[0].addresses[0].ip: Invalid value: "169.254.0.1": may not be in the link-local range (169.254.0.0/16, fe80::/10)',
      ],
    ],
    [
      'two ports without names',
      subset({ ports: [{ port: 80 }, { port: 81 }] }),
      ['subsets[0].ports[0].name: Required value', 'subsets[0].ports[1].name: Required value'],
    ],
    [
      'a port out of range',
      subset({ ports: [{ port: 0 }] }),
      ['subsets[0].ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive'],
    ],
  ])('%s', (_, change, faults) => expect(all.faults(change)).toEqual(faults));
});

describe('a node with', () => {
  const node = checking(nodeKind, {});
  const taints = (...list: Change[]): Change => spec({ taints: list });
  const at = 'metadata.taints[0]';
  test.each<readonly [string, Change, readonly string[]]>([
    ['nothing wrong', taints({ key: 'a', effect: 'NoSchedule' }), []],
    [
      'a taint without a key',
      taints({ effect: 'NoSchedule' }),
      [
        `${at}.key: Invalid value: "": name part must be non-empty`,
        `${at}.key: Invalid value: "": ${notAName}`,
      ],
    ],
    ['a taint without an effect', taints({ key: 'a' }), [`${at}.effect: Required value`]],
    [
      'an effect',
      taints({ key: 'a', effect: 'NoRun' }),
      [
        `${at}.effect: Unsupported value: "NoRun": supported values: "NoSchedule", "PreferNoSchedule", "NoExecute"`,
      ],
    ],
    [
      'the same taint twice',
      taints({ key: 'a', effect: 'NoSchedule' }, { key: 'a', value: 'b', effect: 'NoSchedule' }),
      [
        'metadata.taints[1]: Duplicate value: {"key":"a","value":"b","effect":"NoSchedule"}: taints must be unique by key and effect pair',
      ],
    ],
    [
      'a range of pods',
      spec({ podCIDRs: ['10.0.0.0'] }),
      [
        'spec.podCIDRs[0]: Invalid value: "10.0.0.0": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)',
      ],
    ],
  ])('%s', (_, change, faults) => expect(node.faults(change)).toEqual(faults));

  test.each<readonly [string, Change, Change, readonly string[]]>([
    ['its provider', {}, spec({ providerID: 'azure://a' }), []],
    [
      'another provider',
      spec({ providerID: 'azure://a' }),
      {},
      ['spec.providerID: Forbidden: node updates may not change providerID except from "" to valid'],
    ],
    [
      'other pods',
      spec({ podCIDRs: ['10.0.0.0/24'] }),
      {},
      ['spec.podCIDRs: Forbidden: node updates may not change podCIDR except from "" to valid'],
    ],
  ])('%s once it exists', (_, before, after, faults) =>
    expect(node.changeFaults(before, after)).toEqual(faults),
  );

  test('a negative capacity', () => {
    const object = { ...completed(nodeKind, {}), status: { capacity: { cpu: '-1' } } };
    expect(nodeKind.validateStatus(object, object).map(errorText)).toEqual([
      'status.capacity.cpu: Invalid value: "-1": must be greater than or equal to 0',
    ]);
  });
});

describe('pods by a template', () => {
  const template = { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'a', image: 'a' }] } };
  const controller = checking(replicationControllers, { spec: { template } });
  const bare = checking(podTemplates, { template });
  test('a controller selects what its template says', () => {
    expect(controller.object({})).toMatchObject({
      metadata: { labels: { a: 'b' } },
      spec: { selector: { a: 'b' }, replicas: 1 },
    });
    expect(controller.faults({ spec: { selector: { a: 'c' } } })).toEqual([
      'spec.template.metadata.labels: Invalid value: {"a":"b"}: `selector` does not match template `labels`',
    ]);
  });
  test('a template alone is checked too', () =>
    expect(bare.faults({ template: { spec: { containers: [] } } })).toEqual([
      'template.spec.containers: Required value',
    ]));
});
