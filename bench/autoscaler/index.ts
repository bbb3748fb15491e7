/** What the parts of a scale-up decision take, held against the naive way of the same result. */
import { setFlagsFromString } from 'node:v8';
import { estimate, estimateBy } from '../../src/autoscaler/estimator/estimate.js';
import type { Estimate, GroupTemplate, PodGroup } from '../../src/autoscaler/estimator/index.js';
import { kubernetesCollections, nodeKey, nodes as nodeCollection } from '../../src/kube/index.js';
import type { PodSpec } from '../../src/kube/index.js';
import { WhatIf } from '../../src/scheduler/index.js';
import { Store } from '../../src/store/index.js';
import { instant } from '../../src/units/index.js';
import { nodeOf, podOf } from '../scheduler/scene.js';

// As `poolkeeper up` runs.
setFlagsFromString('--max-semi-space-size=64');

const cluster = 'bench';
const only = process.argv[2];

/** Groups of pods that wait, and the node groups that could help them. */
interface Figure {
  readonly scene: string;
  /** Nodes that are there. */
  readonly present: number;
  readonly pools: number;
  readonly groups: readonly PodGroup[];
  readonly template?: (pool: number) => GroupTemplate;
  readonly limit?: number;
  /** How many pools the naive way is asked for; its time is that of all, by their number. */
  readonly naivePools: number;
}

function run({
  scene,
  present,
  pools,
  groups,
  template = templateOf,
  limit = 1000,
  naivePools,
}: Figure): void {
  if (only !== undefined && !scene.includes(only)) return;
  const store = Store.open({ now: () => instant(0), collections: kubernetesCollections });
  store.transact((tx) => {
    for (let index = 0; index < present; index += 1) {
      // Full, so that nothing fits there.
      const object = nodeOf(index, { cpu: '0', pool: 'present' });
      tx.put(nodeCollection, nodeKey(cluster, object.metadata.name), { cluster, object });
    }
  });
  const templates = Array.from({ length: pools }, (_, pool) => template(pool));
  WhatIf.of(store, cluster).suppose((what) => {
    const fast = (one: GroupTemplate): Estimate => estimate(what, one, groups, limit);
    const naive = (one: GroupTemplate): Estimate => estimateBy('never', what, one, groups, limit);
    // The compiler is warm in a process that runs.
    for (const one of templates.slice(0, 3)) fast(one);
    const found: Estimate[] = [];
    const seconds = timeOf(() => found.push(...templates.map(fast)));
    const some = templates.slice(0, naivePools);
    const expected: Estimate[] = [];
    const naiveSeconds = (timeOf(() => expected.push(...some.map(naive))) * pools) / some.length;
    for (const [index, one] of expected.entries()) {
      if (one.nodes !== found[index]?.nodes || one.pods.length !== found[index].pods.length)
        throw new Error(`${scene}: the ways come to different ends`);
    }
    report(scene, groups, found, { seconds, naiveSeconds });
  });
}

function timeOf(work: () => void): number {
  const begun = process.hrtime.bigint();
  work();
  return Number(process.hrtime.bigint() - begun) / 1e9;
}

function report(
  scene: string,
  groups: readonly PodGroup[],
  found: readonly Estimate[],
  { seconds, naiveSeconds }: { readonly seconds: number; readonly naiveSeconds: number },
): void {
  const pods = groups.reduce((sum, group) => sum + group.pods.length, 0).toLocaleString('en');
  const nodes = found.reduce((sum, one) => sum + one.nodes, 0).toLocaleString('en');
  const [each, all] = [(seconds / found.length) * 1000, seconds * 1000];
  console.log(
    `${scene.padEnd(44)} ${pods.padStart(7)} pods ${nodes.padStart(7)} nodes ${each.toFixed(2).padStart(8)} ms each ${all.toFixed(0).padStart(6)} ms in all  one by one ${(naiveSeconds * 1000).toFixed(0).padStart(7)} ms, ${(naiveSeconds / seconds).toFixed(1)} x`,
  );
}

const daemons = ['kube-proxy', 'csi-azuredisk-node', 'azure-cns'].map((name) =>
  podOf(name, { labels: { app: name }, cpu: '100m', memory: '64Mi' }),
);

/** Nodes of 4 to 32 cores. */
function templateOf(pool: number): GroupTemplate {
  const cores = 4 * 2 ** (pool % 4);
  const node = nodeOf(pool, {
    cpu: String(cores),
    memory: `${String(cores * 4)}Gi`,
    pool: `p${String(pool)}`,
  });
  return { node, pods: daemons };
}

/** Pods of as many shapes, `each` of every one. */
const shapes = (count: number, each: number, spec: (shape: number) => Partial<PodSpec> = () => ({})) =>
  Array.from({ length: count }, (_, shape): PodGroup => {
    const options = {
      labels: { app: `app-${String(shape)}` },
      cpu: `${String(100 + 25 * (shape % 37))}m`,
      memory: `${String(128 + 96 * (shape % 23))}Mi`,
      spec: spec(shape),
    };
    const pods = Array.from({ length: each }, (_one, index) =>
      podOf(`app-${String(shape)}-${String(index)}`, options),
    );
    return { pods };
  });

const apart = (shape: number): Partial<PodSpec> => ({
  affinity: {
    podAntiAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: [
        {
          topologyKey: 'kubernetes.io/hostname',
          labelSelector: { matchLabels: { app: `app-${String(shape)}` } },
        },
      ],
    },
  },
});

run({ scene: 'estimate, 100 shapes', present: 5000, pools: 50, groups: shapes(100, 100), naivePools: 2 });
run({
  scene: 'estimate, 100 shapes, 5 of them apart',
  present: 5000,
  pools: 50,
  groups: shapes(100, 100, (shape) => (shape % 20 === 7 ? apart(shape) : {})),
  naivePools: 2,
});
run({
  scene: 'estimate, all apart',
  present: 5000,
  pools: 5,
  groups: shapes(10, 1000, apart),
  naivePools: 1,
});
run({
  scene: 'estimate, two sizes',
  present: 1,
  pools: 1,
  groups: [
    {
      pods: Array.from({ length: 50_000 }, (_, at) =>
        podOf(`s-${String(at)}`, { cpu: '50m', memory: '100Mi' }),
      ),
    },
    {
      pods: Array.from({ length: 1000 }, (_, at) =>
        podOf(`l-${String(at)}`, { cpu: '95m', memory: '190Mi' }),
      ),
    },
  ],
  template: (pool) => ({ node: nodeOf(pool, { cpu: '1', memory: '5000Mi' }), pods: [] }),
  limit: 3000,
  naivePools: 1,
});
