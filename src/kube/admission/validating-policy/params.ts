import type { AdmissionRequest, WriteContext } from '../../api/context.js';
import type { KubeObject } from '../../object.js';
import { objectKey } from '../../resource-type.js';
import type { ResourceType } from '../../resource-type.js';
import { compileLabelSelector } from '../../selectors/index.js';
import type { Binding, ParamRef, Policy } from './policy.js';

/** The objects that a policy is evaluated with, one after the other; or what keeps them from being found. */
export type Params =
  | { readonly kind: 'found'; readonly objects: readonly (KubeObject | undefined)[] }
  /** Nothing of the policy can be evaluated, whatever its binding. */
  | { readonly kind: 'policy fault'; readonly why: string }
  | { readonly kind: 'binding fault'; readonly why: string };

/** Finds the parameters of a policy that its binding refers to (Kubernetes: paramKind, paramRef). */
export function paramsOf(
  { spec: { paramKind } }: Policy,
  { spec: { paramRef } }: Binding,
  request: AdmissionRequest,
  { kinds }: WriteContext,
): Params {
  if (!paramKind) return { kind: 'found', objects: [undefined] };
  const { apiVersion, kind } = paramKind;
  const type = kinds.of(request.scope.cluster).ofKind(apiVersion, kind);
  if (!type) {
    const shown = apiVersion.includes('/') ? apiVersion : `/${apiVersion}`;
    const why = `failed to configure policy: failed to find resource referenced by paramKind: '${shown}, Kind=${kind}'`;
    return { kind: 'policy fault', why };
  }
  if (!paramRef) return { kind: 'found', objects: [undefined] };
  return referredTo(type, paramRef, request);
}

function referredTo(type: ResourceType, ref: ParamRef, { tx, scope }: AdmissionRequest): Params {
  const fault = (why: string): Params => ({
    kind: 'binding fault',
    why: `failed to configure binding: ${why}`,
  });
  const { name = '', namespace: given = '', selector, parameterNotFoundAction } = ref;
  if (!type.namespaced && given !== '')
    return fault('paramRef.namespace must not be provided for a cluster-scoped `paramKind`');
  const namespace = type.namespaced ? given || scope.namespace : undefined;
  if (type.namespaced && namespace === undefined)
    return fault('cannot use namespaced paramRef in policy binding that matches cluster-scoped resources');
  const found = selector
    ? tx
        .find(type.collection, 'byCluster', scope.cluster)
        .map(({ object }) => object)
        .filter(({ metadata }) => metadata.namespace === namespace)
        .filter(({ metadata }) => compileLabelSelector(selector)(metadata.labels ?? {}))
    : [tx.get(type.collection, objectKey(scope.cluster, namespace, name))?.object].filter(
        (object) => object !== undefined,
      );
  if (found.length === 0 && parameterNotFoundAction === 'Deny')
    return fault('no params found for policy binding with `Deny` parameterNotFoundAction');
  return { kind: 'found', objects: found.map((object) => type.fromStored?.(object) ?? object) };
}
