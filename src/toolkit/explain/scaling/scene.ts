import type { AutoscalerMemory, AutoscalerOptions, Cloud, NodeGroup } from '../../../autoscaler/index.js';
import type { ManagedCluster } from '../../../nodepools/index.js';
import type { Reader } from '../../../store/index.js';
import type { Instant } from '../../../units/index.js';
import type { PoolNames } from './words.js';

/** A cluster with an autoscaler at one moment, and what is asked about it. */
export interface Scene {
  readonly reader: Reader;
  readonly cloud: Cloud;
  readonly managed: ManagedCluster;
  /** The cluster's key. */
  readonly cluster: string;
  readonly options: AutoscalerOptions;
  /** Undefined until the autoscaler has looked for the first time. */
  readonly memory: AutoscalerMemory | undefined;
  /** The groups that are asked about. */
  readonly groups: readonly NodeGroup[];
  readonly poolOf: PoolNames;
  readonly now: Instant;
}
