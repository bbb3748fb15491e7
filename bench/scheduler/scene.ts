import {
  Kubernetes,
  builtInTypes,
  kubernetesCollections,
  nodes as nodeCollection,
  objectKey,
  pods as podType,
} from '../../src/kube/index.js';
import type { KubeNode, KubeObject, Pod, PodSpec, WriteContext } from '../../src/kube/index.js';
import { Scheduler } from '../../src/scheduler/index.js';
import { Seed, SimClock } from '../../src/sim/index.js';
import { Store } from '../../src/store/index.js';
import { instant, seconds } from '../../src/units/index.js';

const cluster = 'bench';
/** Pods created in one transaction, as a burst of a controller's would come. */
const burst = 500;

/** What differs from a plain node. */
export interface NodeOptions {
  readonly zones?: number;
  readonly cpu?: string;
  readonly memory?: string;
  readonly taints?: KubeNode['spec']['taints'];
  readonly pool?: string;
}

export const nodeOf = (index: number, options: NodeOptions = {}): KubeNode => {
  const { zones = 3, cpu = '4', memory = '32Gi', taints, pool = index % 2 === 0 ? 'even' : 'odd' } = options;
  const name = `node-${String(index)}`;
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      uid: name,
      creationTimestamp: '2026-08-21T00:00:00Z',
      labels: {
        'kubernetes.io/hostname': name,
        'topology.kubernetes.io/region': 'westeurope',
        'topology.kubernetes.io/zone': `westeurope-${String((index % zones) + 1)}`,
        pool,
      },
    },
    spec: { providerID: name, ...(taints && { taints }) },
    status: { capacity: {}, allocatable: { cpu, memory, pods: '250' } },
  };
};

/** What differs from a plain pod. */
export interface PodOptions {
  readonly labels?: Readonly<Record<string, string>>;
  readonly spec?: Partial<PodSpec>;
  readonly cpu?: string;
  readonly memory?: string;
  readonly nodeName?: string;
}

export const podOf = (name: string, options: PodOptions = {}): Pod => {
  const { labels = { app: 'bench' }, spec, cpu = '100m', memory = '500Mi', nodeName } = options;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default', uid: name, creationTimestamp: '2026-08-21T00:00:00Z', labels },
    spec: {
      containers: [
        { name: 'c', image: 'registry.k8s.io/pause:3.10', resources: { requests: { cpu, memory } } },
      ],
      restartPolicy: 'Always',
      schedulerName: 'default-scheduler',
      priority: 0,
      tolerations: [
        {
          key: 'node.kubernetes.io/not-ready',
          operator: 'Exists',
          effect: 'NoExecute',
          tolerationSeconds: 300,
        },
        {
          key: 'node.kubernetes.io/unreachable',
          operator: 'Exists',
          effect: 'NoExecute',
          tolerationSeconds: 300,
        },
      ],
      ...spec,
      ...(nodeName && { nodeName }),
    },
    status: { phase: nodeName ? 'Running' : 'Pending', qosClass: 'Burstable' },
  };
};

/** A cluster with a scheduler and nothing else: what takes time is the scheduler and the store. */
export class Scene {
  readonly clock = new SimClock({ start: instant(Date.UTC(2026, 7, 21)), mode: { kind: 'virtual' } });
  readonly store = Store.open({
    now: () => this.clock.now(),
    collections: kubernetesCollections,
    history: 1000,
  });
  readonly #kubernetes = new Kubernetes({ store: this.store, clock: this.clock, seed: new Seed(1) });

  constructor(scheduling: 'with scheduler' | 'without scheduler' = 'with scheduler') {
    if (scheduling === 'with scheduler')
      new Scheduler({ store: this.store, clock: this.clock, context: this.context }).start();
    this.put({ apiVersion: 'v1', kind: 'Namespace', metadata: meta('default') });
  }

  get context(): WriteContext {
    return this.#kubernetes.context;
  }

  put(object: KubeObject): void {
    const type = builtInTypes.find(({ kind }) => kind === object.kind);
    if (!type) throw new Error(object.kind);
    const { namespace, name } = object.metadata;
    this.store.transact((tx) =>
      tx.put(type.collection, objectKey(cluster, namespace, name), { cluster, object }),
    );
  }

  putNodes(nodes: readonly KubeNode[]): void {
    this.store.transact((tx) => {
      for (const object of nodes)
        tx.put(nodeCollection, objectKey(cluster, undefined, object.metadata.name), { cluster, object });
    });
  }

  /** Creates pods in bursts, with all else that is due between two. */
  create(count: number, podAt: (index: number) => Pod): void {
    for (let first = 0; first < count; first += burst) {
      this.store.transact((tx) => {
        for (let at = first; at < Math.min(count, first + burst); at += 1) {
          const object = podAt(at);
          tx.put(podType.collection, objectKey(cluster, 'default', object.metadata.name), {
            cluster,
            object,
          });
        }
      });
      this.settle();
    }
  }

  /** Lets all happen that is due. */
  settle(): void {
    this.clock.step(seconds(1));
  }

  get count(): number {
    return this.store.count(podType.collection);
  }

  /** Pods that have a node. */
  get bound(): number {
    return this.store.list(podType.collection).filter(({ object }) => (object as Pod).spec.nodeName).length;
  }
}

const meta = (name: string) => ({ name, uid: name, creationTimestamp: '2026-08-21T00:00:00Z' });
