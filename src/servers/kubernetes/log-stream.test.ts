import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { beforeEach, expect, test } from 'vitest';
import type { Pod } from '../../kube/index.js';
import { pods } from '../../kube/index.js';
import { seconds } from '../../units/index.js';
import { World } from '../../world/index.js';
import { resourceGroups } from '../../azure/index.js';
import { followLog } from './log-stream.js';

let world: World;
let scope: { cluster: string; namespace: string };

beforeEach(() => {
  world = World.open({ mode: { kind: 'virtual' } });
  world.store.transact((tx) => {
    tx.put(resourceGroups, 'rg1', { name: 'rg1', location: 'westeurope', provisioningState: 'Succeeded' });
  });
  const path = { resourceGroup: 'rg1', cluster: 'shop' };
  const agentPoolProfiles = [{ name: 'system', mode: 'System', count: 1, vmSize: 'Standard_D4s_v5' }];
  world.aks.putCluster(path, {
    location: 'westeurope',
    properties: { dnsPrefix: 'shop', agentPoolProfiles },
  });
  world.clock.runUntilIdle(seconds(600));
  scope = { cluster: world.aks.cluster(path).id.toLowerCase(), namespace: 'default' };
});

function follow(behaviour: Readonly<Record<string, string>>) {
  const annotations = Object.fromEntries(
    Object.entries(behaviour).map(([name, value]) => [`poolkeeper.dev/${name}`, value]),
  );
  const spec = { restartPolicy: 'Never', containers: [{ name: 'c', image: 'nginx:1' }] };
  const writing = { dryRun: false, fieldValidation: 'Strict' } as const;
  world.kubernetes.objects.create(pods, scope, { metadata: { name: 'p', annotations }, spec }, writing);
  world.clock.step(seconds(5));
  const pod = world.kubernetes.objects.get(pods, scope, 'p');
  const log = world.kubernetes.log(pod, { previous: false, timestamps: false });
  if (!log) throw new Error('no log');
  const raw = Object.assign(new PassThrough(), { writeHead: () => undefined, flushHeaders: () => undefined });
  const reply = { hijack: () => undefined, raw } as unknown as FastifyReply;
  const pending = world.clock.pending();
  followLog(world, { type: pods, scope, name: 'p' }, log, reply);
  const read = () => String(raw.read() ?? '').match(/msg="[^"]+"/g) ?? [];
  return { read, raw, pending };
}

test('a followed log goes on with world time, until its container ends', () => {
  const { read, raw } = follow({ 'run-duration': '25s' });
  expect(read()).toEqual(['msg="started"', 'msg="ready"']);
  world.clock.step(seconds(10));
  expect(read()).toEqual(['msg="working"']);
  world.clock.step(seconds(20));
  expect(read()).toEqual(['msg="working"', 'msg="exiting"']);
  expect(raw.writableEnded).toBe(true);
  expect((world.kubernetes.objects.get(pods, scope, 'p') as Pod).status?.phase).toBe('Succeeded');
});

test('the end of a container is told, though it falls into a second that was told already', () => {
  const { read } = follow({ 'run-duration': '20s' });
  for (let count = 0; count < 30; count += 1) world.clock.step(seconds(1));
  expect(read().at(-1)).toBe('msg="exiting"');
});

test('a reader who goes leaves nothing behind', async () => {
  const { raw, pending } = follow({ 'run-duration': '1h' });
  expect(world.clock.pending()).toBe(pending + 1);
  raw.destroy();
  await once(raw, 'close');
  expect(world.clock.pending()).toBe(pending);
});
