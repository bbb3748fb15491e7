import type { Catalog, LatencyProfile, Subscription } from '../../azure/index.js';
import type { ClusterProfile, Kubernetes } from '../../kube/index.js';
import type { Clock, Seed } from '../../sim/index.js';
import type { Store } from '../../store/index.js';

/** What the life cycle is built from. */
export interface LifecycleParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly seed: Seed;
  readonly subscription: Subscription;
  readonly catalog: Catalog;
  readonly latency: LatencyProfile;
  /** The control planes of the clusters. */
  readonly kubernetes: Kubernetes;
  /** Whether AKS's own workloads run in clusters that don't say. */
  readonly systemWorkloads: ClusterProfile['systemWorkloads'];
}
