import { Seed, SimClock } from '../../sim/index.js';
import { Store } from '../../store/index.js';
import { instant, seconds } from '../../units/index.js';
import type { Instant } from '../../units/index.js';
import { deleteObject, insertObject } from '../api/index.js';
import {
  builtInTypes,
  events,
  isSidecar,
  nodeKind,
  podStatusText,
  pods,
  priorityClasses,
} from '../kinds/index.js';
import type { Container, Pod, PodSpec, StoredPod } from '../kinds/index.js';
import { Kubernetes, kubernetesCollections } from '../kubernetes.js';
import { kubelets, nodeKey, nodes } from '../nodes/index.js';
import type { KubeNode, ResourceList } from '../nodes/index.js';
import type { KubeObject } from '../object.js';
import { membersOf } from '../object.js';
import { objectKey } from '../resource-type.js';
import type { ResourceType } from '../resource-type.js';
import { startKubelets } from './index.js';
import type { KubeletTimings } from './index.js';

export const start = instant(Date.UTC(2026, 7, 21));
export const cluster = 'c';
const scope = { cluster, namespace: 'default' };

/** Whole numbers, so that timelines can be read: a second to ask for an image, one to start, one to stop, one to notice. */
export const plainTimings: KubeletTimings = {
  imageCheck: seconds(1),
  pullRate: { perCpu: 10_000_000, least: 10_000_000, most: 10_000_000 },
  containerStart: seconds(1),
  containerStop: seconds(1),
  run: seconds(10),
  initRun: seconds(3),
  notice: seconds(1),
};

const condition = (type: string, status: 'True' | 'False') => ({
  type,
  status,
  reason: '',
  message: '',
  lastHeartbeatTime: '2026-08-21T00:00:00Z',
  lastTransitionTime: '2026-08-21T00:00:00Z',
});

export const node = (name: string, allocatable: ResourceList = {}, spec: object = {}): KubeNode => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name, uid: `uid-${name}`, creationTimestamp: '2026-08-21T00:00:00Z', labels: { os: 'linux' } },
  spec: { podCIDR: '10.244.1.0/24', ...spec },
  status: {
    capacity: { cpu: '4', memory: '8Gi', pods: '30' },
    allocatable: { cpu: '4', memory: '8Gi', pods: '30', ...allocatable },
    conditions: [condition('MemoryPressure', 'False'), condition('Ready', 'True')],
    addresses: [{ type: 'InternalIP', address: '10.224.0.4' }],
    nodeInfo: { kubeletVersion: 'v1.34.1' },
  },
});

/** A node with its kubelet, and nothing else: no scheduler, no controllers. */
export class Bench {
  readonly clock: SimClock;
  readonly store: Store;
  readonly kubernetes: Kubernetes;

  constructor(from: { readonly store?: Store; readonly now?: Instant; readonly seed?: number } = {}) {
    const at = from.now ?? start;
    this.clock = new SimClock({ start: at, mode: { kind: 'virtual' } });
    const now = () => this.clock.now();
    this.store = from.store?.fork(now) ?? Store.open({ now, collections: kubernetesCollections });
    const { store, clock } = this;
    this.kubernetes = new Kubernetes({ store, clock, seed: new Seed(from.seed ?? 1) });
    if (!from.store) {
      store.transact((tx) => this.kubernetes.putCluster(tx, cluster));
      this.addNode(node('n1'));
    }
    startKubelets({ store, clock, context: this.kubernetes.context }, plainTimings);
  }

  /** The same world, closed at this moment and opened again. */
  reopened(): Bench {
    return new Bench({ store: this.store, now: this.clock.now() });
  }

  addNode(object: KubeNode): void {
    const key = nodeKey(cluster, object.metadata.name);
    this.store.transact((tx) => {
      const from = { boot: start, renewsFrom: start, postsFrom: start, agentPool: '', vm: '' };
      tx.put(kubelets, key, { cluster, node: object.metadata.name, ...from, state: { kind: 'ready' } });
      tx.put(nodes, key, { cluster, object });
    });
  }

  create(plural: string, body: object): KubeObject {
    const type = typeOf(plural);
    const place = type.namespaced ? scope : { cluster };
    return this.store.transact((tx) =>
      insertObject(
        this.kubernetes.context,
        tx,
        type,
        place,
        structuredClone(body) as Record<string, unknown>,
      ),
    );
  }

  /** Puts a pod on the node n1. */
  run(
    spec: Partial<PodSpec> & { readonly containers?: readonly Container[] },
    behaviour: object = {},
    name = 'p',
  ): void {
    const annotations = Object.fromEntries(
      Object.entries(behaviour).map(([key, value]) => [`poolkeeper.dev/${key}`, String(value)]),
    );
    const { priority, ...rest } = spec;
    const priorityClassName = priority === undefined ? undefined : this.#priorityClass(priority);
    const full = {
      nodeName: 'n1',
      containers: [container()],
      ...rest,
      ...(priorityClassName && { priorityClassName }),
    };
    this.create('pods', { metadata: { name, annotations }, spec: full });
  }

  #priorityClass(value: number): string {
    if (value >= 2_000_000_000)
      return value > 2_000_000_000 ? 'system-node-critical' : 'system-cluster-critical';
    const name = `priority-${String(value)}`;
    if (!this.store.get(priorityClasses.collection, objectKey(cluster, undefined, name)))
      this.create('priorityclasses', { metadata: { name }, value });
    return name;
  }

  pass(n: number): void {
    this.clock.step(seconds(n));
  }

  stored(name = 'p'): StoredPod | undefined {
    return this.store.get(pods.collection, objectKey(cluster, 'default', name)) as StoredPod | undefined;
  }

  pod(name = 'p'): Pod {
    const found = this.stored(name);
    if (!found) throw new Error(`no pod ${name}`);
    return found.object;
  }

  /** Writes a pod as somebody else would. */
  change(change: (pod: Pod) => Pod, name = 'p'): void {
    const key = objectKey(cluster, 'default', name);
    this.store.transact((tx) => {
      const stored = tx.get(pods.collection, key) as StoredPod | undefined;
      if (stored) tx.put(pods.collection, key, { ...stored, object: change(stored.object) });
    });
  }

  delete(name = 'p', gracePeriodSeconds?: number): void {
    this.store.transact((tx) => {
      const entry = tx.entry(pods.collection, objectKey(cluster, 'default', name));
      if (!entry) throw new Error(`no pod ${name}`);
      const options = gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds };
      deleteObject(this.kubernetes.context, tx, pods, entry, { propagation: 'Background', ...options });
    });
  }

  node(name = 'n1'): KubeNode {
    return this.store.get(nodeKind.collection, nodeKey(cluster, name))?.object as KubeNode;
  }

  /** Reasons and messages of events about an object, in the order in which they were first told. */
  events(name = 'p'): readonly string[] {
    return this.store
      .list(events.collection)
      .map(({ object }) => membersOf(object) as unknown as CoreEvent)
      .filter(({ involvedObject }) => involvedObject.name === name)
      .sort((a, b) =>
        a.firstTimestamp < b.firstTimestamp ? -1 : a.firstTimestamp > b.firstTimestamp ? 1 : 0,
      )
      .map(({ reason, message, count }) => `${reason} ${message}${count > 1 ? ` x${String(count)}` : ''}`);
  }

  /** What `kubectl get pod -w` shows of a pod within `span` seconds: seconds since the start, ready, status, restarts. */
  timeline(span: number, name = 'p'): readonly string[] {
    const lines: string[] = [];
    const origin = this.clock.now();
    const key = objectKey(cluster, 'default', name);
    const look = (pod: Pod | undefined): void => {
      const line = pod ? shown(pod) : 'gone';
      if (lines.at(-1)?.endsWith(` ${line}`)) return;
      lines.push(`${String((this.clock.now() - origin) / 1000)} ${line}`);
    };
    const watch = this.store.watch({ collections: [pods.collection] }, ({ changes }) => {
      for (const change of changes) {
        if (change.collection === pods.collection.name && change.key === key)
          look((change.after as StoredPod | undefined)?.object);
      }
    });
    this.pass(span);
    watch.close();
    return lines;
  }
}

interface CoreEvent {
  readonly reason: string;
  readonly message: string;
  readonly count: number;
  readonly firstTimestamp: string;
  readonly involvedObject: { readonly name: string };
}

const typeOf = (plural: string): ResourceType => {
  const found = builtInTypes.find((type) => type.plural === plural);
  if (!found) throw new Error(plural);
  return found;
};

export const container = (more: Partial<Container> = {}): Container => ({
  name: 'c',
  image: 'nginx:1',
  imagePullPolicy: 'IfNotPresent',
  ...more,
});

function shown(pod: Pod): string {
  const sidecars = (pod.spec.initContainers ?? []).filter(isSidecar).map(({ name }) => name);
  const statuses = [
    ...(pod.status?.initContainerStatuses ?? []).filter(({ name }) => sidecars.includes(name)),
    ...(pod.status?.containerStatuses ?? []),
  ];
  const ready = statuses.filter((one) => one.ready).length;
  const restarts = statuses.reduce((total, one) => total + one.restartCount, 0);
  return `${String(ready)}/${String(statuses.length)} ${podStatusText(pod)} ${String(restarts)}`;
}
