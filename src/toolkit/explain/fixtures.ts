import { applyLimits, parseLimits, resourceGroups } from '../../azure/index.js';
import { builtInTypes, pods } from '../../kube/index.js';
import { instant, seconds } from '../../units/index.js';
import { World } from '../../world/index.js';
import { explainPod } from './explain.js';
import type { Explanation } from './explanation.js';

const path = { resourceGroup: 'rg1', cluster: 'shop' };

/** A pod that asks for some cpu and 1 GiB. */
export const podOf = (name: string, cpu: string, spec: object = {}, memory = '1Gi') => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'default', labels: { app: name } },
  spec: {
    containers: [{ name: 'app', image: 'image:1', resources: { requests: { cpu, memory } } }],
    ...spec,
  },
});

/** An object as a test writes it. */
interface Body {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: object;
    readonly finalizers?: readonly string[];
  };
}

/** A cluster of virtual time whose pods are explained: a system pool of two nodes of 4 vCPU, and what is added. */
export class Case {
  readonly world: World;

  constructor(properties: object = {}) {
    this.world = World.open({
      mode: { kind: 'virtual' },
      start: instant(Date.UTC(2026, 7, 21)),
      systemWorkloads: 'none',
    });
    const { store, aks } = this.world;
    store.transact((tx) => {
      tx.put(resourceGroups, 'rg1', { name: 'rg1', location: 'westeurope', provisioningState: 'Succeeded' });
    });
    aks.putCluster(path, {
      location: 'westeurope',
      properties: {
        dnsPrefix: 'shop',
        agentPoolProfiles: [
          {
            name: 'system',
            mode: 'System',
            count: 2,
            vmSize: 'Standard_D4s_v5',
            nodeTaints: ['CriticalAddonsOnly=true:NoSchedule'],
          },
        ],
        ...properties,
      },
    });
    this.pass(60);
  }

  /** Adds a pool of nodes of 4 vCPU and waits for them, unless told otherwise. */
  pool(name: string, count: number, properties: object = {}, waits = 60): this {
    this.world.aks.putAgentPool(
      { ...path, agentPool: name },
      { properties: { mode: 'User', count, vmSize: 'Standard_D4s_v5', ...properties } },
    );
    this.pass(waits);
    return this;
  }

  limits(section: unknown): this {
    const limits = parseLimits(section, this.world.catalog);
    this.world.store.transact((tx) => applyLimits(tx, limits));
    return this;
  }

  /** Creates objects by kind, and lets five seconds go by. */
  create(...bodies: readonly Body[]): this {
    return this.put(...bodies).pass(5);
  }

  /** Creates objects by kind. */
  put(...bodies: readonly Body[]): this {
    for (const body of bodies) {
      const type = builtInTypes.find(({ kind }) => kind === body.kind);
      if (!type) throw new Error(`There is no kind ${body.kind}`);
      const { cluster } = this;
      const scope = type.namespaced
        ? { cluster, namespace: body.metadata.namespace ?? 'default' }
        : { cluster };
      this.world.kubernetes.objects.create(type, scope, body, { dryRun: false, fieldValidation: 'Strict' });
    }
    return this;
  }

  patch(plural: string, name: string, body: object, part: 'object' | 'status' = 'object'): this {
    const type = builtInTypes.find((one) => one.plural === plural);
    if (!type) throw new Error(`No kind is called ${plural}`);
    const { cluster } = this;
    const scope = type.namespaced ? { cluster, namespace: 'default' } : { cluster };
    const options = { dryRun: false, fieldValidation: 'Strict' } as const;
    this.world.kubernetes.objects.patch(type, scope, name, { type: 'merge', body }, part, options);
    this.pass(1);
    return this;
  }

  /** Deletes a pod. */
  delete(name: string): this {
    const scope = { cluster: this.cluster, namespace: 'default' };
    this.world.kubernetes.objects.delete(pods, scope, name, {}, { dryRun: false });
    return this;
  }

  pass(n: number): this {
    this.world.clock.step(seconds(n));
    return this;
  }

  explain(pod: string, namespace?: string): Explanation {
    return explainPod(this.world, { ...path, pod, ...(namespace !== undefined && { namespace }) });
  }

  explainManifest(manifest: unknown): Explanation {
    return explainPod(this.world, { ...path, manifest });
  }

  /** Names of the nodes of a pool, in order. */
  nodes(pool: string): readonly string[] {
    const { cluster } = this;
    const type = builtInTypes.find(({ plural }) => plural === 'nodes');
    if (!type) throw new Error('There is no kind of nodes');
    const { items } = this.world.kubernetes.lists.list(
      type,
      { cluster },
      { labelSelector: `agentpool=${pool}` },
    );
    return (items as readonly { readonly metadata: { readonly name: string } }[]).map(
      ({ metadata }) => metadata.name,
    );
  }

  get cluster(): string {
    return this.world.aks.cluster(path).id.toLowerCase();
  }
}
