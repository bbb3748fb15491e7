import {
  Kubernetes,
  becomeReady,
  builtInTypes,
  fastKubelet,
  initializeNode,
  kubernetesCollections,
  nodeKey,
  nodeTerm,
  nodes,
  pods,
  removeNode,
  startKubelet,
} from '../../kube/index.js';
import type {
  JsonObject,
  KubeNode,
  KubeObject,
  KubeletTimings,
  Pod,
  ResourceType,
} from '../../kube/index.js';
import { Scheduler } from '../../scheduler/index.js';
import { Seed, SimClock } from '../../sim/index.js';
import { Store } from '../../store/index.js';
import { instant, seconds } from '../../units/index.js';
import type { Cloud, CloudFailure, NodeGroup } from '../cloud.js';
import { defaultOptions } from '../options.js';
import type { AutoscalerOptions } from '../options.js';
import type { Utilization } from '../scale-down/utilization.js';
import { Actuator } from './actuator.js';
import { autoscalerCounters } from '../metrics/counters.js';
import { nodeDeletions } from './deletion.js';
import type { Deletion } from './deletion.js';

const cluster = 'shop';
const start = instant(Date.UTC(2026, 7, 21));
const inDefault = { cluster, namespace: 'default' };
const writing = { dryRun: false, fieldValidation: 'Strict' } as const;
const half: Utilization = { cpu: 0.5, memory: 0.25, gpu: 0, devices: 0, resource: 'cpu', ratio: 0.5 };

/** How a drill differs from AKS's defaults. */
export interface DrillInit {
  readonly options?: Partial<AutoscalerOptions>;
  readonly kubelet?: Partial<KubeletTimings>;
  readonly minor?: number;
}

/** A cluster from whose nodes some are taken, in virtual time; its cloud does at once what it is asked for. */
export class Drill {
  readonly cluster = cluster;
  readonly clock: SimClock;
  readonly store: Store;
  readonly kubernetes: Kubernetes;
  readonly cloud: Cloud;
  readonly actuator: Actuator;
  /** What the autoscaler told and what came of it, with the seconds since the drill began. */
  readonly log: string[];
  /** Set to have the cloud refuse. */
  refusal: CloudFailure | undefined;
  /** The autoscaler's. */
  run = '1';
  readonly #init: DrillInit;
  #began: number;

  constructor(init: DrillInit = {}, before?: Drill) {
    this.#init = init;
    this.#began = before ? before.#began : start;
    this.log = before?.log ?? [];
    this.clock = new SimClock({ start: before?.clock.now() ?? start, mode: { kind: 'virtual' } });
    this.store = Store.open({
      now: () => this.clock.now(),
      collections: [
        ...kubernetesCollections,
        nodeDeletions,
        autoscalerCounters,
      ] as typeof kubernetesCollections,
    });
    if (before) this.#takeOver(before.store);
    const { store, clock } = this;
    this.kubernetes = new Kubernetes({ store, clock, seed: new Seed('1') });
    const { context } = this.kubernetes;
    this.kubernetes.start({ ...fastKubelet, ...init.kubelet });
    if (!before) store.transact((tx) => this.kubernetes.putCluster(tx, cluster));
    new Scheduler({ store, clock, context }).start();
    this.cloud = this.#cloud({ ...defaultOptions(init.minor ?? 34), ...init.options });
    const end =
      (what: string) =>
      (_: unknown, { node }: Deletion) => {
        this.#note(`${node} ${what}`);
      };
    const ends = { onDone: end('is done'), onFailure: end('stays') };
    this.actuator = new Actuator({ store, clock, context, cloud: this.cloud, ...ends });
    this.actuator.start();
    this.#listen();
    this.pass(0);
  }

  /** The same in another process: nothing is left of it but the store. */
  reopen(): Drill {
    const next = new Drill(this.#init, this);
    this.clock.close();
    return next;
  }

  addNode(name: string, metadata: Partial<KubeNode['metadata']> = {}): void {
    const { context } = this.kubernetes;
    const labels = { 'kubernetes.io/hostname': name, ...metadata.labels };
    this.store.transact((tx) => {
      startKubelet(tx, context, {
        cluster,
        agentPool: 'p',
        vm: name,
        boot: this.clock.now(),
        dataDisks: 8,
        node: {
          apiVersion: 'v1',
          kind: 'Node',
          metadata: { creationTimestamp: '', ...metadata, name, uid: `uid-${name}`, labels },
          spec: {},
          status: { allocatable: { cpu: '4', memory: '8Gi', pods: '110' } },
        },
      });
      initializeNode(tx, context, cluster, name, `azure:///${name}`);
      becomeReady(tx, context, cluster, name, []);
    });
    this.pass(1);
  }

  create(plural: string, body: JsonObject, namespace = 'default'): KubeObject {
    const type = typeOf(plural);
    const scope = type.namespaced ? { cluster, namespace } : { cluster };
    return this.kubernetes.objects.create(type, scope, structuredClone(body), writing).object;
  }

  patch(plural: string, name: string, body: JsonObject, part: 'object' | 'status' = 'object'): void {
    const merge = { type: 'merge', body } as const;
    this.kubernetes.objects.patch(typeOf(plural), inDefault, name, merge, part, writing);
  }

  delete(plural: string, name: string): void {
    this.kubernetes.objects.delete(typeOf(plural), inDefault, name, {}, { dryRun: false });
    this.pass(0);
  }

  /** The one that there is. */
  replicaSet(): string {
    return this.store.list(typeOf('replicasets').collection)[0]?.object.metadata.name ?? '';
  }

  /** A Deployment whose pods may be anywhere. */
  deploy(name: string, replicas: number, spec: JsonObject = {}, annotations: JsonObject = {}): void {
    const labels = { app: name };
    this.create('deployments', {
      metadata: { name },
      spec: {
        replicas,
        selector: { matchLabels: labels },
        template: {
          metadata: { labels, annotations },
          spec: {
            containers: [{ name: 'c', image: 'i:1', resources: { requests: { cpu: '100m' } } }],
            ...spec,
          },
        },
      },
    });
    this.pass(5);
  }

  budget(name: string, spec: JsonObject): void {
    const selector = { matchLabels: { app: name } };
    this.create('poddisruptionbudgets', { metadata: { name }, spec: { selector, ...spec } });
    this.pass(1);
  }

  annotate(name: string, annotations: Readonly<Record<string, string>>): void {
    const key = nodeKey(cluster, name);
    this.store.transact((tx) => {
      const stored = tx.get(nodes, key);
      if (!stored) return;
      const { object } = stored;
      tx.put(nodes, key, { ...stored, object: { ...object, metadata: { ...object.metadata, annotations } } });
    });
  }

  /** From now on seconds are counted anew. */
  remove(kind: 'empty' | 'drain', ...names: readonly string[]): 'started' | 'failed' {
    this.#began = this.clock.now();
    this.log.length = 0;
    const chosen = names.map((name) => ({ node: this.nodeNow(name), group: 'g', utilization: half }));
    const going = { empty: [], drain: [], [kind]: chosen };
    return this.store.transact((tx) => this.actuator.startDeletion({ tx, cluster }, going));
  }

  /** The node as it is; a made-up one where there is none. */
  nodeNow(name: string): KubeNode {
    const none = { apiVersion: 'v1', kind: 'Node', spec: {}, status: {} } as const;
    return (
      this.store.get(nodes, nodeKey(cluster, name))?.object ?? {
        ...none,
        metadata: { name, uid: name, creationTimestamp: '' },
      }
    );
  }

  /** What keeps pods off a node. */
  marks(name: string): readonly string[] {
    const { spec } = this.nodeNow(name);
    return [...(spec.taints ?? []).map(({ key }) => key), ...(spec.unschedulable ? ['cordon'] : [])];
  }

  podsOn(name: string): readonly Pod[] {
    return this.store
      .find(pods.collection, 'byNode', nodeTerm(cluster, name))
      .map(({ object }) => object as Pod);
  }

  pass(count: number): void {
    this.clock.step(seconds(count));
  }

  #note(text: string): void {
    this.log.push(`${String((this.clock.now() - this.#began) / 1000)} ${text}`);
  }

  #listen(): void {
    const { collection } = typeOf('events');
    this.store.watch({ collections: [collection] }, ({ changes }) => {
      for (const { after, collection: changed } of changes) {
        if (changed !== collection.name) continue;
        const event = (after as { object: Told } | undefined)?.object;
        if (event?.source?.component !== 'cluster-autoscaler') continue;
        this.#note(`${event.involvedObject.kind} ${event.reason}: ${event.message}`);
      }
    });
  }

  #takeOver(from: Store): void {
    this.store.transact((tx) => {
      for (const collection of [...kubernetesCollections, nodeDeletions, autoscalerCounters])
        for (const { key, value } of from.entries(collection)) tx.put(collection, key, value as never);
    });
  }

  #cloud(options: AutoscalerOptions): Cloud {
    const group = (): NodeGroup => ({
      id: 'g',
      pool: 'p',
      minSize: 0,
      maxSize: 9,
      targetSize: this.store.count(nodes),
      instances: this.store.list(nodes).map(({ object }) => {
        const { name } = object.metadata;
        return { id: `azure:///${name}`, node: name, state: 'running' };
      }),
      options: {},
      isHeld: false,
    });
    return {
      clusters: () => [cluster],
      settings: () => ({ options, run: this.run }),
      groups: () => [group()],
      template: () => undefined,
      drawsTemplate: () => false,
      hourlyPrice: () => undefined,
      increase: () => undefined,
      decreaseTarget: () => undefined,
      deleteNodes: (tx, _cluster, _group, names) => {
        if (this.refusal) return this.refusal;
        for (const name of names) removeNode(tx, this.kubernetes.context, cluster, name);
        return undefined;
      },
      follows: [],
    };
  }
}

interface Told {
  readonly involvedObject: { readonly kind: string };
  readonly reason: string;
  readonly message: string;
  readonly source?: { readonly component?: string };
}

function typeOf(plural: string): ResourceType {
  const found = builtInTypes.find((type) => type.plural === plural);
  if (!found) throw new Error(`There is no kind ${plural}`);
  return found;
}
