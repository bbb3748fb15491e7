import { pods, qosClassOf } from '../kinds/index.js';
import type { Pod } from '../kinds/index.js';
import { isObject, valueAt } from '../object.js';
import type { KubeObject } from '../object.js';
import type { ResourceType } from '../resource-type.js';

/** A requirement that pods must meet for a quota to count them. */
export interface ScopeRequirement {
  readonly scopeName: string;
  readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
  readonly values?: readonly string[];
}

/** A quota (core/v1 ResourceQuota). */
export interface ResourceQuota extends KubeObject {
  readonly spec?: {
    readonly hard?: Readonly<Record<string, string>>;
    readonly scopes?: readonly string[];
    readonly scopeSelector?: { readonly matchExpressions?: readonly ScopeRequirement[] };
  };
  readonly status?: {
    readonly hard?: Readonly<Record<string, string>>;
    readonly used?: Readonly<Record<string, string>>;
  };
}

/** All requirements of a quota. */
export const requirementsOf = ({ spec }: ResourceQuota): readonly ScopeRequirement[] => [
  ...(spec?.scopes ?? []).map((scopeName): ScopeRequirement => ({ scopeName, operator: 'Exists' })),
  ...(spec?.scopeSelector?.matchExpressions ?? []),
];

/** True when a quota counts an object: one with scopes counts pods alone (Kubernetes: quota scopes). */
export const isInScope = (
  requirements: readonly ScopeRequirement[],
  type: ResourceType,
  object: KubeObject,
): boolean =>
  requirements.length === 0 ||
  (type === pods && requirements.every((requirement) => meets(object as Pod, requirement)));

function meets(pod: Pod, { scopeName, operator, values = [] }: ScopeRequirement): boolean {
  const { activeDeadlineSeconds } = pod.spec as { activeDeadlineSeconds?: number };
  switch (scopeName) {
    case 'Terminating':
      return activeDeadlineSeconds !== undefined;
    case 'NotTerminating':
      return activeDeadlineSeconds === undefined;
    case 'BestEffort':
      return qosClassOf(pod.spec) === 'BestEffort';
    case 'NotBestEffort':
      return qosClassOf(pod.spec) !== 'BestEffort';
    case 'CrossNamespacePodAffinity':
      return reachesOtherNamespaces(pod.spec.affinity);
    case 'PriorityClass':
      return meetsPriority(pod.spec.priorityClassName ?? '', operator, values);
    default:
      return false;
  }
}

function meetsPriority(
  name: string,
  operator: ScopeRequirement['operator'],
  values: readonly string[],
): boolean {
  switch (operator) {
    case 'Exists':
      return name !== '';
    case 'DoesNotExist':
      return name === '';
    case 'In':
      return values.includes(name);
    case 'NotIn':
      return !values.includes(name);
  }
}

const required = 'requiredDuringSchedulingIgnoredDuringExecution';
const preferred = 'preferredDuringSchedulingIgnoredDuringExecution';

/** True when a pod's terms on other pods look beyond its own namespace. */
function reachesOtherNamespaces(affinity: unknown): boolean {
  const terms = ['podAffinity', 'podAntiAffinity'].flatMap((kind) => {
    const weighted = listAt(affinity, [kind, preferred]).map((one) => valueAt(one, ['podAffinityTerm']));
    return [...listAt(affinity, [kind, required]), ...weighted];
  });
  return terms.some(
    (term) =>
      isObject(term) && (listAt(term, ['namespaces']).length > 0 || term['namespaceSelector'] !== undefined),
  );
}

function listAt(value: unknown, path: readonly string[]): readonly unknown[] {
  const found = valueAt(value, path);
  return Array.isArray(found) ? found : [];
}
