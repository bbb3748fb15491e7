/** What a plugin is to the oracle. */
import type { Case, PluginArguments } from '../case.js';
import type { Pod } from '../objects.js';
import type { Cluster, NodeView } from './cluster.js';
import type { Version } from './version.js';

/** `U`: removing pods may help. `UU`: it won't. */
export type Code = 'U' | 'UU';

/** Why a plugin does not want the pod on a node. */
export interface Refusal {
  readonly plugin: string;
  readonly reasons: readonly string[];
  readonly code: Code;
}

/** One attempt to schedule one pod. */
export interface Attempt {
  readonly input: Case;
  readonly version: Version;
  readonly pod: Pod;
  readonly cluster: Cluster;
  readonly args: PluginArguments;
}

export type Rejection = Omit<Refusal, 'plugin'>;

/** What a plugin makes of the pod before it looks at single nodes. */
export type Preparation =
  /** It has nothing to say about this pod. */
  | { readonly kind: 'skip' }
  /** The pod can go nowhere. */
  | { readonly kind: 'reject'; readonly message: string }
  | {
      readonly kind: 'filter';
      /** Only these nodes are worth a look. */
      readonly only?: ReadonlySet<string>;
      readonly filter: (view: NodeView) => Rejection | undefined;
    };

/** Numbers from 0 to 100 for nodes, in their order; undefined when the plugin has nothing to say. */
export type Scores = readonly number[] | undefined;

export interface Plugin {
  readonly name: string;
  readonly prepare?: (attempt: Attempt) => Preparation;
  /** Whether `prepare` is an extension of its own (PreFilter), or the plugin only looks at nodes. */
  readonly hasPreFilter?: boolean;
  readonly score?: (attempt: Attempt, feasible: readonly NodeView[]) => Scores;
}

export const refused = (code: Code, ...reasons: readonly string[]): Rejection => ({ reasons, code });

/** Division of whole numbers, towards zero. */
export const quotient = (dividend: number, divisor: number): number => Math.trunc(dividend / divisor);

/** Scales to 0..100 with the greatest score at 100, or (reversed) at 0. */
export function normalized(scores: readonly number[], order: 'straight' | 'reversed'): readonly number[] {
  const greatest = Math.max(0, ...scores);
  return scores.map((score) => {
    const share = greatest === 0 ? 0 : quotient(100 * score, greatest);
    return order === 'straight' ? share : 100 - share;
  });
}
