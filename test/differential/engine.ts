/** The one place where the product is called. */
import type { Case } from './case.js';

/** A case without what belongs to the file: what the product's scheduler is given. */
export type SchedulingCaseInput = Omit<Case, 'formatVersion' | 'decision'>;

export interface EngineRefusal {
  readonly plugin: string;
  readonly reasons: readonly string[];
  readonly code: 'Unschedulable' | 'UnschedulableAndUnresolvable';
}

/** What the product's scheduler says. */
export interface EngineDecision {
  /** By node; of those looked at. */
  readonly refusals: Readonly<Record<string, EngineRefusal>>;
  /** In the order found. */
  readonly feasible: readonly string[];
  /** Weighted, by node and plugin; a plugin that has nothing to say may be absent. */
  readonly scores: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly totals: Readonly<Record<string, number>>;
  readonly node?: string;
  readonly message?: string;
  readonly preemption?: { readonly node: string; readonly victims: readonly string[] };
}

export type Engine = (input: SchedulingCaseInput) => EngineDecision;

/** Undefined as long as the product has no entry for single decisions. */
export async function loadEngine(): Promise<Engine | undefined> {
  const scheduler: Readonly<Record<string, unknown>> = await import('../../src/scheduler/index.js');
  return isEngine(scheduler['decide']) ? scheduler['decide'] : undefined;
}

const isEngine = (value: unknown): value is Engine => typeof value === 'function';
