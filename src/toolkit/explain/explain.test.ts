import { describe, expect, test } from 'vitest';
import type { Explanation } from './explanation.js';
import { Case, podOf } from './fixtures.js';

/** `verdict: text`. */
const verdictOf = ({ verdict }: Explanation): string => `${verdict.kind}: ${verdict.text}`;

/** What is said of pools, as `pool nodes/fit: reasons`. */
const poolsOf = ({ pools }: Explanation): readonly string[] =>
  pools.map(({ name = '-', nodes: all, fits, reasons }) =>
    [
      `${name} ${String(fits)}/${String(all)}`,
      ...reasons.map((one) => `${String(one.nodes)} ${one.text}`),
    ].join(' | '),
  );

const changesOf = ({ changes }: Explanation): readonly string[] =>
  changes.map(({ kind, text }) => `${kind}: ${text}`);

const autoscaled = (minCount: number, maxCount: number) => ({ enableAutoScaling: true, minCount, maxCount });
const onWeb = { nodeSelector: { agentpool: 'web' } };

describe('the verdict of a pod', () => {
  test.each<[string, () => Explanation, string]>([
    [
      'on a node',
      () => new Case().pool('web', 1).create(podOf('p', '1')).explain('p'),
      'runs: It is on node aks-web-40811640-vmss000000 of pool web since 2026-08-21T00:02:00Z. Running.',
    ],
    [
      'that is still to be made, and fits',
      () => new Case().pool('web', 2).explainManifest(podOf('p', '1')),
      'fits now: 2 nodes of pool web take it.',
    ],
    [
      'whose pool has a fixed size',
      () => new Case().pool('web', 1).create(podOf('a', '3'), podOf('p', '3')).explain('p'),
      'pool exhausted: Pool web would take it with 1 more node, but its size is fixed at 1 node: no autoscaler is on.',
    ],
    [
      "at its pool's maximum",
      () => new Case().pool('web', 1, autoscaled(1, 1)).create(podOf('a', '3'), podOf('p', '3')).explain('p'),
      "pool exhausted: Pool web would take it with 1 more node, but its autoscaler's maximum of 1 node is reached.",
    ],
    [
      'whose pool may grow',
      () => new Case().pool('web', 1, autoscaled(1, 3)).create(podOf('a', '3'), podOf('p', '3')).explain('p'),
      'waiting for nodes: 1 more node of pool web would take it, and its autoscaler may add one (at most 3 nodes).',
    ],
    [
      'whose node is being made',
      () => new Case().pool('web', 1, {}, 0).explainManifest(podOf('p', '3')),
      'waiting for nodes: 1 node of pool web is on the way and would take it.',
    ],
    [
      'beyond the quota of a family',
      () =>
        new Case()
          .pool('web', 1, autoscaled(1, 5))
          .limits({ quota: { westeurope: { standardDSv5Family: 14 } } })
          .create(podOf('a', '3'), podOf('p', '3'))
          .explain('p'),
      'subscription exhausted: Pool web would take it with 1 more node, but quota standardDSv5Family in westeurope has ' +
        '2 of 14 vCPU left, a node takes 4.',
    ],
    [
      'beyond the capacity of zones',
      () =>
        new Case()
          .pool('web', 1, { ...autoscaled(1, 5), availabilityZones: ['1', '2'] })
          .limits({
            shortages: ['1', '2'].map((zone) => ({
              location: 'westeurope',
              size: 'Standard_D4s_v5',
              zone,
              remaining: 0,
            })),
          })
          .create(podOf('a', '3'), podOf('p', '3'))
          .explain('p'),
      'subscription exhausted: Pool web would take it with 1 more node, but Azure has no capacity for Standard_D4s_v5 ' +
        'in zone 1 or 2 of westeurope.',
    ],
    [
      'that no pool takes as configured',
      () =>
        new Case()
          .pool('web', 1)
          .create(podOf('p', '1', { nodeSelector: { team: 'vision' } }))
          .explain('p'),
      'cluster exhausted: None of the 2 pools takes it as configured, with any number of nodes. ' +
        'A pool of Standard_D2s_v5 could be made that does.',
    ],
    [
      'larger than every size',
      () => new Case().pool('web', 1).create(podOf('p', '500')).explain('p'),
      'unsatisfiable as written: It asks for 500 vCPU; the largest VM size in westeurope, Standard_D128ds_v6, has ' +
        '126.62 vCPU for pods.',
    ],
    [
      'that contradicts itself',
      () =>
        new Case()
          .pool('web', 1)
          .create(
            podOf('p', '1', {
              nodeSelector: { team: 'a' },
              affinity: {
                nodeAffinity: {
                  requiredDuringSchedulingIgnoredDuringExecution: {
                    nodeSelectorTerms: [
                      { matchExpressions: [{ key: 'team', operator: 'NotIn', values: ['a'] }] },
                    ],
                  },
                },
              },
            }),
          )
          .explain('p'),
      'unsatisfiable as written: No node of any size, zone or label would take it: what it asks for contradicts itself, ' +
        'or is not there.',
    ],
    [
      'without its claim',
      () =>
        new Case()
          .pool('web', 1)
          .create(podOf('p', '1', claim('data')))
          .explain('p'),
      'unsatisfiable as written: Claim data does not exist in namespace default.',
    ],
    [
      'whose claim is not bound',
      () =>
        new Case()
          .pool('web', 1)
          .create(claimOf('data', 'manual'), podOf('p', '1', claim('data')))
          .explain('p'),
      'waiting for a volume: Claim data is not bound: its storage class manual does not exist.',
    ],
    [
      'behind a gate',
      () =>
        new Case()
          .pool('web', 1)
          .create(podOf('p', '1', { schedulingGates: [{ name: 'example.com/wait' }] }))
          .explain('p'),
      'gated: Its scheduling gate example.com/wait is closed.',
    ],
    [
      'of another scheduler',
      () =>
        new Case()
          .pool('web', 1)
          .create(podOf('p', '1', { schedulerName: 'volcano' }))
          .explain('p'),
      'another scheduler: It is left to scheduler volcano, which the cluster does not run.',
    ],
    [
      'that drives others out',
      () =>
        new Case()
          .pool('web', 1)
          .create(priorityClass('high', 1000), podOf('a', '3'))
          .explainManifest(podOf('p', '3', { priorityClassName: 'high' })),
      'waiting for preemption: It drives pod default/a out of node aks-web-40811640-vmss000000.',
    ],
    [
      'that others are leaving a node for',
      () =>
        new Case()
          .pool('web', 1)
          .create(priorityClass('high', 1000), podOf('a', '3'))
          .put(podOf('p', '3', { priorityClassName: 'high' }))
          .pass(0.1)
          .explain('p'),
      'waiting for preemption: Pods are leaving node aks-web-40811640-vmss000000 for it.',
    ],
    [
      'that drives others out against their budget',
      () =>
        new Case()
          .pool('web', 1)
          .create(priorityClass('high', 1000), podOf('a', '3'), budget('a'))
          .explainManifest(podOf('p', '3', { priorityClassName: 'high' })),
      'waiting for preemption: It drives pod default/a out of node aks-web-40811640-vmss000000, ' +
        'against its disruption budget.',
    ],
    [
      'whose volume is in another zone, which a pool could be in',
      () =>
        new Case()
          .pool('web', 2, { availabilityZones: ['1', '2'] })
          .create(volumeIn('westeurope-3'), claimOf('data', 'manual', 'disk'))
          .pass(30)
          .explainManifest(podOf('p', '1', claim('data'))),
      'cluster exhausted: None of the 2 pools takes it as configured, with any number of nodes. ' +
        'A pool of Standard_D2s_v5 could be made that does.',
    ],
    [
      'that is being deleted before it ever ran',
      () =>
        new Case()
          .create({ ...podOf('p', '1'), metadata: { ...podOf('p', '1').metadata, finalizers: ['a/b'] } })
          .delete('p')
          .explain('p'),
      'ended: It is being deleted since 2026-08-21T00:01:05Z.',
    ],
  ])('%s', (_name, explain, expected) => {
    const explanation = explain();
    expect(verdictOf(explanation)).toBe(expected);
  });
});

const claim = (claimName: string) => ({ volumes: [{ name: 'v', persistentVolumeClaim: { claimName } }] });
const claimOf = (name: string, storageClassName: string, volumeName?: string) => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name, namespace: 'default' },
  spec: {
    storageClassName,
    ...(volumeName !== undefined && { volumeName }),
    accessModes: ['ReadWriteOnce'],
    resources: { requests: { storage: '1Gi' } },
  },
});
const volumeIn = (zone: string) => ({
  apiVersion: 'v1',
  kind: 'PersistentVolume',
  metadata: { name: 'disk' },
  spec: {
    storageClassName: 'manual',
    capacity: { storage: '1Gi' },
    accessModes: ['ReadWriteOnce'],
    csi: { driver: 'disk.csi.azure.com', volumeHandle: 'disk' },
    nodeAffinity: {
      required: {
        nodeSelectorTerms: [
          { matchExpressions: [{ key: 'topology.kubernetes.io/zone', operator: 'In', values: [zone] }] },
        ],
      },
    },
  },
});
const budget = (app: string) => ({
  apiVersion: 'policy/v1',
  kind: 'PodDisruptionBudget',
  metadata: { name: app, namespace: 'default' },
  spec: { minAvailable: 1, selector: { matchLabels: { app } } },
});
const priorityClass = (name: string, value: number) => ({
  apiVersion: 'scheduling.k8s.io/v1',
  kind: 'PriorityClass',
  metadata: { name },
  value,
});

describe('pools', () => {
  test("tell why each of their nodes won't do, by reason and in numbers", () => {
    const cluster = new Case()
      .pool('batch', 1, { nodeTaints: ['workload=batch:NoSchedule'] })
      .pool('web', 3, { nodeLabels: { team: 'web' } });
    const [first = '', second = ''] = cluster.nodes('web');
    cluster
      .create(...['a', 'b', 'c'].map((name) => podOf(name, '2.5', onWeb)))
      .patch('nodes', second, { spec: { unschedulable: true } })
      .create(podOf('p', '1.5', { nodeSelector: { team: 'web' } }, '2Gi'));
    expect(poolsOf(cluster.explain('p'))).toEqual([
      'batch 0/1 | 1 taint workload=batch:NoSchedule is not tolerated',
      'system 0/2 | 2 taint CriticalAddonsOnly=true:NoSchedule is not tolerated',
      'web 0/3 | 2 asks 1.5 vCPU, 1.36 vCPU free on the best (0.14 vCPU short), an empty node has 3.86 vCPU | 1 cordoned',
    ]);
    expect(cluster.explain('p').pools[2]?.reasons[0]).toMatchObject({
      rule: 'resources',
      shortages: [{ resource: 'cpu', asked: 1500, mostFree: 1360, largest: 3860 }],
    });
    expect(first).not.toBe('');
  });

  test.each<[string, object, string]>([
    ['a label that is another', { nodeSelector: { team: 'api' } }, 'wants label team=api, has web'],
    ['a label that is missing', { nodeSelector: { gpu: 'true' } }, 'wants label gpu=true, has none'],
    [
      'a zone',
      { nodeSelector: { 'topology.kubernetes.io/zone': 'westeurope-3' } },
      'wants label topology.kubernetes.io/zone=westeurope-3, has westeurope-1 or westeurope-2',
    ],
    [
      'affinity of several terms',
      {
        affinity: {
          nodeAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: {
              nodeSelectorTerms: [
                { matchExpressions: [{ key: 'team', operator: 'In', values: ['api', 'db'] }] },
                { matchExpressions: [{ key: 'gpu', operator: 'Exists' }] },
              ],
            },
          },
        },
      },
      'wants label team in (api, db) or gpu, has team=web and no gpu',
    ],
    ['memory', { containers: [container({ memory: '20Gi' })] }, 'asks 20 GiB, an empty node has 11.52 GiB'],
    ['a device', { containers: [container({ 'nvidia.com/gpu': '1' })] }, 'has no nvidia.com/gpu'],
    [
      'pods that it wants to be with',
      {
        affinity: {
          podAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: [
              { labelSelector: { matchLabels: { app: 'db' } }, topologyKey: 'kubernetes.io/hostname' },
            ],
          },
        },
      },
      'no pod that it wants to be with is there (affinity with app=db by kubernetes.io/hostname)',
    ],
    [
      'pods that it avoids',
      {
        affinity: {
          podAntiAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: [
              { labelSelector: { matchLabels: { app: 'there' } }, topologyKey: 'kubernetes.io/hostname' },
            ],
          },
        },
      },
      'a pod that it avoids is there (anti-affinity with app=there by kubernetes.io/hostname)',
    ],
    [
      'a host port',
      { containers: [{ ...container({}), ports: [{ containerPort: 80, hostPort: 8080 }] }] },
      'host port 8080/TCP is taken',
    ],
    [
      'spread over a label that is missing',
      {
        topologySpreadConstraints: [
          {
            maxSkew: 1,
            topologyKey: 'rack',
            whenUnsatisfiable: 'DoNotSchedule',
            labelSelector: { matchLabels: { app: 'p' } },
          },
        ],
      },
      'lacks label rack, which the pod is spread over',
    ],
  ])('lack %s', (_name, spec, text) => {
    const { pools } = occupied().explainManifest(podOf('p', '100m', spec));
    expect(pools.find(({ name }) => name === 'web')?.reasons).toMatchObject([{ nodes: 2, text }]);
  });

  test('without nodes tell what a new node would do', () => {
    const cluster = new Case().pool('gpu', 0, { nodeTaints: ['sku=gpu:NoSchedule'] }).pool('web', 0);
    const { pools } = cluster.explainManifest(podOf('p', '1'));
    expect(pools.map(({ name, newNode, growth }) => [name, newNode?.text, growth?.needed])).toEqual([
      ['gpu', 'taint sku=gpu:NoSchedule is not tolerated', undefined],
      ['system', 'taint CriticalAddonsOnly=true:NoSchedule is not tolerated', undefined],
      ['web', undefined, 1],
    ]);
  });
});

describe('a change is said when it lets the pod run', () => {
  test.each<[string, () => Explanation, readonly string[]]>([
    [
      'a toleration',
      () =>
        new Case().pool('batch', 1, { nodeTaints: ['sku=gpu:NoSchedule'] }).explainManifest(podOf('p', '1')),
      [
        'toleration: Tolerate taint sku=gpu:NoSchedule: 1 node of pool batch takes it then',
        'toleration: Tolerate taint CriticalAddonsOnly=true:NoSchedule: 2 nodes of pool system take it then',
      ],
    ],
    [
      'a toleration, with a node that is still to come',
      () =>
        new Case()
          .pool('batch', 0, { ...autoscaled(0, 3), nodeTaints: ['sku=gpu:NoSchedule'] })
          .explainManifest(podOf('p', '1', { nodeSelector: { agentpool: 'batch' } })),
      [
        'toleration: Tolerate taint sku=gpu:NoSchedule: 1 more node of pool batch would take it, and its autoscaler may add as many',
      ],
    ],
    [
      'no toleration where there are two taints',
      () =>
        new Case()
          .pool('batch', 1, { nodeTaints: ['sku=gpu:NoSchedule', 'team=a:NoExecute'] })
          .explainManifest(podOf('p', '1', { nodeSelector: { agentpool: 'batch' } })),
      [],
    ],
    [
      'a label',
      () =>
        new Case()
          .pool('web', 1, { nodeLabels: { team: 'web' } })
          .explainManifest(podOf('p', '1', { nodeSelector: { tier: 'front' } })),
      [
        'drop label: Drop tier=front from the nodeSelector: 1 node of pool web takes it then',
        'label pool: Label pool web with tier=front: 1 node of pool web takes it then',
      ],
    ],
    [
      'a requirement of affinity',
      () =>
        new Case().pool('web', 1).explainManifest(
          podOf('p', '1', {
            affinity: {
              nodeAffinity: {
                requiredDuringSchedulingIgnoredDuringExecution: {
                  nodeSelectorTerms: [
                    {
                      matchExpressions: [
                        { key: 'kubernetes.io/os', operator: 'In', values: ['linux'] },
                        { key: 'kubernetes.io/arch', operator: 'In', values: ['arm64'] },
                      ],
                    },
                  ],
                },
              },
            },
          }),
        ),
      [
        'drop label: Drop kubernetes.io/arch=arm64 from the required node affinity: 1 node of pool web takes it then',
      ],
    ],
    [
      'an uncordoned node',
      () => {
        const cluster = new Case().pool('web', 1);
        const [node = ''] = cluster.nodes('web');
        return cluster
          .patch('nodes', node, { spec: { unschedulable: true } })
          .explainManifest(podOf('p', '1', onWeb));
      },
      [
        'uncordon: Uncordon node aks-web-40811640-vmss000000: it takes it then',
        'more nodes: Scale pool web to 2 nodes: 1 more node',
      ],
    ],
    [
      'a higher maximum',
      () =>
        new Case()
          .pool('web', 1, autoscaled(1, 1))
          .create(podOf('a', '3.8', onWeb))
          .explainManifest(podOf('p', '3.8', onWeb)),
      ["more nodes: Raise the autoscaler's maximum of pool web to 2 nodes: 1 more node"],
    ],
    [
      'a higher quota',
      () =>
        new Case()
          .pool('web', 1, autoscaled(1, 5))
          .limits({ quota: { westeurope: { standardDSv5Family: 14 } } })
          .create(podOf('a', '3.8', onWeb))
          .explainManifest(podOf('p', '3.8', onWeb)),
      [
        'quota: Have quota standardDSv5Family in westeurope raised from 14 to 16 vCPU: 1 more node of pool web',
      ],
    ],
    [
      'a larger size',
      () => new Case().pool('web', 1).explainManifest(podOf('p', '7', {}, '20Gi')),
      [
        'larger size: Add a pool like web of Standard_D8s_v5 (8 vCPU, 32 GiB) in place of Standard_D4s_v5: 1 node of it is enough',
      ],
    ],
    [
      'a larger size, unless the quota is short of it',
      () =>
        new Case()
          .pool('web', 1)
          .limits({ quota: { westeurope: { standardDSv5Family: 18 } } })
          .explainManifest(podOf('p', '7', {}, '20Gi')),
      [],
    ],
    [
      'a zone',
      () =>
        new Case()
          .pool('web', 2, { availabilityZones: ['1', '2'] })
          .explainManifest(
            podOf('p', '1', { nodeSelector: { 'topology.kubernetes.io/zone': 'westeurope-3' } }),
          ),
      [
        'drop label: Drop topology.kubernetes.io/zone=westeurope-3 from the nodeSelector: 2 nodes of pool web take it then',
        'zone: Add a pool like web in zone 3 of westeurope: 1 node of it is enough',
      ],
    ],
    [
      'a priority, and less',
      () =>
        new Case()
          .pool('web', 1)
          .create(priorityClass('low', 10), priorityClass('high', 1000), podOf('a', '3', onWeb))
          .explainManifest(podOf('p', '2', onWeb)),
      [
        'more nodes: Scale pool web to 2 nodes: 1 more node',
        'priority: Give it priority class low (10): it drives pod default/a out of node aks-web-40811640-vmss000000',
        'smaller request: Ask for 0.86 vCPU at most in container app (now 2 vCPU): 1 node of pool web takes it then',
      ],
    ],
    [
      'open gates',
      () =>
        new Case()
          .pool('web', 1)
          .create(podOf('p', '1', { schedulingGates: [{ name: 'example.com/wait' }] }))
          .explain('p'),
      ['remove gates: Remove the scheduling gates: 1 node of pool web takes it then'],
    ],
    [
      'the scheduler that there is',
      () => new Case().pool('web', 1).explainManifest(podOf('p', '1', { schedulerName: 'volcano' })),
      ['scheduler: Leave it to the scheduler of the cluster: 1 node of pool web takes it then'],
    ],
  ])('%s', (_name, explain, expected) => expect(changesOf(explain())).toEqual(expected));

  test('of the zone of its volume', () => {
    const explanation = new Case()
      .pool('web', 2, { availabilityZones: ['1', '2'] })
      .create(volumeIn('westeurope-3'), claimOf('data', 'manual', 'disk'))
      .pass(30)
      .explainManifest(podOf('p', '1', claim('data')));
    expect(poolsOf(explanation)[1]).toBe(
      'web 0/2 | 1 the volume of claim data is in zone westeurope-3, this is westeurope-1 | ' +
        '1 the volume of claim data is in zone westeurope-3, this is westeurope-2',
    );
    expect(changesOf(explanation)).toEqual([
      'zone: Add a pool like web in zone 3 of westeurope: 1 node of it is enough',
    ]);
  });

  test('commands can be run as they are', () => {
    const { changes } = new Case()
      .pool('web', 1, { nodeLabels: { team: 'web' }, nodeTaints: ['a=b:NoSchedule'] })
      .explainManifest(podOf('p', '7', { tolerations: [{ key: 'a', operator: 'Exists' }] }));
    expect(changes[0]?.command).toBe(
      'az aks nodepool add --resource-group rg1 --cluster-name shop --name NAME --node-vm-size Standard_D8s_v5 ' +
        '--node-count 1 --labels team=web --node-taints a=b:NoSchedule',
    );
  });
});

describe('a workload', () => {
  const deployment = (replicas: number, cpu: string) => ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web' },
    spec: {
      replicas,
      selector: { matchLabels: { app: 'web' } },
      template: { metadata: { labels: { app: 'web' } }, spec: podOf('web', cpu).spec },
    },
  });

  test('is explained by the first of its pods that does not fit', () => {
    const explanation = new Case().pool('web', 2).explainManifest(deployment(5, '3'));
    expect(explanation.pod).toMatchObject({
      kind: 'Deployment',
      name: 'web',
      replicas: { asked: 5, fit: 2 },
    });
    expect(verdictOf(explanation)).toBe(
      'pool exhausted: Pool web would take them with 3 more nodes, but its size is fixed at 2 nodes: no autoscaler is on.',
    );
    expect(changesOf(explanation)).toContain('more nodes: Scale pool web to 5 nodes: 3 more nodes');
  });

  test('fits when all of its pods do', () => {
    const explanation = new Case().pool('web', 2).explainManifest(deployment(6, '1'));
    expect([verdictOf(explanation), explanation.changes]).toEqual(['fits now: All 6 pods fit.', []]);
  });

  test('leaves nothing behind', () => {
    const cluster = new Case().pool('web', 2);
    const before = cluster.world.store.revision;
    const first = cluster.explainManifest(deployment(5, '3'));
    expect(cluster.explainManifest(deployment(5, '3'))).toEqual(first);
    expect(cluster.world.store.revision).toBe(before);
  });
});

describe("what can't be explained is said in words", () => {
  const message = (ask: () => unknown): string => {
    try {
      ask();
    } catch (error) {
      return error instanceof Error ? error.message : '';
    }
    return '';
  };

  test.each<[string, (cluster: Case) => unknown, string]>([
    [
      'a name that is nearly right',
      (cluster) => cluster.explain('cart-1'),
      'There is no pod cart-1 in namespace default. Near names: cart-0',
    ],
    [
      'another namespace',
      (cluster) => cluster.explain('cart-0', 'shop'),
      'There is no pod cart-0 in namespace shop. Near names: cart-0 -n default',
    ],
    [
      'a name like no other',
      (cluster) => cluster.explain('zebra'),
      'There is no pod zebra in namespace default. Its pods: cart-0, web-7d9c',
    ],
    [
      'no pods in a manifest',
      (cluster) => cluster.explainManifest({ apiVersion: 'v1', kind: 'Service', metadata: { name: 's' } }),
      'A Service has no pods: give a Pod, or a workload with a pod template.',
    ],
    [
      'what the API server refuses',
      (cluster) => cluster.explainManifest(podOf('p', '1', { restartPolicy: 'Sometimes' })),
      'Unsupported value: "Sometimes"',
    ],
  ])('%s', (_name, ask, text) => {
    const cluster = new Case().pool('web', 1).create(podOf('cart-0', '10m'), podOf('web-7d9c', '10m'));
    expect(message(() => ask(cluster))).toContain(text);
  });
});

const container = (requests: object) => ({
  name: 'app',
  image: 'image:1',
  resources: { requests, limits: limitsOf(requests) },
});
/** Devices are asked for as requests and limits alike. */
const limitsOf = (requests: object) =>
  Object.fromEntries(Object.entries(requests).filter(([name]) => name.includes('/')));

let shared: Case | undefined;

/** Two nodes in two zones, each with a pod that has its host port; made once, as explaining changes nothing. */
function occupied(): Case {
  if (shared) return shared;
  const cluster = new Case().pool('web', 2, { nodeLabels: { team: 'web' }, availabilityZones: ['1', '2'] });
  for (const [index, node] of cluster.nodes('web').entries())
    cluster.create({
      ...podOf(`there${String(index)}`, '10m', {
        nodeName: node,
        containers: [{ ...container({}), ports: [{ containerPort: 80, hostPort: 8080 }] }],
      }),
      metadata: { name: `there${String(index)}`, namespace: 'default', labels: { app: 'there' } },
    });
  shared = cluster;
  return cluster;
}
