import { beforeEach, describe, expect, test } from 'vitest';
import { resourceGroups } from '../azure/index.js';
import { StatusError, computedTypes } from '../kube/index.js';
import type { ComputedType, JsonObject, KubeObject } from '../kube/index.js';
import { instant, milliValue, minutes, seconds } from '../units/index.js';
import { World } from './index.js';

let world: World;
let cluster: string;

const kind = (plural: string): ComputedType => {
  const found = computedTypes.find((type) => type.plural === plural);
  if (!found) throw new Error(plural);
  return found;
};
type Measured = KubeObject & {
  readonly timestamp: string;
  readonly window: string;
  readonly usage: Record<string, string>;
  readonly containers: readonly JsonObject[];
};
const list = (plural: string) =>
  kind(plural).list(world.store, { cluster }, world.clock.now()) as readonly Measured[];
const cpuOfNodes = (): number =>
  list('nodes').reduce((sum, { usage }) => sum + milliValue(usage['cpu'] ?? '0'), 0);

beforeEach(() => {
  world = World.open({ mode: { kind: 'virtual' }, start: instant(Date.UTC(2026, 7, 21)) });
  world.store.transact((tx) => {
    tx.put(resourceGroups, 'rg1', { name: 'rg1', location: 'westeurope', provisioningState: 'Succeeded' });
  });
  const path = { resourceGroup: 'rg1', cluster: 'shop' };
  world.aks.putCluster(path, {
    location: 'westeurope',
    properties: {
      dnsPrefix: 'shop',
      agentPoolProfiles: [{ name: 'system', mode: 'System', count: 2, vmSize: 'Standard_D4s_v5' }],
    },
  });
  world.clock.step(minutes(5));
  cluster = world.aks.cluster(path).id.toLowerCase();
});

describe('metrics.k8s.io', () => {
  test('tells of nodes that have been ready for a while', () => {
    const nodes = list('nodes');
    expect(nodes).toHaveLength(2);
    for (const node of nodes) {
      expect(node).toMatchObject({
        kind: 'NodeMetrics',
        apiVersion: 'metrics.k8s.io/v1beta1',
        window: '15s',
      });
      expect(node.usage['cpu']).toMatch(/^\d+n$/);
      expect(node.usage['memory']).toMatch(/^[1-9]\d*Ki$/);
      expect(Date.parse(node.timestamp) % 15_000).toBe(0);
    }
  });

  test('tells of a pod once it has run for a while, and counts it on its node', () => {
    const pods = world.kubernetes.kinds.of(cluster).ofPlural('v1', 'pods');
    if (!pods) throw new Error('pods');
    const before = cpuOfNodes();
    const requests = { cpu: '1', memory: '1Gi' };
    const body = {
      metadata: { name: 'web', labels: { app: 'web' } },
      spec: { containers: [{ name: 'c', image: 'i', resources: { requests } }] },
    };
    const scope = { cluster, namespace: 'default' };
    world.kubernetes.objects.create(pods, scope, body, { dryRun: false, fieldValidation: 'Strict' });
    world.clock.step(seconds(10));
    const at = () => kind('pods').get(world.store, scope, 'web', world.clock.now()) as Measured;
    expect(at).toThrow(StatusError);
    expect(at).toThrow('podmetrics.metrics.k8s.io "default/web" not found');
    world.clock.step(minutes(1));
    expect(at()).toMatchObject({
      kind: 'PodMetrics',
      metadata: { name: 'web', namespace: 'default', labels: { app: 'web' } },
      containers: [{ name: 'c', usage: { cpu: expect.stringMatching(/^[1-9]\d*n$/) as string } }],
    });
    expect(cpuOfNodes()).toBeGreaterThan(before);
    expect(list('pods').some(({ metadata }) => metadata.name === 'web')).toBe(true);
  });
});
