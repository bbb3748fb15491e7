import type { AutoscalerSettings, Cloud, CloudFailure, NodeGroup } from '../../autoscaler/index.js';
import {
  AzureError,
  beginDeleteInstances,
  liveInstances,
  raiseCapacity,
  scaleSets,
  virtualMachines,
} from '../../azure/index.js';
import type { KubeNode } from '../../kube/index.js';
import type { Reader, Transaction } from '../../store/index.js';
import {
  agentPools,
  autoscalerRuns,
  changeVms,
  managedClusters,
  operations,
  poolsOf,
  resourceKey,
  scaleSetOf,
} from '../lifecycle/index.js';
import type { LifecycleParts } from '../lifecycle/index.js';
import { clusterFacts } from '../managed-cluster/index.js';
import { checkPodCidr } from '../needs/index.js';
import { cloudFailure } from './cloud-failure.js';
import { autoscaledPool, autoscaledPools, nodeGroup } from './node-groups.js';
import type { AutoscaledPool } from './node-groups.js';
import { autoscalerOptions } from './settings.js';
import { emptyPoolNode } from './template.js';

type CloudParts = Pick<LifecycleParts, 'clock' | 'seed' | 'catalog' | 'latency'>;

/** AKS and Azure as the cluster autoscaler sees them: its node groups are the scale sets of agent pools. */
export class AksCloud implements Cloud {
  readonly follows = [managedClusters, agentPools, operations, scaleSets, virtualMachines, autoscalerRuns];
  readonly #parts: CloudParts;

  constructor(parts: CloudParts) {
    this.#parts = parts;
  }

  clusters(reader: Reader): readonly string[] {
    return reader
      .entries(autoscalerRuns)
      .map(({ key }) => key)
      .filter((cluster) => this.settings(reader, cluster) !== undefined);
  }

  settings(reader: Reader, cluster: string): AutoscalerSettings | undefined {
    const managed = reader.get(managedClusters, cluster);
    const run = reader.get(autoscalerRuns, cluster);
    // Until its control plane stands, a cluster has nothing that could run an autoscaler.
    if (!managed || !run || managed.properties.provisioningState === 'Creating') return undefined;
    return { options: autoscalerOptions(managed), run: String(run.startedAt) };
  }

  groups(reader: Reader, cluster: string): readonly NodeGroup[] {
    return autoscaledPools(reader, cluster).map((found) => nodeGroup(reader, found));
  }

  template(reader: Reader, cluster: string, group: string): KubeNode | undefined {
    const found = autoscaledPool(reader, cluster, group);
    if (!found) return undefined;
    const { clock, seed, catalog } = this.#parts;
    const now = clock.now();
    const { key, zones } = found.scaleSet;
    // One of the zones at random, each time anew (cluster autoscaler on Azure).
    const zone =
      zones.length > 0 ? seed.stream('template-zone', `${key}@${String(now)}`).pick(zones) : undefined;
    return emptyPoolNode(found, catalog, now, zone);
  }

  drawsTemplate(reader: Reader, cluster: string, group: string): boolean {
    return (autoscaledPool(reader, cluster, group)?.scaleSet.zones.length ?? 0) > 1;
  }

  hourlyPrice(reader: Reader, cluster: string, group: string): number | undefined {
    const found = autoscaledPool(reader, cluster, group);
    if (!found) return undefined;
    const { osType, vmSize } = found.pool.properties;
    const { location, priority } = found.scaleSet;
    return this.#parts.catalog.hourlyPrice(location, vmSize, { os: osType, priority });
  }

  increase(tx: Transaction, cluster: string, group: string, delta: number): CloudFailure | undefined {
    if (!(delta > 0)) return refused('size increase must be positive');
    const found = autoscaledPool(tx, cluster, group);
    if (!found) return unknownGroup(group);
    const { pool, scaleSet } = found;
    const wanted = liveInstances(tx, scaleSet.key).length + delta;
    const { maxCount = 0 } = pool.properties;
    if (wanted > maxCount) {
      return refused(`size increase too large - desired:${String(wanted)} max:${String(maxCount)}`);
    }
    const noRange = lackOfPodRanges(tx, found, delta);
    if (noRange) return cloudFailure(noRange);
    const raised = changeVms(tx, this.#parts.seed, pool, () =>
      raiseCapacity(tx, this.#parts, scaleSet.key, delta, this.#parts.clock.now()),
    );
    return raised instanceof AzureError ? cloudFailure(raised) : undefined;
  }

  /** A scale set's capacity is the number of its VMs: there is nothing to give up (cluster autoscaler on Azure: no change). */
  decreaseTarget(tx: Transaction, cluster: string, group: string): CloudFailure | undefined {
    return autoscaledPool(tx, cluster, group) ? undefined : unknownGroup(group);
  }

  deleteNodes(
    tx: Transaction,
    cluster: string,
    group: string,
    nodes: readonly string[],
  ): CloudFailure | undefined {
    const found = autoscaledPool(tx, cluster, group);
    if (!found) return unknownGroup(group);
    const { pool, scaleSet } = found;
    const live = liveInstances(tx, scaleSet.key);
    if (live.length <= (pool.properties.minCount ?? 0)) {
      return refused('min size reached, nodes will not be deleted');
    }
    const names = new Set(nodes);
    const going = live.filter(({ name }) => names.has(name)).map(({ key }) => key);
    changeVms(tx, this.#parts.seed, pool, () => {
      beginDeleteInstances(tx, this.#parts, going, this.#parts.clock.now());
    });
    return undefined;
  }
}

/** What Azure's part of the autoscaler refuses itself. */
const refused = (message: string): CloudFailure => ({ code: 'cloudProviderError', message, scarce: 'other' });

const unknownGroup = (group: string): CloudFailure => refused(`node group ${group} is not known`);

/** The refusal of nodes that the cluster's pod CIDR has no ranges for, if that is so. */
function lackOfPodRanges(reader: Reader, { cluster }: AutoscaledPool, delta: number): AzureError | undefined {
  const present = poolsOf(reader, resourceKey(cluster.id))
    .flatMap(({ id }) => scaleSetOf(reader, resourceKey(id)) ?? [])
    .reduce((sum, { key }) => sum + reader.count(virtualMachines, 'byScaleSet', key), 0);
  try {
    checkPodCidr(clusterFacts(cluster), present + delta);
    return undefined;
  } catch (error) {
    if (error instanceof AzureError) return error;
    throw error;
  }
}
