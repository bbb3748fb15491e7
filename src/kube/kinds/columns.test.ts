import { describe, expect, test } from 'vitest';
import type { Instant } from '../../units/index.js';
import type { KubeObject } from '../object.js';
import { builtInTypes } from './index.js';

const now = Date.parse('2026-01-02T00:00:00Z') as Instant;
/** The moment so many minutes ago. */
const ago = (minutes: number): string => new Date(now - minutes * 60_000).toISOString();

/** Cells of a row: all of them, or those that are named. */
function cells(plural: string, body: object, names?: readonly string[]): readonly unknown[] {
  const type = builtInTypes.find((one) => one.plural === plural);
  if (!type) throw new Error(plural);
  const { metadata, ...members } = body as { readonly metadata?: object };
  const object = {
    apiVersion: 'v1',
    kind: type.kind,
    metadata: { name: 'x', namespace: 'default', creationTimestamp: ago(60 * 12), ...metadata },
    ...members,
  } as unknown as KubeObject;
  const shown = names ? names.map((name) => type.columns.find((one) => one.name === name)) : type.columns;
  return shown.map((one) => one?.cell(object, now));
}

const containers = [
  { name: 'a', image: 'a:1' },
  { name: 'b', image: 'b' },
];
const template = { metadata: { labels: { app: 'x', tier: 'y' } }, spec: { containers } };
const selector = { matchLabels: { app: 'x' }, matchExpressions: [{ key: 'tier', operator: 'Exists' }] };
const quantity = (value: string) => ({ storage: value });
const csrSpec = { signerName: 'example.com/s', username: 'u', expirationSeconds: 86_400 };

/** What every kind shows: `name, columns..., age, wide columns...`. */
const rows: readonly (readonly [plural: string, body: object, expected: readonly unknown[]])[] = [
  ['configmaps', { data: { a: '', b: '' }, binaryData: { c: '' } }, ['x', 3, '12h']],
  ['secrets', { type: 'Opaque', data: { a: '' } }, ['x', 'Opaque', 1, '12h']],
  ['serviceaccounts', {}, ['x', 0, '12h']],
  ['namespaces', { status: { phase: 'Active' } }, ['x', 'Active', '12h']],
  ['limitranges', {}, ['x', ago(60 * 12)]],
  ['podtemplates', { template }, ['x', 'a,b', 'a:1,b', 'app=x,tier=y']],
  [
    'replicationcontrollers',
    { spec: { replicas: 3, selector: { app: 'x' }, template }, status: { replicas: 2, readyReplicas: 1 } },
    ['x', 3, 2, 1, '12h', 'a,b', 'a:1,b', 'app=x'],
  ],
  [
    'replicasets',
    { spec: { replicas: 3, selector, template }, status: { replicas: 2 } },
    ['x', 3, 2, 0, '12h', 'a,b', 'a:1,b', 'app=x,tier'],
  ],
  [
    'deployments',
    {
      spec: { replicas: 3, selector, template },
      status: { readyReplicas: 1, updatedReplicas: 2, availableReplicas: 1 },
    },
    ['x', '1/3', 2, 1, '12h', 'a,b', 'a:1,b', 'app=x,tier'],
  ],
  [
    'statefulsets',
    { spec: { replicas: 3, selector, template }, status: {} },
    ['x', '0/3', '12h', 'a,b', 'a:1,b'],
  ],
  [
    'daemonsets',
    {
      spec: { selector, template: { ...template, spec: { containers, nodeSelector: { os: 'linux' } } } },
      status: {
        desiredNumberScheduled: 5,
        currentNumberScheduled: 4,
        numberReady: 3,
        updatedNumberScheduled: 2,
        numberAvailable: 1,
      },
    },
    ['x', 5, 4, 3, 2, 1, 'os=linux', '12h', 'a,b', 'a:1,b', 'app=x,tier'],
  ],
  [
    'controllerrevisions',
    {
      metadata: {
        ownerReferences: [{ apiVersion: 'apps/v1', kind: 'DaemonSet', name: 'd', controller: true }],
      },
      revision: 4,
    },
    ['x', 'daemonset.apps/d', 4, '12h'],
  ],
  [
    'cronjobs',
    {
      spec: { schedule: '* * * * *', suspend: true, jobTemplate: { spec: { template } } },
      status: { active: [{}, {}], lastScheduleTime: ago(3) },
    },
    ['x', '* * * * *', '<none>', 'True', 2, '3m', '12h', 'a,b', 'a:1,b', '<none>'],
  ],
  [
    'cronjobs',
    { spec: { schedule: '@daily', timeZone: 'Etc/UTC', jobTemplate: { spec: { template } } } },
    ['x', '@daily', 'Etc/UTC', 'False', 0, '<none>', '12h', 'a,b', 'a:1,b', '<none>'],
  ],
  [
    'horizontalpodautoscalers',
    {
      spec: { scaleTargetRef: { kind: 'Deployment', name: 'web' }, minReplicas: 2, maxReplicas: 9 },
      status: { currentReplicas: 3 },
    },
    ['x', 'Deployment/web', '<none>', '2', 9, 3, '12h'],
  ],
  [
    'poddisruptionbudgets',
    { spec: { minAvailable: '50%' }, status: { disruptionsAllowed: 2 } },
    ['x', '50%', 'N/A', 2, '12h'],
  ],
  ['poddisruptionbudgets', { spec: { maxUnavailable: 0 }, status: {} }, ['x', 'N/A', '0', 0, '12h']],
  [
    'nodes',
    {
      metadata: { labels: { 'node-role.kubernetes.io/b': '', 'kubernetes.io/role': 'agent' } },
      spec: { unschedulable: true },
      status: {
        conditions: [{ type: 'Ready', status: 'Unknown' }],
        addresses: [{ type: 'InternalIP', address: '10.0.0.4' }],
        nodeInfo: {
          kubeletVersion: 'v1.34.0',
          osImage: 'Ubuntu',
          kernelVersion: '6',
          containerRuntimeVersion: 'c://2',
        },
      },
    },
    [
      ...['x', 'NotReady,SchedulingDisabled', 'agent,b', '12h', 'v1.34.0'],
      ...['10.0.0.4', '<none>', 'Ubuntu', '6', 'c://2'],
    ],
  ],
  [
    'persistentvolumes',
    {
      spec: {
        capacity: quantity('5Gi'),
        accessModes: ['ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOnce'],
        persistentVolumeReclaimPolicy: 'Retain',
        claimRef: { namespace: 'n', name: 'c' },
        storageClassName: 'fast',
        volumeMode: 'Block',
      },
      status: { phase: 'Failed', reason: 'why' },
    },
    ['x', '5Gi', 'RWO,RWX', 'Retain', 'Failed', 'n/c', 'fast', '<unset>', 'why', '12h', 'Block'],
  ],
  [
    'persistentvolumeclaims',
    {
      metadata: { deletionTimestamp: ago(1) },
      spec: {
        volumeName: 'v',
        storageClassName: 'fast',
        volumeAttributesClassName: 'gold',
        volumeMode: 'Filesystem',
      },
      status: { phase: 'Bound', capacity: quantity('5Gi'), accessModes: ['ReadWriteOncePod'] },
    },
    ['x', 'Terminating', 'v', '5Gi', 'RWOP', 'fast', 'gold', '12h', 'Filesystem'],
  ],
  [
    'persistentvolumeclaims',
    {
      metadata: { annotations: { 'volume.beta.kubernetes.io/storage-class': 'old' } },
      spec: {},
      status: { phase: 'Pending' },
    },
    ['x', 'Pending', '', '', '', 'old', '<unset>', '12h', '<unset>'],
  ],
  [
    'storageclasses',
    {
      metadata: { annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
      provisioner: 'disk.csi.azure.com',
      reclaimPolicy: 'Delete',
      volumeBindingMode: 'Immediate',
      allowVolumeExpansion: true,
    },
    ['x (default)', 'disk.csi.azure.com', 'Delete', 'Immediate', true, '12h'],
  ],
  ['csinodes', { spec: { drivers: [{}, {}] } }, ['x', 2, '12h']],
  [
    'csidrivers',
    {
      spec: {
        attachRequired: true,
        tokenRequests: [{ audience: 'a' }, { audience: 'b' }],
        volumeLifecycleModes: ['Persistent', 'Ephemeral'],
      },
    },
    ['x', true, false, false, 'a,b', false, 'Persistent,Ephemeral', '12h'],
  ],
  ['csistoragecapacities', { storageClassName: 'fast' }, ['x', 'fast', '<unset>']],
  [
    'volumeattachments',
    {
      spec: { attacher: 'd', nodeName: 'n', source: { persistentVolumeName: 'v' } },
      status: { attached: true },
    },
    ['x', 'd', 'v', 'n', true, '12h'],
  ],
  ['volumeattributesclasses', { driverName: 'd' }, ['x', 'd', '12h']],
  ['endpoints', {}, ['x', '<none>', '12h']],
  [
    'endpoints',
    { subsets: [{ notReadyAddresses: [{ ip: '10.1.0.1' }], ports: [{ port: 80 }] }] },
    ['x', '', '12h'],
  ],
  [
    'endpoints',
    {
      subsets: [
        { addresses: [{ ip: '10.1.0.1' }, { ip: 'fd00::1' }], ports: [{ port: 80 }, { port: 81 }] },
        { addresses: [{ ip: '10.1.0.3' }] },
      ],
    },
    ['x', '10.1.0.1:80,[fd00::1]:80,10.1.0.1:81 + 2 more...', '12h'],
  ],
  ['endpointslices', { addressType: 'IPv4', endpoints: [] }, ['x', 'IPv4', '<unset>', '<unset>', '12h']],
  [
    'endpointslices',
    {
      addressType: 'IPv4',
      ports: [{ port: 80 }, { name: 'web' }, {}, { port: 81 }],
      endpoints: [{ addresses: ['10.1.0.1'] }, { addresses: ['10.1.0.2'] }],
    },
    ['x', 'IPv4', '80,web,* + 1 more...', '10.1.0.1,10.1.0.2', '12h'],
  ],
  ['ingresses', { spec: { defaultBackend: {} } }, ['x', '<none>', '*', '', '80', '12h']],
  [
    'ingresses',
    {
      spec: {
        ingressClassName: 'nginx',
        rules: ['a', 'b', 'c', 'd', 'e'].map((host) => ({ host })),
        tls: [{}],
      },
      status: { loadBalancer: { ingress: [{ ip: '20.0.0.2' }, { hostname: 'h' }, { ip: '20.0.0.1' }] } },
    },
    ['x', 'nginx', 'a,b,c + 2 more...', '20.0.0.1,20.0.0.2,h', '80, 443', '12h'],
  ],
  [
    'ingressclasses',
    { spec: { controller: 'example.com/c', parameters: { apiGroup: 'g.io', kind: 'P', name: 'p' } } },
    ['x', 'example.com/c', 'P.g.io/p', '12h'],
  ],
  ['networkpolicies', { spec: { podSelector: {} } }, ['x', '<none>', '12h']],
  ['networkpolicies', { spec: { podSelector: selector } }, ['x', 'app=x,tier', '12h']],
  ['roles', {}, ['x', ago(60 * 12)]],
  ['clusterroles', {}, ['x', ago(60 * 12)]],
  [
    'rolebindings',
    {
      roleRef: { kind: 'Role', name: 'r' },
      subjects: [
        { kind: 'User', name: 'u' },
        { kind: 'User', name: 'v' },
        { kind: 'Group', name: 'g' },
        { kind: 'ServiceAccount', name: 's', namespace: 'n' },
      ],
    },
    ['x', 'Role/r', '12h', 'u, v', 'g', 'n/s'],
  ],
  [
    'clusterrolebindings',
    { roleRef: { kind: 'ClusterRole', name: 'r' } },
    ['x', 'ClusterRole/r', '12h', '', '', ''],
  ],
  [
    'resourcequotas',
    {
      status: {
        hard: { 'requests.cpu': '4', pods: '10', 'limits.memory': '8Gi' },
        used: { 'requests.cpu': '1500m', pods: '3', 'limits.memory': '1Gi' },
      },
    },
    ['x', 'pods: 3/10, requests.cpu: 1500m/4', 'limits.memory: 1Gi/8Gi', '12h'],
  ],
  [
    'priorityclasses',
    { value: 1000, globalDefault: false, preemptionPolicy: 'Never' },
    ['x', 1000, false, '12h', 'Never'],
  ],
  ['leases', { spec: { holderIdentity: 'me' } }, ['x', 'me', '12h']],
  ['leases', { spec: {} }, ['x', '', '12h']],
  ['runtimeclasses', { handler: 'kata' }, ['x', 'kata', '12h']],
  ['mutatingwebhookconfigurations', { webhooks: [{}, {}] }, ['x', 2, '12h']],
  ['validatingwebhookconfigurations', {}, ['x', 0, '12h']],
  ['resourceclaims', { status: {} }, ['x', 'pending', '12h']],
  ['resourceclaims', { status: { allocation: {}, reservedFor: [{}] } }, ['x', 'allocated,reserved', '12h']],
  ['resourceclaims', { metadata: { deletionTimestamp: ago(1) }, status: {} }, ['x', 'deleted', '12h']],
  [
    'resourceslices',
    { spec: { nodeName: 'n', driver: 'd', pool: { name: 'p' } } },
    ['x', 'n', 'd', 'p', '12h'],
  ],
  [
    'certificatesigningrequests',
    { spec: csrSpec, status: {} },
    ['x', '12h', 'example.com/s', 'u', '24h', 'Pending'],
  ],
  [
    'certificatesigningrequests',
    {
      spec: { ...csrSpec, expirationSeconds: undefined },
      status: { certificate: 'YQ==', conditions: [{ type: 'Approved', status: 'True' }] },
    },
    ['x', '12h', 'example.com/s', 'u', '<none>', 'Approved,Issued'],
  ],
  [
    'flowschemas',
    {
      spec: { priorityLevelConfiguration: { name: 'p' }, matchingPrecedence: 100 },
      status: { conditions: [{ type: 'Dangling', status: 'False' }] },
    },
    ['x', 'p', 100, '<none>', '12h', 'False'],
  ],
  [
    'prioritylevelconfigurations',
    {
      spec: { type: 'Limited', limited: { nominalConcurrencyShares: 30, limitResponse: { type: 'Reject' } } },
    },
    ['x', 'Limited', '30', '<none>', '<none>', '<none>', '12h'],
  ],
];

describe('the table row', () => {
  test.each(rows)('of %s: %j', (plural, body, expected) => {
    expect(cells(plural, body)).toEqual(expected);
  });
});

describe('a service', () => {
  const columns = ['Type', 'Cluster-IP', 'External-IP', 'Port(s)', 'Selector'];
  const ingress = [{ ip: '20.0.0.2' }, { hostname: 'h' }];
  test.each<[object, object, readonly string[]]>([
    [
      { type: 'ClusterIP', clusterIPs: ['10.0.0.9', 'fd00::9'], ports: [{ port: 80, protocol: 'TCP' }] },
      {},
      ['ClusterIP', '10.0.0.9', '<none>', '80/TCP', '<none>'],
    ],
    [
      {
        type: 'NodePort',
        clusterIPs: ['10.0.0.9'],
        externalIPs: ['1.1.1.1', '2.2.2.2'],
        ports: [
          { port: 80, nodePort: 30_080, protocol: 'TCP' },
          { port: 53, nodePort: 30_053, protocol: 'UDP' },
        ],
        selector: { b: '1', a: '2' },
      },
      {},
      ['NodePort', '10.0.0.9', '1.1.1.1,2.2.2.2', '80:30080/TCP,53:30053/UDP', 'a=2,b=1'],
    ],
    [
      { type: 'LoadBalancer', clusterIPs: ['10.0.0.9'] },
      {},
      ['LoadBalancer', '10.0.0.9', '<pending>', '<none>', '<none>'],
    ],
    [
      { type: 'LoadBalancer', clusterIPs: ['10.0.0.9'], externalIPs: ['1.1.1.1'] },
      { loadBalancer: { ingress } },
      ['LoadBalancer', '10.0.0.9', '20.0.0.2,h,1.1.1.1', '<none>', '<none>'],
    ],
    [
      { type: 'ExternalName', externalName: 'example.com' },
      {},
      ['ExternalName', '<none>', 'example.com', '<none>', '<none>'],
    ],
    [{ type: 'ClusterIP', clusterIPs: ['None'] }, {}, ['ClusterIP', 'None', '<none>', '<none>', '<none>']],
  ])('%j', (spec, status, expected) => {
    expect(cells('services', { spec, status }, columns)).toEqual(expected);
  });
});

describe('an event', () => {
  const base = {
    involvedObject: { kind: 'Pod', name: 'p', fieldPath: 'spec.containers{a}' },
    type: 'Normal',
    reason: 'Pulled',
  };
  test.each<[string, object, readonly unknown[]]>([
    [
      'counted',
      {
        source: { component: 'kubelet', host: 'n' },
        message: ' m\n',
        firstTimestamp: ago(30),
        lastTimestamp: ago(4),
        count: 3,
      },
      ['4m', 'Normal', 'Pulled', 'pod/p', 'spec.containers{a}', 'kubelet, n', 'm', '30m', 3, 'x'],
    ],
    [
      'single',
      { reportingComponent: 'scheduler', reportingInstance: 's-1', eventTime: ago(30), message: '' },
      ['30m', 'Normal', 'Pulled', 'pod/p', 'spec.containers{a}', 'scheduler, s-1', '', '30m', 1, 'x'],
    ],
    [
      'a series',
      {
        involvedObject: { kind: 'Node' },
        eventTime: ago(30),
        series: { count: 7, lastObservedTime: ago(2) },
        source: {},
      },
      ['2m', 'Normal', 'Pulled', 'node', '', '', '', '30m', 7, 'x'],
    ],
  ])('%s', (_, change, expected) => {
    expect(cells('events', { ...base, ...change })).toEqual(expected);
  });
});

describe('a job', () => {
  const condition = (type: string) => [{ type, status: 'True' }];
  test.each<[object, object, object, readonly string[]]>([
    [{ completions: 3 }, { succeeded: 1, startTime: ago(5) }, {}, ['Running', '1/3', '5m']],
    [{ parallelism: 1 }, {}, {}, ['Running', '0/1', '']],
    [{ parallelism: 4 }, { succeeded: 1 }, {}, ['Running', '1/1 of 4', '']],
    [
      { completions: 1 },
      { succeeded: 1, startTime: ago(9), completionTime: ago(6), conditions: condition('Complete') },
      {},
      ['Complete', '1/1', '3m'],
    ],
    [{ completions: 1 }, { conditions: condition('Failed') }, {}, ['Failed', '0/1', '']],
    [{ completions: 1 }, { conditions: condition('FailureTarget') }, {}, ['FailureTarget', '0/1', '']],
    [{ completions: 1 }, { conditions: condition('Suspended') }, {}, ['Suspended', '0/1', '']],
    [
      { completions: 1 },
      { conditions: condition('Suspended') },
      { deletionTimestamp: ago(1) },
      ['Terminating', '0/1', ''],
    ],
  ])('%j %j', (spec, status, metadata, expected) => {
    expect(cells('jobs', { metadata, spec, status }, ['Status', 'Completions', 'Duration'])).toEqual(
      expected,
    );
  });
});

describe('what an autoscaler aims at', () => {
  const resource = (target: object) => ({ type: 'Resource', resource: { name: 'cpu', target } });
  const external = (target: object) => ({ type: 'External', external: { target } });
  const object = (target: object) => ({ type: 'Object', object: { target } });
  test.each<[readonly object[], readonly object[], string]>([
    [[], [], '<none>'],
    [[resource({ averageUtilization: 80 })], [], 'cpu: <unknown>/80%'],
    [
      [resource({ averageUtilization: 80 })],
      [{ resource: { current: { averageUtilization: 7 } } }],
      'cpu: 7%/80%',
    ],
    [[resource({ averageValue: '1' })], [{ resource: { current: { averageValue: '500m' } } }], 'cpu: 500m/1'],
    [
      [
        {
          type: 'ContainerResource',
          containerResource: { name: 'memory', target: { averageUtilization: 50 } },
        },
      ],
      [],
      'memory: <unknown>/50%',
    ],
    [
      [{ type: 'Pods', pods: { target: { averageValue: '1k' } } }],
      [{ pods: { current: { averageValue: '3' } } }],
      '3/1k',
    ],
    [[object({ value: '5' })], [{ object: { current: { value: '2' } } }], '2/5'],
    [[object({ averageValue: '5' })], [], '<unknown>/5 (avg)'],
    [[external({ value: '5' })], [], '<unknown>/5'],
    [[external({ averageValue: '5' })], [{ external: { current: { averageValue: '1' } } }], '1/5 (avg)'],
    [
      [external({ value: '1' }), external({ value: '2' }), external({ value: '3' })],
      [],
      '<unknown>/1, <unknown>/2 + 1 more...',
    ],
  ])('%j %j', (metrics, currentMetrics, expected) => {
    const body = { spec: { scaleTargetRef: {}, metrics }, status: { currentMetrics } };
    expect(cells('horizontalpodautoscalers', body, ['Targets'])).toEqual([expected]);
  });
});

describe('a pod', () => {
  const status = (name: string, state: object, more: object = {}) => ({
    name,
    state,
    lastState: {},
    ready: false,
    restartCount: 0,
    ...more,
  });
  const running = { running: { startedAt: ago(5) } };
  const waiting = (reason: string) => ({ waiting: { reason } });
  const terminated = (exitCode: number, more: object = {}) => ({ terminated: { exitCode, ...more } });
  const up = { ready: true, started: true };
  const init = (...list: object[]) => ({ initContainers: list });
  const sidecar = { name: 's', restartPolicy: 'Always' };
  const condition = (type: string, conditionStatus = 'True', reason?: string) => ({
    type,
    status: conditionStatus,
    reason,
  });

  test.each<[string, object, object, object, readonly string[]]>([
    ['pending', {}, { phase: 'Pending' }, {}, ['0/1', 'Pending', '0']],
    ['evicted', {}, { phase: 'Failed', reason: 'Evicted' }, {}, ['0/1', 'Evicted', '0']],
    [
      'gated',
      {},
      { phase: 'Pending', conditions: [condition('PodScheduled', 'False', 'SchedulingGated')] },
      {},
      ['0/1', 'SchedulingGated', '0'],
    ],
    [
      'being made',
      {},
      { phase: 'Pending', containerStatuses: [status('a', waiting('ContainerCreating'))] },
      {},
      ['0/1', 'ContainerCreating', '0'],
    ],
    [
      'running',
      {},
      { phase: 'Running', containerStatuses: [status('a', running, up)] },
      {},
      ['1/1', 'Running', '0'],
    ],
    [
      'crashing',
      {},
      {
        phase: 'Running',
        containerStatuses: [
          status('a', waiting('CrashLoopBackOff'), {
            restartCount: 4,
            lastState: terminated(1, { finishedAt: ago(3) }),
          }),
        ],
      },
      {},
      ['0/1', 'CrashLoopBackOff', '4 (3m ago)'],
    ],
    [
      'killed by a signal',
      {},
      { phase: 'Failed', containerStatuses: [status('a', terminated(137, { signal: 9 }))] },
      {},
      ['0/1', 'Signal:9', '0'],
    ],
    [
      'failed without a reason',
      {},
      { phase: 'Failed', containerStatuses: [status('a', terminated(3))] },
      {},
      ['0/1', 'ExitCode:3', '0'],
    ],
    [
      'completed',
      {},
      { phase: 'Succeeded', containerStatuses: [status('a', terminated(0, { reason: 'Completed' }))] },
      { deletionTimestamp: ago(1) },
      ['0/1', 'Completed', '0'],
    ],
    [
      'completed in part',
      { containers },
      {
        phase: 'Running',
        conditions: [condition('Ready')],
        containerStatuses: [status('a', terminated(0, { reason: 'Completed' })), status('b', running, up)],
      },
      {},
      ['1/2', 'Running', '0'],
    ],
    [
      'completed in part and not ready',
      { containers },
      {
        phase: 'Running',
        conditions: [condition('Ready', 'False')],
        containerStatuses: [status('a', terminated(0, { reason: 'Completed' })), status('b', running, up)],
      },
      {},
      ['1/2', 'NotReady', '0'],
    ],
    [
      'with its first container failing',
      { containers },
      {
        phase: 'Running',
        containerStatuses: [status('a', waiting('ErrImagePull')), status('b', waiting('X'))],
      },
      {},
      ['0/2', 'ErrImagePull', '0'],
    ],
    [
      'initialising',
      init({ name: 'i' }, { name: 'j' }),
      {
        phase: 'Pending',
        initContainerStatuses: [
          status('i', terminated(0, { reason: 'Completed' }), { restartCount: 2 }),
          status('j', running, { restartCount: 1 }),
        ],
        containerStatuses: [status('a', waiting('PodInitializing'))],
      },
      {},
      ['0/1', 'Init:1/2', '3'],
    ],
    [
      'with an init container that fails',
      init({ name: 'i' }),
      { phase: 'Pending', initContainerStatuses: [status('i', terminated(1, { reason: 'Error' }))] },
      {},
      ['0/1', 'Init:Error', '0'],
    ],
    [
      'with an init container that fails without a reason',
      init({ name: 'i' }),
      { phase: 'Pending', initContainerStatuses: [status('i', terminated(2))] },
      {},
      ['0/1', 'Init:ExitCode:2', '0'],
    ],
    [
      'with an init container that waits',
      init({ name: 'i' }),
      { phase: 'Pending', initContainerStatuses: [status('i', waiting('CrashLoopBackOff'))] },
      {},
      ['0/1', 'Init:CrashLoopBackOff', '0'],
    ],
    [
      'with an init container to come',
      init({ name: 'i' }),
      { phase: 'Pending', initContainerStatuses: [status('i', waiting('PodInitializing'))] },
      {},
      ['0/1', 'Init:0/1', '0'],
    ],
    [
      'with a sidecar',
      init(sidecar),
      {
        phase: 'Running',
        initContainerStatuses: [status('s', running, { ...up, restartCount: 2 })],
        containerStatuses: [status('a', running, { ...up, restartCount: 1 })],
      },
      {},
      ['2/2', 'Running', '3'],
    ],
    [
      'with a sidecar that has to start',
      init(sidecar),
      { phase: 'Pending', initContainerStatuses: [status('s', running, { started: false })] },
      {},
      ['0/2', 'Init:0/1', '0'],
    ],
    [
      'whose sidecar starts again',
      init(sidecar),
      {
        phase: 'Running',
        conditions: [condition('Initialized')],
        initContainerStatuses: [status('s', waiting('CrashLoopBackOff'))],
        containerStatuses: [status('a', running, up)],
      },
      {},
      ['1/2', 'Init:CrashLoopBackOff', '0'],
    ],
    [
      'terminating',
      {},
      { phase: 'Running', containerStatuses: [status('a', running, up)] },
      { deletionTimestamp: ago(1) },
      ['1/1', 'Terminating', '0'],
    ],
    [
      'of a node that is lost',
      {},
      { phase: 'Running', reason: 'NodeLost' },
      { deletionTimestamp: ago(1) },
      ['0/1', 'Unknown', '0'],
    ],
  ])('%s', (_, spec, podStatus, metadata, expected) => {
    const body = { metadata, spec: { containers: [containers[0]], ...spec }, status: podStatus };
    expect(cells('pods', body, ['Ready', 'Status', 'Restarts'])).toEqual(expected);
  });

  test('in wide output', () => {
    const names = ['IP', 'Node', 'Nominated Node', 'Readiness Gates'];
    expect(cells('pods', { spec: { containers }, status: {} }, names)).toEqual(Array(4).fill('<none>'));
    const body = {
      spec: { containers, nodeName: 'n', readinessGates: [{ conditionType: 'g' }, { conditionType: 'h' }] },
      status: {
        podIPs: [{ ip: '10.1.0.1' }],
        nominatedNodeName: 'm',
        conditions: [condition('g'), condition('h', 'False')],
      },
    };
    expect(cells('pods', body, names)).toEqual(['10.1.0.1', 'n', 'm', '1/2']);
  });
});
