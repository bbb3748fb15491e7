import { describe, expect, test } from 'vitest';
import { TestCluster } from '../fixtures.js';
import { services } from '../kinds/index.js';
import { fieldAt } from '../object.js';

const port = { name: 'http', port: 80, protocol: 'TCP', targetPort: 80 };
const body = (name: string, spec: object) => ({ metadata: { name }, spec: { ports: [port], ...spec } });

/** A service that was created with one spec and patched, or put, with another. */
function changed(spec: object, next: object, how: 'merge' | 'put' = 'merge') {
  const cluster = new TestCluster();
  const before = cluster.create('services', body('web', spec));
  const after =
    how === 'merge'
      ? cluster.patch('services', 'web', { spec: next })
      : cluster.kubernetes.objects.replace(
          services,
          { cluster: 'c', namespace: 'default' },
          'web',
          body('web', next),
          'object',
          { dryRun: false, fieldValidation: 'Strict' },
        ).object;
  return { before: fieldAt(before, 'spec') as Spec, after: fieldAt(after, 'spec') as Spec };
}
interface Spec {
  readonly clusterIP?: string;
  readonly clusterIPs?: readonly string[];
  readonly externalTrafficPolicy?: string;
  readonly healthCheckNodePort?: number;
  readonly ports: readonly { readonly nodePort?: number }[];
}

describe('a service that changes', () => {
  test('keeps its address and node ports where a body leaves them out', () => {
    const { before, after } = changed({ type: 'NodePort' }, { type: 'NodePort' }, 'put');
    expect(after).toEqual(before);
    expect(before.ports[0]?.nodePort).toBeGreaterThanOrEqual(30_000);
    expect(before.clusterIPs).toEqual([before.clusterIP]);
  });
  test('keeps the node port of a port by its name', () => {
    const ports = [{ ...port, name: 'new', port: 81 }, port];
    const { before, after } = changed({ type: 'NodePort' }, { type: 'NodePort', ports }, 'put');
    expect(after.ports[1]).toEqual(before.ports[0]);
    expect(after.ports[0]?.nodePort).not.toBe(before.ports[0]?.nodePort);
  });
  test('gets node ports with a type that has them', () => {
    const { before, after } = changed({}, { type: 'LoadBalancer', externalTrafficPolicy: 'Local' });
    expect(before.ports[0]).toEqual(port);
    expect(after.clusterIP).toBe(before.clusterIP);
    expect(after.ports[0]?.nodePort).toBeGreaterThanOrEqual(30_000);
    expect(after.healthCheckNodePort).toBeGreaterThanOrEqual(30_000);
  });
  test('loses them with a type that has not', () => {
    const { before, after } = changed({ type: 'NodePort' }, { type: 'ClusterIP' });
    expect(before.externalTrafficPolicy).toBe('Cluster');
    expect(after).toEqual({
      ...before,
      type: 'ClusterIP',
      ports: [port],
      externalTrafficPolicy: undefined,
    });
  });
  test('loses its address when it becomes a name', () => {
    const { after } = changed({}, { type: 'ExternalName', externalName: 'example.com' });
    expect(after).toEqual({
      type: 'ExternalName',
      externalName: 'example.com',
      ports: [port],
      sessionAffinity: 'None',
    });
  });
  test('gets an address when it ceases to be a name', () => {
    const { after } = changed({ type: 'ExternalName', externalName: 'example.com' }, { type: 'ClusterIP' });
    expect(after.clusterIP).toMatch(/^10\.0\./);
  });
  test.each([
    [
      'another address',
      { clusterIP: '10.0.9.9' },
      'spec.clusterIPs[0]: Invalid value: ["10.0.9.9"]: may not change once set',
    ],
  ])('is refused %s', (_, next, message) => {
    expect(() => changed({}, next)).toThrow(message);
  });
});

describe('what another service has', () => {
  const cluster = new TestCluster();
  cluster.create(
    'services',
    body('one', { type: 'NodePort', clusterIP: '10.0.7.7', ports: [{ ...port, nodePort: 31_000 }] }),
  );
  test.each([
    [
      { clusterIP: '10.0.7.7' },
      'spec.clusterIPs: Invalid value: ["10.0.7.7"]: failed to allocate IP 10.0.7.7: provided IP is already allocated',
    ],
    [
      { type: 'NodePort', ports: [port, { ...port, name: 'b', port: 81, nodePort: 31_000 }] },
      'spec.ports[1].nodePort: Invalid value: 31000: provided port is already allocated',
    ],
  ])('is refused: %j', (spec, message) => {
    expect(() => cluster.create('services', body('two', spec))).toThrow(message);
  });
  test('is its own', () => {
    const again = cluster.patch('services', 'one', { metadata: { labels: { a: 'b' } } });
    expect(fieldAt(again, 'spec.clusterIP')).toBe('10.0.7.7');
  });
});

test('a namespace keeps its finalizers, whatever a body says', () => {
  const cluster = new TestCluster();
  cluster.create('namespaces', { metadata: { name: 'a' } });
  const changedTo = cluster.patch('namespaces', 'a', { spec: { finalizers: [] } });
  expect(fieldAt(changedTo, 'spec.finalizers')).toEqual(['kubernetes']);
});
