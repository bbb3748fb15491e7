import { describe, expect, test } from 'vitest';
import { seconds } from '../../units/index.js';
import { Drill } from './fixtures.js';
import type { DrillInit } from './fixtures.js';
import { deletionsOf } from './index.js';

/** The log without the random parts of pods' names. */
const told = ({ log }: Drill): readonly string[] =>
  log.map((line) => line.replaceAll(/\b(web|agent)-[a-z0-9-]+/g, '$1-*'));

/** Two nodes; two pods on the first. */
function occupied(init: DrillInit = {}, spec: object = {}, annotations: object = {}): Drill {
  const drill = new Drill({ kubelet: { containerStop: seconds(7) }, ...init });
  drill.addNode('n1');
  drill.deploy('web', 2, { ...spec }, { ...annotations });
  drill.addNode('n2');
  return drill;
}

const safe = { 'cluster-autoscaler.kubernetes.io/safe-to-evict': 'true' };
const marked = '0 Node ScaleDown: marked the node as toBeDeleted/unschedulable';
const emptying = '0 ConfigMap ScaleDownEmpty: Scale-down: removing empty node "n1"';
const draining =
  '0 ConfigMap ScaleDown: Scale-down: removing node n1, utilization: {0.5 0.25 0 0 cpu 0.5}, pods to reschedule: web-*,web-*';
const asked = '5 Pod ScaleDown: deleting pod for node scale down';
const removed = (at: number) => [
  `${String(at)} n1 is done`,
  `${String(at)} Node ScaleDown: nodes removed by cluster autoscaler`,
];
const emptied = (at: number) => [
  ...removed(at),
  `${String(at)} ConfigMap ScaleDownEmpty: Scale-down: empty node n1 removed`,
];
const drained = (at: number) => [
  ...removed(at),
  `${String(at)} ConfigMap ScaleDown: Scale-down: node n1 removed with drain`,
];
const kept = (at: number, why: string) => [
  `${String(at)} n1 stays`,
  `${String(at)} Node ScaleDownFailed: ${why}`,
];

describe('an empty node', () => {
  test.each([
    [33, ['ToBeDeletedByClusterAutoscaler']],
    [34, ['ToBeDeletedByClusterAutoscaler', 'node.kubernetes.io/unschedulable', 'cordon']],
  ])('takes no pods for five seconds and goes: 1.%i', (minor, marks) => {
    const drill = new Drill({ minor });
    drill.addNode('n1');
    drill.remove('empty', 'n1');
    drill.pass(4);
    expect(drill.marks('n1')).toEqual(marks);
    drill.pass(1);
    expect(drill.marks('n1')).toEqual([]);
    expect(told(drill)).toEqual([marked, emptying, ...emptied(5)]);
    expect(deletionsOf(drill.store, drill.cluster)).toEqual([]);
  });

  test.each([
    ['of a controller', true, 'failed to delete empty node "n1", new pods scheduled'],
    ['alone', false, 'GetPodsToMove for "n1" returned error: default/late is not replicated'],
  ])('stays when a pod has come to it, one %s', (_, isControlled, why) => {
    const drill = new Drill();
    drill.addNode('n1');
    drill.remove('empty', 'n1');
    const container = { name: 'c', image: 'i:1' };
    if (isControlled) drill.deploy('late', 1, { nodeName: 'n1' });
    else {
      drill.create('pods', { metadata: { name: 'late' }, spec: { nodeName: 'n1', containers: [container] } });
      drill.pass(5);
    }
    expect(told(drill)).toEqual([marked, emptying, ...kept(5, `failed to delete empty node: ${why}`)]);
    drill.pass(5);
    expect(drill.marks('n1')).toEqual([]);
  });

  test('goes with pods that nobody would miss', () => {
    const drill = new Drill({ options: { expendablePodsPriorityCutoff: 1 } });
    drill.addNode('n1');
    drill.remove('empty', 'n1');
    drill.deploy('late', 1, { nodeName: 'n1' });
    expect(told(drill)).toEqual([marked, emptying, ...emptied(5)]);
  });

  test.each<[string, Record<string, string>, number | undefined, number]>([
    ['has no annotation', {}, undefined, 5],
    ['has one to the end', { 'delay-deletion.cluster-autoscaler.kubernetes.io/x': '' }, undefined, 125],
    ['has one until the first look', { 'delay-deletion.cluster-autoscaler.kubernetes.io/x': '' }, 2, 10],
    ['has one for a while', { 'delay-deletion.cluster-autoscaler.kubernetes.io/x': '' }, 31, 35],
  ])('waits for others when it %s', (_, annotations, until, at) => {
    const drill = new Drill();
    drill.addNode('n1', { annotations });
    drill.remove('empty', 'n1');
    if (until !== undefined) {
      drill.pass(until);
      drill.annotate('n1', {});
    }
    drill.pass(200);
    expect(told(drill)).toEqual([marked, emptying, ...emptied(at)]);
  });

  test('does not wait for what was said too late', () => {
    const drill = new Drill();
    drill.addNode('n1');
    drill.remove('empty', 'n1');
    drill.annotate('n1', { 'delay-deletion.cluster-autoscaler.kubernetes.io/x': '' });
    drill.pass(5);
    expect(told(drill)).toEqual([marked, emptying, ...emptied(5)]);
  });

  test('stays when the cloud refuses', () => {
    const drill = new Drill();
    drill.addNode('n1');
    drill.refusal = { code: 'ScopeLocked', message: 'the scope is locked', scarce: 'other' };
    drill.remove('empty', 'n1');
    drill.pass(6);
    const why = 'failed to delete empty node: failed to delete n1: the scope is locked';
    expect(told(drill)).toEqual([marked, emptying, ...kept(5, why)]);
    expect(drill.marks('n1')).toEqual([]);
  });
});

describe('an occupied node', () => {
  test('goes when its pods are gone, as looked at every five seconds', () => {
    const drill = occupied();
    drill.remove('drain', 'n1');
    drill.pass(60);
    expect(told(drill)).toEqual([marked, draining, asked, asked, ...drained(15)]);
    expect(drill.podsOn('n2').map(({ status }) => status?.phase)).toEqual(['Running', 'Running']);
  });

  test('lets its pods go one by one where their budget says so', () => {
    const drill = occupied();
    drill.budget('web', { maxUnavailable: 1 });
    drill.remove('drain', 'n1');
    drill.pass(60);
    // The second is evicted at 15, when the first is ready elsewhere, and gone at 22.
    expect(told(drill)).toEqual([marked, draining, asked, asked, ...drained(25)]);
  });

  test('stays when a pod may not go for two minutes, and takes pods again', () => {
    const drill = occupied({}, {}, safe);
    drill.budget('web', { maxUnavailable: 0 });
    drill.remove('drain', 'n1');
    drill.pass(124);
    expect(drill.marks('n1')).toContain('ToBeDeletedByClusterAutoscaler');
    drill.pass(2);
    const refused = "Cannot evict pod as it would violate the pod's disruption budget.";
    const each = `failed to evict pod default/web-* within allowed timeout (last error: ${refused})`;
    const failing = '125 Pod ScaleDownFailed: failed to delete pod for ScaleDown';
    expect(told(drill)).toEqual([
      marked,
      draining,
      asked,
      asked,
      '125 n1 stays',
      failing,
      failing,
      `125 Node ScaleDownFailed: failed to drain and delete node: Failed to drain node /n1, due to following errors: [${each} ${each}]`,
    ]);
    expect(drill.marks('n1')).toEqual([]);
    expect(drill.podsOn('n1')).toHaveLength(2);
  });

  test('stays at once when a budget lets nothing go as it is looked at again', () => {
    const drill = occupied();
    drill.budget('web', { maxUnavailable: 0 });
    drill.remove('drain', 'n1');
    drill.pass(10);
    expect(told(drill).slice(2)).toEqual(
      kept(
        5,
        'failed to drain and delete node: GetPodsToMove for "n1" returned error: not enough pod disruption budget to move default/web-*',
      ),
    );
  });

  test('goes after all when a budget that was in the way is taken away', () => {
    const drill = occupied({}, {}, safe);
    drill.budget('web', { maxUnavailable: 0 });
    drill.remove('drain', 'n1');
    drill.pass(90);
    drill.delete('poddisruptionbudgets', 'web');
    drill.pass(60);
    // Tried at 95, gone at 102, seen at 105.
    expect(told(drill)).toEqual([marked, draining, asked, asked, ...drained(105)]);
  });

  test.each([
    ['their own grace', 18, 25],
    ['the longest grace there is', 700, 65],
  ])('gives its pods %s', (_, own, at) => {
    const drill = occupied(
      { kubelet: { containerStop: seconds(900) }, options: { maxGracefulTermination: seconds(57) } },
      { terminationGracePeriodSeconds: own },
    );
    drill.remove('drain', 'n1');
    drill.pass(6);
    expect(drill.podsOn('n1').map(({ metadata }) => metadata.deletionGracePeriodSeconds)).toEqual([
      Math.min(own, 57),
      Math.min(own, 57),
    ]);
    drill.pass(100);
    expect(told(drill).slice(4)).toEqual(drained(at));
  });

  test('stays when pods do not leave', () => {
    const drill = occupied({ options: { maxGracefulTermination: seconds(60) } });
    for (const { metadata } of drill.podsOn('n1'))
      drill.patch('pods', metadata.name, { metadata: { finalizers: ['example.com/stay'] } });
    drill.remove('drain', 'n1');
    drill.pass(94);
    expect(told(drill)).toHaveLength(4);
    drill.pass(2);
    const why = 'failed to drain and delete node: Failed to drain node /n1: pods remaining after timeout';
    expect(told(drill).slice(4)).toEqual(kept(95, why));
  });

  const daemonSet = (annotations: object = {}) => ({
    metadata: { name: 'agent' },
    spec: {
      selector: { matchLabels: { app: 'agent' } },
      template: {
        metadata: { labels: { app: 'agent' }, annotations },
        spec: { containers: [{ name: 'c', image: 'i:1' }] },
      },
    },
  });

  test.each([
    ['asked to go', {}, 3],
    ['left alone', { 'cluster-autoscaler.kubernetes.io/enable-ds-eviction': 'false' }, 2],
  ])('does not wait for its daemons, which are %s', (_, annotations, told_) => {
    const drill = occupied();
    drill.create('daemonsets', daemonSet(annotations));
    drill.pass(5);
    drill.remove('drain', 'n1');
    drill.pass(60);
    expect(told(drill).slice(2)).toEqual([...Array.from({ length: told_ }, () => asked), ...drained(15)]);
  });

  test('waits with its pods for a daemon that may not go, and goes all the same', () => {
    const drill = occupied();
    drill.create('daemonsets', daemonSet());
    drill.pass(5);
    drill.budget('agent', { minAvailable: 2 });
    drill.remove('drain', 'n1');
    drill.pass(200);
    expect(told(drill).slice(2)).toEqual([asked, asked, asked, ...drained(125)]);
  });

  test.each([2, 5, 6, 11, 15, 21, 24])('goes on when the world is opened again after %i seconds', (at) => {
    const drill = occupied();
    drill.budget('web', { maxUnavailable: 1 });
    drill.remove('drain', 'n1');
    drill.pass(at);
    const again = drill.reopen();
    again.pass(60 - at);
    expect(told(again)).toEqual([marked, draining, asked, asked, ...drained(25)]);
  });

  test('is let be by an autoscaler that did not start its deletion', () => {
    const drill = occupied();
    drill.remove('drain', 'n1');
    drill.pass(2);
    drill.run = '2';
    drill.pass(60);
    expect(told(drill)).toEqual([marked, draining]);
    expect(deletionsOf(drill.store, drill.cluster)).toEqual([]);
    expect(drill.marks('n1')).toContain('ToBeDeletedByClusterAutoscaler');
  });
});

test('nothing is started when a node is gone', () => {
  const drill = new Drill();
  drill.addNode('n1');
  expect([drill.remove('empty', 'n1', 'n2'), drill.marks('n1')]).toEqual(['failed', []]);
});
