import {
  autoscalers,
  defaultOptions,
  memoryKey,
  nodeDeletions,
  nodeGroupMemories,
  nodeMemories,
  scalingAlarms,
  scalingDecisions,
} from '../../../autoscaler/index.js';
import type {
  AutoscalerMemory,
  AutoscalerOptions,
  Cloud,
  NodeGroup,
  NodeGroupMemory,
  NodeMemory,
  ScalingAlarm,
  ScalingDecision,
} from '../../../autoscaler/index.js';
import type { Collection, Transaction } from '../../../store/index.js';
import { after, hours, instant, minutes, seconds } from '../../../units/index.js';
import type { Duration, Instant } from '../../../units/index.js';
import { Case } from '../fixtures.js';
import { explainScaling } from './explain.js';
import type { ScalingRequest } from './explain.js';
import type { ScalingExplanation } from './explanation.js';

/** The moment that tests are about. */
export const noon = instant(Date.UTC(2026, 7, 21, 12));

/** So many minutes before noon. */
export const before = (n: number): Instant => instant(noon - minutes(n));

type Without<T, Name extends string> = T extends unknown ? Omit<T, Name> : never;

/** What tests say of a group: a pool of no nodes between 0 and 3, unless they say otherwise. */
export type GroupDraft = Partial<NodeGroup> & Pick<NodeGroup, 'pool'>;

/** What an autoscaler is supposed to have in mind and to have written down. */
export interface Records {
  readonly groups?: readonly GroupDraft[];
  readonly options?: Partial<AutoscalerOptions>;
  /** Undefined: it has not looked yet. */
  readonly memory?: Partial<AutoscalerMemory> | 'none';
  readonly groupMemories?: readonly (Partial<NodeGroupMemory> & Pick<NodeGroupMemory, 'group'>)[];
  readonly nodeMemories?: readonly Without<NodeMemory, 'cluster'>[];
  readonly alarms?: readonly Without<ScalingAlarm, 'cluster'>[];
  readonly decisions?: readonly (Without<ScalingDecision, 'cluster' | 'sequence' | 'lastAt' | 'times'> &
    Partial<Pick<ScalingDecision, 'lastAt' | 'times'>>)[];
}

/** A group's id is its pool's scale set. */
export const groupId = (pool: string): string => `aks-${pool}-1-vmss`;

const groupOf = (draft: GroupDraft): NodeGroup => ({
  id: groupId(draft.pool),
  minSize: 0,
  maxSize: 3,
  targetSize: draft.instances?.length ?? 0,
  instances: [],
  options: {},
  isHeld: false,
  ...draft,
});

const collections: readonly Collection<unknown>[] = [
  autoscalers,
  nodeGroupMemories,
  nodeMemories,
  nodeDeletions,
  scalingAlarms,
  scalingDecisions,
];

let shared: Case | undefined;

/** The one cluster of all cases, at noon, without any records. */
function cleanCase(): Case {
  shared ??= new Case();
  const { store, clock } = shared.world;
  if (clock.now() < noon) clock.step((noon - clock.now()) as Duration);
  store.transact((tx) => {
    for (const collection of collections)
      for (const { key } of tx.entries(collection)) tx.delete(collection, key);
  });
  return shared;
}

/** A cluster of two system nodes whose autoscaler's records are made up; no autoscaler runs. There is one at a time. */
export class ScalingCase {
  readonly world = cleanCase();
  readonly #records: Records;

  constructor(records: Records) {
    this.#records = records;
    this.world.world.store.transact((tx) => this.#write(tx));
  }

  explain(question: Partial<ScalingRequest> = {}): ScalingExplanation {
    const { store, clock, subscription } = this.world.world;
    return explainScaling(
      { store, clock, subscription, cloud: this.#cloud() },
      { resourceGroup: 'rg1', cluster: 'shop', limit: 10, ...question },
    );
  }

  #write(tx: Transaction): void {
    const { cluster } = this.world;
    const records = this.#records;
    const past = instant(noon - hours(1));
    const memory: AutoscalerMemory = {
      cluster,
      run: '1',
      startedAt: past,
      lastLoop: noon,
      scanInterval: seconds(10),
      lastScaleUp: past,
      lastDeletion: past,
      lastFailure: past,
      ...(records.memory === 'none' ? {} : records.memory),
    };
    if (records.memory !== 'none') tx.put(autoscalers, cluster, memory);
    for (const one of records.groupMemories ?? [])
      tx.put(nodeGroupMemories, memoryKey(cluster, one.group), {
        cluster,
        unregistered: {},
        failed: [],
        ...one,
      });
    for (const one of records.nodeMemories ?? [])
      tx.put(nodeMemories, memoryKey(cluster, one.node), { cluster, ...one });
    for (const [index, one] of (records.alarms ?? []).entries())
      tx.put(scalingAlarms, `${cluster}/${String(index)}`, { cluster, ...one });
    for (const [index, one] of (records.decisions ?? []).entries())
      tx.put(scalingDecisions, `${cluster}/${String(index).padStart(9, '0')}`, {
        cluster,
        sequence: index + 1,
        lastAt: one.at,
        times: 1,
        ...one,
      });
  }

  #cloud(): Cloud {
    const { groups = [], options } = this.#records;
    const settings = { options: { ...defaultOptions(34), ...options }, run: '1' };
    return {
      clusters: () => [this.world.cluster],
      settings: () => (groups.length > 0 ? settings : undefined),
      groups: () => groups.map(groupOf),
      template: () => undefined,
      drawsTemplate: () => false,
      hourlyPrice: () => undefined,
      increase: () => undefined,
      decreaseTarget: () => undefined,
      deleteNodes: () => undefined,
      follows: [],
    };
  }
}

/** After noon by minutes. */
export const later = (n: number): Instant => after(noon, minutes(n));
