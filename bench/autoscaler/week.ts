/**
 * What a week of a cluster that breathes with the day takes in virtual time, held against a day in which no loop of the
 * autoscaler is left out. `tsx bench/autoscaler/week.ts [DAYS] [PODS]`.
 */
import { setFlagsFromString } from 'node:v8';
import { autoscalers } from '../../src/autoscaler/index.js';
import { nodes, pods } from '../../src/kube/index.js';
import type { WorldInit } from '../../src/world/index.js';
import { TestCluster, podTemplate } from '../../src/world/scenarios/fixtures.js';

// As `poolkeeper up` runs.
setFlagsFromString('--max-semi-space-size=64');

const [days = 7, mostPods = 3000] = process.argv.slice(2).map(Number);
const deployments = 10;
const stepSeconds = 300;
const stepsADay = 86_400 / stepSeconds;
const text = (count: number): string => count.toLocaleString('en');

/** What has happened in a world. */
class Count {
  commits = 0;
  changes = 0;
  loops = 0;
  podsMade = 0;
  nodesJoined = 0;
  leastNodes = Infinity;
  mostNodes = 0;
  readonly #store: TestCluster['world']['store'];

  constructor({ store }: TestCluster['world']) {
    this.#store = store;
    store.watch({}, ({ changes }) => {
      this.commits += 1;
      this.changes += changes.length;
      for (const { collection, before, after } of changes) {
        if (collection === autoscalers.name) this.loops += 1;
        if (before || !after) continue;
        if (collection === nodes.name) this.nodesJoined += 1;
        if (collection === pods.collection.name) this.podsMade += 1;
      }
    });
  }

  look(): void {
    const count = this.#store.count(nodes);
    this.leastNodes = Math.min(this.leastNodes, count);
    this.mostNodes = Math.max(this.mostNodes, count);
  }
}

const nameOf = (deployment: number): string => `web-${String(deployment)}`;

/** From a tenth at four in the morning to all at four in the afternoon; not all at the same hour. */
function wanted(step: number, deployment: number): number {
  const hour = ((step % stepsADay) / stepsADay) * 24 + (deployment % 5) / 5;
  const curve = 0.55 - 0.45 * Math.cos(((hour - 4) / 24) * 2 * Math.PI);
  return Math.max(1, Math.round((mostPods / deployments) * curve));
}

/** Three system nodes with AKS's own workloads, and two pools of up to 100 nodes each. */
function openCluster(init: WorldInit): TestCluster {
  const cluster = TestCluster.open(3, { systemWorkloads: 'all', ...init });
  for (const pool of ['blue', 'green'])
    cluster.addPool(pool, 1, { enableAutoScaling: true, minCount: 1, maxCount: 100 });
  cluster.pass(300);
  for (let at = 0; at < deployments; at += 1) {
    const labels = { app: nameOf(at) };
    const resources = { requests: { cpu: '200m', memory: '400Mi' } };
    const template = podTemplate(labels, {
      nodeSelector: { 'kubernetes.azure.com/mode': 'user' },
      containers: [{ name: 'c', image: 'image:1', resources }],
    });
    const spec = { replicas: 1, selector: { matchLabels: labels }, template };
    cluster.create('deployments', { metadata: { name: nameOf(at) }, spec });
  }
  cluster.pass(600);
  return cluster;
}

/** Every five minutes one half of the deployments follows its curve, then the other. @returns seconds */
function live(cluster: TestCluster, count: Count, steps: number): number {
  const begun = process.hrtime.bigint();
  const replicas = new Map<number, number>();
  for (let step = 0; step < steps; step += 1) {
    for (let at = step % 2; at < deployments; at += 2) {
      const next = wanted(step, at);
      if (replicas.get(at) !== next) cluster.patch('deployments', nameOf(at), { spec: { replicas: next } });
      replicas.set(at, next);
    }
    cluster.pass(stepSeconds);
    count.look();
  }
  return Number(process.hrtime.bigint() - begun) / 1e9;
}

function run(scene: string, span: number, init: WorldInit = {}): number {
  const cluster = openCluster(init);
  const count = new Count(cluster.world);
  const cpuBefore = process.cpuUsage();
  const seconds = live(cluster, count, span * stepsADay);
  const { user, system } = process.cpuUsage(cpuBefore);
  const { commits, changes, loops, podsMade, nodesJoined, leastNodes, mostNodes } = count;
  const [aChange, aCommit] = [changes, commits].map((of) => ((seconds * 1e6) / of).toFixed(0));
  console.log(
    `${scene.padEnd(28)} ${seconds.toFixed(1)} s (CPU ${((user + system) / 1e6).toFixed(1)} s), ${text(changes)} changes in ` +
      `${text(commits)} commits: ${aChange ?? ''} microseconds a change, ${aCommit ?? ''} a commit; ${text(loops)} loops, ` +
      `${text(podsMade)} pods made, ${text(nodesJoined)} nodes joined, ${text(leastNodes)} to ${text(mostNodes)} at once`,
  );
  return seconds / span;
}

const aDay = run(`${text(days)} days`, days);
const aFullDay = run('1 day, no loop left out', 1, { autoscalerLoops: 'every loop' });
console.log(`loops left out: ${(aFullDay / aDay).toFixed(1)} x`);
