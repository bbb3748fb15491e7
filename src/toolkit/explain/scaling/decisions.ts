import { scalingDecisions } from '../../../autoscaler/index.js';
import type {
  AskingPods,
  CloudFailure,
  ConsideredGroup,
  RemovedNode,
  ScalingDecision,
  SizeChange,
} from '../../../autoscaler/index.js';
import type { Instant } from '../../../units/index.js';
import { counted, listed } from '../amounts.js';
import type { DecisionFinding, FailureFinding, RemovedFinding } from './explanation.js';
import type { Scene } from './scene.js';
import type { PoolNames } from './words.js';
import { momentText, shareText } from './words.js';

/** Which decisions are told. */
export interface DecisionRange {
  /** Those that were still taken at or after it. */
  readonly since?: Instant;
  /** The newest alone. */
  readonly limit: number;
  /** The pool that they are about, and of which alone is told then. */
  readonly pool?: string;
}

/** What was decided of late, the newest last. */
export function decisionsOf(
  { reader, cluster, poolOf }: Scene,
  { since, limit, pool }: DecisionRange,
): readonly DecisionFinding[] {
  const recent = reader
    .find(scalingDecisions, 'byCluster', cluster)
    .filter(({ lastAt }) => since === undefined || lastAt >= since)
    .flatMap((decision) => narrowed(finding(decision, poolOf), pool) ?? []);
  return recent.slice(-limit);
}

function finding(decision: ScalingDecision, poolOf: PoolNames): DecisionFinding {
  const { at, lastAt, times } = decision;
  const common = { at: momentText(at), lastAt: momentText(lastAt), times };
  switch (decision.kind) {
    case 'scale-up': {
      const { kind, pods, considered, plan, failure } = decision;
      const told = { kind, pods: byPool(pods, poolOf), considered, plan };
      return {
        ...common,
        ...told,
        ...failed(failure, poolOf),
        text: scaleUpText(decision),
      };
    }
    case 'no scale-up': {
      const { kind, pods, considered, exhaustions } = decision;
      return {
        ...common,
        kind,
        pods: byPool(pods, poolOf),
        considered,
        exhaustions,
        text: `no pool grows for ${counted(podsIn(pods), 'pod')}`,
      };
    }
    case 'minimum': {
      const { kind, plan, failure } = decision;
      const text = `${grownText(plan)}, up to the minimum${failureText(failure)}`;
      return { ...common, kind, plan, ...failed(failure, poolOf), text };
    }
    case 'scale-down': {
      const nodes = decision.nodes.map((node) => removed(node, poolOf));
      return { ...common, kind: decision.kind, nodes, text: scaleDownText(nodes) };
    }
    case 'scale-down failed': {
      const { kind, node, group, message } = decision;
      const text = `node ${node} could not be taken away: ${message}`;
      return { ...common, kind, node, pool: poolOf(group), message, text };
    }
    case 'scale-up failed': {
      const { kind, group, failure, nodes } = decision;
      const pool = poolOf(group);
      const text = `${counted(nodes, 'node')} of pool ${pool} did not come: ${failure.code}: ${failure.message}`;
      return { ...common, kind, pool, failure, nodes, text };
    }
  }
}

const byPool = (pods: readonly AskingPods[], poolOf: PoolNames): readonly AskingPods[] =>
  pods.map(({ refusedBy, ...asking }) => ({
    ...asking,
    refusedBy: Object.fromEntries(
      Object.entries(refusedBy).map(([group, reasons]) => [poolOf(group), reasons]),
    ),
  }));

const podsIn = (pods: readonly AskingPods[]): number => pods.reduce((sum, { count }) => sum + count, 0);

type GroupFailure = CloudFailure & { readonly group: string };

function failed(failure: GroupFailure | undefined, poolOf: PoolNames): { readonly failure?: FailureFinding } {
  if (!failure) return {};
  const { group, ...rest } = failure;
  return { failure: { ...rest, pool: poolOf(group) } };
}

const grownText = (plan: readonly SizeChange[]): string =>
  listed(plan.map(({ pool, from, to }) => `${counted(to - from, 'more node')} of pool ${pool}`));

const failureText = (failure: CloudFailure | undefined): string =>
  failure ? ` failed: ${failure.code}: ${failure.message}` : '';

/** Pods that the chosen pool would take, of those that asked. */
function scaleUpText({
  plan,
  pods,
  considered,
  failure,
}: Extract<ScalingDecision, { kind: 'scale-up' }>): string {
  const asked = podsIn(pods);
  const chosen = considered.find((one) => one.kind === 'option' && one.chosen);
  const helped = chosen?.kind === 'option' ? chosen.pods : asked;
  const whom = helped < asked ? `${String(helped)} of ${counted(asked, 'pod')}` : counted(asked, 'pod');
  return `${grownText(plan)} for ${whom}${failureText(failure)}`;
}

const removed = ({ unneededSince, ...node }: RemovedNode, poolOf: PoolNames): RemovedFinding => ({
  ...node,
  pool: poolOf(node.group),
  unneededSince: momentText(unneededSince),
});

/** One node by its name and use; several by their pools. */
function scaleDownText(nodes: readonly RemovedFinding[]): string {
  const [only, ...more] = nodes;
  if (only && more.length === 0) {
    const { node, pool, kind, utilization, pods } = only;
    const how =
      kind === 'empty' ? 'empty' : `used ${shareText(utilization)}, ${counted(pods.length, 'pod')} moved`;
    return `node ${node} of pool ${pool} goes (${how})`;
  }
  const pools = new Map<string, number>();
  for (const { pool } of nodes) pools.set(pool, (pools.get(pool) ?? 0) + 1);
  return `${listed([...pools].map(([pool, count]) => `${counted(count, 'node')} of pool ${pool}`))} go`;
}

/** What a decision has to do with one pool; undefined for nothing. */
function narrowed(decision: DecisionFinding, pool: string | undefined): DecisionFinding | undefined {
  if (pool === undefined) return decision;
  const isAbout = (one: { readonly pool: string }): boolean => one.pool === pool;
  switch (decision.kind) {
    case 'scale-up':
    case 'no scale-up': {
      const considered: readonly ConsideredGroup[] = decision.considered.filter(isAbout);
      // Pools that a chosen one is balanced with are in the plan.
      const isIn = decision.kind === 'scale-up' && decision.plan.some(isAbout);
      return considered.length > 0 || isIn ? { ...decision, considered } : undefined;
    }
    case 'minimum':
      return decision.plan.some(isAbout) ? decision : undefined;
    case 'scale-down':
      return decision.nodes.some(isAbout)
        ? { ...decision, nodes: decision.nodes.filter(isAbout) }
        : undefined;
    case 'scale-down failed':
    case 'scale-up failed':
      return isAbout(decision) ? decision : undefined;
  }
}
