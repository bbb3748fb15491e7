/** Pods scheduled a second, from created to bound in the store, in the scenes of upstream's scheduler_perf. */
import { NaiveScheduler, memoryAlone, storeAlone } from './floor.js';
import { Scene, nodeOf, podOf } from './scene.js';
import type { NodeOptions, PodOptions } from './scene.js';

const only = process.argv[2];

interface Figure {
  readonly scene: string;
  readonly nodes: number;
  readonly present: number;
  readonly pods: number;
  readonly options?: PodOptions | ((index: number) => PodOptions);
  readonly node?: (index: number) => NodeOptions;
  readonly presentOptions?: PodOptions | ((index: number) => PodOptions);
}

const at = (options: Figure['options'], index: number): PodOptions =>
  typeof options === 'function' ? options(index) : (options ?? {});

function run({ scene, nodes, present, pods, options, node, presentOptions }: Figure): void {
  if (only !== undefined && !scene.includes(only)) return;
  const world = new Scene();
  world.putNodes(Array.from({ length: nodes }, (_, index) => nodeOf(index, node?.(index))));
  world.create(present, (index) =>
    podOf(`present-${String(index)}`, {
      nodeName: `node-${String(index % nodes)}`,
      ...at(presentOptions, index),
    }),
  );
  // Pods of the same kind come first: the compiler is warm in a process that runs.
  world.create(Math.min(5000, pods), (index) =>
    podOf(`warm-${String(index)}`, at(options, index + 3_000_000)),
  );
  const before = world.bound;
  const measured = measure(() =>
    world.create(pods, (index) => podOf(`pod-${String(index)}`, at(options, index))),
  );
  const bound = world.bound - before;
  report(scene, nodes, bound === pods ? '' : `${String(pods - bound)} wait`, bound, measured);
}

interface Measured {
  readonly seconds: number;
  readonly cpu: number;
}

function measure(work: () => void): Measured {
  const begun = process.hrtime.bigint();
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return { seconds: Number(process.hrtime.bigint() - begun) / 1e9, cpu: (user + system) / 1e6 };
}

function report(scene: string, nodes: number, note: string, done: number, { seconds, cpu }: Measured): void {
  const rate = Math.round(done / seconds).toLocaleString('en');
  const memory = Math.round(process.memoryUsage().rss / 2 ** 20);
  console.log(
    `${scene.padEnd(40)} ${String(nodes).padStart(6)} nodes ${done.toLocaleString('en').padStart(8)} in ${seconds.toFixed(2).padStart(6)} s (cpu ${cpu.toFixed(2)} s) ${rate.padStart(8)}/s  ${String(memory)} MB  ${note}`,
  );
}

const spread = {
  topologySpreadConstraints: [
    {
      maxSkew: 1,
      topologyKey: 'topology.kubernetes.io/zone',
      whenUnsatisfiable: 'DoNotSchedule',
      labelSelector: { matchLabels: { app: 'spread' } },
    },
  ],
} as const;
const nodeAffinity = {
  affinity: {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [{ matchExpressions: [{ key: 'pool', operator: 'In', values: ['even'] }] }],
      },
      preferredDuringSchedulingIgnoredDuringExecution: [
        {
          weight: 10,
          preference: {
            matchExpressions: [
              { key: 'topology.kubernetes.io/zone', operator: 'In', values: ['westeurope-1'] },
            ],
          },
        },
      ],
    },
  },
} as const;
const away = (topologyKey: string, group: string) => ({
  labels: { group },
  spec: {
    affinity: {
      podAntiAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: [
          { topologyKey, labelSelector: { matchLabels: { group } } },
        ],
      },
    },
  },
});

floors();

/** What is to be measured against. */
function floors(): void {
  if (only !== undefined && only !== 'floor') return;
  storeAlone(5000);
  report(
    'floor: the store writes alone',
    0,
    '',
    30_000,
    measure(() => storeAlone(30_000)),
  );
  memoryAlone(1000, 5000, 500);
  report(
    'floor: reading 500 nodes a pod',
    5000,
    '',
    100_000,
    measure(() => void memoryAlone(100_000, 5000, 500)),
  );
  const naive = new NaiveScheduler(5000);
  naive.place(podOf('warm'));
  report(
    'baseline: every node anew for each pod',
    5000,
    'no store',
    100,
    measure(() => {
      for (let index = 0; index < 100; index += 1) naive.place(podOf(`pod-${String(index)}`));
    }),
  );
}

for (const nodes of [500, 1000, 5000, 15000])
  run({ scene: `plain pods, ${String(nodes)} nodes`, nodes, present: nodes, pods: 10_000 });
run({
  scene: 'zone spread, node affinity, taints',
  nodes: 5000,
  present: 5000,
  pods: 10_000,
  node: (index) =>
    index % 10 === 0 ? { taints: [{ key: 'dedicated', value: 'x', effect: 'NoSchedule' }] } : {},
  options: { labels: { app: 'spread' }, spec: { ...spread, ...nodeAffinity } },
});
run({
  scene: 'anti-affinity by host',
  nodes: 5000,
  present: 5000,
  pods: 3000,
  options: away('kubernetes.io/hostname', 'lonely'),
});
run({
  scene: 'anti-affinity by zone',
  nodes: 5000,
  present: 5000,
  pods: 10_000,
  options: (index) => away('topology.kubernetes.io/zone', `group-${String(Math.floor(index / 3))}`),
});
run({
  scene: '150,000 pods at once',
  nodes: 5000,
  present: 0,
  pods: 150_000,
  node: () => ({ cpu: '16', memory: '64Gi' }),
});
preempting();
unschedulable();

/** High-priority pods over nodes that are full of low ones: each drives some out, which end at once. */
function preempting(): void {
  const scene = 'preemption, 20,000 low pods';
  if (only !== undefined && !scene.includes(only)) return;
  const nodes = 5000;
  const world = new Scene();
  world.putNodes(Array.from({ length: nodes }, (_, index) => nodeOf(index)));
  world.create(20_000, (index) =>
    podOf(`low-${String(index)}`, {
      nodeName: `node-${String(index % nodes)}`,
      cpu: '900m',
      spec: { terminationGracePeriodSeconds: 0 },
    }),
  );
  const high = (index: number) => podOf(`high-${String(index)}`, { cpu: '3', spec: { priority: 1000 } });
  world.create(100, (index) => high(-index - 1));
  const measured = measure(() => world.create(5000, high));
  const { bound } = world;
  report(scene, nodes, `${String(world.count - bound)} wait`, 5000, measured);
}

/** What one event costs that wakes pods of one shape, and many of them. */
function unschedulable(): void {
  const scene = 'unschedulable, one event';
  if (only !== undefined && !scene.includes(only)) return;
  for (const waiting of [1, 50_000]) {
    const nodes = 5000;
    const world = new Scene();
    world.putNodes(Array.from({ length: nodes }, (_, index) => nodeOf(index)));
    world.create(1000, (index) => podOf(`there-${String(index)}`, { nodeName: `node-${String(index)}` }));
    world.create(waiting, (index) =>
      podOf(`big-${String(index)}`, { spec: { nodeSelector: { pool: 'none' } }, cpu: '64' }),
    );
    const events = 500;
    const flip = (index: number): void => {
      world.putNodes([
        nodeOf(index % nodes, { cpu: index % 2 === 0 ? '5' : '4', pool: index < 20 ? 'none' : 'x' }),
      ]);
      world.settle();
    };
    for (let at = 0; at < 20; at += 1) flip(at);
    const measured = measure(() => {
      for (let at = 20; at < 20 + events; at += 1) flip(at);
    });
    report(`${scene}, ${String(waiting)} waiting`, nodes, '', events, measured);
  }
}
