import { counted, isScalingWell } from '../../../toolkit/index.js';
import type { AlarmFinding, ScalingExplanation, ScalingNode, ScalingPool } from '../../../toolkit/index.js';
import { paragraph } from '../layout.js';
import type { Layout } from '../layout.js';
import { notesTable } from '../notes-table.js';
import { decisionList } from './decision-text.js';

/** Rows of a pool's nodes; of the others, how many there are. */
const toldRows = 10;

/** An explanation of scaling for people: what is exhausted, the pools, their nodes, and what was decided. */
export function scalingText(explanation: ScalingExplanation, layout: Layout): string {
  const { alarms, pools, nodes, decisions } = explanation;
  return [
    head(explanation, layout),
    ...(alarms.length > 0 ? [alarmList(alarms, layout)] : []),
    poolTable(pools, layout),
    ...(nodes.length > 0 ? [nodeTable(nodes, layout)] : []),
    decisionList(decisions, layout),
  ].join('\n');
}

function head({ cluster, verdict, autoscaler }: ScalingExplanation, { width, paint }: Layout): string {
  const colour = isScalingWell(verdict.kind) ? paint.good : paint.bad;
  const title = `${paint.bold(`Cluster ${cluster.resourceGroup}/${cluster.name}`)}: ${colour(verdict.kind)}\n`;
  const { lastLoop, scanSeconds, coolDown } = autoscaler;
  const looks =
    lastLoop === undefined
      ? []
      : [
          `Its autoscaler looks every ${String(scanSeconds)} s, and had last anything to decide at ${lastLoop}.`,
        ];
  const texts = [verdict.text, ...looks, ...(coolDown ? [coolDown.text] : [])];
  return `${title}${texts.map((text) => paragraph(text, width, '  ')).join('')}`;
}

function alarmList(alarms: readonly AlarmFinding[], { width, paint }: Layout): string {
  const items = alarms.map(({ text, remedy, command }, index) => {
    const number = `${String(index + 1).padStart(3)}. `;
    const indent = ' '.repeat(number.length);
    // Commands are to be copied: they are not wrapped.
    const code = command === undefined ? '' : `${indent}${paint.dim(command)}\n`;
    return `${paragraph(`${text}.`, width, number)}${paragraph(`${remedy}.`, width, indent)}${code}`;
  });
  return `${paint.bold('What is exhausted, and what would help:')}\n${items.join('')}`;
}

const poolTable = (pools: readonly ScalingPool[], layout: Layout): string =>
  notesTable(
    ['POOL', 'MIN', 'NODES', 'MAX', 'GROWTH'],
    pools.map(({ name, min, target, max, texts }) => ({
      cells: [name, String(min), String(target), String(max)],
      notes: texts,
    })),
    layout,
  );

/** Those that go first come first. */
const order: readonly ScalingNode['kind'][] = [
  'leaving',
  'unneeded',
  'failed',
  'awaited',
  'unremovable',
  'kept',
];

/** Nodes of which the same is to be said share a row. */
function nodeTable(nodes: readonly ScalingNode[], layout: Layout): string {
  const rows = [...grouped(nodes, ({ pool }) => pool)].flatMap(([pool, own]) => {
    const sorted = [...own].sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
    const alike = [...grouped(sorted, ({ text }) => text).values()];
    const told = alike.slice(0, toldRows).map((some) => ({
      cells: [pool, namesText(some)],
      notes: [some[0]?.text ?? ''],
    }));
    const left = alike.slice(toldRows).flat();
    return left.length === 0 ? told : [...told, { cells: [pool, '(others)'], notes: [countsText(left)] }];
  });
  return notesTable(['POOL', 'NODE', 'MAY IT GO'], rows, layout);
}

function namesText(nodes: readonly ScalingNode[]): string {
  const [first, ...more] = nodes;
  return `${first?.node ?? ''}${more.length > 0 ? ` and ${counted(more.length, 'other')}` : ''}`;
}

/** `40 stay: NotUnderutilized, 2 leaving`. */
function countsText(nodes: readonly ScalingNode[]): string {
  const kinds = grouped(nodes, (one) =>
    one.kind === 'unremovable' ? `stay: ${one.reason}` : one.kind === 'kept' ? 'stay' : one.kind,
  );
  return [...kinds].map(([kind, own]) => `${String(own.length)} ${kind}`).join(', ');
}

function grouped<T>(items: readonly T[], by: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const known = groups.get(by(item));
    if (known) known.push(item);
    else groups.set(by(item), [item]);
  }
  return groups;
}
