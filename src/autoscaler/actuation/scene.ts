import type { WriteContext } from '../../kube/index.js';
import type { Transaction } from '../../store/index.js';
import type { Instant } from '../../units/index.js';
import type { Cloud } from '../cloud.js';
import type { AutoscalerOptions } from '../options.js';

/** What a deletion is carried on with. */
export interface Scene {
  readonly tx: Transaction;
  readonly context: WriteContext;
  readonly cloud: Cloud;
  readonly cluster: string;
  readonly options: AutoscalerOptions;
  readonly now: Instant;
}

/** The first moment at or after `now` of those that follow `since` every so many milliseconds. */
export function onGrid(since: Instant, every: number, now: number): Instant {
  // Moments need not be whole milliseconds: what is a hair past one of them is on it.
  const steps = Math.max(0, Math.ceil((now - since) / every - 1e-6));
  return (since + steps * every) as Instant;
}
