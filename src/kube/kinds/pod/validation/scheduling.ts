import type { Faults } from '../../../api/field-error.js';
import { labelValueFaults, nameFault, qualifiedNameFaults } from '../../../api/names.js';
import type { LabelSelector } from '../../../selectors/index.js';
import { checkLabelSelector } from '../../selector-validation.js';
import type {
  Affinity,
  NodeSelector,
  NodeSelectorRequirement,
  NodeSelectorTerm,
  PodAffinity,
  PodAffinityTerm,
  TopologySpreadConstraint,
} from '../affinity.js';
import type { Toleration } from '../pod.js';

const taintEffects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];

/** The effect of a taint, or of a toleration, which may leave it out. */
export const checkTaintEffect = (faults: Faults, at: string, effect: string | undefined): void =>
  faults.oneOf(at, effect === '' ? undefined : effect, taintEffects);

/** Tolerations (core validation: ValidateTolerations). */
export function checkTolerations(faults: Faults, at: string, tolerations: readonly Toleration[]): void {
  for (const [index, toleration] of tolerations.entries()) {
    const place = `${at}[${String(index)}]`;
    const { key = '', value = '', effect, tolerationSeconds } = toleration;
    const operator: string = toleration.operator ?? '';
    if (key !== '') faults.invalid(`${place}.key`, key, qualifiedNameFaults(key));
    else if (operator !== 'Exists') {
      const text = 'operator must be Exists when `key` is empty, which means "match all values and all keys"';
      faults.invalid(`${place}.operator`, operator, text);
    }
    if (tolerationSeconds !== undefined && effect !== 'NoExecute') {
      const text = "effect must be 'NoExecute' when `tolerationSeconds` is set";
      faults.invalid(`${place}.effect`, effect ?? '', text);
    }
    if (operator === '' || operator === 'Equal')
      faults.invalid(`${place}.operator`, value, labelValueFaults(value));
    else if (operator === 'Exists') {
      if (value !== '')
        faults.invalid(`${place}.operator`, value, "value must be empty when `operator` is 'Exists'");
    } else faults.oneOf(`${place}.operator`, operator, ['Equal', 'Exists']);
    checkTaintEffect(faults, `${place}.effect`, effect);
  }
}

/** Affinity to nodes and to other pods (core validation: validateAffinity). */
export function checkAffinity(faults: Faults, at: string, affinity: Affinity): void {
  const { nodeAffinity, podAffinity, podAntiAffinity } = affinity;
  if (nodeAffinity) {
    const {
      requiredDuringSchedulingIgnoredDuringExecution: hard,
      preferredDuringSchedulingIgnoredDuringExecution: soft = [],
    } = nodeAffinity;
    const place = `${at}.nodeAffinity`;
    if (hard) checkNodeSelector(faults, `${place}.requiredDuringSchedulingIgnoredDuringExecution`, hard);
    for (const [index, { weight, preference }] of soft.entries()) {
      const term = `${place}.preferredDuringSchedulingIgnoredDuringExecution[${String(index)}]`;
      checkWeight(faults, `${term}.weight`, weight);
      // A value that no label can have does no harm in a preference.
      checkNodeSelectorTerm(faults, `${term}.preference`, preference ?? {}, 'anyValue');
    }
  }
  if (podAffinity) checkPodAffinity(faults, `${at}.podAffinity`, podAffinity);
  if (podAntiAffinity) checkPodAffinity(faults, `${at}.podAntiAffinity`, podAntiAffinity);
}

function checkWeight(faults: Faults, at: string, weight: number | undefined): void {
  if (weight === undefined || weight < 1 || weight > 100)
    faults.invalid(at, weight ?? 0, 'must be in the range 1-100');
}

export function checkNodeSelector(
  faults: Faults,
  at: string,
  { nodeSelectorTerms = [] }: NodeSelector,
): void {
  if (nodeSelectorTerms.length === 0)
    faults.required(`${at}.nodeSelectorTerms`, 'must have at least one node selector term');
  for (const [index, term] of nodeSelectorTerms.entries()) {
    checkNodeSelectorTerm(faults, `${at}.nodeSelectorTerms[${String(index)}]`, term, 'labelValue');
  }
}

function checkNodeSelectorTerm(
  faults: Faults,
  at: string,
  { matchExpressions = [], matchFields = [] }: NodeSelectorTerm,
  values: 'labelValue' | 'anyValue',
): void {
  for (const [index, requirement] of matchExpressions.entries()) {
    checkExpression(faults, `${at}.matchExpressions[${String(index)}]`, requirement, values);
  }
  for (const [index, requirement] of matchFields.entries()) {
    checkFieldRequirement(faults, `${at}.matchFields[${String(index)}]`, requirement);
  }
}

function checkExpression(
  faults: Faults,
  at: string,
  { key, operator, values = [] }: NodeSelectorRequirement,
  allowed: 'labelValue' | 'anyValue',
): void {
  switch (operator) {
    case 'In':
    case 'NotIn':
      if (values.length === 0)
        faults.required(`${at}.values`, "must be specified when `operator` is 'In' or 'NotIn'");
      break;
    case 'Exists':
    case 'DoesNotExist':
      if (values.length > 0)
        faults.forbidden(
          `${at}.values`,
          "may not be specified when `operator` is 'Exists' or 'DoesNotExist'",
        );
      break;
    case 'Gt':
    case 'Lt':
      if (values.length !== 1)
        faults.required(`${at}.values`, "must be specified single value when `operator` is 'Lt' or 'Gt'");
      break;
    default:
      faults.invalid(`${at}.operator`, operator ?? '', 'not a valid selector operator');
  }
  faults.invalid(`${at}.key`, key ?? '', qualifiedNameFaults(key ?? ''));
  if (allowed === 'anyValue') return;
  for (const [index, value] of values.entries()) {
    faults.invalid(`${at}.values[${String(index)}]`, value, labelValueFaults(value));
  }
}

/** A node's field: its name alone can be asked for. */
function checkFieldRequirement(
  faults: Faults,
  at: string,
  { key, operator, values = [] }: NodeSelectorRequirement,
): void {
  if (operator === 'In' || operator === 'NotIn') {
    if (values.length !== 1) {
      const one = "must be only one value when `operator` is 'In' or 'NotIn' for node field selector";
      faults.required(`${at}.values`, one);
    }
  } else faults.invalid(`${at}.operator`, operator ?? '', 'not a valid selector operator');
  if (key !== 'metadata.name') {
    faults.invalid(`${at}.key`, key ?? '', 'not a valid field selector key');
    return;
  }
  for (const [index, value] of values.entries()) {
    faults.invalid(`${at}.values[${String(index)}]`, value, nameFault('subdomain', value));
  }
}

function checkPodAffinity(faults: Faults, at: string, affinity: PodAffinity): void {
  const {
    requiredDuringSchedulingIgnoredDuringExecution: hard = [],
    preferredDuringSchedulingIgnoredDuringExecution: soft = [],
  } = affinity;
  for (const [index, term] of hard.entries()) {
    checkPodTerm(faults, `${at}.requiredDuringSchedulingIgnoredDuringExecution[${String(index)}]`, term);
  }
  for (const [index, { weight, podAffinityTerm }] of soft.entries()) {
    const place = `${at}.preferredDuringSchedulingIgnoredDuringExecution[${String(index)}]`;
    checkWeight(faults, `${place}.weight`, weight);
    checkPodTerm(faults, `${place}.podAffinityTerm`, podAffinityTerm ?? { topologyKey: '' });
  }
}

function checkPodTerm(faults: Faults, at: string, term: PodAffinityTerm): void {
  const { labelSelector, namespaceSelector, namespaces = [], topologyKey = '' } = term;
  const { matchLabelKeys = [], mismatchLabelKeys = [] } = term;
  checkLabelSelector(faults, `${at}.labelSelector`, labelSelector);
  checkLabelSelector(faults, `${at}.namespaceSelector`, namespaceSelector);
  for (const name of namespaces) faults.invalid(`${at}.namespace`, name, nameFault('label', name));
  checkLabelKeys(faults, `${at}.matchLabelKeys`, matchLabelKeys, labelSelector);
  checkLabelKeys(faults, `${at}.mismatchLabelKeys`, mismatchLabelKeys, labelSelector);
  for (const [index, key] of matchLabelKeys.entries()) {
    if (mismatchLabelKeys.includes(key)) {
      const field = `${at}.matchLabelKeys[${String(index)}]`;
      faults.invalid(field, key, 'exists in both matchLabelKeys and mismatchLabelKeys');
    }
  }
  if (topologyKey === '') faults.required(`${at}.topologyKey`, 'can not be empty');
  faults.invalid(`${at}.topologyKey`, topologyKey, qualifiedNameFaults(topologyKey));
}

function checkLabelKeys(
  faults: Faults,
  at: string,
  keys: readonly string[],
  selector: LabelSelector | undefined,
): void {
  if (keys.length > 0 && !selector) {
    faults.forbidden(at, 'must not be specified when labelSelector is not set');
    return;
  }
  for (const [index, key] of keys.entries())
    faults.invalid(`${at}[${String(index)}]`, key, qualifiedNameFaults(key));
}

/** How pods spread over domains (core validation: validateTopologySpreadConstraints). */
export function checkSpread(
  faults: Faults,
  at: string,
  constraints: readonly TopologySpreadConstraint[],
): void {
  for (const [index, constraint] of constraints.entries()) {
    const place = `${at}[${String(index)}]`;
    const { maxSkew = 0, topologyKey = '', minDomains, labelSelector, matchLabelKeys = [] } = constraint;
    const whenUnsatisfiable: string = constraint.whenUnsatisfiable ?? '';
    if (maxSkew <= 0) faults.invalid(`${place}.maxSkew`, maxSkew, 'must be greater than zero');
    if (topologyKey === '') faults.required(`${place}.topologyKey`, 'can not be empty');
    faults.oneOf(`${place}.whenUnsatisfiable`, whenUnsatisfiable, ['DoNotSchedule', 'ScheduleAnyway']);
    const isRepeated = constraints
      .slice(index + 1)
      .some((other) => other.topologyKey === topologyKey && other.whenUnsatisfiable === whenUnsatisfiable);
    if (isRepeated)
      faults.duplicate(`${place}.{topologyKey, whenUnsatisfiable}`, `{${topologyKey}, ${whenUnsatisfiable}}`);
    if (minDomains !== undefined) {
      if (minDomains <= 0) faults.invalid(`${place}.minDomains`, minDomains, 'must be greater than zero');
      if (whenUnsatisfiable !== 'DoNotSchedule') {
        const text = `can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ${whenUnsatisfiable}`;
        faults.invalid(`${place}.minDomains`, minDomains, text);
      }
    }
    faults.oneOf(`${place}.nodeAffinityPolicy`, constraint.nodeAffinityPolicy, ['Honor', 'Ignore']);
    faults.oneOf(`${place}.nodeTaintsPolicy`, constraint.nodeTaintsPolicy, ['Honor', 'Ignore']);
    checkLabelKeys(faults, `${place}.matchLabelKeys`, matchLabelKeys, labelSelector);
    const selected = new Set([
      ...Object.keys(labelSelector?.matchLabels ?? {}),
      ...(labelSelector?.matchExpressions ?? []).map(({ key }) => key),
    ]);
    for (const [number, key] of matchLabelKeys.entries()) {
      const field = `${place}.matchLabelKeys[${String(number)}]`;
      if (selected.has(key)) faults.invalid(field, key, 'exists in both matchLabelKeys and labelSelector');
    }
    checkLabelSelector(faults, `${place}.labelSelector`, labelSelector);
  }
}

export function checkGates(
  faults: Faults,
  at: string,
  {
    schedulingGates = [],
    readinessGates = [],
  }: {
    readonly schedulingGates?: readonly { readonly name: string }[];
    readonly readinessGates?: readonly { readonly conditionType: string }[];
  },
): void {
  for (const [index, { conditionType = '' }] of readinessGates.entries()) {
    const field = `${at}.readinessGates[${String(index)}].conditionType`;
    faults.invalid(field, conditionType, qualifiedNameFaults(conditionType));
  }
  const seen = new Set<string>();
  for (const [index, { name = '' }] of schedulingGates.entries()) {
    const field = `${at}.schedulingGates[${String(index)}]`;
    faults.invalid(field, name, qualifiedNameFaults(name));
    if (seen.has(name)) faults.duplicate(field, name);
    seen.add(name);
  }
}
