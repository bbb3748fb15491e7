import { beforeEach, describe, expect, test } from 'vitest';
import { TestCluster, podTemplate } from './fixtures.js';

const labels = { app: 'web' };
/** A deployment each of whose pods uses so much of the 100m that it requests. */
const deployment = (replicas: number, cpu: string, spec: object = {}) => ({
  metadata: { name: 'web' },
  spec: {
    replicas,
    selector: { matchLabels: labels },
    template: podTemplate(
      labels,
      {
        containers: [
          { name: 'c', image: 'image:1', resources: { requests: { cpu: '100m', memory: '64Mi' } } },
        ],
        ...spec,
      },
      { 'poolkeeper.dev/cpu': cpu },
    ),
  },
});
const cpu = (averageUtilization: number) => ({
  type: 'Resource',
  resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization } },
});
const autoscaler = (spec: object = {}, annotations: object = {}) => ({
  metadata: { name: 'web', annotations },
  spec: {
    scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
    minReplicas: 1,
    maxReplicas: 20,
    metrics: [cpu(50)],
    ...spec,
  },
});

let cluster: TestCluster;
const replicas = () => cluster.get('deployments', 'web').spec['replicas'];
const condition = (type: string) =>
  cluster.condition('horizontalpodautoscalers', 'web', type)?.split(' ').slice(0, 2).join(' ');
const sizes = (seconds: number) => cluster.timeline(seconds, 1, replicas);
const events = (reason: string) => cluster.events('web').filter((text) => text.startsWith(`${reason} `));

beforeEach(() => {
  cluster = TestCluster.open(2);
});

describe('an autoscaler', () => {
  test('grows a deployment by the share of cpu it uses, and says so', () => {
    cluster.create('deployments', deployment(2, '90m'));
    cluster.pass(400);
    cluster.create('horizontalpodautoscalers', autoscaler());
    expect(sizes(30)).toEqual([
      [0, 2],
      [15, 4],
    ]);
    const { status } = cluster.get('horizontalpodautoscalers', 'web');
    expect(status).toMatchObject({
      currentReplicas: 4,
      desiredReplicas: 4,
      currentMetrics: [
        {
          type: 'Resource',
          resource: { name: 'cpu', current: { averageUtilization: 90, averageValue: '90m' } },
        },
      ],
    });
    expect(events('SuccessfulRescale')).toEqual([
      'SuccessfulRescale New size: 4; reason: cpu resource utilization (percentage of request) above target',
    ]);
    expect([condition('AbleToScale'), condition('ScalingActive'), condition('ScalingLimited')]).toEqual([
      'True ReadyForNewScale',
      'True ValidMetricFound',
      'False DesiredWithinRange',
    ]);
  });

  test('shrinks it when what it used five minutes ago was less too', () => {
    cluster.create('deployments', deployment(4, '0s=45m,10m=10m'));
    cluster.pass(400);
    cluster.create('horizontalpodautoscalers', autoscaler());
    const seen = sizes(700);
    expect(seen.map(([, size]) => size)).toEqual([4, 1]);
    // Ten minutes after the start of the pods, which was about 400 s before, and five minutes more.
    const [, [at] = [0]] = seen;
    expect(at).toBeGreaterThan(200 + 270);
    expect(at).toBeLessThan(200 + 330);
    expect(events('SuccessfulRescale')).toEqual([
      'SuccessfulRescale New size: 1; reason: All metrics below target',
    ]);
  });

  test('waits for its windows where a behaviour gives them, and follows its policies', () => {
    cluster.create('deployments', deployment(8, '10m'));
    cluster.pass(400);
    const policies = [{ type: 'Pods', value: 2, periodSeconds: 60 }];
    const behavior = { scaleDown: { stabilizationWindowSeconds: 0, policies } };
    cluster.create('horizontalpodautoscalers', autoscaler({ behavior }));
    const seen = sizes(250);
    expect(seen.map(([, size]) => size)).toEqual([8, 6, 4, 2, 1]);
    const gaps = seen.slice(2).map(([at], index) => at - Number(seen[index + 1]?.[0]));
    expect(gaps).toEqual([60, 60, 60]);
    expect(condition('ScalingLimited')).toBe('False DesiredWithinRange');
  });

  test('keeps within its limits', () => {
    cluster.create('deployments', deployment(6, '90m'));
    cluster.pass(400);
    cluster.create('horizontalpodautoscalers', autoscaler({ maxReplicas: 5 }));
    cluster.pass(20);
    expect([replicas(), events('SuccessfulRescale')]).toEqual([
      5,
      ['SuccessfulRescale New size: 5; reason: Current number of replicas above Spec.MaxReplicas'],
    ]);
    cluster.pass(400);
    expect(condition('ScalingLimited')).toBe('True TooManyReplicas');
    cluster.patch('deployments', 'web', { spec: { replicas: 1 } });
    cluster.patch('horizontalpodautoscalers', 'web', { spec: { minReplicas: 3 } });
    cluster.pass(20);
    expect(replicas()).toBe(3);
  });

  test('leaves a deployment of no pods alone', () => {
    cluster.create('deployments', deployment(0, '90m'));
    cluster.create('horizontalpodautoscalers', autoscaler());
    cluster.pass(20);
    expect([replicas(), condition('ScalingActive')]).toEqual([0, 'False ScalingDisabled']);
  });

  test('says what it can not find or read', () => {
    cluster.create('horizontalpodautoscalers', autoscaler());
    cluster.pass(20);
    expect(cluster.condition('horizontalpodautoscalers', 'web', 'AbleToScale')).toBe(
      'False FailedGetScale the HPA controller was unable to get the target\'s current scale: deployments.apps "web" not found',
    );
    const container = { name: 'c', image: 'image:1' };
    cluster.create('deployments', deployment(1, '90m', { containers: [container] }));
    cluster.pass(60);
    expect(cluster.condition('horizontalpodautoscalers', 'web', 'ScalingActive')).toMatch(
      /^False FailedGetResourceMetric the HPA was unable to compute the replica count: failed to get cpu utilization: missing request for cpu in container c of Pod web-\w+-\w+$/,
    );
    expect(events('FailedGetResourceMetric').at(-1)).toContain('missing request for cpu');
    expect(events('FailedComputeMetricsReplicas')[0]).toContain(
      'invalid metrics (1 invalid out of 1), first error is: ',
    );
  });

  test('scales by the metric that asks for most', () => {
    cluster.create('deployments', deployment(2, '10m'));
    cluster.pass(400);
    const queue = {
      type: 'External',
      external: { metric: { name: 'queue' }, target: { type: 'AverageValue', averageValue: '30' } },
    };
    const annotations = { 'poolkeeper.dev/external-metric.queue': '0s=50,2m=110' };
    cluster.create('horizontalpodautoscalers', autoscaler({ metrics: [cpu(50), queue] }, annotations));
    expect(sizes(160)).toEqual([
      [0, 2],
      [120, 4],
    ]);
    expect(events('SuccessfulRescale')).toEqual([
      'SuccessfulRescale New size: 4; reason: external metric queue(nil) above target',
    ]);
  });

  test.each([
    [
      'Pods',
      {
        type: 'Pods',
        pods: { metric: { name: 'rps' }, target: { type: 'AverageValue', averageValue: '10' } },
      },
      'pods',
      'pods metric rps above target',
    ],
    [
      'Object',
      {
        type: 'Object',
        object: {
          describedObject: { kind: 'Ingress', name: 'front', apiVersion: 'networking.k8s.io/v1' },
          metric: { name: 'rps' },
          target: { type: 'Value', value: '10' },
        },
      },
      'object',
      'Ingress metric rps above target',
    ],
  ])('scales by a metric of the type %s', (_type, metric, kind, reason) => {
    cluster.create('deployments', deployment(2, '10m'));
    cluster.pass(400);
    const annotations = { [`poolkeeper.dev/${kind}-metric.rps`]: '15' };
    cluster.create('horizontalpodautoscalers', autoscaler({ metrics: [metric] }, annotations));
    cluster.pass(20);
    expect([replicas(), events('SuccessfulRescale')]).toEqual([
      3,
      [`SuccessfulRescale New size: 3; reason: ${reason}`],
    ]);
  });

  test('scales a StatefulSet by the memory of one of its containers', () => {
    const metric = {
      type: 'ContainerResource',
      containerResource: {
        name: 'memory',
        container: 'c',
        target: { type: 'AverageValue', averageValue: '20Mi' },
      },
    };
    const { spec } = deployment(2, '10m');
    cluster.create('statefulsets', {
      metadata: { name: 'web' },
      spec: { ...spec, serviceName: 'web', podManagementPolicy: 'Parallel' },
    });
    cluster.pass(60);
    const scaleTargetRef = { apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'web' };
    cluster.create('horizontalpodautoscalers', autoscaler({ metrics: [metric], scaleTargetRef }));
    cluster.pass(20);
    // Half of 64Mi is used.
    expect(cluster.get('statefulsets', 'web').spec['replicas']).toBe(4);
  });

  test('looks no more while nothing but the time can have changed', () => {
    const { spec } = deployment(2, '10m');
    const { annotations: _annotations, ...metadata } = spec.template.metadata;
    cluster.create('deployments', {
      metadata: { name: 'web' },
      spec: { ...spec, template: { ...spec.template, metadata } },
    });
    cluster.create('horizontalpodautoscalers', autoscaler({ metrics: [cpu(30)] }));
    cluster.pass(900);
    const { revision } = cluster.world.store;
    cluster.pass(7 * 86_400);
    expect([replicas(), cluster.world.store.revision - revision < 50]).toEqual([2, true]);
  });

  test('remembers what it recommended when the world is closed', async () => {
    const { mkdtempSync, rmSync } = await import('node:fs');
    const data = mkdtempSync('/tmp/poolkeeper-autoscaler-');
    try {
      cluster = TestCluster.open(2, { data });
      cluster.create('deployments', deployment(4, '0s=45m,8m=10m'));
      cluster.pass(400);
      cluster.create('horizontalpodautoscalers', autoscaler());
      cluster.pass(160);
      cluster = await cluster.reopen({ data });
      cluster.pass(60);
      expect([replicas(), condition('AbleToScale')]).toEqual([4, 'True ScaleDownStabilized']);
      cluster.pass(240);
      expect(replicas()).toBe(1);
      await cluster.world.close();
    } finally {
      rmSync(data, { recursive: true });
    }
  });
});
