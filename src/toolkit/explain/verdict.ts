import type { Pod } from '../../kube/index.js';
import { anyPool } from './any-pool.js';
import { counted, listed } from './amounts.js';
import { budgetsText, podsText } from './changes/index.js';
import type { Explanation } from './explanation.js';
import type { JudgedPool } from './pool-findings.js';
import type { Question } from './question.js';
import { volumeState } from './volumes.js';

type Verdict = Explanation['verdict'];

/** What has to happen before pods that no node takes can run. */
export function verdictOf(question: Question, judged: readonly JudgedPool[]): Verdict {
  return (
    preemptionVerdict(question) ??
    volumeVerdict(question) ??
    growthVerdict(question, judged) ??
    closedVerdict(question)
  );
}

/** Pods of lower priority leave for it already, or would. */
function preemptionVerdict({ pod, whatIf, waiting }: Question): Verdict | undefined {
  const attempt = whatIf.attempt(pod);
  const kind = 'waiting for preemption';
  if (attempt.kind === 'refused' && attempt.preemption) {
    const { node, victims, violations } = attempt.preemption;
    const more = waiting.length > 1 ? ' The others come after it.' : '';
    return {
      kind,
      text: `It drives ${podsText(victims)} out of node ${node}${budgetsText(violations, victims.length)}.${more}`,
    };
  }
  const { nominatedNodeName } = pod.status ?? {};
  if (!nominatedNodeName || volumesOnTheirWay(pod)) return undefined;
  return attempt.kind === 'refused' && attempt.message.includes('terminating pod')
    ? { kind, text: `Pods are leaving node ${nominatedNodeName} for it.` }
    : undefined;
}

const volumesOnTheirWay = ({ spec }: Pod): boolean =>
  (spec.volumes ?? []).some((volume) => 'persistentVolumeClaim' in volume || 'ephemeral' in volume);

function volumeVerdict(question: Question): Verdict | undefined {
  const state = volumeState(question.pod, question);
  if (state.kind === 'ready') return undefined;
  return {
    kind: state.kind === 'waits' ? 'waiting for a volume' : 'unsatisfiable as written',
    text: state.text,
  };
}

/** A pool that would take it, had it more nodes. */
function growthVerdict({ waiting }: Question, judged: readonly JudgedPool[]): Verdict | undefined {
  const matching = judged.flatMap(({ state, finding, newNodes }) => {
    const { growth } = finding;
    return newNodes.kind === 'take' && growth
      ? [{ name: state.pool.name, growth, needed: newNodes.needed }]
      : [];
  });
  if (matching.length === 0) return undefined;
  const it = waiting.length > 1 ? 'them' : 'it';
  const coming = matching.find(({ growth, needed }) => growth.coming >= needed);
  if (coming)
    return {
      kind: 'waiting for nodes',
      text: `${counted(coming.growth.coming, 'node')} of pool ${coming.name} ${coming.growth.coming === 1 ? 'is' : 'are'} on the way and would take ${it}.`,
    };
  const open = matching.find(({ growth }) => growth.bounds.length === 0);
  if (open)
    return {
      kind: 'waiting for nodes',
      text: `${counted(open.needed, 'more node')} of pool ${open.name} would take ${it}, and its autoscaler may add ${open.needed === 1 ? 'one' : 'them'} (at most ${counted(open.growth.maximum, 'node')}).`,
    };
  const closed = matching.filter(({ growth }) => growth.bounds.every(({ kind }) => kind === 'pool'));
  const kind = closed.length > 0 ? 'pool exhausted' : 'subscription exhausted';
  const told = closed.length > 0 ? closed : matching;
  const texts = told.map(({ name, growth }) => {
    const bounds = growth.bounds.filter((one) => closed.length > 0 || one.kind === 'subscription');
    return `Pool ${name} would take ${it} with ${counted(told.find((one) => one.name === name)?.needed ?? 1, 'more node')}, but ${listed(bounds.map(({ text }) => text))}.`;
  });
  return { kind, text: texts.join(' ') };
}

/** No pool takes it: does any that could be made? */
function closedVerdict(question: Question): Verdict {
  const found = anyPool(question);
  const { waiting, pools } = question;
  if (found.kind === 'possible') {
    const it = waiting.length > 1 ? 'them' : 'it';
    const none =
      pools.length === 1 ? 'The pool does not take' : `None of the ${counted(pools.length, 'pool')} takes`;
    const text = `${none} ${it} as configured, with any number of nodes. A pool of ${found.vmSize} could be made that does.`;
    return { kind: 'cluster exhausted', text };
  }
  return {
    kind: 'unsatisfiable as written',
    text:
      found.text ||
      'No node of any size, zone or label would take it: what it asks for contradicts itself, or is not there.',
  };
}
