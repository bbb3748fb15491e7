/** Nodes in numbers: how long they take to join, what they cost while nothing happens, and when many fail. */
import { resourceGroups } from '../src/azure/index.js';
import { builtInTypes, nodes } from '../src/kube/index.js';
import { instant, seconds } from '../src/units/index.js';
import { World } from '../src/world/index.js';

const systemNodes = 3;
/** Together with the system pool the most that a cluster takes. */
const pools = { a: 1000, b: 1000, c: 1000, d: 1000, e: 1000 - systemNodes };
const path = { resourceGroup: 'rg1', cluster: 'shop' };
const say = (scene: string, figure: string): void => console.log(`${scene.padEnd(72)} ${figure}`);
const ms = (value: number): string => `${value.toFixed(value < 10 ? 1 : 0)} ms`;

function measured<T>(work: () => T): { readonly result: T; readonly wall: string; readonly cpu: string } {
  const cpu = process.cpuUsage();
  const start = performance.now();
  const result = work();
  const { user, system } = process.cpuUsage(cpu);
  return { result, wall: ms(performance.now() - start), cpu: ms((user + system) / 1000) };
}

const world = World.open({ mode: { kind: 'virtual' }, start: instant(Date.UTC(2026, 7, 21)) });
const { store, clock, kubernetes, aks } = world;
store.transact((tx) => {
  tx.put(resourceGroups, 'rg1', { name: 'rg1', location: 'westeurope', provisioningState: 'Succeeded' });
});
aks.putCluster(path, {
  location: 'westeurope',
  properties: {
    dnsPrefix: 'shop',
    networkProfile: { networkPlugin: 'azure', networkPluginMode: 'overlay', podCidr: '10.64.0.0/10' },
    agentPoolProfiles: [{ name: 'system', mode: 'System', count: systemNodes, vmSize: 'Standard_D4s_v5' }],
  },
});
clock.step(seconds(60));
const cluster = aks.cluster(path).id.toLowerCase();

for (const [agentPool, count] of Object.entries(pools)) {
  const { wall, cpu } = measured(() => {
    const properties = {
      mode: 'User',
      count,
      vmSize: 'Standard_D4s_v5',
      availabilityZones: ['1', '2', '3'],
    };
    aks.putAgentPool({ ...path, agentPool }, { properties });
    clock.step(seconds(60));
    return undefined;
  });
  say(
    `a pool of ${String(count)} nodes joins, beside ${String(store.count(nodes) - count)}`,
    `${wall}, CPU ${cpu}`,
  );
}

for (const plural of ['nodes', 'leases']) {
  const type = builtInTypes.find((one) => one.plural === plural);
  if (!type) throw new Error(plural);
  const scope = plural === 'leases' ? { cluster, namespace: 'kube-node-lease' } : { cluster };
  const { result, wall } = measured(() => kubernetes.lists.list(type, scope, {}).items.length);
  say(`list of ${String(result)} ${plural}, with their heartbeats`, wall);
}

const week = measured(() => clock.step(seconds(7 * 24 * 3600)));
say('a week of virtual time in which nothing happens', week.wall);

const idleSeconds = 10;
const pause = (span: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, span * 1000));
const { revision } = store;
clock.setMode({ kind: 'running', speed: 1 });
// What the engine itself still does after so much work is none of the nodes' doing.
await pause(5);
const before = process.cpuUsage();
await pause(idleSeconds);
const { user, system } = process.cpuUsage(before);
clock.setMode({ kind: 'virtual' });
say(
  `${String(store.count(nodes))} nodes idle with heartbeats, in real time`,
  `CPU ${((user + system) / 1e4 / idleSeconds).toFixed(2)} %, ${String(store.revision - revision)} commits in ${String(idleSeconds)} s`,
);

const failing = store
  .list(nodes)
  .filter(({ object }) => object.metadata.labels?.['topology.kubernetes.io/zone'] === 'westeurope-1');
const outage = measured(() => {
  for (const { object } of failing) kubernetes.setKubelet(cluster, object.metadata.name, 'silent');
  clock.step(seconds(600));
});
say(
  `a zone of ${String(failing.length)} nodes falls silent for ten minutes`,
  `${outage.wall}, CPU ${outage.cpu}`,
);
await world.close();
