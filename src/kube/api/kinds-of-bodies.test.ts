import { describe, expect, test } from 'vitest';
import { TestCluster } from '../fixtures.js';
import { builtInTypes } from '../kinds/index.js';
import type { ResourceType } from '../resource-type.js';
import { StatusError } from './status-error.js';

const typeOf = (plural: string): ResourceType => {
  const found = builtInTypes.find((one) => one.plural === plural);
  if (!found) throw new RangeError(plural);
  return found;
};
const scope = { cluster: 'c', namespace: 'default' };

function refusal(write: () => unknown): string {
  try {
    write();
    return 'none';
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    return `${String(error.code)} ${error.message}`;
  }
}

describe('a body of another kind', () => {
  const cluster = new TestCluster();
  const as = 'cannot be handled as a ConfigMap';
  const scheme = 'in scheme "pkg/runtime/scheme.go:110"';
  test.each([
    [
      { apiVersion: 'v1', kind: 'Secret' },
      `400 Secret in version "v1" ${as}: converting (v1.Secret) to (core.ConfigMap): unknown conversion`,
    ],
    [
      { apiVersion: 'apps/v1', kind: 'Deployment' },
      `400 Deployment in version "v1" ${as}: converting (v1.Deployment) to (core.ConfigMap): unknown conversion`,
    ],
    [
      { apiVersion: 'v2', kind: 'ConfigMap' },
      `400 ConfigMap in version "v2" ${as}: no kind "ConfigMap" is registered for version "v2" ${scheme}`,
    ],
    [
      { apiVersion: 'x.io/v1', kind: 'Nope' },
      `400 Nope in version "v1" ${as}: no kind "Nope" is registered for version "x.io/v1" ${scheme}`,
    ],
    [
      { metadata: { name: 'a', creationTimestamp: 'yesterday' } },
      `400 ConfigMap in version "v1" ${as}: parsing time "yesterday" as "2006-01-02T15:04:05Z07:00": cannot parse "yesterday" as "2006"`,
    ],
  ])('%j', (body, message) => {
    const options = { dryRun: false, fieldValidation: 'Warn' } as const;
    const write = () => cluster.kubernetes.objects.create(typeOf('configmaps'), scope, body, options);
    expect(refusal(write)).toBe(message);
  });
  test('of an older version of its kind', () => {
    const options = { dryRun: false, fieldValidation: 'Warn' } as const;
    const body = { apiVersion: 'apps/v1beta1', kind: 'Deployment' };
    const write = () => cluster.kubernetes.objects.create(typeOf('deployments'), scope, body, options);
    expect(refusal(write)).toBe(
      '400 the API version in the data (apps/v1beta1) does not match the expected API version (apps/v1)',
    );
  });
});

describe('a member that a body has twice', () => {
  const cluster = new TestCluster();
  const write = (fieldValidation: 'Strict' | 'Warn' | 'Ignore') =>
    cluster.kubernetes.objects.create(
      typeOf('configmaps'),
      scope,
      { metadata: { name: 'a' }, nope: 1 },
      { dryRun: true, fieldValidation, textFaults: ['duplicate field "data.a"'] },
    ).warnings;
  test('is told, refused or passed', () => {
    expect(write('Warn')).toEqual(['unknown field "nope"', 'duplicate field "data.a"']);
    expect(write('Ignore')).toEqual([]);
    expect(refusal(() => write('Strict'))).toBe(
      '400 ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: unknown field "nope", duplicate field "data.a"',
    );
  });
});

describe('a configuration that is none of its kind', () => {
  const cluster = new TestCluster();
  const untyped = '500 failed to create typed patch object (/a; apps/v1, Kind=Deployment):';
  const deployment = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'a' } };
  const inContainer = (members: object) => ({
    ...deployment,
    spec: { template: { spec: { containers: [{ name: 'c', ...members }] } } },
  });
  test.each<[what: string, body: object, message: string]>([
    ['no version', { kind: 'Deployment' }, '400 invalid object type: /, Kind=Deployment'],
    ['another kind', { apiVersion: 'v1', kind: 'Secret' }, '400 invalid object type: /v1, Kind=Secret'],
    [
      'an unknown member',
      inContainer({ imagee: 'x' }),
      `${untyped} .spec.template.spec.containers[name="c"].imagee: field not declared in schema`,
    ],
    [
      'an element twice',
      inContainer({ ports: [{ containerPort: 80 }, { containerPort: 80 }] }),
      `${untyped} .spec.template.spec.containers[name="c"].ports: duplicate entries for key [containerPort=80,protocol="TCP"]`,
    ],
  ])('%s', (_, body, message) => {
    const options = {
      dryRun: false,
      fieldValidation: 'Ignore',
      manager: 'm',
      conflicts: 'refuse',
    } as const;
    const write = () =>
      cluster.kubernetes.objects.apply(typeOf('deployments'), scope, 'a', body, 'object', options);
    expect(refusal(write)).toBe(message);
  });
});

describe('a patch that makes no object of the kind', () => {
  test('is refused with what it makes', () => {
    const cluster = new TestCluster();
    cluster.create('configmaps', { metadata: { name: 'a' } });
    const patch = { type: 'merge', body: { data: { a: 5 } } } as const;
    const options = { dryRun: false, fieldValidation: 'Warn' } as const;
    const write = () =>
      cluster.kubernetes.objects.patch(typeOf('configmaps'), scope, 'a', patch, 'object', options);
    expect(refusal(write)).toMatch(
      /^422 {2}"" is invalid: patch: Invalid value: ".*": json: cannot unmarshal number into Go struct field ConfigMap.data of type string$/,
    );
  });
});

describe('whose the parts of a new object are', () => {
  const cluster = new TestCluster();
  const owned = (plural: string, body: object) => {
    const options = { dryRun: true, fieldValidation: 'Strict', manager: 'm' } as const;
    const { object } = cluster.kubernetes.objects.create(typeOf(plural), scope, body, options);
    return object.metadata.managedFields?.[0]?.fieldsV1;
  };
  // Maps, lists and pointers are fields of their own (`.`); structs, which every object has, are not.
  test.each<[plural: string, body: object, fields: object]>([
    ['configmaps', { data: { a: '1' } }, { 'f:data': { '.': {}, 'f:a': {} } }],
    [
      'serviceaccounts',
      { metadata: { labels: { a: 'b' } } },
      { 'f:metadata': { 'f:labels': { '.': {}, 'f:a': {} } } },
    ],
    [
      'resourcequotas',
      { spec: { hard: { pods: '1' } } },
      { 'f:spec': { 'f:hard': { '.': {}, 'f:pods': {} } } },
    ],
    ['networkpolicies', { spec: { podSelector: {} } }, { 'f:spec': { 'f:policyTypes': {} } }],
  ])('%s', (plural, body, fields) => {
    const { metadata = {} } = body as { readonly metadata?: object };
    expect(owned(plural, { ...body, metadata: { name: 'a', ...metadata } })).toEqual(fields);
  });
});

describe('zeros', () => {
  test.each<[plural: string, body: object, left: object]>([
    ['configmaps', { data: {}, immutable: false }, { immutable: false }],
    [
      'deployments',
      { spec: { replicas: 0, paused: false, minReadySeconds: 0, selector: {} } },
      { spec: { replicas: 0, selector: {} } },
    ],
    [
      'networkpolicies',
      { spec: { podSelector: { matchLabels: {} }, ingress: [] } },
      { spec: { podSelector: {} } },
    ],
    // No policies are not the same as none said of.
    [
      'horizontalpodautoscalers',
      { spec: { maxReplicas: 0, behavior: { scaleUp: { policies: [] } } } },
      { spec: { maxReplicas: 0, behavior: { scaleUp: { policies: [] } } } },
    ],
  ])('of %s %j', (plural, body, left) => {
    expect(typeOf(plural).schema.read({ ...body }).value).toEqual(left);
    expect(typeOf(plural).schema.read({ ...body }, 'kept').value).toEqual(body);
  });
});
