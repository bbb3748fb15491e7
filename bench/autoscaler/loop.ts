/** What one loop of the autoscaler takes in a large cluster, held against the same loop that reads the cluster anew. */
import { setFlagsFromString } from 'node:v8';
import { LargeCluster } from './scene.js';
import type { Size } from './scene.js';

// As `poolkeeper up` runs.
setFlagsFromString('--max-semi-space-size=64');

const only = process.argv[2];
const rounds = 5;

function timeOf(work: () => void): number {
  const begun = process.hrtime.bigint();
  work();
  return Number(process.hrtime.bigint() - begun) / 1e6;
}

const median = (times: readonly number[]): number =>
  [...times].sort((a, b) => a - b)[times.length >> 1] ?? NaN;

function run(scene: string, size: Size): void {
  if (only !== undefined && !scene.includes(only)) return;
  const large = new LargeCluster(size);
  let hasGrown: boolean | undefined;
  const first = timeOf(() => {
    hasGrown = large.loop()?.isProductive;
  });
  const isScaleUp = size.pending > 0;
  if (isScaleUp && !hasGrown) throw new Error(`${scene}: nothing has grown`);
  const kept = Array.from({ length: rounds }, () => timeOf(() => large.loop()));
  const anew = Array.from({ length: rounds }, () => timeOf(() => large.loop('read anew')));
  const [loop, baseline] = [median(kept), median(anew)];
  const figures = [first, loop, Math.max(...kept), baseline].map((ms) => `${ms.toFixed(0)} ms`);
  console.log(
    `${scene.padEnd(44)} first ${figures[0] ?? ''}, then ${figures[1] ?? ''} (at most ${figures[2] ?? ''}); ` +
      `cluster read anew ${figures[3] ?? ''}, ${(baseline / loop).toFixed(1)} x`,
  );
}

const pods = { podsPerNode: 30, pending: 0, shapes: 1 };
run('loop: 1,000 nodes, 30,000 pods, 100 pools', { ...pods, nodes: 1000, pools: 100 });
run('loop: 5,000 nodes, 150,000 pods, 100 pools', { ...pods, nodes: 5000, pools: 100 });
run('scale-up: 10,000 pods of 100 shapes, 50 pools', {
  ...pods,
  nodes: 1000,
  pools: 50,
  pending: 10_000,
  shapes: 100,
});
