import fc from 'fast-check';
import { expect, test } from 'vitest';
import { startInstances, stopInstances, virtualMachines } from '../../azure/index.js';
import { nodeKey, nodes, pods, tolerates } from '../../kube/index.js';
import type { ClusterNode, Pod, Stored, Taint } from '../../kube/index.js';
import { TestCluster, podTemplate } from './fixtures.js';
import { cutOff, reconnect } from './node-fixtures.js';

type Fault = 'cutOff' | 'reconnect' | 'delete' | 'stop' | 'start';
interface Step {
  readonly fault: Fault;
  /** Which of the nodes that there were at the beginning. */
  readonly node: number;
  /** Seconds that go by afterwards. */
  readonly then: number;
}

const nodeCount = 6;
const steps = fc.array(
  fc.record<Step>({
    fault: fc.constantFrom('cutOff', 'cutOff', 'cutOff', 'reconnect', 'delete', 'stop', 'start'),
    node: fc.nat(nodeCount - 1),
    then: fc.constantFrom(0, 5, 45, 55, 70, 310, 400),
  }),
  { minLength: 1, maxLength: 14 },
);

const unreachable = (tolerationSeconds?: number) => ({
  key: 'node.kubernetes.io/unreachable',
  operator: 'Exists',
  effect: 'NoExecute',
  ...(tolerationSeconds !== undefined && { tolerationSeconds }),
});
const workloads = { usual: [], brief: [unreachable(20)], faithful: [unreachable()] };

function open(): { cluster: TestCluster; names: readonly string[] } {
  const cluster = TestCluster.open(1);
  cluster.addPool('np', nodeCount, { availabilityZones: ['1', '2'] });
  cluster.pass(30);
  for (const [app, tolerations] of Object.entries(workloads)) {
    const template = podTemplate({ app }, { tolerations });
    cluster.create('deployments', {
      metadata: { name: app },
      spec: { replicas: 4, selector: { matchLabels: { app } }, template },
    });
  }
  cluster.pass(30);
  return { cluster, names: cluster.names('nodes', 'agentpool=np') };
}

function strike(cluster: TestCluster, name: string, fault: Fault): void {
  const { store, clock } = cluster.world;
  const vms = store.entries(virtualMachines).filter(({ value }) => value.name === name);
  const keys = vms.map(({ key }) => key);
  switch (fault) {
    case 'cutOff':
      return cutOff(cluster, name);
    case 'reconnect':
      return vms.some(({ value }) => value.state.kind === 'running') ? reconnect(cluster, name) : undefined;
    case 'delete':
      return store.get(nodes, nodeKey(cluster.key, name)) ? cluster.delete('nodes', name) : undefined;
    case 'stop':
      return store.transact((tx) => stopInstances(tx, keys, 'stopped', clock.now()));
    case 'start':
      return store.transact((tx) => startInstances(tx, keys, clock.now()));
  }
}

const evicting = (node: ClusterNode | undefined): readonly Taint[] =>
  node?.object.spec.taints?.filter(({ effect }) => effect === 'NoExecute') ?? [];

/** Notes whatever goes against the rules, as it happens. */
class Judge {
  readonly faults: string[] = [];
  readonly #cluster: TestCluster;
  readonly #taintedSince = new Map<string, number>();
  readonly #goneSince = new Map<string, number>();
  evictions = 0;

  constructor(cluster: TestCluster) {
    this.#cluster = cluster;
    const { store, clock } = cluster.world;
    store.watch({ collections: [nodes, pods.collection] }, ({ changes }) => {
      for (const { collection, key, before, after } of changes) {
        if (collection === nodes.name) this.#onNode(key, after as ClusterNode | undefined, clock.now());
        else if (collection === pods.collection.name)
          this.#onPod(
            (before as Stored<Pod> | undefined)?.object,
            (after as Stored<Pod> | undefined)?.object,
          );
      }
    });
  }

  #onNode(key: string, node: ClusterNode | undefined, now: number): void {
    if (node) this.#goneSince.delete(key);
    else this.#goneSince.set(key, now);
    if (evicting(node).length === 0) this.#taintedSince.delete(key);
    else if (!this.#taintedSince.has(key)) this.#taintedSince.set(key, now);
  }

  /** A pod that is evicted does not tolerate a taint of its node, or has done so for its time. */
  #onPod(was: Pod | undefined, is: Pod | undefined): void {
    if (!was || !is || reasonOf(was) === reasonOf(is) || reasonOf(is) !== 'DeletionByTaintManager') return;
    this.evictions += 1;
    const key = nodeKey(this.#cluster.key, is.spec.nodeName ?? '');
    const stayed = this.#cluster.world.clock.now() - (this.#taintedSince.get(key) ?? Infinity);
    const isDue = evicting(this.#cluster.world.store.get(nodes, key)).some((taint) => {
      const tolerated = is.spec.tolerations?.filter((toleration) => tolerates(toleration, taint)) ?? [];
      if (tolerated.length === 0) return true;
      return tolerated.some(({ tolerationSeconds }) => stayed >= (tolerationSeconds ?? Infinity) * 1000);
    });
    if (!isDue) this.faults.push(`${is.metadata.name} was evicted after ${String(stayed)} ms`);
  }

  /** No pod is on a node that has been gone for more than a minute. */
  look(): void {
    const { store, clock } = this.#cluster.world;
    for (const { object } of store.list(pods.collection) as readonly Stored<Pod>[]) {
      const key = nodeKey(this.#cluster.key, object.spec.nodeName ?? '');
      const since = this.#goneSince.get(key);
      if (object.spec.nodeName && since !== undefined && clock.now() - since > 60_000)
        this.faults.push(`${object.metadata.name} is on ${key}, gone for ${String(clock.now() - since)} ms`);
    }
  }
}

const reasonOf = ({ status }: Pod): string | undefined =>
  status?.conditions?.find(({ type }) => type === 'DisruptionTarget')?.reason;

test('whatever befalls nodes, pods go by their tolerations, and none stays on a node that is gone', () => {
  let evictions = 0;
  fc.assert(
    fc.property(steps, (sequence) => {
      const { cluster, names } = open();
      const judge = new Judge(cluster);
      for (const { fault, node, then } of sequence) {
        strike(cluster, names[node] ?? '', fault);
        for (let left = then; left > 0; left -= 61) {
          cluster.pass(Math.min(left, 61));
          judge.look();
        }
      }
      cluster.pass(61);
      judge.look();
      evictions += judge.evictions;
      expect(judge.faults).toEqual([]);
    }),
    { numRuns: 15, seed: 7 },
  );
  // Rules that nothing ever tries would hold too.
  expect(evictions).toBeGreaterThan(20);
});
