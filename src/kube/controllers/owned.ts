import type { Transaction, Versioned } from '../../store/index.js';
import type { KubeObject, OwnerReference, Stored } from '../object.js';
import { membersOf } from '../object.js';
import { pods } from '../kinds/index.js';
import type { Pod, PodTemplateSpec } from '../kinds/index.js';
import type { Draft, ResourceType } from '../resource-type.js';
import { apiVersionOf } from '../resource-type.js';
import { sameJson } from '../same-json.js';

/** Objects of a kind that an object controls, in order of name. */
export function controlledBy<T extends KubeObject>(
  tx: Transaction,
  type: ResourceType,
  uid: string,
): readonly Versioned<Stored<T>>[] {
  return (tx.findEntries(type.collection, 'byOwner', uid) as readonly Versioned<Stored<T>>[]).filter(
    ({ value }) =>
      value.object.metadata.ownerReferences?.some((owner) => owner.uid === uid && owner.controller === true),
  );
}

export const podsOf = (tx: Transaction, owner: KubeObject): readonly Versioned<Stored<Pod>>[] =>
  controlledBy<Pod>(tx, pods, owner.metadata.uid);

/** The reference by which an object says who controls it. */
export const controllerReference = (type: ResourceType, { metadata }: KubeObject): OwnerReference => ({
  apiVersion: apiVersionOf(type),
  kind: type.kind,
  name: metadata.name,
  uid: metadata.uid,
  controller: true,
  blockOwnerDeletion: true,
});

/** A pod of a template, to be written. */
export function podDraft(template: PodTemplateSpec, metadata: Draft): Draft {
  const { labels, annotations, finalizers } = template.metadata ?? {};
  const {
    labels: furtherLabels,
    annotations: furtherAnnotations,
    ...rest
  } = metadata as {
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
  };
  return {
    metadata: {
      ...(labels || furtherLabels ? { labels: { ...labels, ...furtherLabels } } : {}),
      ...(annotations || furtherAnnotations
        ? { annotations: { ...annotations, ...furtherAnnotations } }
        : {}),
      ...(finalizers && { finalizers }),
      ...rest,
    },
    // Completed in place on its way into the store, so it must not be the template itself.
    spec: structuredClone(template.spec),
  };
}

/** Writes an object's status when it differs from what is there. */
export function putStatus(
  tx: Transaction,
  type: ResourceType,
  { key, value }: Versioned<Stored>,
  status: object,
): void {
  const object = membersOf(value.object);
  if (sameJson(object['status'] ?? {}, status)) return;
  tx.put(type.collection, key, { ...value, object: { ...value.object, status } as KubeObject });
}

/** Writes an object's desired state and metadata; the generation counts it. */
export function putDesired(
  tx: Transaction,
  type: ResourceType,
  { key, value }: Versioned<Stored>,
  change: { readonly spec?: object; readonly metadata?: object },
): KubeObject {
  const { object } = value;
  const { spec, metadata } = change;
  const generation = object.metadata.generation ?? 0;
  const changed = {
    ...object,
    metadata: { ...object.metadata, ...metadata, ...(spec && { generation: generation + 1 }) },
    ...(spec && { spec }),
  } as KubeObject;
  tx.put(type.collection, key, { ...value, object: changed });
  return changed;
}

/** Writes who an object belongs to; with nobody left it has no such member. */
export function putOwners(
  tx: Transaction,
  type: ResourceType,
  { key, value }: Versioned<Stored>,
  owners: readonly OwnerReference[],
): void {
  const { ownerReferences: _before, ...metadata } = value.object.metadata;
  const object = {
    ...value.object,
    metadata: { ...metadata, ...(owners.length > 0 && { ownerReferences: owners }) },
  };
  tx.put(type.collection, key, { ...value, object });
}
