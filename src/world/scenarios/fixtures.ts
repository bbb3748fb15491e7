import { resourceGroups } from '../../azure/index.js';
import { builtInTypes } from '../../kube/index.js';
import type { JsonObject, KubeObject, ResourceType } from '../../kube/index.js';
import { instant, seconds } from '../../units/index.js';
import type { Instant } from '../../units/index.js';
import { World } from '../world.js';
import type { WorldInit } from '../world.js';

const writing = { dryRun: false, fieldValidation: 'Strict' } as const;

/** An object as scenarios look at it. */
export type Shown = KubeObject & {
  readonly spec: JsonObject;
  readonly status: JsonObject & { readonly conditions?: readonly Condition[] };
};

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
}

/** The kind of a plural name. */
export function typeOf(plural: string): ResourceType {
  const found = builtInTypes.find((type) => type.plural === plural);
  if (!found) throw new Error(`No kind is called ${plural}`);
  return found;
}

/** A cluster in a world of virtual time, for scenarios. */
export class TestCluster {
  readonly world: World;
  readonly key: string;
  readonly namespace: string;
  readonly #start: Instant;

  private constructor(world: World, key: string, namespace = 'default') {
    this.world = world;
    this.key = key;
    this.namespace = namespace;
    this.#start = world.clock.now();
  }

  /** A new cluster with a system pool of `nodes` nodes of 4 cores, without AKS's own workloads unless asked for. */
  static open(
    nodes = 2,
    init: WorldInit = {},
    networkProfile: object = {},
    properties: object = {},
  ): TestCluster {
    const start = instant(Date.UTC(2026, 7, 21));
    const world = World.open({ mode: { kind: 'virtual' }, start, systemWorkloads: 'none', ...init });
    world.store.transact((tx) => {
      tx.put(resourceGroups, 'rg1', { name: 'rg1', location: 'westeurope', provisioningState: 'Succeeded' });
    });
    const path = { resourceGroup: 'rg1', cluster: 'shop' };
    world.aks.putCluster(path, {
      location: 'westeurope',
      properties: {
        dnsPrefix: 'shop',
        ...properties,
        ...(Object.keys(networkProfile).length > 0 && { networkProfile }),
        agentPoolProfiles: [{ name: 'system', mode: 'System', count: nodes, vmSize: 'Standard_D4s_v5' }],
      },
    });
    world.clock.step(seconds(60));
    return new TestCluster(world, world.aks.cluster(path).id.toLowerCase());
  }

  /** The same cluster in its world opened again from its data directory, at the same moment unless told otherwise. */
  async reopen(init: WorldInit): Promise<TestCluster> {
    const start = this.world.clock.now();
    await this.world.durable();
    await this.world.close();
    const world = World.open({ mode: { kind: 'virtual' }, start, systemWorkloads: 'none', ...init });
    return new TestCluster(world, this.key, this.namespace);
  }

  /** The same cluster, looked at in another namespace. */
  in(namespace: string): TestCluster {
    return new TestCluster(this.world, this.key, namespace);
  }

  addPool(name: string, count: number, properties: object = {}): void {
    this.world.aks.putAgentPool(
      { resourceGroup: 'rg1', cluster: 'shop', agentPool: name },
      { properties: { mode: 'User', count, vmSize: 'Standard_D4s_v5', ...properties } },
    );
  }

  create(plural: string, body: object): Shown {
    const type = typeOf(plural);
    return this.world.kubernetes.objects.create(type, this.#scope(type), body, writing).object as Shown;
  }

  patch(plural: string, name: string, body: object, part: 'object' | 'status' = 'object'): Shown {
    const type = typeOf(plural);
    const merge = { type: 'merge', body } as const;
    const { objects } = this.world.kubernetes;
    return objects.patch(type, this.#scope(type), name, merge, part, writing).object as Shown;
  }

  get(plural: string, name: string): Shown {
    const type = typeOf(plural);
    return this.world.kubernetes.objects.get(type, this.#scope(type), name) as Shown;
  }

  list(plural: string, labelSelector = ''): readonly Shown[] {
    const type = typeOf(plural);
    const { items } = this.world.kubernetes.lists.list(type, this.#scope(type), { labelSelector });
    return items as readonly Shown[];
  }

  delete(
    plural: string,
    name: string,
    propagationPolicy: 'Background' | 'Foreground' | 'Orphan' = 'Background',
    gracePeriodSeconds?: number,
  ): void {
    const type = typeOf(plural);
    const options = { propagationPolicy, ...(gracePeriodSeconds !== undefined && { gracePeriodSeconds }) };
    this.world.kubernetes.objects.delete(type, this.#scope(type), name, options, { dryRun: false });
  }

  /** Seconds of virtual time go by. */
  pass(n: number): void {
    this.world.clock.step(seconds(n));
  }

  /** Names of the objects of a kind, in order. */
  names(plural: string, labelSelector = ''): readonly string[] {
    return this.list(plural, labelSelector).map(({ metadata }) => metadata.name);
  }

  /** What has been said about an object, oldest first, as `Reason message`. */
  events(name: string): readonly string[] {
    return [...this.list('events')]
      .map(
        (event) => event as unknown as { involvedObject: { name: string }; reason: string; message: string },
      )
      .filter(({ involvedObject }) => involvedObject.name === name)
      .map(({ reason, message }) => `${reason} ${message}`);
  }

  /** A condition as `True Reason message`. */
  condition(plural: string, name: string, type: string): string | undefined {
    const found = this.get(plural, name).status.conditions?.find((one) => one.type === type);
    return found && [found.status, found.reason ?? '', found.message ?? ''].join(' ').trim();
  }

  /** What `look` sees, each time it changes, with the seconds since the scenario began; looked at every `step` seconds. */
  timeline<T>(forSeconds: number, step: number, look: () => T): readonly (readonly [at: number, seen: T])[] {
    const seen: (readonly [number, T])[] = [];
    const begin = this.world.clock.now();
    let last = '';
    for (let at = 0; at <= forSeconds; at = Math.round((at + step) * 1000) / 1000) {
      const found = look();
      const text = JSON.stringify(found);
      if (text !== last) seen.push([Math.round((this.world.clock.now() - begin) / 100) / 10, found]);
      last = text;
      this.pass(step);
    }
    return seen;
  }

  /** Seconds since the scenario began. */
  elapsed(): number {
    return (this.world.clock.now() - this.#start) / 1000;
  }

  #scope(type: ResourceType): { cluster: string; namespace?: string } {
    return type.namespaced ? { cluster: this.key, namespace: this.namespace } : { cluster: this.key };
  }
}

/** A pod's template with small requests. */
export const podTemplate = (labels: object, spec: object = {}, annotations: object = {}) => ({
  metadata: { labels, annotations },
  spec: {
    containers: [{ name: 'c', image: 'image:1', resources: { requests: { cpu: '10m', memory: '16Mi' } } }],
    ...spec,
  },
});

/** The template with another image. */
export const withImage = (labels: object, image: string, annotations: object = {}) =>
  podTemplate(labels, { containers: [{ name: 'c', image }] }, annotations);

/** The image of a pod's first container. */
export const imageOf = ({ spec }: Shown): string =>
  (spec['containers'] as readonly { image: string }[])[0]?.image ?? '';

export const isGoing = ({ metadata }: KubeObject): boolean => metadata.deletionTimestamp !== undefined;
