import type { KubeObject } from '../object.js';
import { isObject, membersOf, valueAt } from '../object.js';
import type { Draft, ResourceType } from '../resource-type.js';
import { StatusError, invalid } from './status-error.js';

/** An object's scale (autoscaling/v1 Scale). @throws StatusError 404 for a kind that has none */
export function scaleOf(type: ResourceType, object: KubeObject): KubeObject {
  const { scale } = type;
  if (!scale) throw StatusError.noSuchPath();
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const metadata = {
    name,
    ...(namespace !== undefined && { namespace }),
    uid,
    ...(resourceVersion !== undefined && { resourceVersion }),
    creationTimestamp,
  };
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata,
    spec: { replicas: scale.replicas(object) },
    status: { replicas: scale.statusReplicas(object), selector: scale.selector(object) },
  } as KubeObject;
}

/** The object with the replicas of a Scale body, ready to be written. @throws StatusError 400, 422 */
export function withScale(type: ResourceType, object: KubeObject, scale: unknown): Draft {
  const replicas = isObject(scale) ? (valueAt(scale, ['spec', 'replicas']) ?? 0) : undefined;
  if (typeof replicas !== 'number' || !Number.isInteger(replicas)) {
    throw StatusError.badRequest(
      'Scale in version "v1" cannot be handled as a Scale: spec.replicas must be a whole number',
    );
  }
  if (replicas < 0) {
    throw StatusError.invalid({ group: 'autoscaling', kind: 'Scale' }, object.metadata.name, [
      invalid('spec.replicas', replicas, 'must be greater than or equal to 0'),
    ]);
  }
  const members = structuredClone(membersOf(object)) as Draft;
  const [name = 'replicas', ...owners] = [...(type.scale?.path ?? ['spec', 'replicas'])].reverse();
  let owner = members;
  for (const member of owners.reverse()) {
    if (!isObject(owner[member])) owner[member] = {};
    owner = owner[member] as Draft;
  }
  owner[name] = replicas;
  return members;
}
