import { daemonSets, nodes, podDisruptionBudgets, pods } from '../kube/index.js';
import type { Pod, Stored, WriteContext } from '../kube/index.js';
import type { WhatIf } from '../scheduler/index.js';
import { WorkQueue } from '../sim/index.js';
import type { Clock, Seed } from '../sim/index.js';
import type { Change, Store } from '../store/index.js';
import { instant } from '../units/index.js';
import { Actuator } from './actuation/index.js';
import type { Cloud } from './cloud.js';
import { recordDecision } from './decisions/recorder.js';
import { dueAt, runOnce } from './loop.js';
import { autoscalers } from './memory.js';
import { isUnschedulable } from './pending/pods.js';

/** What the autoscalers of a world's clusters run on. */
export interface AutoscalerInit {
  readonly store: Store;
  readonly clock: Clock;
  readonly seed: Seed;
  readonly context: WriteContext;
  readonly cloud: Cloud;
  readonly whatIf: (cluster: string) => WhatIf;
  /** `every loop` runs loops in which nothing can change too. Default: only the others. */
  readonly loops?: 'every loop' | 'those that matter';
}

const ofKubernetes = [pods.collection, nodes, podDisruptionBudgets.collection, daemonSets.collection];
const isOfKubernetes = new Set(ofKubernetes.map(({ name }) => name));

/**
 * The autoscalers of a world's clusters. Loops stand at the scan interval, one after the other; those in which neither a change nor
 * the time could have brought anything new are left out, so that a quiet week costs nothing.
 */
export class Autoscaler {
  readonly #init: AutoscalerInit;
  readonly #actuator: Actuator;
  readonly #turns: WorkQueue;
  readonly #ofCloud: ReadonlySet<string>;

  constructor(init: AutoscalerInit) {
    this.#init = init;
    this.#actuator = new Actuator({
      ...init,
      onFailure: (tx, { cluster, node, group }, message) => {
        const decision = { kind: 'scale-down failed', node, group, message } as const;
        recordDecision({ tx, cluster, now: init.clock.now() }, decision);
      },
    });
    this.#ofCloud = new Set(init.cloud.follows.map(({ name }) => name));
    this.#turns = new WorkQueue({
      name: 'autoscaling',
      clock: init.clock,
      reconcile: (cluster) => this.#run(cluster),
      // What happens at the moment of a loop is seen by it, in whatever order it came about.
      turn: 'last',
    });
  }

  /** Takes up the clusters that there are, then follows what changes. */
  start(): void {
    const { store, cloud } = this.#init;
    this.#actuator.start();
    for (const cluster of this.#clusters()) this.#wake(cluster);
    store.watch({ collections: [...ofKubernetes, ...cloud.follows] }, ({ changes }) => this.#follow(changes));
  }

  #follow(changes: readonly Change[]): void {
    const touched = new Set<string>();
    let isOfCloud = false;
    for (const change of changes) {
      if (this.#ofCloud.has(change.collection)) isOfCloud = true;
      else if (isOfKubernetes.has(change.collection)) this.#touch(change, touched);
    }
    if (isOfCloud) for (const cluster of this.#clusters()) touched.add(cluster);
    for (const cluster of touched) this.#wake(cluster);
  }

  /** Clusters that have an autoscaler, and those that had one. */
  #clusters(): ReadonlySet<string> {
    const { store, cloud } = this.#init;
    return new Set([...cloud.clusters(store), ...store.entries(autoscalers).map(({ key }) => key)]);
  }

  #touch({ collection, before, after }: Change, touched: Set<string>): void {
    const { cluster } = (after ?? before) as Stored;
    touched.add(cluster);
    if (collection !== pods.collection.name || !findsNoNode(after) || findsNoNode(before)) return;
    if (isFrequent(this.#init, cluster)) this.#turns.add(cluster);
  }

  /** The next loop looks at what there is. */
  #wake(cluster: string): void {
    const { store, clock } = this.#init;
    const memory = store.get(autoscalers, cluster);
    // A loop that was due at a moment that is over had its turn, even if it was left out.
    const notBefore = clock.isOver() ? instant(clock.now() + 1) : clock.now();
    if (memory) this.#turns.addAt(cluster, dueAt(memory, notBefore));
    else this.#turns.add(cluster);
  }

  #run(cluster: string): void {
    const { store, clock, seed, cloud, context, whatIf, loops } = this.#init;
    const parts = {
      context,
      cloud,
      whatIf,
      actuator: this.#actuator,
      chance: (purpose: string) => seed.stream('autoscaler', purpose),
    };
    const end = store.transact((tx) => runOnce(tx, cluster, parts, clock.now()));
    if (!end) return;
    if (end.isProductive && end.settings.options.features.frequentLoops) this.#turns.add(cluster);
    const later = instant(clock.now() + 1);
    const next = loops === 'every loop' ? later : end.nextLook;
    if (next !== undefined) this.#turns.addAt(cluster, dueAt(end.memory, instant(Math.max(next, later))));
  }
}

const isFrequent = ({ cloud, store }: AutoscalerInit, cluster: string): boolean =>
  cloud.settings(store, cluster)?.options.features.frequentLoops === true;

/** True for a pod, as a change has it, that finds no node. */
const findsNoNode = (stored: unknown): boolean =>
  stored !== undefined && isUnschedulable((stored as Stored<Pod>).object);
