import { beforeEach, describe, expect, test } from 'vitest';
import { TestCluster, refusal } from '../fixtures.js';
import type { Shown } from '../fixtures.js';
import { limitErrors } from './limit-range/limits.js';
import type { LimitRangeItem, Taken } from './limit-range/limits.js';

const taken = (request?: string, limit?: string): Taken => ({
  requests: request === undefined ? {} : { cpu: request },
  limits: limit === undefined ? {} : { cpu: limit },
});
const item = (bounds: object, type = 'Container'): LimitRangeItem => ({ type, ...bounds });

test.each<[what: string, LimitRangeItem, Taken, errors: string[]]>([
  ['within all bounds', item({ min: { cpu: '100m' }, max: { cpu: '2' } }), taken('1', '2'), []],
  [
    'a request below the least',
    item({ min: { cpu: '100m' } }),
    taken('50m', '1'),
    ['minimum cpu usage per Container is 100m, but request is 50m'],
  ],
  [
    'a limit below the least',
    item({ min: { cpu: '100m' } }),
    taken('100m', '50m'),
    ['minimum cpu usage per Container is 100m, but limit is 50m'],
  ],
  [
    'no request',
    item({ min: { cpu: '100m' } }),
    taken(),
    ['minimum cpu usage per Container is 100m.  No request is specified'],
  ],
  [
    'a limit above the most',
    item({ max: { cpu: '2' } }),
    taken('1', '3'),
    ['maximum cpu usage per Container is 2, but limit is 3'],
  ],
  [
    'a request above the most',
    item({ max: { cpu: '2' } }),
    taken('3', '2'),
    ['maximum cpu usage per Container is 2, but request is 3'],
  ],
  [
    'no limit',
    item({ max: { cpu: '2' } }),
    taken('1'),
    ['maximum cpu usage per Container is 2.  No limit is specified'],
  ],
  [
    'a ratio above the most',
    item({ maxLimitRequestRatio: { cpu: '2' } }),
    taken('1', '3'),
    ['cpu max limit to request ratio per Container is 2, but provided ratio is 3.000000'],
  ],
  ['a ratio at the most', item({ maxLimitRequestRatio: { cpu: '2' } }), taken('500m', '1'), []],
  [
    'a ratio without a request',
    item({ maxLimitRequestRatio: { cpu: '2' } }),
    taken(undefined, '1'),
    ['cpu max limit to request ratio per Container is 2, but no request is specified or request is 0'],
  ],
  [
    'a ratio without a limit',
    item({ maxLimitRequestRatio: { cpu: '2' } }),
    taken('1'),
    ['cpu max limit to request ratio per Container is 2, but no limit is specified or limit is 0'],
  ],
  [
    'several',
    item({ min: { cpu: '1' }, max: { cpu: '2' } }, 'Pod'),
    taken('500m', '3'),
    ['minimum cpu usage per Pod is 1, but request is 500m', 'maximum cpu usage per Pod is 2, but limit is 3'],
  ],
  [
    'a claim above the most',
    item({ max: { cpu: '2' } }, 'PersistentVolumeClaim'),
    taken('3'),
    ['maximum cpu usage per PersistentVolumeClaim is 2, but request is 3'],
  ],
])('limits on %s', (_, of, amounts, errors) => expect(limitErrors(of, amounts)).toEqual(errors));

describe('a cluster', () => {
  let cluster: TestCluster;
  const pod = (spec: object = {}, name = 'p'): Shown =>
    cluster.create('pods', {
      metadata: { name },
      spec: { containers: [{ name: 'c', image: 'i' }], ...spec },
    });
  const specOf = (object: Shown) => object['spec'] as Record<string, unknown>;
  const claim = (spec: object = {}) =>
    cluster.create('persistentvolumeclaims', {
      metadata: { name: 'data' },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } }, ...spec },
    });

  beforeEach(() => {
    cluster = new TestCluster();
  });

  test('gives containers what the namespace has for them, and notes it', () => {
    const limits = [
      { type: 'Container', default: { cpu: '1', memory: '1Gi' }, defaultRequest: { cpu: '100m' } },
    ];
    cluster.create('limitranges', { metadata: { name: 'l' }, spec: { limits } });
    const made = pod();
    expect(specOf(made)['containers']).toMatchObject([
      { resources: { requests: { cpu: '100m', memory: '1Gi' }, limits: { cpu: '1', memory: '1Gi' } } },
    ]);
    expect(made.metadata.annotations).toEqual({
      'kubernetes.io/limit-ranger':
        'LimitRanger plugin set: cpu, memory request for container c; cpu, memory limit for container c',
    });
  });

  test('takes the bounds of a namespace for defaults where it has none', () => {
    const limits = [{ type: 'Container', max: { cpu: '2' }, min: { memory: '64Mi' } }];
    const made = cluster.create('limitranges', { metadata: { name: 'l' }, spec: { limits } });
    expect(specOf(made)['limits']).toMatchObject([
      { default: { cpu: '2' }, defaultRequest: { cpu: '2', memory: '64Mi' } },
    ]);
  });

  test('refuses what is out of the bounds of a namespace', () => {
    const limits = [
      { type: 'Container', max: { cpu: '1' } },
      { type: 'Pod', max: { cpu: '1500m' } },
      { type: 'PersistentVolumeClaim', max: { storage: '512Mi' } },
    ];
    cluster.create('limitranges', { metadata: { name: 'l' }, spec: { limits } });
    const asking = (cpu: string, name: string) => ({ name, image: 'i', resources: { limits: { cpu } } });
    expect(refusal(() => pod({ containers: [asking('2', 'a')] }))).toBe(
      '403 pods "p" is forbidden: [maximum cpu usage per Container is 1, but limit is 2, maximum cpu usage per Pod is 1500m, but limit is 2]',
    );
    expect(refusal(() => pod({ containers: [asking('1', 'a'), asking('1', 'b')] }))).toBe(
      '403 pods "p" is forbidden: maximum cpu usage per Pod is 1500m, but limit is 2',
    );
    expect(refusal(() => claim())).toBe(
      '403 persistentvolumeclaims "data" is forbidden: maximum storage usage per PersistentVolumeClaim is 512Mi, but request is 1Gi',
    );
  });

  test('gives a pod what its runtime class says', () => {
    cluster.create('runtimeclasses', {
      metadata: { name: 'kata' },
      handler: 'kata',
      overhead: { podFixed: { memory: '120Mi' } },
      scheduling: { nodeSelector: { vm: 'yes' }, tolerations: [{ key: 'kata', operator: 'Exists' }] },
    });
    const made = specOf(pod({ runtimeClassName: 'kata', nodeSelector: { disk: 'ssd' } }));
    expect(made).toMatchObject({
      overhead: { memory: '120Mi' },
      nodeSelector: { vm: 'yes', disk: 'ssd' },
    });
    expect(made['tolerations']).toContainEqual({ key: 'kata', operator: 'Exists' });
  });

  test.each<[what: string, spec: object, why: string]>([
    [
      'without its runtime class',
      { runtimeClassName: 'none' },
      'pod rejected: RuntimeClass "none" not found',
    ],
    [
      'with overhead of its own',
      { overhead: { cpu: '1' } },
      'pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead',
    ],
    [
      'with other overhead',
      { runtimeClassName: 'r', overhead: { cpu: '2' } },
      "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead",
    ],
    [
      'for other nodes',
      { runtimeClassName: 'r', nodeSelector: { vm: 'no' } },
      'conflict: runtimeClass.scheduling.nodeSelector[vm] = yes; pod.spec.nodeSelector[vm] = no',
    ],
    [
      'without its priority class',
      { priorityClassName: 'none' },
      'no PriorityClass with name none was found',
    ],
    [
      'with another priority',
      { priorityClassName: 'high', priority: 3 },
      'the integer value of priority (3) must not be provided in pod spec; priority admission controller computed 10 from the given PriorityClass name',
    ],
    [
      'with another preemption policy',
      { priorityClassName: 'high', preemptionPolicy: 'Never' },
      'the string value of PreemptionPolicy (Never) must not be provided in pod spec; priority admission controller computed PreemptLowerPriority from the given PriorityClass name',
    ],
  ])('refuses a pod %s', (_, spec, why) => {
    cluster.create('priorityclasses', { metadata: { name: 'high' }, value: 10 });
    cluster.create('runtimeclasses', {
      metadata: { name: 'r' },
      handler: 'r',
      overhead: { podFixed: { cpu: '1' } },
      scheduling: { nodeSelector: { vm: 'yes' } },
    });
    expect(refusal(() => pod(spec))).toBe(`403 pods "p" is forbidden: ${why}`);
  });

  test('has one default priority', () => {
    cluster.create('priorityclasses', { metadata: { name: 'a' }, value: 7, globalDefault: true });
    expect(specOf(pod())).toMatchObject({ priorityClassName: 'a', priority: 7 });
    expect(
      refusal(() =>
        cluster.create('priorityclasses', { metadata: { name: 'b' }, value: 1, globalDefault: true }),
      ),
    ).toBe(
      '403 priorityclasses.scheduling.k8s.io "b" is forbidden: PriorityClass a is already marked as default. Only one default can exist',
    );
  });

  test('gives claims the default class, unless they name one or none', () => {
    expect(specOf(claim())['storageClassName']).toBe('default');
    const named = cluster.create('persistentvolumeclaims', {
      metadata: { name: 'static' },
      spec: {
        accessModes: ['ReadWriteOnce'],
        storageClassName: '',
        resources: { requests: { storage: '1Gi' } },
      },
    });
    expect(specOf(named)['storageClassName']).toBe('');
  });

  test('gives ingresses the newest default class', () => {
    const annotations = { 'ingressclass.kubernetes.io/is-default-class': 'true' };
    cluster.create('ingressclasses', { metadata: { name: 'a', annotations }, spec: { controller: 'x/a' } });
    cluster.pass(1);
    cluster.create('ingressclasses', { metadata: { name: 'b', annotations }, spec: { controller: 'x/b' } });
    const backend = { service: { name: 's', port: { number: 80 } } };
    const made = cluster.create('ingresses', { metadata: { name: 'i' }, spec: { defaultBackend: backend } });
    expect(specOf(made)['ingressClassName']).toBe('b');
  });

  test('keeps claims while they are in use', () => {
    expect(claim().metadata.finalizers).toEqual(['kubernetes.io/pvc-protection']);
  });
});
