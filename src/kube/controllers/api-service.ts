import type { Transaction, Versioned } from '../../store/index.js';
import { groupOf, groupPriority, groupVersionsOf, isBuiltInGroup, versionOf } from '../aggregation/index.js';
import { insertObject } from '../api/index.js';
import { withCondition } from '../conditions.js';
import type { Condition } from '../conditions.js';
import {
  apiServices,
  automanaged,
  customResourceDefinitions,
  metricsApiService,
  namespaces,
  services,
} from '../kinds/index.js';
import type { ApiService } from '../kinds/index.js';
import type { Stored } from '../object.js';
import { canonicalJson, fieldAt } from '../object.js';
import { objectKey } from '../resource-type.js';
import { Controller } from './controller.js';
import type { ControllerParts, Seen, Trigger } from './controller.js';
import { own } from '../../units/index.js';

type Entry = Versioned<Stored<ApiService>>;

const system = 'kube-system';
const systemKey = ({ cluster }: Seen): readonly string[] => [objectKey(cluster, undefined, system)];

/**
 * Keeps an API service for every group and version that a cluster serves, and tells which can be reached (Kubernetes:
 * API aggregation). It works on clusters: each by its namespace kube-system.
 */
export class ApiServiceController extends Controller {
  protected readonly triggers: readonly Trigger[] = [
    { type: customResourceDefinitions, keys: systemKey },
    { type: apiServices, keys: systemKey },
    {
      type: services,
      keys: (seen, store) =>
        store.count(apiServices.collection, 'external', seen.cluster) > 0 ? systemKey(seen) : [],
    },
  ];

  constructor(parts: ControllerParts) {
    super(parts, namespaces);
  }

  protected reconcile(tx: Transaction, { value: { cluster, object } }: Versioned<Stored>): undefined {
    if (object.metadata.name !== system) return undefined;
    const wanted = groupVersionsOf(this.parts.context.kinds.of(cluster));
    const names = new Set(wanted.map(nameOf));
    for (const entry of tx.findEntries(apiServices.collection, 'byCluster', cluster)) {
      const { name, labels } = entry.value.object.metadata;
      if (labels?.[automanaged] !== undefined && !names.has(name)) {
        tx.delete(apiServices.collection, entry.key);
      } else this.#tell(tx, entry as Entry);
    }
    for (const groupVersion of wanted) this.#register(tx, cluster, groupVersion);
    return undefined;
  }

  #register(tx: Transaction, cluster: string, groupVersion: string): void {
    const name = nameOf(groupVersion);
    const key = objectKey(cluster, undefined, name);
    if (tx.get(apiServices.collection, key)) return;
    const group = groupOf(groupVersion);
    const isMetrics = name === metricsApiService;
    insertObject(
      this.parts.context,
      tx,
      apiServices,
      { cluster },
      {
        metadata: {
          name,
          labels: isMetrics
            ? { 'addonmanager.kubernetes.io/mode': 'Reconcile', 'kubernetes.io/cluster-service': 'true' }
            : { [automanaged]: isBuiltInGroup(group) ? 'onstart' : 'true' },
        },
        spec: {
          group,
          version: versionOf(groupVersion),
          groupPriorityMinimum: groupPriority(group),
          versionPriority: isMetrics || !isBuiltInGroup(group) ? 100 : versionPriority(groupVersion),
          ...(isMetrics && {
            service: { namespace: system, name: 'metrics-server', port: 443 },
            insecureSkipTLSVerify: true,
          }),
        },
      },
    );
    const made = tx.entry(apiServices.collection, key);
    if (made) this.#tell(tx, made as Entry);
  }

  /** Tells whether what an API service names can be reached. */
  #tell(tx: Transaction, { key, value }: Entry): void {
    const { object, cluster } = value;
    const condition = { type: 'Available', ...this.#availability(tx, cluster, object) };
    const conditions = withCondition(
      object.status?.conditions ?? [],
      condition,
      this.parts.context.clock.now(),
    );
    if (canonicalJson(conditions) === canonicalJson(object.status?.conditions ?? [])) return;
    const told: ApiService = { ...object, status: { ...object.status, conditions } };
    tx.put(apiServices.collection, key, { ...value, object: told });
  }

  #availability(
    tx: Transaction,
    cluster: string,
    { metadata, spec }: ApiService,
  ): Omit<Condition, 'type' | 'lastTransitionTime'> {
    const { service } = spec;
    if (!service) {
      return { status: 'True', reason: 'Local', message: 'Local APIServices are always available' };
    }
    if (metadata.name === metricsApiService) {
      return { status: 'True', reason: 'Passed', message: 'all checks passed' };
    }
    const { namespace = '', name = '', port = 443 } = service;
    const found = tx.get(services.collection, objectKey(cluster, namespace, name));
    if (!found) {
      const message = `service/${name} in "${namespace}" is not present`;
      return { status: 'False', reason: 'ServiceNotFound', message };
    }
    const address = `${String(fieldAt(found.object, 'spec.clusterIP') ?? name)}:${String(port)}`;
    const url = `https://${address}/apis/${spec.group ?? ''}/${spec.version ?? ''}`;
    return {
      status: 'False',
      reason: 'FailedDiscoveryCheck',
      message: `failing or missing response from ${url}: Get "${url}": dial tcp ${address}: connect: connection refused`,
    };
  }
}

/** `v1.apps`; `v1.` for the core group. */
const nameOf = (groupVersion: string): string => `${versionOf(groupVersion)}.${groupOf(groupVersion)}`;

const versionPriority = (groupVersion: string): number =>
  groupVersion === 'v1' ? 1 : (own(versionPriorities, groupVersion) ?? 15);
/** Versions that come before the first of their group. */
const versionPriorities: Readonly<Record<string, number>> = { 'autoscaling/v2': 30 };
