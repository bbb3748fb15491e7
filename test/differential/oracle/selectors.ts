/** Label selectors, and selectors of nodes. */
import type {
  LabelRequirement,
  LabelSelector,
  Node,
  NodeRequirement,
  NodeSelector,
  NodeSelectorTerm,
  Pod,
} from '../objects.js';

type Labels = Readonly<Record<string, string>>;

/** All of these must hold; none selects everything. A selector that is absent selects nothing: it has no requirements at all. */
export type Requirements = readonly LabelRequirement[];

export function requirementsOf(selector: LabelSelector): Requirements {
  return [...equalTo(selector.matchLabels ?? {}), ...(selector.matchExpressions ?? [])];
}

export const equalTo = (labels: Labels): Requirements =>
  Object.entries(labels).map(([key, value]) => ({ key, operator: 'In', values: [value] }));

export const allHold = (requirements: readonly NodeRequirement[], labels: Labels): boolean =>
  requirements.every((requirement) => holds(requirement, labels));

/** An absent selector selects nothing, an empty one everything. */
export const selects = (selector: LabelSelector | undefined, labels: Labels = {}): boolean =>
  selector !== undefined && allHold(requirementsOf(selector), labels);

function holds({ key, operator, values = [] }: NodeRequirement, labels: Labels): boolean {
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
  switch (operator) {
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Gt':
    case 'Lt': {
      const [left, right] = [integerOf(value), values.length === 1 ? integerOf(values[0]) : undefined];
      if (left === undefined || right === undefined) return false;
      return operator === 'Gt' ? left > right : left < right;
    }
  }
}

/** A decimal number of 64 bits. */
function integerOf(text: string | undefined): bigint | undefined {
  if (text === undefined || !/^[+-]?\d+$/.test(text)) return undefined;
  const value = BigInt(text.replace(/^\+/, ''));
  return BigInt.asIntN(64, value) === value ? value : undefined;
}

/** Terms are alternatives; in a term everything must hold, and a term without anything selects nothing. */
export const selectsNode = (selector: NodeSelector, node: Node): boolean =>
  selector.nodeSelectorTerms.some((term) => termSelectsNode(term, node));

export function termSelectsNode(term: NodeSelectorTerm, node: Node): boolean {
  const [expressions, fields] = [term.matchExpressions ?? [], term.matchFields ?? []];
  if (expressions.length === 0 && fields.length === 0) return false;
  if (![...expressions].every(isSound) || ![...fields].every(isSoundField)) return false;
  return (
    allHold(expressions, node.metadata.labels ?? {}) &&
    allHold(fields, { 'metadata.name': node.metadata.name })
  );
}

/** A term with a requirement that can't be parsed is passed over, even when the rest of it would decide. */
function isSound({ operator, values = [] }: NodeRequirement): boolean {
  switch (operator) {
    case 'In':
    case 'NotIn':
      return values.length > 0;
    case 'Exists':
    case 'DoesNotExist':
      return values.length === 0;
    case 'Gt':
    case 'Lt':
      return values.length === 1 && integerOf(values[0]) !== undefined;
  }
}

const isSoundField = ({ operator, values = [] }: NodeRequirement): boolean =>
  (operator === 'In' || operator === 'NotIn') && values.length === 1;

/** The pod's nodeSelector and its required node affinity both select the node. */
export function podSelectsNode({ spec }: Pod, node: Node): boolean {
  const required = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  return (
    allHold(equalTo(spec.nodeSelector ?? {}), node.metadata.labels ?? {}) &&
    (required === undefined || selectsNode(required, node))
  );
}
