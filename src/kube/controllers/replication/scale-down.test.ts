import { describe, expect, test } from 'vitest';
import { instant } from '../../../units/index.js';
import type { Pod } from '../../kinds/index.js';
import { deletionCost, inDeletionOrder } from './scale-down.js';

const now = instant(Date.UTC(2026, 7, 21, 12));
const ago = (seconds: number): string => new Date(now - seconds * 1000).toISOString();

interface Traits {
  readonly uid?: string;
  readonly node?: string;
  readonly phase?: 'Pending' | 'Unknown' | 'Running';
  readonly readyFor?: number;
  readonly cost?: string;
  readonly restarts?: number;
  readonly sidecarRestarts?: number;
  readonly age?: number;
}

const statusOf = (name: string, restartCount: number) => ({
  name,
  ready: true,
  restartCount,
  image: '',
  imageID: '',
  state: {},
  lastState: {},
});

function pod({ uid = 'x', node, phase = 'Running', readyFor, cost, age = 3600, ...rest }: Traits): Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: uid,
      uid,
      creationTimestamp: ago(age),
      ...(cost !== undefined && { annotations: { 'controller.kubernetes.io/pod-deletion-cost': cost } }),
    },
    spec: {
      containers: [{ name: 'c' }],
      initContainers: [{ name: 's', restartPolicy: 'Always' }],
      ...(node !== undefined && { nodeName: node }),
    },
    status: {
      phase,
      conditions:
        readyFor === undefined ? [] : [{ type: 'Ready', status: 'True', lastTransitionTime: ago(readyFor) }],
      containerStatuses: [statusOf('c', rest.restarts ?? 0)],
      initContainerStatuses: [statusOf('s', rest.sidecarRestarts ?? 0)],
    },
  } as Pod;
}

const ready = { node: 'n1', readyFor: 600 };

describe('the pod that goes first when a set shrinks', () => {
  test.each<[string, Traits, Traits]>([
    ['is on no node', { readyFor: 600 }, { ...ready, phase: 'Pending' }],
    [
      'is pending before one of unknown state',
      { node: 'n1', phase: 'Pending' },
      { node: 'n1', phase: 'Unknown' },
    ],
    ['is of unknown state before one that runs', { node: 'n1', phase: 'Unknown' }, { node: 'n1' }],
    ['is not ready', { node: 'n1', cost: '100' }, ready],
    ['costs less', { ...ready, cost: '-1' }, ready],
    ['costs less, as a number', { ...ready, cost: '9' }, { ...ready, cost: '10' }],
    ['costs nothing where its cost is no number', { ...ready, cost: '+5' }, { ...ready, cost: '1' }],
    ['has more siblings on its node', { ...ready, node: 'n2', readyFor: 9000 }, ready],
    ['has been ready for a much shorter time', { ...ready, readyFor: 60 }, { ...ready, restarts: 9 }],
    [
      'is ready about as long, by its id',
      { ...ready, readyFor: 700, uid: 'a' },
      { ...ready, uid: 'b', restarts: 1 },
    ],
    ['has restarted more often', { ...ready, restarts: 2 }, { ...ready, restarts: 1, age: 1 }],
    ['has restarted sidecars more often', { ...ready, sidecarRestarts: 1 }, { ...ready, age: 1 }],
    ['is much younger', { ...ready, age: 700 }, { ...ready, age: 9000 }],
    ['is about as old, by its id', { ...ready, age: 3000, uid: 'a' }, { ...ready, age: 2900, uid: 'b' }],
  ])('%s', (_case, first, second) => {
    const siblings = new Map([
      ['n1', 1],
      ['n2', 2],
    ]);
    const [goes, stays] = [{ value: { object: pod(first) } }, { value: { object: pod(second) } }];
    expect(inDeletionOrder([goes, stays], siblings, now)).toEqual([goes, stays]);
    expect(inDeletionOrder([stays, goes], siblings, now)).toEqual([goes, stays]);
  });

  test.each([
    ['5', 5],
    ['-5', -5],
    ['0', 0],
    ['+5', 0],
    ['05', 0],
    ['1.5', 0],
    ['2147483648', 0],
    ['many', 0],
  ])('a cost of %j counts as %i', (cost, expected) => {
    expect(deletionCost(pod({ cost }))).toBe(expected);
  });
});
