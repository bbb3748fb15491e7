import { counted, shareText } from '../../../toolkit/index.js';
import type { DecisionFinding, RemovedFinding } from '../../../toolkit/index.js';
import { paragraph } from '../layout.js';
import type { Layout } from '../layout.js';

/** Pods of a node that are named. */
const namedPods = 5;

/** What was decided, one decision after the other: what asked, what each pool was, and what came of it. */
export function decisionList(decisions: readonly DecisionFinding[], layout: Layout): string {
  const { width, paint } = layout;
  if (decisions.length === 0) return 'Nothing was decided.\n';
  const items = decisions.map((decision) => {
    const again = decision.times > 1 ? ` (${String(decision.times)} times, last at ${decision.lastAt})` : '';
    const first = `  ${decision.at}  `;
    const head = paragraph(`${decision.text}${again}`, width, first);
    const details = detailsOf(decision).map((text) => paragraph(text, width, ' '.repeat(6), ' '.repeat(8)));
    return `${head}${details.join('')}`;
  });
  return `${paint.bold('Decisions, the newest last:')}\n${items.join('')}`;
}

function detailsOf(decision: DecisionFinding): readonly string[] {
  switch (decision.kind) {
    case 'scale-up':
      return [...askedTexts(decision), ...consideredTexts(decision), ...planTexts(decision)];
    case 'no scale-up':
      return [...askedTexts(decision), ...consideredTexts(decision)];
    case 'minimum':
      return planTexts(decision);
    case 'scale-down':
      return decision.nodes.map(removedText);
    case 'scale-down failed':
    case 'scale-up failed':
      return [];
  }
}

type Asked = Extract<DecisionFinding, { kind: 'scale-up' | 'no scale-up' }>;

const askedTexts = ({ pods }: Asked): readonly string[] =>
  pods.map(({ count, example, controller }) =>
    count === 1
      ? `asked: pod ${example}`
      : `asked: ${counted(count, 'pod')}${controller === undefined ? '' : ` of ${controller}`}, e.g. ${example}`,
  );

const consideredTexts = ({ considered, pods }: Asked): readonly string[] =>
  considered.map((group) => {
    const pool = `pool ${group.pool} (${String(group.targetSize)} of ${String(group.maxSize)})`;
    switch (group.kind) {
      case 'skipped':
        return `${pool}: not asked, ${group.reason}`;
      case 'no help': {
        const reasons = new Set(pods.flatMap(({ refusedBy }) => refusedBy[group.pool] ?? []));
        return `${pool}: no help${reasons.size > 0 ? `, ${[...reasons].join('; ')}` : ''}`;
      }
      case 'option': {
        const would = `${counted(group.nodes, 'node')} for ${counted(group.pods, 'pod')}`;
        const scores = group.scores.map(
          ({ expander, score, kept }) =>
            `${expander}${score === undefined ? '' : ` ${String(rounded(score))}`}${kept ? '' : ' left it out'}`,
        );
        const how = scores.length > 0 ? ` (${scores.join(', ')})` : '';
        return `${pool}: ${would}${group.chosen ? ', chosen' : ''}${how}`;
      }
    }
  });

const rounded = (score: number): number => Math.round(score * 1000) / 1000;

const planTexts = ({ plan }: Extract<DecisionFinding, { kind: 'scale-up' | 'minimum' }>): readonly string[] =>
  plan.map(
    ({ pool, from, to, max }) =>
      `plan: pool ${pool} from ${String(from)} to ${counted(to, 'node')} (at most ${String(max)})`,
  );

function removedText({ node, pool, kind, utilization, pods, unneededSince }: RemovedFinding): string {
  const how = kind === 'empty' ? 'empty' : `used ${shareText(utilization)}`;
  const named = pods.slice(0, namedPods).join(', ');
  const more = pods.length > namedPods ? ` and ${String(pods.length - namedPods)} more` : '';
  const moved = pods.length > 0 ? `; moved: ${named}${more}` : '';
  return `node ${node} of pool ${pool}: ${how}, unneeded since ${unneededSince}${moved}`;
}
