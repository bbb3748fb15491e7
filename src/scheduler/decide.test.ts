import { expect, test } from 'vitest';
import type { KubeNode, Pod } from '../kube/index.js';
import { decide } from './decide.js';
import type { SchedulingInput } from './decide.js';

const node = (name: string, cpu = '4'): KubeNode =>
  ({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name },
    spec: {},
    status: { allocatable: { cpu, memory: '8Gi', pods: '110' } },
  }) as unknown as KubeNode;

const pod = (name: string, spec: object, status: object = {}): Pod =>
  ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default', uid: `uid-${name}` },
    spec: {
      containers: [{ name: 'main', image: 'web', resources: { requests: { cpu: '3' } } }],
      ...spec,
    },
    status,
  }) as unknown as Pod;

const decided = (input: Partial<SchedulingInput>) =>
  decide({
    kubernetesVersion: '1.34.4',
    nodes: [node('a')],
    pods: [],
    pod: pod('web', {}),
    ...input,
  });

// As a running kube-scheduler 1.34.4 decides.
test.each([
  ['Running', undefined],
  ['Succeeded', 'a'],
  ['Failed', 'a'],
])('a pod that is %s leaves room on node %s', (phase, placed) => {
  expect(decided({ pods: [pod('job', { nodeName: 'a' }, { phase })] }).node).toBe(placed);
});

test('a pod with gates is not looked at', () => {
  expect(decided({ pod: pod('web', { schedulingGates: [{ name: 'example.com/wait' }] }) })).toEqual({
    refusals: {},
    feasible: [],
    scores: {},
    totals: {},
    message: 'Scheduling is blocked due to non-empty scheduling gates',
  });
});

test.each([
  ['the one kept for the pod', 'a', []],
  ['all, when the one kept for the pod is gone', 'gone', ['b']],
])('of the nodes, %s is looked at', (_, nominatedNodeName, refused) => {
  const { node: placed, refusals } = decided({
    nodes: [node('a'), node('b', '1')],
    pod: pod('web', {}, { nominatedNodeName }),
  });
  expect([placed, Object.keys(refusals)]).toEqual(['a', refused]);
});

test.each([
  ['1.34.4', '0/1 nodes are available: 1 Insufficient cpu. no new claims to deallocate'],
  ['1.33.6', '0/1 nodes are available: 1 Insufficient cpu.'],
])('without preemption, %s says %s', (kubernetesVersion, message) => {
  const said = decided({
    kubernetesVersion,
    nodes: [node('a', '1')],
    configuration: {
      profiles: [{ schedulerName: 'default-scheduler', disabled: ['DefaultPreemption'] }],
    },
  });
  expect(said.message).toBe(message);
});
