import { beforeEach, describe, expect, test } from 'vitest';
import { TestCluster, refusal } from '../../fixtures.js';

let cluster: TestCluster;
beforeEach(() => {
  cluster = new TestCluster();
});

const addresses = (): readonly string[] =>
  cluster.list('ipaddresses').map(({ metadata, spec }) => {
    const { parentRef } = spec as { parentRef: { namespace?: string; name: string } };
    return `${metadata.name} ${parentRef.namespace ?? ''}/${parentRef.name}`;
  });
const service = (name: string, spec: object = {}): string => {
  const made = cluster.create('services', { metadata: { name }, spec: { ports: [{ port: 80 }], ...spec } });
  cluster.pass(0);
  return (made['spec'] as { clusterIP: string }).clusterIP;
};
const block = (name: string, ...cidrs: readonly string[]) => {
  cluster.create('servicecidrs', { metadata: { name }, spec: { cidrs } });
  cluster.pass(0);
};
const ready = (name: string) =>
  (cluster.get('servicecidrs', name)['status'] as { conditions: readonly object[] }).conditions[0];

describe('the address of a service', () => {
  test('is written down from its creation to its end', () => {
    const ip = service('web');
    expect(addresses()).toEqual(['10.0.0.1 default/kubernetes', `${ip} default/web`]);
    expect(cluster.get('ipaddresses', ip)).toMatchObject({
      metadata: {
        labels: {
          'ipaddress.kubernetes.io/ip-family': 'IPv4',
          'ipaddress.kubernetes.io/managed-by': 'ipallocator.k8s.io',
        },
      },
      spec: { parentRef: { resource: 'services', namespace: 'default', name: 'web' } },
    });
    cluster.remove('services', 'web');
    cluster.pass(0);
    expect(addresses()).toEqual(['10.0.0.1 default/kubernetes']);
  });

  test('is given up with the kind of service that has one', () => {
    service('web');
    cluster.patch('services', 'web', {
      spec: { type: 'ExternalName', externalName: 'x.example', clusterIP: null, clusterIPs: null },
    });
    cluster.pass(0);
    expect(addresses()).toEqual(['10.0.0.1 default/kubernetes']);
  });

  test('is none of a headless service', () => {
    service('web', { clusterIP: 'None' });
    expect(addresses()).toEqual(['10.0.0.1 default/kubernetes']);
  });

  test('is written down again when it is lost', () => {
    cluster.remove('ipaddresses', '10.0.0.1');
    cluster.pass(0);
    expect(addresses()).toEqual(['10.0.0.1 default/kubernetes']);
  });

  test('may be asked for again at once when a service has gone', () => {
    service('web', { clusterIP: '10.0.5.5' });
    cluster.remove('services', 'web');
    expect(service('other', { clusterIP: '10.0.5.5' })).toBe('10.0.5.5');
    expect(addresses()).toContain('10.0.5.5 default/other');
  });

  test('is none that somebody else has written down', () => {
    const parentRef = { group: 'example.com', resource: 'foos', name: 'one' };
    cluster.create('ipaddresses', { metadata: { name: '10.0.5.5' }, spec: { parentRef } });
    expect(refusal(() => service('web', { clusterIP: '10.0.5.5' }))).toBe(
      '422 Service "web" is invalid: spec.clusterIPs: Invalid value: ["10.0.5.5"]: failed to allocate IP 10.0.5.5: provided IP is already allocated',
    );
  });
});

describe('a block of addresses', () => {
  test('is there from the beginning, and ready', () => {
    expect(cluster.get('servicecidrs', 'kubernetes')).toMatchObject({ spec: { cidrs: ['10.0.0.0/16'] } });
    expect(ready('kubernetes')).toMatchObject({
      type: 'Ready',
      status: 'True',
      reason: '',
      message: 'Kubernetes default Service CIDR is ready',
    });
  });

  test('lets services ask for its addresses', () => {
    const outside = /the provided network does not match the current range$/;
    expect(refusal(() => service('web', { clusterIP: '10.9.0.5' }))).toMatch(outside);
    block('more', '10.9.0.0/24');
    expect(ready('more')).toMatchObject({ message: 'Kubernetes Service CIDR is ready' });
    expect(service('web', { clusterIP: '10.9.0.5' })).toBe('10.9.0.5');
  });

  test('that is deleted stays as long as its addresses are taken', () => {
    block('more', '10.9.0.0/24');
    service('web', { clusterIP: '10.9.0.5' });
    cluster.remove('servicecidrs', 'more');
    cluster.pass(0);
    expect(ready('more')).toMatchObject({ status: 'False', reason: 'Terminating' });
    expect(refusal(() => service('other', { clusterIP: '10.9.0.6' }))).toMatch(/^422 /);
    cluster.remove('services', 'web');
    cluster.pass(0);
    expect(refusal(() => cluster.get('servicecidrs', 'more'))).toMatch(/^404 /);
  });

  test('goes at once when another one has its addresses', () => {
    block('more', '10.9.0.0/24');
    block('larger', '10.9.0.0/16');
    service('web', { clusterIP: '10.9.0.5' });
    cluster.remove('servicecidrs', 'more');
    cluster.pass(0);
    expect(refusal(() => cluster.get('servicecidrs', 'more'))).toMatch(/^404 /);
  });
});
