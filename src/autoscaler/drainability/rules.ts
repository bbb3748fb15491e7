import type { AutoscalerOptions } from '../options.js';
import { daemonSet } from './daemon-set.js';
import { localStorage } from './local-storage.js';
import { longTerminating } from './long-terminating.js';
import { mirror } from './mirror.js';
import { notSafeToEvict } from './not-safe-to-evict.js';
import { onCompletion } from './on-completion.js';
import { pdb } from './pdb.js';
import { replicaCount } from './replica-count.js';
import { replicated } from './replicated.js';
import type { DrainRule } from './rule.js';
import { safeToEvict } from './safe-to-evict.js';
import { system } from './system.js';
import { terminal } from './terminal.js';

/** Options that choose the rules. */
export type DrainOptions = Pick<
  AutoscalerOptions,
  | 'features'
  | 'skipNodesWithCustomControllerPods'
  | 'minReplicaCount'
  | 'skipNodesWithSystemPods'
  | 'blockingSystemPodTimeout'
  | 'skipNodesWithLocalStorage'
>;

/** The rules in the order in which a pod is held against them (cluster autoscaler: drainability rules). */
export function rulesFor(options: DrainOptions): readonly DrainRule[] {
  const { skipNodesWithCustomControllerPods: minds } = options;
  return [
    mirror,
    longTerminating,
    ...(minds ? [replicaCount(options.minReplicaCount)] : []),
    daemonSet,
    safeToEvict,
    terminal,
    ...(options.features.waitsForCompletion ? [onCompletion] : []),
    replicated(minds ? 'stay' : 'go'),
    ...(options.skipNodesWithSystemPods ? [system(options.blockingSystemPodTimeout)] : []),
    notSafeToEvict,
    ...(options.skipNodesWithLocalStorage ? [localStorage] : []),
    pdb,
  ];
}
