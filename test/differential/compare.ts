/** Where two opinions about a case differ, in words; nothing where they agree. */
import type { Decision } from './case.js';
import type { EngineDecision } from './engine.js';
import type { Refusal, Verdict } from './oracle/index.js';

/** What the engine says against what the oracle says. Where chance decides, any outcome that the rules allow will do. */
export function engineDifferences(engine: EngineDecision, verdict: Verdict): readonly string[] {
  return [
    ...differencesByKey(
      'refusal on',
      mapped(lookedAt(engine.refusals), engineRefusal),
      mapped(verdict.refusals, oracleRefusal),
    ),
    ...difference('feasible nodes', engine.feasible, verdict.feasible),
    ...differencesByKey(
      'scores on',
      mapped(engine.scores, withoutZeros),
      mapped(verdict.scores, withoutZeros),
    ),
    ...differencesByKey('total on', engine.totals, verdict.totals),
    ...nodeDifferences(engine.node, verdict),
    ...difference('message', engine.message, verdict.message),
    ...nominationDifferences(engine.preemption?.node, engine.preemption?.victims, verdict),
  ];
}

/** What was recorded against what the oracle says. */
export function recordedDifferences(recorded: Decision, verdict: Verdict): readonly string[] {
  const { refusals, feasible, scores } = recorded;
  return [
    ...(refusals === undefined
      ? []
      : differencesByKey(
          'refusal on',
          mapped(refusals, oracleRefusal),
          mapped(verdict.refusals, oracleRefusal),
        )),
    ...(feasible === undefined ? [] : difference('feasible nodes', feasible, verdict.feasible)),
    ...(scores === undefined
      ? []
      : differencesByKey('scores on', mapped(scores, withoutZeros), mapped(verdict.scores, withoutZeros))),
    ...nodeDifferences(recorded.node, verdict),
    ...(recorded.message === undefined ? [] : messageDifferences(recorded.message, verdict.message)),
    ...nominationDifferences(recorded.nominatedNode, recorded.victims, verdict),
  ];
}

/** What was recorded against what the engine says; it may have chosen another node of those that are as good. */
export function recordedEngineDifferences(recorded: Decision, engine: EngineDecision): readonly string[] {
  const { node, message, nominatedNode, victims } = recorded;
  const most = Math.max(...Object.values(engine.totals));
  const isAsGood = node !== undefined && (node === engine.node || engine.totals[node] === most);
  return [
    ...(isAsGood ? [] : difference('node', engine.node, node)),
    ...(message === undefined ? [] : messageDifferences(message, engine.message)),
    ...(nominatedNode === undefined || engine.preemption !== undefined
      ? []
      : difference('nominated node', undefined, nominatedNode)),
    ...(victims === undefined || engine.preemption?.node !== nominatedNode
      ? []
      : difference('victims', engine.preemption?.victims.toSorted(), victims.toSorted())),
  ];
}

const codes = { U: 'Unschedulable', UU: 'UnschedulableAndUnresolvable' } as const;

/** A node that no plugin was asked about, because others were named, may be told of or not; the message counts it. */
const lookedAt = (refusals: EngineDecision['refusals']): EngineDecision['refusals'] =>
  Object.fromEntries(
    Object.entries(refusals).filter(
      ([, { reasons }]) => !reasons.some((reason) => reason.startsWith("node(s) didn't satisfy plugin(s) [")),
    ),
  );

/** The order of reasons is nobody's promise. */
const engineRefusal = ({ plugin, reasons, code }: EngineDecision['refusals'][string]) => ({
  plugin,
  code,
  reasons: reasons.toSorted(),
});
const oracleRefusal = ({ plugin, reasons, code }: Refusal) => ({
  plugin,
  code: codes[code],
  reasons: reasons.toSorted(),
});

const withoutZeros = (scores: Readonly<Record<string, number>>): Readonly<Record<string, number>> =>
  Object.fromEntries(Object.entries(scores).filter(([, score]) => score !== 0));

const mapped = <From, To>(
  record: Readonly<Record<string, From>>,
  map: (value: From) => To,
): Readonly<Record<string, To>> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));

function nodeDifferences(node: string | undefined, { best }: Verdict): readonly string[] {
  if (node === undefined && best.length === 0) return [];
  return node !== undefined && best.includes(node)
    ? []
    : [`node: ${text(node)} and not one of ${text(best)}`];
}

function messageDifferences(recorded: string, message: string | undefined): readonly string[] {
  const isCut = Buffer.byteLength(recorded) >= longestEvent - 4 && recorded.endsWith(' ...');
  if (isCut && message?.startsWith(recorded.slice(0, -4)) === true) return [];
  return difference('message', recorded, message);
}

/** Bytes of the note of an event; a longer one is cut, and ends in dots. */
const longestEvent = 1024;

function nominationDifferences(
  node: string | undefined,
  victims: readonly string[] | undefined,
  { nominations }: Verdict,
): readonly string[] {
  if (node === undefined && nominations.length === 0) return [];
  const acceptable = nominations.find((each) => each.node === node);
  if (acceptable === undefined)
    return [`nominated node: ${text(node)} and not one of ${text(nominations.map((each) => each.node))}`];
  return victims === undefined ? [] : difference('victims', victims.toSorted(), acceptable.victims);
}

function differencesByKey(
  what: string,
  left: Readonly<Record<string, unknown>>,
  right: Readonly<Record<string, unknown>>,
): readonly string[] {
  const keys = [...new Set([...Object.keys(left), ...Object.keys(right)])].toSorted();
  return keys.flatMap((key) => difference(`${what} ${key}`, left[key], right[key]));
}

const difference = (what: string, left: unknown, right: unknown): readonly string[] =>
  text(left) === text(right) ? [] : [`${what}: ${text(left)} and not ${text(right)}`];

/** JSON with members in the order of their names. */
function text(value: unknown): string {
  return value === undefined ? 'none' : JSON.stringify(value, sorted);
}

const sorted = (_: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).toSorted(([left], [right]) => (left < right ? -1 : 1)))
    : value;
