import { beforeEach, describe, expect, test } from 'vitest';
import { TestCluster, refusal } from '../fixtures.js';
import { deployments } from '../kinds/index.js';
import type { FieldValidation, Patch } from './index.js';

const scope = { cluster: 'c', namespace: 'default' };
const body = (spec: object = {}, more: object = {}) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web' },
  spec: {
    selector: { matchLabels: { app: 'x' } },
    template: {
      metadata: { labels: { app: 'x' } },
      spec: { containers: [{ name: 'a', image: 'a:1' }] },
    },
    ...spec,
  },
  ...more,
});

let cluster: TestCluster;
beforeEach(() => {
  cluster = new TestCluster();
});
const options = (fieldValidation: FieldValidation = 'Strict') => ({ dryRun: false, fieldValidation });
const create = (given: unknown, fieldValidation?: FieldValidation) =>
  cluster.kubernetes.objects.create(deployments, scope, given, options(fieldValidation));
const patch = (given: Patch, fieldValidation?: FieldValidation) =>
  cluster.kubernetes.objects.patch(deployments, scope, 'web', given, 'object', options(fieldValidation));

describe('a body that its kind can not be read from', () => {
  test.each<[string, unknown, string]>([
    [
      'is of a wrong type somewhere',
      body({ replicas: 'two' }),
      '400 Deployment in version "v1" cannot be handled as a Deployment: json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32',
    ],
    [
      'has members of other names',
      body({ replica: 2 }, { more: 1 }),
      '400 Deployment in version "v1" cannot be handled as a Deployment: strict decoding error: unknown field "spec.replica", unknown field "more"',
    ],
    [
      'is of another kind',
      { ...body(), kind: 'ReplicaSet' },
      '400 ReplicaSet in version "v1" cannot be handled as a Deployment: converting (v1.ReplicaSet) to (apps.Deployment): unknown conversion',
    ],
  ])('%s', (_, given, told) => {
    expect(refusal(() => create(given))).toBe(told);
  });

  test('is warned of, or not, where it is not strict', () => {
    expect(create(body({ replica: 2 }), 'Warn').warnings).toEqual(['unknown field "spec.replica"']);
    expect(create({ ...body({ replica: 2 }), metadata: { name: 'other' } }, 'Ignore').warnings).toEqual([]);
  });
});

describe('a patch that makes such a body', () => {
  beforeEach(() => {
    create(body());
  });
  const reason =
    'json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32';

  test('by merging is refused with what it makes', () => {
    const told = refusal(() => patch({ type: 'merge', body: { spec: { replicas: 'two' } } }));
    expect(told).toMatch(
      /^422 {2}"" is invalid: patch: Invalid value: "\{.*\\"replicas\\":\\"two\\".*\}": json: /,
    );
    expect(told.endsWith(reason)).toBe(true);
  });

  test('step by step as well', () => {
    const steps = [{ op: 'replace', path: '/spec/replicas', value: 'two' }];
    expect(refusal(() => patch({ type: 'json', body: steps }))).toContain('"replicas\\":\\"two\\"');
  });

  test('by a strategic merge is refused with the patch', () => {
    expect(refusal(() => patch({ type: 'strategic', body: { spec: { replicas: 'two' } } }))).toBe(
      `422  "" is invalid: patch: Invalid value: "map[spec:map[replicas:two]]": ${reason}`,
    );
  });

  test('of members of other names is refused where it is strict', () => {
    const more = { type: 'merge', body: { more: 1 } } as const;
    expect(refusal(() => patch(more))).toMatch(
      /^422 {2}"" is invalid: patch: Invalid value: .*: strict decoding error: unknown field "more"$/,
    );
    expect(patch(more, 'Warn').warnings).toEqual(['unknown field "more"']);
  });
});
