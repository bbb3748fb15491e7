import { WorkQueue } from '../../../sim/index.js';
import type { Reader, Versioned } from '../../../store/index.js';
import type { Instant } from '../../../units/index.js';
import { instant, quantityValue } from '../../../units/index.js';
import { metricsServerName, metricsServerSize, systemNamespace } from '../../cluster/index.js';
import { deployments, nodeKind } from '../../kinds/index.js';
import type { PodTemplateSpec } from '../../kinds/index.js';
import type { KubeObject, Stored } from '../../object.js';
import { objectKey } from '../../resource-type.js';
import type { ControllerParts } from '../controller.js';
import { putDesired } from '../owned.js';

interface Deployment extends KubeObject {
  readonly spec: { readonly template: PodTemplateSpec };
}

/** How often the resizer looks (addon-resizer: poll period; AKS's is inferred). */
const period = 300_000;
/** The part by which what there is may differ from what is needed (addon-resizer: acceptance offset). */
const tolerance = 0.2;

/** Gives the metrics server what the number of nodes asks for (addon-resizer), once that has changed by a fifth. */
export class MetricsServerResizer {
  readonly #parts: ControllerParts;
  readonly #clusters: WorkQueue;

  constructor(parts: ControllerParts) {
    this.#parts = parts;
    this.#clusters = new WorkQueue({
      name: 'metrics server resizer',
      clock: parts.clock,
      reconcile: (cluster) => this.#look(cluster),
    });
  }

  start(): void {
    const { store, clock } = this.#parts;
    for (const { cluster, object } of store.list(deployments.collection)) {
      if (isMetricsServer(object) && this.#needed(store, cluster)) this.#clusters.add(cluster);
    }
    store.watch({ collections: [nodeKind.collection] }, ({ changes }) => {
      for (const { collection, before, after } of changes) {
        if (collection !== nodeKind.collection.name || (before && after)) continue;
        const { cluster } = (after ?? before) as Stored;
        if (this.#needed(store, cluster)) this.#clusters.addAt(cluster, nextLook(clock.now()));
      }
    });
  }

  #look(cluster: string): void {
    this.#parts.store.transact((tx) => {
      const needed = this.#needed(tx, cluster);
      if (needed) putDesired(tx, deployments, needed.entry, { spec: needed.spec });
    });
  }

  /** What the deployment is to be; undefined when it does as it is, or there is none. */
  #needed(
    reader: Reader,
    cluster: string,
  ): { readonly entry: Versioned<Stored>; readonly spec: Deployment['spec'] } | undefined {
    const key = objectKey(cluster, systemNamespace, metricsServerName);
    const entry = reader.entry(deployments.collection, key);
    if (!entry) return undefined;
    const { spec } = entry.value.object as Deployment;
    const { containers } = spec.template.spec;
    const present = containers.find(({ name }) => name === metricsServerName);
    const wanted = metricsServerSize(reader.count(nodeKind.collection, 'byCluster', cluster));
    if (!present || isNear(present.resources?.requests ?? {}, wanted)) return undefined;
    const resized = { ...present, resources: { requests: wanted, limits: wanted } };
    const others = containers.map((one) => (one === present ? resized : one));
    const template = { ...spec.template, spec: { ...spec.template.spec, containers: others } };
    return { entry, spec: { ...spec, template } };
  }
}

const isMetricsServer = ({ metadata }: KubeObject): boolean =>
  metadata.name === metricsServerName && metadata.namespace === systemNamespace;

function isNear(
  present: Readonly<Record<string, string>>,
  wanted: { readonly cpu: string; readonly memory: string },
): boolean {
  return Object.entries(wanted).every(([name, amount]) => {
    const needed = quantityValue(amount);
    return Math.abs(quantityValue(present[name] ?? '0') - needed) <= tolerance * needed;
  });
}

const nextLook = (now: number): Instant => instant(Math.ceil((now + 1) / period) * period);
