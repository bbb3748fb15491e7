import { clusterProfiles, nodes, pods } from '../../kube/index.js';
import type {
  DisruptionBudget,
  KubeNode,
  Labels,
  Pod,
  PodReservation,
  Stored,
  StoredPod,
} from '../../kube/index.js';
import type { Reader } from '../../store/index.js';
import { budgetOf } from '../preemption/budgets.js';
import type { Budget } from '../preemption/budgets.js';
import { budgets, namespaces } from './collections.js';

/** Who takes up a cluster as a store holds it. */
export interface ClusterTaker {
  putNamespace(name: string, labels: Labels): void;
  putNode(node: KubeNode): void;
  /** `reservation` for a pod that counts on a node already without being bound to it. */
  putPod(pod: Pod, reservation: PodReservation | undefined): void;
}

/** Hands over all of a cluster that placements hang on, in the order in which it is understood. */
export function loadCluster(reader: Reader, cluster: string, taker: ClusterTaker): void {
  const here = reader.find(namespaces, 'byCluster', cluster) as readonly Stored[];
  for (const { object } of here) taker.putNamespace(object.metadata.name, object.metadata.labels ?? {});
  for (const { object } of reader.find(nodes, 'byCluster', cluster)) taker.putNode(object);
  const stored = reader.find(pods.collection, 'byCluster', cluster) as unknown as readonly StoredPod[];
  for (const { object, reservation } of stored) taker.putPod(object, reservation);
}

/** The version of a cluster's control plane; one that says none is taken for 1.34. */
export const kubernetesVersionOf = (reader: Reader, cluster: string): string =>
  reader.get(clusterProfiles, cluster)?.profile.kubernetesVersion ?? '1.34.0';

/** The disruption budgets of a cluster that preemption counts with. */
export const budgetsOf = (reader: Reader, cluster: string): readonly Budget[] =>
  (reader.find(budgets, 'byCluster', cluster) as readonly Stored<DisruptionBudget>[]).flatMap(
    ({ object }) => budgetOf(object) ?? [],
  );
