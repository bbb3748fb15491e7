import type { AdmissionRequest, WriteContext } from '../../api/context.js';
import { StatusError } from '../../api/status-error.js';
import {
  namespaces,
  validatingAdmissionPolicies,
  validatingAdmissionPolicyBindings,
} from '../../kinds/index.js';
import type { KubeObject } from '../../object.js';
import { objectKey } from '../../resource-type.js';
import type { ResourceType } from '../../resource-type.js';
import { reviewRequest } from '../../webhooks/index.js';
import { configuresAdmission } from '../configures-admission.js';
import type { AdmissionPlugin } from '../plugin.js';
import { objectionsOf } from './evaluation.js';
import type { Objection, PolicyInput } from './evaluation.js';
import { paramsOf } from './params.js';
import { matchedBy } from './policy.js';
import type { Binding, Policy } from './policy.js';

const codes = { Forbidden: 403, Invalid: 422, RequestEntityTooLarge: 413 } as const;

/** Refuses what the policies of a cluster do not allow, or warns of it (Kubernetes: ValidatingAdmissionPolicy). */
export const validatingPolicies: AdmissionPlugin = {
  name: 'ValidatingAdmissionPolicy',
  operations: ['CREATE', 'UPDATE', 'DELETE'],
  validate: (request, context) => {
    const { tx, type, scope } = request;
    if (configuresAdmission(type)) return;
    const bindings = validatingAdmissionPolicyBindings.collection;
    if (tx.count(bindings, 'byCluster', scope.cluster) === 0) return;
    const bound = tx.find(bindings, 'byCluster', scope.cluster).map(({ object }) => object as Binding);
    for (const { object } of tx.find(validatingAdmissionPolicies.collection, 'byCluster', scope.cluster)) {
      const policy = object as Policy;
      const { name } = policy.metadata;
      const own = bound.filter(({ spec }) => spec.policyName === name);
      if (own.length > 0) judge(policy, own, request, context);
    }
  },
};

/** Evaluates a policy by its bindings. @throws StatusError for what one denies */
function judge(
  policy: Policy,
  bindings: readonly Binding[],
  request: AdmissionRequest,
  context: WriteContext,
): void {
  const type = matchedBy(policy.spec.matchConstraints ?? {}, request, context);
  if (!type) return;
  for (const binding of bindings) {
    const { matchResources } = binding.spec;
    if (matchResources && !matchedBy(matchResources, request, context)) continue;
    act(policy, binding, request, context, type);
  }
}

function act(
  policy: Policy,
  binding: Binding,
  request: AdmissionRequest,
  context: WriteContext,
  type: ResourceType,
): void {
  const named = `ValidatingAdmissionPolicy '${policy.metadata.name}'`;
  const bound = `${named} with binding '${binding.metadata.name}'`;
  const params = paramsOf(policy, binding, request, context);
  if (params.kind !== 'found') {
    if (policy.spec.failurePolicy === 'Ignore') return;
    const who = params.kind === 'policy fault' ? named : bound;
    throw refusal(request, who, { message: params.why, reason: 'Invalid' });
  }
  const { validationActions: actions = [] } = binding.spec;
  for (const object of params.objects) {
    for (const objection of objectionsOf(policy, inputOf(request, context, type, object))) {
      if (actions.includes('Warn'))
        context.requester.warn(`Validation failed for ${bound}: ${objection.message}`);
      if (actions.includes('Deny')) throw refusal(request, bound, objection);
    }
  }
}

function inputOf(
  request: AdmissionRequest,
  context: WriteContext,
  type: ResourceType,
  params: KubeObject | undefined,
): PolicyInput {
  const { object, oldObject, ...review } = reviewRequest(request, context, type);
  const { tx, scope } = request;
  const namespace =
    scope.namespace === undefined
      ? undefined
      : tx.get(namespaces.collection, objectKey(scope.cluster, undefined, scope.namespace))?.object;
  return {
    object,
    oldObject,
    request: review,
    params: params ?? null,
    namespaceObject: namespace ?? null,
  };
}

function refusal({ type, name }: AdmissionRequest, who: string, { message, reason }: Objection): StatusError {
  const text = `${who} denied request: ${message}`;
  const { message: whole, details } = StatusError.forbidden(type, name, text, [{ message: text }]);
  return new StatusError(codes[reason], reason, whole, details);
}
