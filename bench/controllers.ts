/** What the controllers cost where a cluster is large: nodes that join, pods that come, without scheduler and servers. */
import { Kubernetes, fastKubelet, kubelets, kubernetesCollections, nodes } from '../src/kube/index.js';
import type { KubeNode, Pod, Stored } from '../src/kube/index.js';
import { builtInTypes } from '../src/kube/index.js';
import { Seed, SimClock } from '../src/sim/index.js';
import { Store } from '../src/store/index.js';
import { instant, seconds } from '../src/units/index.js';

const cluster = 'bench';
const writing = { dryRun: false, fieldValidation: 'Ignore' } as const;
const typeOf = (plural: string) => {
  const type = builtInTypes.find((one) => one.plural === plural);
  if (!type) throw new Error(plural);
  return type;
};
const podType = typeOf('pods');
const say = (scene: string, figure: string): void => console.log(`${scene.padEnd(72)} ${figure}`);

/** A cluster whose pods are put on their daemon's node, or on nodes in turn, as soon as they are there. */
class Scene {
  readonly clock = new SimClock({ start: instant(Date.UTC(2026, 7, 21)), mode: { kind: 'virtual' } });
  readonly store = Store.open({
    now: () => this.clock.now(),
    collections: kubernetesCollections,
    history: 100,
  });
  readonly kubernetes = new Kubernetes({ store: this.store, clock: this.clock, seed: new Seed(1) });
  #nodes = 0;
  #next = 0;

  constructor() {
    this.store.transact((tx) => this.kubernetes.putCluster(tx, cluster));
    this.kubernetes.start(fastKubelet);
    this.store.watch({}, ({ changes }) => {
      for (const { collection, before, after } of changes) {
        if (collection !== podType.collection.name || before || !after) continue;
        const pod = (after as Stored<Pod>).object;
        const terms = pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
        const node =
          terms?.nodeSelectorTerms[0]?.matchFields?.[0]?.values?.[0] ??
          `node-${String(this.#next++ % this.#nodes)}`;
        const { namespace = '', name } = pod.metadata;
        this.clock.at(this.clock.now(), () => this.kubernetes.bind({ cluster, namespace }, name, { node }));
      }
    });
  }

  join(): void {
    const name = `node-${String(this.#nodes++)}`;
    const object: KubeNode = {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name, uid: name, creationTimestamp: '2026-08-21T00:00:00Z', labels: {}, annotations: {} },
      spec: { providerID: name },
      status: {
        capacity: {},
        allocatable: { cpu: '64', memory: '256Gi', pods: '250' },
        conditions: [
          {
            type: 'Ready',
            status: 'True',
            reason: '',
            message: '',
            lastHeartbeatTime: new Date(this.clock.now()).toISOString(),
            lastTransitionTime: new Date(this.clock.now()).toISOString(),
          },
        ],
        addresses: [{ type: 'InternalIP', address: '10.224.0.4' }],
        nodeInfo: {},
      },
    };
    const key = `${cluster}/${name}`;
    const now = this.clock.now();
    const state = { kind: 'ready' } as const;
    const kubelet = {
      cluster,
      node: name,
      agentPool: '',
      vm: '',
      boot: now,
      state,
      renewsFrom: now,
      postsFrom: now,
    };
    this.store.transact((tx) => {
      tx.put(kubelets, key, kubelet);
      tx.put(nodes, key, { cluster, agentPool: '', vm: '', object });
    });
  }

  apply(plural: string, body: object): void {
    const type = typeOf(plural);
    this.kubernetes.objects.create(type, { cluster, namespace: 'default' }, body, writing);
  }

  get(plural: string, name: string): unknown {
    return this.kubernetes.objects.get(typeOf(plural), { cluster, namespace: 'default' }, name);
  }
}

const template = (app: string) => ({
  metadata: { labels: { app } },
  spec: { containers: [{ name: 'c', image: 'image:1', resources: { requests: { cpu: '10m' } } }] },
});

function measure(label: string, work: () => string): void {
  const start = performance.now();
  const outcome = work();
  say(label, `${((performance.now() - start) / 1000).toFixed(1)} s  ${outcome}`);
}

function daemonSets(nodeCount: number, sets: number): void {
  const scene = new Scene();
  for (let set = 0; set < sets; set += 1) {
    const name = `daemon-${String(set)}`;
    scene.apply('daemonsets', {
      metadata: { name },
      spec: { selector: { matchLabels: { app: name } }, template: template(name) },
    });
  }
  measure(`${String(nodeCount)} nodes join, one every 20 ms, with ${String(sets)} DaemonSets`, () => {
    for (let node = 0; node < nodeCount; node += 1) {
      scene.join();
      scene.clock.step(seconds(0.02));
    }
    scene.clock.step(seconds(60));
    return JSON.stringify((scene.get('daemonsets', 'daemon-0') as { status: object }).status);
  });
}

function deployment(replicas: number): void {
  const scene = new Scene();
  for (let node = 0; node < 500; node += 1) scene.join();
  measure(`a Deployment of ${String(replicas)} comes up`, () => {
    scene.apply('deployments', {
      metadata: { name: 'web' },
      spec: { replicas, selector: { matchLabels: { app: 'web' } }, template: template('web') },
    });
    scene.clock.step(seconds(60));
    return JSON.stringify(
      (scene.get('deployments', 'web') as { status: { readyReplicas: number } }).status.readyReplicas,
    );
  });
}

function services(count: number, podCount: number): void {
  const scene = new Scene();
  for (let node = 0; node < 500; node += 1) scene.join();
  for (let service = 0; service < count; service += 1) {
    const app = `app-${String(service)}`;
    scene.apply('services', { metadata: { name: app }, spec: { selector: { app }, ports: [{ port: 80 }] } });
  }
  measure(`${String(podCount)} pods come up behind ${String(count)} services of one namespace`, () => {
    for (let service = 0; service < count; service += 1) {
      const app = `app-${String(service)}`;
      scene.apply('deployments', {
        metadata: { name: app },
        spec: { replicas: podCount / count, selector: { matchLabels: { app } }, template: template(app) },
      });
      scene.clock.step(seconds(0.05));
    }
    scene.clock.step(seconds(60));
    return `${String(scene.store.count(typeOf('endpointslices').collection))} slices`;
  });
}

const scenes: Readonly<Record<string, () => void>> = {
  daemons: () => daemonSets(Number(process.argv[3] ?? 5000), 8),
  deployment: () => deployment(Number(process.argv[3] ?? 10_000)),
  services: () => services(200, Number(process.argv[3] ?? 10_000)),
};
const chosen = process.argv[2];
for (const [name, scene] of Object.entries(scenes)) if (chosen === undefined || chosen === name) scene();
