/** Pods scheduled a second, from created to bound in the store, in the scenes of upstream's scheduler_perf. */
import { Scene, meta, nodeOf, podOf } from './scene.js';
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
  // A first few pods warm the compiler up, as in a process that runs.
  world.create(1000, (index) => podOf(`warm-${String(index)}`, at(options, index + 3_000_000)));
  const before = world.bound;
  const begun = process.hrtime.bigint();
  const cpuBefore = process.cpuUsage();
  world.create(pods, (index) => podOf(`pod-${String(index)}`, at(options, index)));
  const seconds = Number(process.hrtime.bigint() - begun) / 1e9;
  const { user, system } = process.cpuUsage(cpuBefore);
  const cpu = ((user + system) / 1e6).toFixed(2);
  const bound = world.bound - before;
  const rate = Math.round(bound / seconds).toLocaleString('en');
  const memory = Math.round(process.memoryUsage().rss / 2 ** 20);
  console.log(
    `${scene.padEnd(44)} ${String(nodes).padStart(6)} nodes ${String(bound).padStart(7)} of ${String(pods)} pods ${seconds.toFixed(2).padStart(7)} s (${cpu} s of cpu) ${rate.padStart(8)} pods/s  ${String(memory)} MB`,
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
void meta;
