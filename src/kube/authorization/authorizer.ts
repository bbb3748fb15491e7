import type { Store } from '../../store/index.js';
import { clusterRoles, roles } from '../kinds/index.js';
import { membersOf } from '../object.js';
import type { KubeObject } from '../object.js';
import { objectKey } from '../resource-type.js';
import type { User } from '../user.js';
import { BindingIndex } from './binding-index.js';
import type { Grant } from './binding-index.js';
import { ruleAllows } from './policy-rule.js';
import type { Attributes, PolicyRule } from './policy-rule.js';

/** Whether a request is let through, with the reason that reviews show; it is empty where nothing is to be said. */
export interface Decision {
  readonly allowed: boolean;
  readonly reason: string;
}

/** The rules that apply to somebody, and what could not be found out about them. */
export interface HeldRules {
  readonly rules: readonly PolicyRule[];
  readonly errors: readonly string[];
}

/** Members may do everything, whatever the roles say (API server: privileged group). */
export const superusers = 'system:masters';

export const rulesOfRole = (role: KubeObject): readonly PolicyRule[] =>
  (membersOf(role)['rules'] ?? []) as readonly PolicyRule[];

/** Decides what users may do by the roles that bindings give them (Kubernetes: RBAC). */
export class Authorizer {
  readonly #store: Store;
  readonly #bindings: BindingIndex;

  constructor(store: Store) {
    this.#store = store;
    this.#bindings = new BindingIndex(store);
  }

  decide(cluster: string, user: User, attributes: Attributes): Decision {
    if (user.groups.includes(superusers)) return { allowed: true, reason: '' };
    const namespace = attributes.kind === 'resource' ? attributes.namespace : undefined;
    const missing: string[] = [];
    for (const grant of this.#bindings.grantsOf(cluster, user, namespace)) {
      const role = this.#roleOf(cluster, grant);
      if (!role) missing.push(missingRole(grant));
      else if (rulesOfRole(role).some((rule) => ruleAllows(rule, attributes))) {
        return { allowed: true, reason: `RBAC: allowed by ${describe(grant)}` };
      }
    }
    return { allowed: false, reason: missing.length === 0 ? '' : `RBAC: ${aggregated(missing)}` };
  }

  /** The rules that apply to a user across the cluster and, where one is named, in a namespace. */
  rulesOf(cluster: string, user: User, namespace: string | undefined): HeldRules {
    const grants = this.#bindings.grantsOf(cluster, user, namespace);
    const errors: string[] = [];
    const rules = grants.flatMap((grant) => {
      const role = this.#roleOf(cluster, grant);
      if (!role) errors.push(missingRole(grant));
      return role ? rulesOfRole(role) : [];
    });
    return { rules, errors };
  }

  #roleOf(cluster: string, { binding }: Grant): KubeObject | undefined {
    const { kind, name } = binding.roleRef;
    return kind === 'ClusterRole'
      ? this.#store.get(clusterRoles.collection, objectKey(cluster, undefined, name))?.object
      : this.#store.get(roles.collection, objectKey(cluster, binding.metadata.namespace, name))?.object;
  }
}

const missingRole = ({ binding: { roleRef } }: Grant): string =>
  `${roleRef.kind.toLowerCase()}.rbac.authorization.k8s.io "${roleRef.name}" not found`;

/** Several errors as one text (API machinery: aggregate). */
const aggregated = (errors: readonly string[]): string => {
  const different = [...new Set(errors)];
  return different.length === 1 ? String(different[0]) : `[${different.join(', ')}]`;
};

function describe({ binding, subject }: Grant): string {
  const { name, namespace } = binding.metadata;
  const bound = namespace === undefined ? name : `${name}/${namespace}`;
  const account = `${subject.name}/${subject.namespace ?? namespace ?? ''}`;
  const whom = subject.kind === 'ServiceAccount' ? account : subject.name;
  return `${binding.kind} "${bound}" of ${binding.roleRef.kind} "${binding.roleRef.name}" to ${subject.kind} "${whom}"`;
}
