import { untolerated } from '../../../kube/index.js';
import type { NodeSelectorTerm, Pod, PodSpec, Taint, Toleration } from '../../../kube/index.js';
import type { Need } from '../../../scheduler/index.js';
import { amountText, quantityText, requestAmount, resourceText, writableAmount } from '../amounts.js';
import type { Change } from '../explanation.js';
import type { Question } from '../question.js';
import { isState } from '../reasons.js';
import { requirementText, taintText } from '../terms.js';
import { templatesOf } from './templates.js';
import { outcomeText } from './outcome-text.js';

/** The pods that wait, with another spec. */
const edited = (question: Question, edit: (spec: PodSpec) => PodSpec): readonly Pod[] =>
  question.waiting.map((pod) => ({ ...pod, spec: edit(pod.spec) }));

/** A change of the pods' spec, if it lets all of them run. */
function tried(
  question: Question,
  edit: (spec: PodSpec) => PodSpec,
  change: Omit<Change, 'text'> & { readonly what: string },
): readonly Change[] {
  const outcome = question.outcome(edited(question, edit));
  if (!outcome) return [];
  const { what, ...rest } = change;
  return [{ ...rest, text: `${what}: ${outcomeText(outcome, question)}` }];
}

/** Tolerate a taint: each one that keeps the pods off nodes, or off those that a pool would get. */
export function tolerations(question: Question): readonly Change[] {
  const { pod } = question;
  const found = new Map<string, Taint>();
  for (const node of templatesOf(question)) {
    const taint = untolerated(node, pod.spec);
    if (taint && !isState(taint)) found.set(taintText(taint), taint);
  }
  return [...found].flatMap(([text, { key, value, effect }]) => {
    const toleration: Toleration = value
      ? { key, operator: 'Equal', value, effect }
      : { key, operator: 'Exists', effect };
    const members = Object.entries(toleration).map(([name, one]) => `${name}: ${JSON.stringify(one)}`);
    return tried(question, (spec) => ({ ...spec, tolerations: [...(spec.tolerations ?? []), toleration] }), {
      kind: 'toleration',
      what: `Tolerate taint ${text}`,
      manifest: `tolerations: [{ ${members.join(', ')} }]`,
    });
  });
}

/** Drop an entry of the node selector, or a requirement of the node affinity. */
export function droppedLabels(question: Question): readonly Change[] {
  const { nodeSelector = {}, affinity } = question.pod.spec;
  const selected = Object.entries(nodeSelector).flatMap(([key, value]) =>
    tried(
      question,
      (spec) => {
        const { [key]: _dropped, ...rest } = spec.nodeSelector ?? {};
        return { ...spec, nodeSelector: rest };
      },
      { kind: 'drop label', what: `Drop ${key}=${value} from the nodeSelector` },
    ),
  );
  const terms =
    affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  const required = terms.flatMap(({ matchExpressions = [] }, at) =>
    matchExpressions.flatMap((expression, index) =>
      tried(question, (spec) => withoutExpression(spec, at, index), {
        kind: 'drop label',
        what: `Drop ${requirementText(expression)} from the required node affinity`,
      }),
    ),
  );
  return [...selected, ...required];
}

/** A spec without one requirement; a term that asks for nothing more goes, and with the last of them the demand. */
function withoutExpression(spec: PodSpec, at: number, index: number): PodSpec {
  const { nodeAffinity } = spec.affinity ?? {};
  const required = nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  if (!required) return spec;
  const terms = required.nodeSelectorTerms.map((term, number): NodeSelectorTerm =>
    number === at ? { ...term, matchExpressions: (term.matchExpressions ?? []).toSpliced(index, 1) } : term,
  );
  const isOpen = terms.some(
    ({ matchExpressions = [], matchFields = [] }) => matchExpressions.length + matchFields.length === 0,
  );
  const { requiredDuringSchedulingIgnoredDuringExecution: _dropped, ...others } = nodeAffinity ?? {};
  const left = isOpen
    ? others
    : { ...others, requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: terms } };
  return { ...spec, affinity: { ...spec.affinity, nodeAffinity: left } };
}

/** Ask for less of the one resource that is short, as much as a node has free. */
export function smallerRequest(question: Question): readonly Change[] {
  const { pod, whatIf } = question;
  const best = new Map<string, Need>();
  for (const [name, { plugin }] of whatIf.fits(pod).refusals) {
    if (plugin !== 'NodeResourcesFit') continue;
    const short = whatIf.needs(pod, name).filter(({ asked, free }) => asked > free);
    const [only] = short;
    if (!only || short.length > 1 || only.resource === 'pods') continue;
    if (only.free > (best.get(only.resource)?.free ?? 0)) best.set(only.resource, only);
  }
  return [...best.values()].flatMap(({ resource, asked, free }) => lowered(question, resource, asked, free));
}

/** With less than this of what it asks for now, it would be another workload. */
const leastShare = 0.25;

function lowered(question: Question, resource: string, asked: number, free: number): readonly Change[] {
  const { pod } = question;
  const target = largestAsker(pod, resource);
  if (!target) return [];
  const kept = writableAmount(resource, target.amount - (asked - free));
  if (kept < target.amount * leastShare) return [];
  const quantity = quantityText(resource, kept);
  const edit = (spec: PodSpec): PodSpec => ({
    ...spec,
    containers: spec.containers.map((container) =>
      container.name === target.name
        ? {
            ...container,
            resources: {
              ...container.resources,
              requests: { ...container.resources?.requests, [resource]: quantity },
            },
          }
        : container,
    ),
  });
  const of = resource === 'cpu' || resource === 'memory' ? '' : ` of ${resourceText(resource)}`;
  const now = amountText(resource, target.amount, 'up');
  return tried(question, edit, {
    kind: 'smaller request',
    what: `Ask for ${amountText(resource, kept)}${of} at most in container ${target.name} (now ${now})`,
    manifest: `resources: { requests: { ${resource}: ${quantity} } }`,
  });
}

/** The container that asks for most of a resource. */
function largestAsker(
  { spec }: Pod,
  resource: string,
): { readonly name: string; readonly amount: number } | undefined {
  const asks = spec.containers.flatMap(({ name, resources }) => {
    const quantity = resources?.requests?.[resource];
    return quantity === undefined ? [] : [{ name, amount: requestAmount(resource, quantity) }];
  });
  return asks.sort((a, b) => b.amount - a.amount)[0];
}

/** Take the gates off. */
export const withoutGates = (question: Question): readonly Change[] =>
  tried(question, ({ schedulingGates: _gates, ...spec }) => spec, {
    kind: 'remove gates',
    what: 'Remove the scheduling gates',
  });

/** Name the scheduler that the cluster has. */
export const ownScheduler = (question: Question): readonly Change[] =>
  tried(question, (spec) => ({ ...spec, schedulerName: 'default-scheduler' }), {
    kind: 'scheduler',
    what: 'Leave it to the scheduler of the cluster',
    manifest: 'schedulerName: default-scheduler',
  });
