import type { WriteContext } from '../kube/index.js';
import type { WhatIf } from '../scheduler/index.js';
import type { Rng } from '../sim/index.js';
import type { Transaction } from '../store/index.js';
import { after, hours, instant, milliseconds } from '../units/index.js';
import type { Instant } from '../units/index.js';
import type { Actuator } from './actuation/index.js';
import { cleanUp } from './actuation/index.js';
import type { AutoscalerSettings, Cloud } from './cloud.js';
import { Agenda } from './agenda.js';
import { autoscalers, nodeGroupMemories, nodeMemories } from './memory.js';
import type { AutoscalerMemory } from './memory.js';
import { forgetCounters } from './metrics/counters.js';
import { supposeToCome } from './pending/suppose.js';
import { waitingPods } from './pending/pods.js';
import { scaleUpTurn } from './scale-up/turn.js';
import { Templates } from './templates/templates.js';
import { scaleDownTurn } from './scale-down/turn.js';
import { applyUpkeep } from './state/apply-upkeep.js';
import { stateOf } from './state/cluster-state.js';
import type { ClusterState } from './state/cluster-state.js';
import { removeStatus, writeStatus } from './status/config-map.js';
import { reportOf } from './status/report.js';
import { tellOfStatus } from './tell.js';
import { setAlarms } from './decisions/recorder.js';
import type { Turn } from './turn.js';

/** What a loop runs on. */
export interface LoopParts {
  readonly context: WriteContext;
  readonly cloud: Cloud;
  readonly actuator: Actuator;
  readonly whatIf: (cluster: string) => WhatIf;
  /** Chance, by what it is for. */
  readonly chance: (purpose: string) => Rng;
}

/** What came of a loop. */
export interface LoopEnd {
  readonly memory: AutoscalerMemory;
  readonly settings: AutoscalerSettings;
  /** Something was made to grow or to go: the next loop follows at once, where loops are frequent. */
  readonly isProductive: boolean;
  /** When time alone may change what is decided. */
  readonly nextLook: Instant | undefined;
}

/**
 * One loop of a cluster's autoscaler (cluster autoscaler: RunOnce): looks at the cluster, lets one group grow if pods wait for it,
 * and takes nodes away that were not needed for long enough. Undefined for a cluster without an autoscaler.
 */
export function runOnce(
  tx: Transaction,
  cluster: string,
  parts: LoopParts,
  now: Instant,
): LoopEnd | undefined {
  const { cloud, context } = parts;
  const settings = cloud.settings(tx, cluster);
  if (!settings) {
    end(tx, cluster);
    return undefined;
  }
  const { options } = settings;
  const chance = (purpose: string): Rng => parts.chance(`${purpose} ${cluster}@${String(now)}`);
  const before = tx.get(autoscalers, cluster);
  const basis = { tx, context, cloud, cluster, options, now, chance };
  let memory = before?.run === settings.run ? before : begin(tx, cluster, settings, now);
  if (memory !== before) cleanUp(basis);
  const agenda = new Agenda(now);
  let state = stateOf(tx, cloud, cluster, { now, options });
  if (applyUpkeep(basis, state)) state = stateOf(tx, cloud, cluster, { now, options });
  agenda.addState(state, options);
  if (!state.isHealthy) {
    forgetUnneeded(tx, cluster);
    agenda.add(tellOfStatus(basis, 'Warning', 'ClusterUnhealthy', 'Cluster is unhealthy'));
    writeStatus(basis, reportOf(state, new Map(), basis));
    return { memory: keep(basis, memory), settings, isProductive: false, nextLook: agenda.next };
  }
  const outcome = parts.whatIf(cluster).suppose((supposed) => {
    const turn: Turn = { ...basis, supposed };
    return decide(turn, state, memory, parts.actuator, agenda);
  });
  writeStatus(basis, reportOf(outcome.state, unneededOf(tx, cluster), basis));
  memory = keep(basis, outcome.memory);
  return { memory, settings, isProductive: outcome.isProductive, nextLook: agenda.next };
}

/** Notes that there was a loop now. One that changed nothing, and when one was due, leaves no trace: the next is due as if it had. */
function keep(
  { tx, cluster, now }: Pick<Turn, 'tx' | 'cluster' | 'now'>,
  memory: AutoscalerMemory,
): AutoscalerMemory {
  const wasDue = (now - memory.lastLoop) % memory.scanInterval === 0;
  if (wasDue && !tx.hasWritten) return memory;
  const kept = { ...memory, lastLoop: now };
  tx.put(autoscalers, cluster, kept);
  return kept;
}

/** How many nodes of each group are not needed. */
function unneededOf(tx: Transaction, cluster: string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { kind, group } of tx.find(nodeMemories, 'byCluster', cluster))
    if (kind === 'unneeded') counts.set(group, (counts.get(group) ?? 0) + 1);
  return counts;
}

/** A cluster has an autoscaler no longer: what it kept in mind goes with it. */
function end(tx: Transaction, cluster: string): void {
  if (!tx.get(autoscalers, cluster)) return;
  forgetAll(tx, cluster);
  tx.delete(autoscalers, cluster);
  removeStatus({ tx, cluster });
  setAlarms({ tx, cluster, now: instant(0) }, []);
}

function forgetAll(tx: Transaction, cluster: string): void {
  for (const { key } of tx.findEntries(nodeGroupMemories, 'byCluster', cluster))
    tx.delete(nodeGroupMemories, key);
  for (const { key } of tx.findEntries(nodeMemories, 'byCluster', cluster)) tx.delete(nodeMemories, key);
  forgetCounters(tx, cluster);
}

function decide(
  turn: Turn,
  state: ClusterState,
  before: AutoscalerMemory,
  actuator: Actuator,
  agenda: Agenda,
): {
  readonly memory: AutoscalerMemory;
  readonly isProductive: boolean;
  /** As groups are after what was tried. */
  readonly state: ClusterState;
} {
  const { tx, cluster, options, now } = turn;
  const templates = new Templates(state, turn);
  const { unschedulable, nominated } = waitingPods(tx, cluster, options);
  supposeToCome(tx, cluster, state, templates, nominated, turn);
  const up = scaleUpTurn(turn, state, templates, unschedulable, agenda);
  let memory = up.hasGrown ? { ...before, lastScaleUp: now } : before;
  // Sizes may have changed, or a group be let be: what is decided next is decided on what is so now.
  const present = up.hasTried ? stateOf(tx, turn.cloud, cluster, turn) : state;
  const down = scaleDownTurn(turn, present, templates, memory, actuator, agenda, up.holdsDeletions);
  if (down === 'started') memory = { ...memory, lastDeletion: now };
  if (down === 'failed') memory = { ...memory, lastFailure: now };
  // What was tried has changed what is kept in mind: the next loop may decide otherwise.
  if (up.hasTried || down !== 'nothing') agenda.add(after(now, options.scanInterval));
  return { memory, isProductive: up.hasGrown || down === 'started', state: present };
}

/** An autoscaler that has just been started knows nothing, and is in no cool-down. */
function begin(
  tx: Transaction,
  cluster: string,
  { run, options }: AutoscalerSettings,
  now: Instant,
): AutoscalerMemory {
  forgetAll(tx, cluster);
  const past = instant(now - hours(1));
  return {
    cluster,
    run,
    startedAt: now,
    lastLoop: now,
    scanInterval: options.scanInterval,
    lastScaleUp: past,
    lastDeletion: past,
    lastFailure: past,
  };
}

/** Nodes have to be unneeded anew, for as long as it takes. */
function forgetUnneeded(tx: Transaction, cluster: string): void {
  for (const { key, value } of tx.findEntries(nodeMemories, 'byCluster', cluster))
    if (value.kind === 'unneeded') tx.delete(nodeMemories, key);
}

/** When a loop is due: the first moment, a number of scan intervals after the last loop, that is not before another one. */
export function dueAt({ lastLoop, scanInterval }: AutoscalerMemory, notBefore: Instant): Instant {
  const loops = Math.max(1, Math.ceil((notBefore - lastLoop) / scanInterval));
  return after(lastLoop, milliseconds(loops * scanInterval));
}
