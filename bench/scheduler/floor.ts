import { bindPod, objectKey, pods as podType, recordEvent } from '../../src/kube/index.js';
import type { KubeNode, Pod } from '../../src/kube/index.js';
import { Scene, nodeOf, podOf } from './scene.js';

const cluster = 'floor';

/** What the store alone takes for the same writes: pods are created and bound, each with its event, and nobody decides. */
export function storeAlone(count: number): void {
  const { store, clock, context } = new Scene('without scheduler');
  const burst = 500;
  for (let first = 0; first < count; first += burst) {
    const created = Array.from({ length: Math.min(burst, count - first) }, (_, at) =>
      podOf(`pod-${String(first + at)}`),
    );
    store.transact((tx) => {
      for (const object of created)
        tx.put(podType.collection, objectKey(cluster, 'default', object.metadata.name), { cluster, object });
    });
    store.transact((tx) => {
      for (const [at, pod] of created.entries()) {
        const node = `node-${String((first + at) % 5000)}`;
        bindPod(tx, { cluster, namespace: 'default' }, pod.metadata.name, node, clock.now());
        recordEvent(tx, context, cluster, pod, {
          type: 'Normal',
          reason: 'Scheduled',
          message: `Successfully assigned default/${pod.metadata.name} to ${node}`,
          component: 'default-scheduler',
        });
      }
    });
  }
}

/**
 * What the memory traffic of the decisions alone takes: for each pod the generations and sums of the nodes that are looked at are
 * read, and the best one is written. Returned so that it is not left out.
 */
export function memoryAlone(count: number, nodes: number, looked: number): number {
  const generations = new Float64Array(nodes);
  const seen = new Float64Array(nodes);
  const sums = new Int32Array(nodes).fill(473);
  let start = 0;
  for (let pod = 0; pod < count; pod += 1) {
    let best = start;
    for (let at = 0; at < looked; at += 1) {
      const slot = (start + at) % nodes;
      if (seen[slot] === generations[slot] && (sums[slot] as number) > (sums[best] as number)) best = slot;
    }
    sums[best] = (sums[best] as number) - 1;
    start = (start + looked) % nodes;
  }
  return sums[0] ?? 0;
}

interface Filled {
  readonly node: KubeNode;
  readonly pods: Pod[];
}

/** A scheduler as one would write it first: every pod is held against every node, by the objects. No store, no spreading. */
export class NaiveScheduler {
  readonly #nodes: readonly Filled[];

  constructor(count: number) {
    this.#nodes = Array.from({ length: count }, (_, index) => ({ node: nodeOf(index), pods: [] }));
  }

  place(pod: Pod): void {
    let best: Filled | undefined;
    let most = -1;
    for (const candidate of this.#nodes) {
      const { cpu = '0', memory = '0', pods = '0' } = candidate.node.status.allocatable ?? {};
      const asked = [...candidate.pods, pod];
      if (asked.length > Number(pods)) continue;
      const [usedCpu, usedMemory] = [sumOf(asked, 'cpu'), sumOf(asked, 'memory')];
      const [allCpu, allMemory] = [amount(cpu), amount(memory)];
      if (usedCpu > allCpu || usedMemory > allMemory) continue;
      const score = (1 - usedCpu / allCpu + 1 - usedMemory / allMemory) / 2;
      if (score > most) [best, most] = [candidate, score];
    }
    best?.pods.push(pod);
  }
}

const units: Readonly<Record<string, number>> = { m: 1e-3, Mi: 2 ** 20, Gi: 2 ** 30 };

const amount = (text: string): number => {
  const number = parseFloat(text);
  return number * (units[text.slice(String(number).length)] ?? 1);
};

const sumOf = (pods: readonly Pod[], resource: string): number =>
  pods.reduce(
    (sum, { spec }) =>
      sum +
      spec.containers.reduce((of, { resources }) => of + amount(resources?.requests?.[resource] ?? '0'), 0),
    0,
  );
