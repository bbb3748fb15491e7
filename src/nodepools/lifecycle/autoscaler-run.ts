import { defineCollection } from '../../store/index.js';
import type { Reader, Transaction } from '../../store/index.js';
import { effectiveAutoScalerProfile } from '../managed-cluster/index.js';
import { managedClusters, poolsOf } from './collections.js';

/** The run of a cluster's autoscaler: AKS starts it anew when what it is told changes, and it forgets all then. */
export interface AutoscalerRun {
  /** What it was started with. */
  readonly settings: string;
  /** The revision at which it was. */
  readonly startedAt: number;
}

/** By cluster; absent while it has no autoscaler. */
export const autoscalerRuns = defineCollection<AutoscalerRun>('autoscalerRuns');

/**
 * Starts a cluster's autoscaler, starts it anew, or ends it, as the cluster and its pools now want. To be called in every
 * transaction that changes one of them.
 */
export function followAutoscaler(tx: Transaction, cluster: string): void {
  const settings = autoscalerSettings(tx, cluster);
  const current = tx.get(autoscalerRuns, cluster);
  if (settings === current?.settings) return;
  if (settings === undefined) tx.delete(autoscalerRuns, cluster);
  else tx.put(autoscalerRuns, cluster, { settings, startedAt: tx.revision });
}

/** All that a change of starts the autoscaler anew; undefined for a cluster that has none. */
function autoscalerSettings(reader: Reader, cluster: string): string | undefined {
  const found = reader.get(managedClusters, cluster);
  if (!found) return undefined;
  const { powerState, provisioningState, autoScalerProfile, currentKubernetesVersion } = found.properties;
  if (powerState.code === 'Stopped' || provisioningState === 'Deleting') return undefined;
  const isAutoscaled = poolsOf(reader, cluster).some(
    ({ properties }) => properties.enableAutoScaling && properties.provisioningState !== 'Deleting',
  );
  if (!isAutoscaled) return undefined;
  const minor = currentKubernetesVersion.split('.').slice(0, 2).join('.');
  const profile = Object.entries(effectiveAutoScalerProfile(autoScalerProfile));
  return JSON.stringify([minor, profile.sort(([a], [b]) => (a < b ? -1 : 1))]);
}
