import { beforeEach, describe, expect, test } from 'vitest';
import { TestCluster, refusal } from '../fixtures.js';

let cluster: TestCluster;
const service = (name: string, spec: object) => ({
  metadata: { name },
  spec: { groupPriorityMinimum: 1000, versionPriority: 15, ...spec },
});
const available = (name: string) => {
  const { status } = cluster.get('apiservices', name) as unknown as {
    status: { conditions?: readonly { status: string; reason: string; message: string }[] };
  };
  return status.conditions?.map(({ status: is, reason, message }) => [is, reason, message]);
};

beforeEach(() => {
  cluster = new TestCluster();
});

describe('API services', () => {
  test.each([
    ['v1.', 'onstart', 18_000, 1],
    ['v1.apps', 'onstart', 17_800, 15],
    ['v2.autoscaling', 'onstart', 17_500, 30],
    ['v1.events.k8s.io', 'onstart', 17_750, 15],
    ['v1.authorization.k8s.io', 'onstart', 17_600, 15],
  ])('%s is there from the start', (name, managed, groupPriorityMinimum, versionPriority) => {
    const { metadata, spec } = cluster.get('apiservices', name) as unknown as {
      metadata: { labels: Record<string, string> };
      spec: object;
    };
    expect(metadata.labels['kube-aggregator.kubernetes.io/automanaged']).toBe(managed);
    expect(spec).toMatchObject({ groupPriorityMinimum, versionPriority });
    expect(available(name)).toEqual([['True', 'Local', 'Local APIServices are always available']]);
  });

  test('the metrics server has one that is available', () => {
    expect(cluster.get('apiservices', 'v1beta1.metrics.k8s.io')).toMatchObject({
      spec: { service: { namespace: 'kube-system', name: 'metrics-server' } },
    });
    expect(available('v1beta1.metrics.k8s.io')).toEqual([['True', 'Passed', 'all checks passed']]);
  });

  test('one that is deleted comes back, custom ones come and go with their definition', () => {
    cluster.remove('apiservices', 'v1.apps');
    const open = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
    cluster.create('customresourcedefinitions', {
      metadata: { name: 'things.example.com' },
      spec: {
        group: 'example.com',
        scope: 'Cluster',
        names: { plural: 'things', kind: 'Thing' },
        versions: [{ name: 'v1', served: true, storage: true, schema: open }],
      },
    });
    cluster.pass(0);
    expect(available('v1.apps')).toHaveLength(1);
    expect(cluster.get('apiservices', 'v1.example.com')).toMatchObject({
      spec: { groupPriorityMinimum: 1000, versionPriority: 100 },
    });
    cluster.remove('customresourcedefinitions', 'things.example.com');
    cluster.pass(0);
    expect(refusal(() => cluster.get('apiservices', 'v1.example.com'))).toContain('not found');
  });

  test('one of a user tells what is missing', () => {
    const name = 'v1.external.example.com';
    const spec = {
      group: 'external.example.com',
      version: 'v1',
      service: { namespace: 'default', name: 'api' },
    };
    cluster.create('apiservices', service(name, spec));
    cluster.pass(0);
    expect(available(name)).toEqual([
      ['False', 'ServiceNotFound', 'service/api in "default" is not present'],
    ]);
    cluster.create('services', { metadata: { name: 'api' }, spec: { ports: [{ port: 443 }] } });
    cluster.pass(0);
    expect(available(name)).toEqual([
      [
        'False',
        'FailedDiscoveryCheck',
        expect.stringMatching(/^failing or missing response from https:\/\/10\.0\./),
      ],
    ]);
  });

  test.each([
    [
      'another name',
      'v1.other',
      { group: 'example.com', version: 'v1' },
      'metadata.name: Invalid value: "v1.other": must be `spec.version+"."+spec.group`: "v1.example.com"',
    ],
    [
      'no priority',
      'v1.example.com',
      { group: 'example.com', version: 'v1', versionPriority: 0 },
      'spec.versionPriority: Invalid value: 0: must be positive and less than 1000',
    ],
    [
      'a service without a name',
      'v1.example.com',
      { group: 'example.com', version: 'v1', service: { namespace: 'default' } },
      'spec.service.name: Required value',
    ],
  ])('one of %s is refused', (_, name, spec, message) => {
    expect(refusal(() => cluster.create('apiservices', service(name, spec)))).toBe(
      `422 APIService.apiregistration.k8s.io "${name}" is invalid: ${message}`,
    );
  });
});
