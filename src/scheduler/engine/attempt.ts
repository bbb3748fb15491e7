import type { Reader } from '../../store/index.js';
import type { NodeInfo } from '../cache/node-info.js';
import type { PodInfo } from '../cache/pod-info.js';
import type { FeasibleNodes, GivenBack } from '../framework/plugin.js';
import { everyPostFilter } from '../framework/configuration.js';
import { refusalText } from '../framework/refusal-text.js';
import type { Budget } from '../preemption/budgets.js';
import type { Candidate } from '../preemption/dry-run.js';
import { Preemption } from '../preemption/preemption.js';
import { diagnosisText } from './diagnosis.js';
import type { Diagnosis } from './diagnosis.js';
import type { Draw, Engine, Prepared } from './engine.js';

/** What one attempt to schedule a pod comes to. */
export type Outcome =
  | {
      readonly kind: 'placed';
      readonly prepared: Prepared;
      readonly node: NodeInfo;
      readonly feasible: FeasibleNodes;
    }
  | {
      readonly kind: 'refused';
      readonly prepared: Prepared;
      readonly diagnosis: Diagnosis;
      /** As the pod's condition tells it. */
      readonly message: string;
      /** A node to be freed for the pod. */
      readonly candidate?: Candidate;
      /** What is given back so that a node may do. */
      readonly givenBack?: GivenBack;
      /** True when no node is kept for the pod any more. */
      readonly clearsNomination: boolean;
    };

/** Schedules one pod after the other: filters, scores, and looks for pods that could make way (kube-scheduler: scheduleOne). */
export class Attempts {
  readonly #engine: Engine;
  readonly #preemption: Preemption;

  constructor(engine: Engine) {
    this.#engine = engine;
    this.#preemption = new Preemption(engine.cache);
  }

  /** Decides about a pod; its own nomination must not be counted meanwhile. */
  decide(info: PodInfo, reader: Reader, budgets: readonly Budget[], draw: Draw): Outcome {
    const prepared = this.#engine.prepare(info, reader);
    const placement = this.#engine.place(prepared, draw);
    if (placement.kind === 'refused') return this.#refuse(prepared, placement.diagnosis, info, budgets, draw);
    const { node, feasible } = placement;
    return { kind: 'placed', prepared, node, feasible };
  }

  /** What a pod is told that no node will do for, and what can be done about it. */
  #refuse(
    prepared: Prepared,
    diagnosis: Diagnosis,
    info: PodInfo,
    budgets: readonly Budget[],
    draw: Draw,
  ): Outcome {
    const engine = this.#engine;
    const nodes = engine.cache.nodes.length;
    const { profile } = engine.profileOf(info.pod);
    const givenBack = diagnosis.kind === 'filtered' ? prepared.program.giveBack() : undefined;
    const text = (preemption?: string) =>
      refusalText(diagnosis, nodes, { givenBack: givenBack?.message, preemption }, engine.features);
    const refused = { kind: 'refused', prepared, diagnosis, ...(givenBack && { givenBack }) } as const;
    if (profile.disabled?.includes(everyPostFilter) === true)
      return { ...refused, message: diagnosisText(diagnosis, nodes), clearsNomination: false };
    if (nodes === 0 || profile.disabled?.includes('DefaultPreemption') === true)
      return { ...refused, message: text(), clearsNomination: false };
    const outcome = this.#preemption.preempt(
      prepared,
      diagnosis,
      { budgets, nodes },
      profile.args?.DefaultPreemption,
      draw,
    );
    return outcome.kind === 'nominated'
      ? {
          ...refused,
          message: diagnosisText(diagnosis, nodes),
          candidate: outcome.candidate,
          clearsNomination: false,
        }
      : { ...refused, message: text(outcome.message), clearsNomination: outcome.clearsNomination };
  }
}
