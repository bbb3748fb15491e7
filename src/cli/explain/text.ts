import { amountText, counted, isWell } from '../../toolkit/index.js';
import type { Change, Explanation, PoolFinding } from '../../toolkit/index.js';
import { paragraph } from './layout.js';
import type { Layout } from './layout.js';
import { notesTable } from './notes-table.js';

/** An explanation for people: the verdict, the pools one by one, and what would help. */
export function explanationText(explanation: Explanation, layout: Layout): string {
  const { pools, changes, verdict } = explanation;
  return [
    head(explanation, layout),
    ...(pools.length > 0 ? [poolTable(pools, layout)] : []),
    ...(changes.length > 0 ? [changeList(changes, layout)] : []),
    ...(changes.length === 0 && mayBeHelped(verdict.kind)
      ? [paragraph('No single change was found that would let it run.', layout.width)]
      : []),
  ].join('\n');
}

const mayBeHelped = (kind: Explanation['verdict']['kind']): boolean =>
  kind.endsWith('exhausted') || kind === 'unsatisfiable as written';

function head({ pod, verdict, asks }: Explanation, { width, paint }: Layout): string {
  const { namespace, name, kind, replicas } = pod;
  const colour = isWell(verdict.kind) ? paint.good : paint.bad;
  const title = `${paint.bold(`${kind} ${namespace}/${name}`)}: ${colour(verdict.kind)}\n`;
  const requests = Object.entries(asks)
    .map(([resource, amount]) => askText(resource, amount))
    .join(', ');
  const each = replicas ? `Each of its ${String(replicas.asked)} pods asks` : 'It asks';
  const fit = replicas && replicas.fit < replicas.asked ? ` ${fitting(replicas.fit)}` : '';
  const asking = requests === '' ? `${each} for nothing.${fit}` : `${each} for ${requests}.${fit}`;
  return `${title}${paragraph(verdict.text, width, '  ')}${paragraph(asking, width, '  ')}`;
}

const fitting = (fit: number): string =>
  fit === 0 ? 'None of them fits.' : `${String(fit)} of them ${fit === 1 ? 'fits' : 'fit'}.`;

function askText(resource: string, amount: number): string {
  const text = amountText(resource, amount, 'up');
  if (resource === 'cpu') return text;
  if (resource === 'memory') return `${text} of memory`;
  return resource === 'ephemeral-storage' ? `${text} of temporary storage` : `${text} ${resource}`;
}

const headings = ['POOL', 'NODES', 'FIT', 'WHY NOT'] as const;

const poolTable = (pools: readonly PoolFinding[], layout: Layout): string =>
  notesTable(
    headings,
    pools.map((pool) => ({
      cells: [pool.name ?? '(no pool)', String(pool.nodes), String(pool.fits)],
      notes: notesOf(pool),
    })),
    layout,
  );

/** What is said of a pool, one note a line. */
function notesOf({ fits, reasons, newNode, growth }: PoolFinding): readonly string[] {
  const notes = reasons.map(({ nodes: count, text }) =>
    reasons.length === 1 && fits === 0 ? text : `${counted(count, 'node')}: ${text}`,
  );
  if (fits > 0) return notes;
  const added = newNode
    ? !reasons.some(({ rule }) => rule === newNode.rule)
      ? [`a new node: ${newNode.text}`]
      : []
    : growthNotes(growth);
  return [...notes, ...added];
}

function growthNotes(growth: PoolFinding['growth']): readonly string[] {
  if (growth?.needed === undefined) return [];
  const more = `${counted(growth.needed, 'more node')} would do`;
  if (growth.coming >= growth.needed) return [`${more}: ${String(growth.coming)} on the way`];
  if (growth.bounds.length === 0)
    return [`${more}: its autoscaler may add up to ${String(growth.maximum)} in all`];
  return [`${more}, but ${growth.bounds.map(({ text }) => text).join('; ')}`];
}

function changeList(changes: readonly Change[], { width, paint }: Layout): string {
  const title = changes.length === 1 ? 'One change is enough:' : 'Any one of these is enough:';
  const items = changes.map(({ text, command, manifest }, index) => {
    const number = `${String(index + 1).padStart(3)}. `;
    const indent = ' '.repeat(number.length);
    // Commands and manifests are to be copied: they are not wrapped.
    const code = [command, manifest].flatMap((one) =>
      one === undefined ? [] : [`${indent}${paint.dim(one)}\n`],
    );
    return `${paragraph(text, width, number)}${code.join('')}`;
  });
  return `${paint.bold(title)}\n${items.join('')}`;
}
