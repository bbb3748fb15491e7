import { beforeEach, describe, expect, test } from 'vitest';
import { TestCluster, podTemplate } from './fixtures.js';

const labels = { app: 'web' };
const withPort = (spec: object = {}, annotations: object = {}) =>
  podTemplate(
    labels,
    {
      containers: [{ name: 'c', image: 'image:1', ports: [{ name: 'http', containerPort: 8080 }] }],
      ...spec,
    },
    annotations,
  );
const deployment = (replicas: number, template = withPort()) => ({
  metadata: { name: 'web' },
  spec: { replicas, selector: { matchLabels: labels }, template },
});
const service = (spec: object = {}, metadata: object = {}) => ({
  metadata: { name: 'web', ...metadata },
  spec: { selector: labels, ports: [{ name: 'http', port: 80, targetPort: 'http' }], ...spec },
});

interface Slice {
  readonly metadata: { readonly name: string; readonly labels: Record<string, string> };
  readonly endpoints: readonly {
    readonly addresses: readonly string[];
    readonly conditions: object;
    readonly hostname?: string;
    readonly nodeName?: string;
    readonly zone?: string;
    readonly targetRef?: { readonly name: string };
  }[];
  readonly ports: readonly object[];
}
interface EndpointsObject {
  readonly metadata: { readonly labels?: object; readonly annotations?: object };
  readonly subsets?: readonly {
    readonly addresses?: readonly { readonly ip: string }[];
    readonly notReadyAddresses?: readonly object[];
    readonly ports?: readonly object[];
  }[];
}

let cluster: TestCluster;
const slices = () =>
  cluster.list('endpointslices', 'kubernetes.io/service-name=web') as unknown as readonly Slice[];
const endpoints = (name = 'web') => cluster.get('endpoints', name) as unknown as EndpointsObject;
const podNames = () => cluster.names('pods', 'app=web');

beforeEach(() => {
  cluster = TestCluster.open(2);
});

describe('the slices of a service', () => {
  test('know the addresses of its pods, their nodes and their states', () => {
    cluster.create('services', service({}, { labels: { team: 'shop' } }));
    cluster.create('deployments', deployment(2));
    cluster.pass(5);
    const [slice] = slices();
    expect(slice?.metadata.name).toMatch(/^web-\w{5}$/);
    expect(slice?.metadata.labels).toEqual({
      team: 'shop',
      'kubernetes.io/service-name': 'web',
      'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io',
    });
    expect(slice?.ports).toEqual([{ name: 'http', port: 8080, protocol: 'TCP' }]);
    const nodes = cluster.names('nodes');
    expect(
      slice?.endpoints.map(({ targetRef, nodeName = '' }) => [targetRef?.name, nodes.includes(nodeName)]),
    ).toEqual(podNames().map((name) => [name, true]));
    expect(slice?.endpoints.map(({ conditions }) => conditions)).toEqual(
      [1, 2].map(() => ({ ready: true, serving: true, terminating: false })),
    );
  });

  test('are empty while it has no pods, and go with it', () => {
    cluster.create('services', service());
    cluster.pass(1);
    expect(slices()).toMatchObject([{ endpoints: [], ports: [] }]);
    cluster.delete('services', 'web');
    cluster.pass(1);
    expect([slices(), cluster.names('endpoints').includes('web')]).toEqual([[], false]);
  });

  test('tell a pod that stops from one that is ready', () => {
    cluster.create('services', service());
    cluster.create('deployments', deployment(1, withPort({}, { 'poolkeeper.dev/stop-duration': '10s' })));
    cluster.pass(5);
    cluster.delete('pods', podNames()[0] ?? '');
    cluster.pass(5);
    expect(slices()[0]?.endpoints.map(({ conditions }) => conditions)).toContainEqual({
      ready: false,
      serving: true,
      terminating: true,
    });
    expect(endpoints().subsets?.[0]?.addresses?.length).toBe(1);
  });

  test('hold a hundred each', () => {
    cluster.addPool('more', 3, { vmSize: 'Standard_D8s_v5', maxPods: 110 });
    cluster.pass(60);
    cluster.create('services', service());
    cluster.create('deployments', deployment(230));
    cluster.pass(60);
    expect(
      slices()
        .map(({ endpoints: all }) => all.length)
        .sort(),
    ).toEqual([100, 100, 30]);
  });

  test('are made again when somebody deletes or changes them', () => {
    cluster.create('services', service());
    cluster.create('deployments', deployment(1));
    cluster.pass(5);
    const [before] = slices();
    cluster.delete('endpointslices', before?.metadata.name ?? '');
    cluster.pass(1);
    expect(slices()[0]?.endpoints).toEqual(before?.endpoints);
  });

  test('mirror Endpoints that somebody makes for a service without a selector', () => {
    cluster.create('services', { metadata: { name: 'web' }, spec: { ports: [{ port: 5432 }] } });
    cluster.create('endpoints', {
      metadata: { name: 'web' },
      subsets: [
        { addresses: [{ ip: '10.9.8.7' }], notReadyAddresses: [{ ip: '10.9.8.8' }], ports: [{ port: 5432 }] },
      ],
    });
    cluster.pass(1);
    expect(slices()).toMatchObject([
      {
        metadata: {
          labels: { 'endpointslice.kubernetes.io/managed-by': 'endpointslicemirroring-controller.k8s.io' },
        },
        endpoints: [
          { addresses: ['10.9.8.7'], conditions: { ready: true } },
          { addresses: ['10.9.8.8'], conditions: { ready: false } },
        ],
      },
    ]);
    cluster.patch('endpoints', 'web', { subsets: [] });
    cluster.pass(1);
    expect(slices()[0]?.endpoints).toEqual([]);
    cluster.delete('endpoints', 'web');
    cluster.pass(1);
    expect(slices()).toEqual([]);
  });
});

describe('the Endpoints of a service', () => {
  test('list what is ready and what is not', () => {
    cluster.create('services', service());
    cluster.create('deployments', deployment(2, withPort({}, { 'poolkeeper.dev/ready-delay': '20s' })));
    cluster.pass(8);
    expect(endpoints().subsets?.[0]).toMatchObject({
      notReadyAddresses: [{}, {}],
      ports: [{ name: 'http', port: 8080, protocol: 'TCP' }],
    });
    cluster.pass(30);
    expect(endpoints().subsets).toMatchObject([{ addresses: [{}, {}] }]);
    expect(endpoints().metadata.labels).toEqual({
      'endpoints.kubernetes.io/managed-by': 'endpoint-controller',
    });
  });

  test('list all as ready where the service says so, and know the pods of a headless one by name', () => {
    cluster.create('services', service({ clusterIP: 'None', publishNotReadyAddresses: true }));
    cluster.create('statefulsets', {
      metadata: { name: 'web' },
      spec: {
        replicas: 1,
        serviceName: 'web',
        selector: { matchLabels: labels },
        template: withPort({}, { 'poolkeeper.dev/ready-delay': '1h' }),
      },
    });
    cluster.pass(8);
    expect(endpoints().subsets).toMatchObject([{ addresses: [{ hostname: 'web-0' }] }]);
    expect(slices()[0]?.endpoints).toMatchObject([
      { hostname: 'web-0', conditions: { ready: true, serving: false, terminating: false } },
    ]);
    expect(slices()[0]?.metadata.labels).toMatchObject({ 'service.kubernetes.io/headless': '' });
  });
});

describe('a service of the type LoadBalancer', () => {
  const ingress = () =>
    (cluster.get('services', 'web').status['loadBalancer'] as { ingress?: readonly { ip: string }[] })
      .ingress;

  test('gets an address from outside after a while', () => {
    cluster.create('services', service({ type: 'LoadBalancer' }));
    cluster.pass(5);
    expect([ingress(), cluster.events('web')]).toEqual([
      undefined,
      ['EnsuringLoadBalancer Ensuring load balancer'],
    ]);
    expect(cluster.get('services', 'web').metadata.finalizers).toEqual([
      'service.kubernetes.io/load-balancer-cleanup',
    ]);
    cluster.pass(15);
    expect(ingress()).toMatchObject([
      { ip: expect.stringMatching(/^\d+(\.\d+){3}$/) as string, ipMode: 'VIP' },
    ]);
    expect(ingress()?.[0]?.ip).not.toMatch(/^10\./);
    expect(cluster.events('web')).toContain('EnsuredLoadBalancer Ensured load balancer');
  });

  test.each([
    ['internal', { 'service.beta.kubernetes.io/azure-load-balancer-internal': 'true' }, {}, /^10\.224\./],
    ['asked for', { 'service.beta.kubernetes.io/azure-load-balancer-ipv4': '20.1.2.3' }, {}, /^20\.1\.2\.3$/],
    ['asked for in its spec', {}, { loadBalancerIP: '20.1.2.4' }, /^20\.1\.2\.4$/],
  ])('gets an address that is %s', (_case, annotations, spec, address) => {
    cluster.create('services', service({ type: 'LoadBalancer', ...spec }, { annotations }));
    cluster.pass(20);
    expect(ingress()?.[0]?.ip).toMatch(address);
  });

  test('gives the address back when it is deleted or is of another type', () => {
    cluster.create('services', service({ type: 'LoadBalancer' }));
    cluster.pass(20);
    cluster.patch('services', 'web', {
      spec: {
        type: 'ClusterIP',
        ports: [{ name: 'http', port: 80, targetPort: 'http' }],
        externalTrafficPolicy: null,
        allocateLoadBalancerNodePorts: null,
      },
    });
    cluster.pass(1);
    expect([ingress(), cluster.get('services', 'web').metadata.finalizers]).toEqual([undefined, undefined]);
    cluster.patch('services', 'web', { spec: { type: 'LoadBalancer' } });
    cluster.pass(20);
    expect(ingress()?.length).toBe(1);
    cluster.delete('services', 'web');
    cluster.pass(1);
    expect(cluster.names('services')).toEqual(['kubernetes']);
    expect(cluster.events('web')).toContain('DeletedLoadBalancer Deleted load balancer');
  });

  test("of a class that is not the cloud's is left alone", () => {
    cluster.create('services', service({ type: 'LoadBalancer', loadBalancerClass: 'acme.io/lb' }));
    cluster.pass(30);
    expect(ingress()).toBeUndefined();
  });
});
