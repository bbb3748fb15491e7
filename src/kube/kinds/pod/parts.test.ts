import { beforeEach, describe, expect, test } from 'vitest';
import { TestCluster, refusal } from '../../fixtures.js';
import type { Shown } from '../../fixtures.js';

let cluster: TestCluster;
const specOf = (object: Shown) => object['spec'] as Record<string, unknown>;
const container = (requests: object, limits: object = {}) => ({
  name: 'c',
  image: 'i',
  resources: { requests, limits },
});
const debugger_ = (name: string, image = 'busybox') => ({ name, image });

beforeEach(() => {
  cluster = new TestCluster();
  cluster.create('pods', {
    metadata: { name: 'p' },
    spec: { containers: [container({ cpu: '1', memory: '1Gi' })] },
  });
});

describe('ephemeral containers', () => {
  const put = (ephemeralContainers: object[], more: object = {}) =>
    cluster.patch('pods', 'p', { spec: { ephemeralContainers, ...more } }, { part: 'ephemeralcontainers' });

  test('come by their own part, completed, and count as a change', () => {
    const put1 = put([debugger_('d')], { nodeName: 'elsewhere' });
    expect(specOf(put1)).toMatchObject({
      ephemeralContainers: [{ name: 'd', image: 'busybox', imagePullPolicy: 'Always' }],
    });
    expect([specOf(put1)['nodeName'], put1.metadata.generation]).toEqual([undefined, 2]);
  });

  test.each<[what: string, then: object[], text: string]>([
    ['removed', [], 'existing ephemeral containers "d" may not be removed'],
    ['changed', [debugger_('d', 'alpine')], 'existing ephemeral containers "d" may not be changed'],
    [
      'named as another container',
      [debugger_('d'), debugger_('c')],
      'spec.ephemeralContainers[1].name: Duplicate value: "c"',
    ],
  ])('may not be %s', (_, then, text) => {
    put([debugger_('d')]);
    expect(refusal(() => put(then))).toContain(text);
  });
});

describe('a resize', () => {
  const put = (resources: object, more: object = {}) =>
    cluster.patch(
      'pods',
      'p',
      { spec: { containers: [{ name: 'c', image: 'i', resources, ...more }] } },
      { part: 'resize' },
    );

  test('changes what containers ask for, and nothing else', () => {
    const made = put({ requests: { cpu: '2', memory: '1Gi' } }, { image: 'other' });
    expect(specOf(made)['containers']).toMatchObject([
      { image: 'i', resources: { requests: { cpu: '2', memory: '1Gi' } } },
    ]);
  });

  test.each<[what: string, resources: object, text: string]>([
    [
      'other resources',
      { requests: { cpu: '1', memory: '1Gi', 'ephemeral-storage': '1Gi' } },
      'spec: Forbidden: only cpu and memory resources are mutable',
    ],
    [
      'the class of quality',
      { requests: { cpu: '1', memory: '1Gi' }, limits: { cpu: '1', memory: '1Gi' } },
      'Pod QOS Class may not change as a result of resizing',
    ],
    [
      'what must stay',
      { requests: { cpu: '1' } },
      'spec.containers[0].resources.requests: Forbidden: resource requests cannot be removed',
    ],
    [
      'to what can not be',
      { requests: { cpu: '2', memory: '1Gi' }, limits: { cpu: '1' } },
      'must be less than or equal to cpu limit of 1',
    ],
  ])('does not change %s', (_, resources, text) => {
    expect(refusal(() => put(resources))).toContain(text);
  });

  test('takes of the quota', () => {
    cluster.create('resourcequotas', { metadata: { name: 'q' }, spec: { hard: { 'requests.cpu': '2' } } });
    cluster.pass(0);
    expect(refusal(() => put({ requests: { cpu: '3', memory: '1Gi' } }))).toBe(
      '403 pods "p" is forbidden: exceeded quota: q, requested: requests.cpu=2, used: requests.cpu=1, limited: requests.cpu=2',
    );
    put({ requests: { cpu: '2', memory: '1Gi' } });
    expect(cluster.get('resourcequotas', 'q')['status']).toMatchObject({ used: { 'requests.cpu': '2' } });
  });
});

test('a namespace goes without waiting when its holders are taken off', () => {
  cluster.create('namespaces', { metadata: { name: 'team' } });
  cluster.create(
    'configmaps',
    { metadata: { name: 'held', finalizers: ['example.com/hold'] } },
    { namespace: 'team' },
  );
  cluster.remove('namespaces', 'team');
  cluster.pass(0);
  expect(cluster.get('namespaces', 'team')['status']).toMatchObject({ phase: 'Terminating' });
  cluster.patch('namespaces', 'team', { spec: { finalizers: null } }, { part: 'finalize' });
  cluster.pass(0);
  expect(refusal(() => cluster.get('namespaces', 'team'))).toBe('404 namespaces "team" not found');
});
