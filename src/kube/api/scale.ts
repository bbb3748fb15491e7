import type { JsonObject, KubeObject } from '../object.js';
import { isObject, membersOf, valueAt } from '../object.js';
import type { Draft, ResourceType } from '../resource-type.js';
import { clientSchema } from '../schema/index.js';
import { StatusError, invalid } from './status-error.js';
import { own } from '../../units/index.js';

/** An object's scale (autoscaling/v1 Scale). @throws StatusError 404 for a kind that has none */
export function scaleOf(type: ResourceType, object: KubeObject): KubeObject {
  const { scale } = type;
  if (!scale) throw StatusError.noSuchPath();
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const replicas = scale.replicas(object);
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
    spec: replicas === 0 ? {} : { replicas },
    status: { replicas: scale.statusReplicas(object), selector: scale.selector(object) },
  } as KubeObject;
}

/** The kind of a scale's body. */
export const scaleKind = {
  group: 'autoscaling',
  version: 'v1',
  kind: 'Scale',
  schema: clientSchema('V1Scale'),
} as const;

/** The replicas that a Scale asks for; none said is none wanted. */
export const replicasOf = (scale: Draft): number => Number(valueAt(scale, ['spec', 'replicas']) ?? 0);

/** What of an object is set to have so many replicas, in a configuration of its own. */
export function replicasAlone({ scale }: ResourceType, replicas: number): JsonObject {
  const path = scale?.path ?? ['spec', 'replicas'];
  return path.reduceRight<unknown>((inner, name) => ({ [name]: inner }), replicas) as JsonObject;
}

/** The object with so many replicas, ready to be written. @throws StatusError 422 */
export function withScale(type: ResourceType, object: KubeObject, replicas: number): Draft {
  if (replicas < 0) {
    throw StatusError.invalid({ group: 'autoscaling', kind: 'Scale' }, object.metadata.name, [
      invalid('spec.replicas', replicas, 'must be greater than or equal to 0'),
    ]);
  }
  const members = structuredClone(membersOf(object)) as Draft;
  const [name = 'replicas', ...owners] = [...(type.scale?.path ?? ['spec', 'replicas'])].reverse();
  let owner = members;
  for (const member of owners.reverse()) {
    if (!isObject(own(owner, member))) owner[member] = {};
    owner = own(owner, member) as Draft;
  }
  owner[name] = replicas;
  return members;
}
