import { Actuator } from '../../src/autoscaler/actuation/index.js';
import { autoscalerCollections, defaultOptions } from '../../src/autoscaler/index.js';
import type { Cloud, Instance, NodeGroup } from '../../src/autoscaler/index.js';
import { runOnce } from '../../src/autoscaler/loop.js';
import type { LoopEnd } from '../../src/autoscaler/loop.js';
import {
  Kubernetes,
  builtInTypes,
  kubernetesCollections,
  nodeKey,
  nodes as nodeCollection,
  objectKey,
  pods as podType,
} from '../../src/kube/index.js';
import type { KubeNode, KubeObject, Pod } from '../../src/kube/index.js';
import { WhatIf } from '../../src/scheduler/index.js';
import { Seed, SimClock } from '../../src/sim/index.js';
import { Store } from '../../src/store/index.js';
import type { Transaction } from '../../src/store/index.js';
import { instant, seconds } from '../../src/units/index.js';
import { nodeOf, podOf } from '../scheduler/scene.js';

const cluster = 'bench';
const controllers = 40;
const longAgo = '2026-08-21T00:00:00Z';

/** How large a cluster is. */
export interface Size {
  readonly nodes: number;
  readonly podsPerNode: number;
  readonly pools: number;
  /** Pods that wait for nodes, in as many shapes. */
  readonly pending: number;
  readonly shapes: number;
}

/** A large cluster with an autoscaler and nothing else; its nodes are ready, and every third one is used little. */
export class LargeCluster {
  readonly #clock = new SimClock({ start: instant(Date.UTC(2026, 7, 22)), mode: { kind: 'virtual' } });
  readonly #store = Store.open({
    now: () => this.#clock.now(),
    collections: [...kubernetesCollections, ...autoscalerCollections],
    history: 1000,
  });
  readonly #seed = new Seed(1);
  readonly #context = new Kubernetes({ store: this.#store, clock: this.#clock, seed: this.#seed }).context;
  readonly #cloud: Cloud;
  readonly #actuator: Actuator;
  #present: WhatIf;

  constructor(size: Size) {
    const instances = Array.from({ length: size.pools }, (): Instance[] => []);
    this.#store.transact((tx) => {
      put(tx, { apiVersion: 'v1', kind: 'Namespace', metadata: metadataOf('kube-system') });
      for (let at = 0; at < controllers; at += 1) {
        const metadata = { ...metadataOf(`set-${String(at)}`), namespace: 'default' };
        const set = { apiVersion: 'apps/v1', kind: 'ReplicaSet', metadata, spec: { replicas: 10 } };
        put(tx, set);
      }
      for (let at = 0; at < size.nodes; at += 1) {
        const pool = at % size.pools;
        const node = readyNode(at, pool);
        const { name } = node.metadata;
        instances[pool]?.push({ id: `azure:///${name}`, node: name, state: 'running' });
        tx.put(nodeCollection, nodeKey(cluster, name), { cluster, object: node });
        for (let pod = 0; pod < size.podsPerNode; pod += 1) put(tx, runningPod(at, pod, name));
      }
      for (let at = 0; at < size.pending; at += 1) put(tx, pendingPod(at, at % size.shapes));
    });
    this.#cloud = cloudOf(instances);
    const [store, clock, context, cloud] = [this.#store, this.#clock, this.#context, this.#cloud];
    this.#actuator = new Actuator({ store, clock, context, cloud });
    this.#present = WhatIf.of(this.#store, cluster);
  }

  /** One loop, ten seconds after the last; `read anew` first looks at all nodes and pods, as upstream takes its snapshot. */
  loop(snapshot: 'kept' | 'read anew' = 'kept'): LoopEnd | undefined {
    this.#clock.step(seconds(10));
    if (snapshot === 'read anew') this.#present = WhatIf.of(this.#store, cluster);
    const parts = {
      context: this.#context,
      cloud: this.#cloud,
      actuator: this.#actuator,
      whatIf: () => this.#present,
      chance: (purpose: string) => this.#seed.stream('autoscaler', purpose),
    };
    return this.#store.transact((tx) => runOnce(tx, cluster, parts, this.#clock.now()));
  }
}

const metadataOf = (name: string) => ({ name, uid: name, creationTimestamp: longAgo });

function put(tx: Transaction, object: KubeObject): void {
  const type = builtInTypes.find(({ kind }) => kind === object.kind) ?? podType;
  const { namespace, name } = object.metadata;
  tx.put(type.collection, objectKey(cluster, namespace, name), { cluster, object });
}

function readyNode(at: number, pool: number): KubeNode {
  const node = nodeOf(at, { cpu: '8', memory: '64Gi' });
  const { metadata, status } = node;
  const ready = {
    type: 'Ready',
    status: 'True',
    reason: 'KubeletReady',
    message: '',
    lastHeartbeatTime: longAgo,
    lastTransitionTime: longAgo,
  } as const;
  return {
    ...node,
    metadata: { ...metadata, labels: { ...metadata.labels, agentpool: `p${String(pool)}` } },
    status: { ...status, capacity: status.allocatable ?? {}, conditions: [ready] },
  };
}

const ofSet = (pod: Pod, name: string): Pod => ({
  ...pod,
  metadata: {
    ...pod.metadata,
    ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name, uid: name, controller: true }],
  },
});

function runningPod(node: number, pod: number, nodeName: string): Pod {
  const set = `set-${String((node * 7 + pod) % controllers)}`;
  const cpu = node % 3 === 0 ? '60m' : '200m';
  const options = { labels: { app: set }, cpu, memory: '500Mi', nodeName };
  return ofSet(podOf(`pod-${String(node)}-${String(pod)}`, options), set);
}

function pendingPod(at: number, shape: number): Pod {
  const set = `new-${String(shape)}`;
  const [cpu, memory] = [`${String(2000 + 50 * shape)}m`, `${String(1000 + 100 * shape)}Mi`];
  const pod = ofSet(podOf(`pending-${String(at)}`, { labels: { app: set }, cpu, memory }), set);
  const unschedulable = {
    type: 'PodScheduled',
    status: 'False',
    reason: 'Unschedulable',
    lastTransitionTime: longAgo,
  } as const;
  return { ...pod, status: { phase: 'Pending', conditions: [unschedulable] } };
}

/** Pools of up to 1,000 nodes, whose sizes stay as they are whatever is asked. */
function cloudOf(instances: readonly (readonly Instance[])[]): Cloud {
  const groups = instances.map((own, pool): NodeGroup => ({
    id: `aks-p${String(pool)}-vmss`,
    pool: `p${String(pool)}`,
    minSize: 0,
    maxSize: 1000,
    targetSize: own.length,
    instances: own,
    options: {},
    isHeld: false,
  }));
  return {
    follows: [],
    clusters: () => [cluster],
    settings: () => ({ options: defaultOptions(34), run: '1' }),
    groups: () => groups,
    template: () => undefined,
    drawsTemplate: () => false,
    hourlyPrice: () => undefined,
    increase: () => undefined,
    decreaseTarget: () => undefined,
    deleteNodes: () => undefined,
  };
}
