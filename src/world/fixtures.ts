import { resourceGroups } from '../azure/index.js';
import { builtInTypes } from '../kube/index.js';
import type { JsonObject, KubeNode, KubeObject, ResourceType } from '../kube/index.js';
import { instant, seconds } from '../units/index.js';
import { World } from './index.js';
import type { WorldInit } from './index.js';

const writing = { dryRun: false, fieldValidation: 'Strict' } as const;
const path = { resourceGroup: 'rg1', cluster: 'shop' };

/** Any object, as a scenario looks at it. */
export type Shown = KubeObject & { readonly spec: JsonObject; readonly status: JsonObject };

/** When scenarios begin. */
export const scenarioStart = instant(Date.UTC(2026, 7, 21));

/** A cluster in virtual time, as scenarios see it: with kubectl's verbs, and time that passes when told to. */
export class TestAksCluster {
  readonly world: World;
  readonly key: string;

  private constructor(world: World) {
    this.world = world;
    this.key = world.aks.cluster(path).id.toLowerCase();
  }

  /** Opens a world and waits for its cluster, whose only pool is of system nodes. */
  static create(
    init: Partial<WorldInit> & { readonly version?: string; readonly nodes?: number } = {},
  ): TestAksCluster {
    const { version, nodes = 2, ...rest } = init;
    const world = World.open({ mode: { kind: 'virtual' }, start: scenarioStart, ...rest });
    world.store.transact((tx) => {
      tx.put(resourceGroups, 'rg1', { name: 'rg1', location: 'westeurope', provisioningState: 'Succeeded' });
    });
    world.aks.putCluster(path, {
      location: 'westeurope',
      properties: {
        dnsPrefix: 'shop',
        ...(version !== undefined && { kubernetesVersion: version }),
        agentPoolProfiles: [{ name: 'system', mode: 'System', count: nodes, vmSize: 'Standard_D4s_v5' }],
      },
    });
    world.clock.runUntilIdle();
    return new TestAksCluster(world);
  }

  /** The cluster of a world that was opened again. */
  static in(world: World): TestAksCluster {
    return new TestAksCluster(world);
  }

  /** Adds or changes a user pool and waits for it. */
  pool(agentPool: string, properties: object): void {
    this.world.aks.putAgentPool(
      { ...path, agentPool },
      { properties: { mode: 'User', vmSize: 'Standard_D4s_v5', count: 1, ...properties } },
    );
    this.pass(10);
  }

  create(plural: string, body: object): KubeObject {
    const type = typeOf(plural);
    return this.world.kubernetes.objects.create(type, this.#scope(type), body, writing).object;
  }

  patch(plural: string, name: string, body: object, part: 'object' | 'status' = 'object'): KubeObject {
    const type = typeOf(plural);
    const patch = { type: 'merge', body } as const;
    return this.world.kubernetes.objects.patch(type, this.#scope(type), name, patch, part, writing).object;
  }

  delete(plural: string, name: string, options: { readonly gracePeriodSeconds?: number } = {}): void {
    const type = typeOf(plural);
    this.world.kubernetes.objects.delete(type, this.#scope(type), name, options, { dryRun: false });
  }

  get(plural: string, name: string, namespace = 'default'): Shown {
    const type = typeOf(plural);
    return this.world.kubernetes.objects.get(type, this.#scope(type, namespace), name) as Shown;
  }

  list(plural: string, labelSelector = ''): readonly Shown[] {
    const type = typeOf(plural);
    return this.world.kubernetes.lists.list(type, this.#scope(type), { labelSelector })
      .items as readonly Shown[];
  }

  node(name: string): KubeNode {
    return this.get('nodes', name) as unknown as KubeNode;
  }

  /** The names of a pool's nodes, in order. */
  nodeNames(pool: string): readonly string[] {
    return this.list('nodes', `agentpool=${pool}`).map(({ metadata }) => metadata.name);
  }

  /** Reason and component of the events on an object, in the order in which they first occurred. */
  events(name: string): readonly string[] {
    const all = this.world.kubernetes.lists.list(
      typeOf('events'),
      { cluster: this.key, namespace: 'default' },
      {
        fieldSelector: `involvedObject.name=${name}`,
      },
    ).items as unknown as readonly {
      firstTimestamp: string;
      reason: string;
      source: { component: string };
    }[];
    return [...all]
      .sort((a, b) =>
        a.firstTimestamp < b.firstTimestamp ? -1 : a.firstTimestamp > b.firstTimestamp ? 1 : 0,
      )
      .map(({ reason, source }) => `${reason} ${source.component}`);
  }

  pass(span: number): void {
    this.world.clock.step(seconds(span));
  }

  /** Seconds since a moment. */
  since(moment: number): number {
    return (this.world.clock.now() - moment) / 1000;
  }

  #scope(type: ResourceType, namespace = 'default') {
    return { cluster: this.key, ...(type.namespaced && { namespace }) };
  }
}

function typeOf(plural: string): ResourceType {
  const found = builtInTypes.find((type) => type.plural === plural);
  if (!found) throw new Error(plural);
  return found;
}
