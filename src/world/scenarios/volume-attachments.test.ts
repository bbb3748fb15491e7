import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { realisticVolumes } from '../../kube/index.js';
import type { JsonObject } from '../../kube/index.js';
import { podTemplate } from './fixtures.js';
import type { TestCluster } from './fixtures.js';
import {
  claim,
  claimSpec,
  diskClass,
  inZone,
  nodeIn,
  openZonal,
  phaseOf,
  pod,
  whyWaits,
  zoneOf,
} from './volume-fixtures.js';

let cluster: TestCluster;

beforeEach(() => {
  cluster = openZonal();
});

/** Where volumes are attached, or on their way. */
const attachedTo = (): readonly string[] =>
  cluster.list('volumeattachments').map(({ spec }) => String(spec['nodeName']));

describe('a pod whose claim', () => {
  test('has its disk on another node waits until that one is rid of it', () => {
    cluster.create('storageclasses', diskClass('everywhere', { parameters: { skuName: 'Premium_ZRS' } }));
    cluster.create('persistentvolumeclaims', claim('data', { storageClassName: 'everywhere' }));
    cluster.create('pods', pod('first', 'data', inZone('westeurope-1')));
    cluster.pass(2);
    cluster.create('pods', pod('second', 'data', inZone('westeurope-2')));
    cluster.pass(5);
    const [disk] = cluster.list('persistentvolumes');
    const name = disk?.metadata.name ?? '';
    expect(cluster.events('second')).toContain(
      `FailedAttachVolume Multi-Attach error for volume "${name}" Volume is already used by pod(s) first`,
    );
    expect(phaseOf(cluster, 'pods', 'second')).toBe('Pending');
    cluster.delete('pods', 'first');
    cluster.pass(0.5);
    expect(cluster.list('volumeattachments').map(({ spec }) => zoneOf(cluster, spec['nodeName']))).toEqual([
      'westeurope-1',
    ]);
    // Half a second to stop, a fifth each to detach and to attach.
    cluster.pass(0.3);
    expect(cluster.list('volumeattachments').map(({ spec }) => zoneOf(cluster, spec['nodeName']))).toEqual([
      'westeurope-2',
    ]);
    cluster.pass(1.5);
    expect(phaseOf(cluster, 'pods', 'second')).toBe('Running');
  });

  test('would be the disk too many for a node goes to another', () => {
    // A Standard_D2s_v5 takes four data disks.
    const zone = inZone('westeurope-1');
    for (const one of [1, 2, 3, 4, 5]) {
      cluster.create('persistentvolumeclaims', claim(`data-${String(one)}`));
      cluster.create('pods', pod(`web-${String(one)}`, `data-${String(one)}`, zone));
    }
    cluster.pass(2);
    expect(cluster.list('pods').map(({ status }) => status['phase'])).toEqual([
      'Running',
      'Running',
      'Running',
      'Running',
      'Pending',
    ]);
    expect(whyWaits(cluster, 'web-5')).toBe(
      "0/4 nodes are available: 1 node(s) exceed max volume count, 3 node(s) didn't match Pod's node affinity/selector. no new claims to deallocate, preemption: 0/4 nodes are available: 1 No preemption victims found for incoming pod, 3 Preemption is not helpful for scheduling.",
    );
    cluster.delete('pods', 'web-1', 'Background', 0);
    cluster.pass(3);
    expect(phaseOf(cluster, 'pods', 'web-5')).toBe('Running');
    expect(
      cluster
        .list('volumeattachments')
        .map(({ status }) => (status['attachmentMetadata'] as JsonObject | undefined)?.['LUN'])
        .sort(),
    ).toEqual(['0', '1', '2', '3']);
  });
});

/** A set of one pod with a disk, which tolerates nothing. */
const db = (replicas = 1) => ({
  metadata: { name: 'db' },
  spec: {
    serviceName: 'db',
    replicas,
    selector: { matchLabels: { app: 'db' } },
    template: podTemplate({ app: 'db' }, { tolerations: [] }),
    volumeClaimTemplates: [{ metadata: { name: 'data' }, spec: claimSpec() }],
  },
});

describe('a stateful pod', () => {
  test('comes back in the zone of its disk, and nowhere else', () => {
    cluster.addPool('more', 2, { vmSize: 'Standard_D2s_v5', availabilityZones: ['1', '2'] });
    cluster.pass(60);
    cluster.patch('nodes', nodeIn(cluster, ''), { spec: { unschedulable: true } });
    cluster.create('statefulsets', db());
    cluster.pass(3);
    const nodeOf = () => String(cluster.get('pods', 'db-0').spec['nodeName']);
    const first = nodeOf();
    const zone = zoneOf(cluster, first);
    const others = cluster
      .list('nodes')
      .filter(({ metadata }) => zoneOf(cluster, metadata.name) === zone && metadata.name !== first);
    cluster.patch('nodes', first, { spec: { unschedulable: true } });
    cluster.delete('pods', 'db-0');
    cluster.pass(5);
    if (others.length === 0) throw new Error(`there is one node in ${String(zone)} alone`);
    expect(others.map(({ metadata }) => metadata.name)).toContain(nodeOf());
    expect(phaseOf(cluster, 'pods', 'db-0')).toBe('Running');
    for (const { metadata } of others)
      cluster.patch('nodes', metadata.name, { spec: { unschedulable: true } });
    cluster.delete('pods', 'db-0');
    cluster.pass(5);
    expect(whyWaits(cluster, 'db-0')).toBe(
      "0/6 nodes are available: 3 node(s) didn't match PersistentVolume's node affinity, 3 node(s) were unschedulable. no new claims to deallocate, preemption: 0/6 nodes are available: 6 Preemption is not helpful for scheduling.",
    );
  });

  test('has its disk again six minutes after its node has gone', () => {
    cluster.addPool('more', 3, { vmSize: 'Standard_D2s_v5', availabilityZones: ['1', '2', '3'] });
    cluster.pass(60);
    cluster.patch('nodes', nodeIn(cluster, ''), { spec: { unschedulable: true } });
    cluster.create('statefulsets', db());
    cluster.pass(3);
    const lost = String(cluster.get('pods', 'db-0').spec['nodeName']);
    const uid = cluster.get('pods', 'db-0').metadata.uid;
    cluster.delete('nodes', lost);
    const isNew = () =>
      cluster.names('pods', 'app=db').length > 0 && cluster.get('pods', 'db-0').metadata.uid !== uid;
    while (!isNew()) cluster.pass(1);
    cluster.pass(355);
    expect(attachedTo()).toEqual([lost]);
    expect(phaseOf(cluster, 'pods', 'db-0')).toBe('Pending');
    expect(cluster.events('db-0').join()).toContain(
      "Volume is already exclusively attached to one node and can't be attached to another",
    );
    cluster.pass(10);
    expect(attachedTo()).toEqual([String(cluster.get('pods', 'db-0').spec['nodeName'])]);
    expect(attachedTo()).not.toEqual([lost]);
    expect(phaseOf(cluster, 'pods', 'db-0')).toBe('Running');
  });
});

test('a disk takes ten seconds to attach on Azure', () => {
  cluster = openZonal({ volumes: realisticVolumes });
  cluster.create('persistentvolumeclaims', claim('data'));
  cluster.create('pods', pod('web', 'data'));
  const timeline = cluster.timeline(20, 0.5, () => [
    phaseOf(cluster, 'persistentvolumeclaims', 'data'),
    cluster.list('volumeattachments').map(({ status }) => status['attached'])[0] ?? 'none',
  ]);
  expect(timeline).toEqual([
    [0, ['Pending', 'none']],
    [3, ['Bound', false]],
    [13, ['Bound', true]],
  ]);
});

test('a claim that is made for a pod goes with it', () => {
  const template = { metadata: { labels: { app: 'web' } }, spec: claimSpec() };
  cluster.create(
    'pods',
    pod('web', '', { volumes: [{ name: 'scratch', ephemeral: { volumeClaimTemplate: template } }] }),
  );
  cluster.pass(2);
  expect(cluster.get('persistentvolumeclaims', 'web-scratch').metadata).toMatchObject({
    labels: { app: 'web' },
    ownerReferences: [{ kind: 'Pod', name: 'web', controller: true }],
  });
  expect(phaseOf(cluster, 'pods', 'web')).toBe('Running');
  cluster.delete('pods', 'web');
  cluster.pass(3);
  expect(
    ['persistentvolumeclaims', 'persistentvolumes', 'volumeattachments'].map((kind) => cluster.list(kind)),
  ).toEqual([[], [], []]);
});

test('a world that is closed in the middle goes on to the same end', async () => {
  for (const closesAfter of [0.1, 0.25, 0.45, 0.7, 1.2]) {
    const data = mkdtempSync(join(tmpdir(), 'poolkeeper-volumes-'));
    try {
      const first = openZonal({ data });
      first.create('persistentvolumeclaims', claim('data'));
      first.create('pods', pod('web', 'data', inZone('westeurope-3')));
      first.pass(closesAfter);
      cluster = await first.reopen({ data });
      cluster.pass(5);
      expect(phaseOf(cluster, 'pods', 'web')).toBe('Running');
      expect(attachedTo()).toEqual([nodeIn(cluster, 'westeurope-3')]);
      cluster.delete('pods', 'web');
      cluster.delete('persistentvolumeclaims', 'data');
      cluster.pass(closesAfter);
      cluster = await cluster.reopen({ data });
      cluster.pass(5);
      expect([cluster.list('persistentvolumes'), cluster.list('volumeattachments')]).toEqual([[], []]);
      await cluster.world.close();
    } finally {
      rmSync(data, { recursive: true, force: true });
    }
  }
});
