import type { WriteContext } from '../kube/index.js';
import type { Supposed } from '../scheduler/index.js';
import type { Rng } from '../sim/index.js';
import type { Transaction } from '../store/index.js';
import type { Instant } from '../units/index.js';
import type { Cloud } from './cloud.js';
import type { AutoscalerOptions } from './options.js';

/** What a part of a cluster's autoscaler works with, in a loop or as a deletion is carried on. */
export interface Scene {
  readonly tx: Transaction;
  /** Of the cluster's objects and events. */
  readonly context: WriteContext;
  readonly cloud: Cloud;
  readonly cluster: string;
  readonly options: AutoscalerOptions;
  readonly now: Instant;
}

/** What one loop of a cluster's autoscaler works with. */
export interface Turn extends Scene {
  /** The cluster as it would be with what is supposed in this loop. */
  readonly supposed: Supposed;
  /** Chance, by what it is for. */
  readonly chance: (purpose: string) => Rng;
}
