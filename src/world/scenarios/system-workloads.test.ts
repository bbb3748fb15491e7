import { beforeEach, describe, expect, test } from 'vitest';
import { StatusError } from '../../kube/index.js';
import type { KubeObject } from '../../kube/index.js';
import { TestCluster, typeOf } from './fixtures.js';
import type { Shown } from './fixtures.js';

let cluster: TestCluster;

beforeEach(() => {
  cluster = TestCluster.open(2, { systemWorkloads: 'all' });
});

const place = () => ({ cluster: cluster.key, namespace: 'kube-system' });
const list = (plural: string): readonly Shown[] =>
  cluster.world.kubernetes.lists.list(typeOf(plural), place(), {}).items as readonly Shown[];
const get = (plural: string, name: string): Shown =>
  cluster.world.kubernetes.objects.get(typeOf(plural), place(), name) as Shown;
const remove = (plural: string, name: string): void => {
  cluster.world.kubernetes.objects.delete(typeOf(plural), place(), name, {}, { dryRun: false });
};
const nameOf = ({ metadata }: KubeObject): string => metadata.name;
/** `name ready/wanted` of those that want any. */
const ready = (plural: string): readonly string[] =>
  list(plural).flatMap(({ metadata, status }) => {
    const [is, wanted] =
      plural === 'daemonsets'
        ? [status['numberReady'], status['desiredNumberScheduled']]
        : [status['readyReplicas'], status['replicas']];
    return wanted === 0 ? [] : [`${metadata.name} ${String(is)}/${String(wanted)}`];
  });

describe("a new cluster's kube-system", () => {
  test('has what AKS runs, all of it ready', () => {
    expect(ready('deployments')).toEqual([
      'coredns 2/2',
      'coredns-autoscaler 1/1',
      'konnectivity-agent 2/2',
      'konnectivity-agent-autoscaler 1/1',
      'metrics-server 2/2',
    ]);
    expect(ready('daemonsets')).toEqual([
      'azure-cns 2/2',
      'azure-ip-masq-agent 2/2',
      'cloud-node-manager 2/2',
      'csi-azuredisk-node 2/2',
      'csi-azurefile-node 2/2',
      'kube-proxy 2/2',
    ]);
    expect(new Set(list('pods').map(({ status }) => status['phase']))).toEqual(new Set(['Running']));
    expect(
      list('poddisruptionbudgets').map(({ metadata, status }) => [
        metadata.name,
        status['disruptionsAllowed'],
      ]),
    ).toEqual([
      ['coredns-pdb', 1],
      ['konnectivity-agent', 1],
      ['metrics-server-pdb', 1],
    ]);
    expect(get('services', 'kube-dns').spec['clusterIP']).toBe('10.0.0.10');
  });

  test('puts its daemons on every node that comes, whatever its taints', () => {
    cluster.addPool('tainted', 1, { nodeTaints: ['team=web:NoSchedule'] });
    cluster.pass(20);
    const [node = ''] = cluster.names('nodes').filter((name) => name.includes('tainted'));
    const there = list('pods').filter(({ spec }) => spec['nodeName'] === node);
    expect(there.map((pod) => nameOf(pod).replace(/-[^-]+$/, '')).sort()).toEqual([
      'azure-cns',
      'azure-ip-masq-agent',
      'cloud-node-manager',
      'csi-azuredisk-node',
      'csi-azurefile-node',
      'kube-proxy',
    ]);
    expect(there.every(({ status }) => status['phase'] === 'Running')).toBe(true);
  });

  test('keeps one pod of its DNS through evictions', () => {
    const evict = (name: string) => cluster.world.kubernetes.evict(place(), name, {});
    const [first = '', second = ''] = list('pods')
      .map(nameOf)
      .filter((name) => /^coredns-[^-]+-[^-]+$/.test(name) && !name.includes('autoscaler'));
    evict(first);
    expect(() => evict(second)).toThrow(StatusError);
    cluster.pass(5);
    evict(second);
  });

  test('gets back what somebody has deleted, after a minute', () => {
    remove('deployments', 'coredns-autoscaler');
    remove('services', 'metrics-server');
    cluster.pass(55);
    expect(list('deployments').map(nameOf)).not.toContain('coredns-autoscaler');
    cluster.pass(10);
    expect(ready('deployments')).toContain('coredns-autoscaler 1/1');
    expect(list('services').map(nameOf)).toContain('metrics-server');
  });
});

describe('an autoscaler of an add-on', () => {
  const replicas = (name: string): unknown => get('deployments', name).spec['replicas'];

  test('follows the nodes that take pods, every ten seconds', () => {
    cluster.addPool('more', 6);
    cluster.pass(30);
    expect([replicas('coredns'), replicas('konnectivity-agent')]).toEqual([3, 2]);
    const [node = ''] = cluster.names('nodes').filter((name) => name.includes('more'));
    cluster.patch('nodes', node, { spec: { unschedulable: true } });
    cluster.pass(11);
    expect(replicas('coredns')).toBe(2);
  });

  test('follows its settings', () => {
    cluster.world.kubernetes.objects.patch(
      typeOf('configmaps'),
      place(),
      'coredns-autoscaler',
      { type: 'merge', body: { data: { ladder: '{"nodesToReplicas":[[1,4]]}' } } },
      'object',
      { dryRun: false, fieldValidation: 'Strict' },
    );
    cluster.pass(11);
    expect(replicas('coredns')).toBe(4);
  });

  test('gives the metrics server more for more nodes', () => {
    const requests = () =>
      (
        get('deployments', 'metrics-server').spec['template'] as {
          spec: { containers: { name: string; resources: { requests: object } }[] };
        }
      ).spec.containers.find(({ name }) => name === 'metrics-server')?.resources.requests;
    expect(requests()).toEqual({ cpu: '151m', memory: '104Mi' });
    cluster.addPool('more', 8);
    cluster.pass(320);
    expect(requests()).toEqual({ cpu: '155m', memory: '140Mi' });
    expect(ready('deployments')).toContain('metrics-server 2/2');
  });
});

test('what a cluster is asked for later is added, and taken away again', () => {
  const put = (enabled: boolean) => {
    const path = { resourceGroup: 'rg1', cluster: 'shop' };
    const { location, properties } = cluster.world.aks.getCluster(path) as {
      location: string;
      properties: object;
    };
    cluster.world.aks.putCluster(path, {
      location,
      properties: {
        ...properties,
        securityProfile: { workloadIdentity: { enabled } },
        oidcIssuerProfile: { enabled: true },
      },
    });
    cluster.pass(30);
  };
  put(true);
  expect(ready('deployments')).toContain('azure-wi-webhook-controller-manager 2/2');
  put(false);
  expect(list('deployments').map(nameOf)).not.toContain('azure-wi-webhook-controller-manager');
  expect(list('pods').map(nameOf).join()).not.toContain('azure-wi-webhook');
  expect(ready('deployments')).toContain('coredns 2/2');
});

test('a cluster whose tag says so has none of them', () => {
  const path = { resourceGroup: 'rg1', cluster: 'bare' };
  cluster.world.aks.putCluster(path, {
    location: 'westeurope',
    tags: { 'poolkeeper-system-workloads': 'none' },
    properties: {
      dnsPrefix: 'bare',
      agentPoolProfiles: [{ name: 'system', mode: 'System', count: 1, vmSize: 'Standard_D4s_v5' }],
    },
  });
  cluster.pass(60);
  const key = cluster.world.aks.cluster(path).id.toLowerCase();
  expect(cluster.world.kubernetes.lists.list(typeOf('pods'), { cluster: key }, {}).items).toEqual([]);
});
