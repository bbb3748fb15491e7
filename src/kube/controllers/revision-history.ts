import type { Transaction, Versioned } from '../../store/index.js';
import { insertObject } from '../api/index.js';
import type { WriteContext } from '../api/index.js';
import { controllerRevisions } from '../kinds/index.js';
import type { PodTemplateSpec } from '../kinds/index.js';
import { canonicalJson } from '../object.js';
import type { KubeObject, Stored } from '../object.js';
import { objectKey } from '../resource-type.js';
import { adopt } from './adoption.js';
import type { Adopter } from './adoption.js';
import { controlledBy, controllerReference } from './owned.js';
import { safeHash } from './template-hash.js';

/** The label by which pods and revisions say what they were made from. */
export const revisionLabel = 'controller-revision-hash';

/** A template that a StatefulSet or DaemonSet has had (apps/v1 ControllerRevision). */
export interface ControllerRevision extends KubeObject {
  readonly data: { readonly spec: { readonly template: PodTemplateSpec } };
  readonly revision: number;
}

type RevisionEntry = Versioned<Stored<ControllerRevision>>;

/** How a kind writes its revisions down. */
export interface RevisionStyle {
  /** What pods are labelled with: the revision's name (StatefulSet) or its hash alone (DaemonSet). */
  readonly label: 'name' | 'hash';
}

/** Members that a revision's pods are labelled with. */
export const revisionTag = ({ metadata }: ControllerRevision): string =>
  metadata.labels?.[revisionLabel] ?? metadata.name;

/** What a revision keeps: a patch that sets the template (kubectl: rollout undo). */
const dataOf = (template: PodTemplateSpec) => ({ spec: { template: { ...template, $patch: 'replace' } } });

/** The template of a revision. */
export function templateOf({ data }: ControllerRevision): PodTemplateSpec {
  const { $patch: _patch, ...template } = data.spec.template as PodTemplateSpec & { $patch?: string };
  return template;
}

/** An owner's revisions, oldest first. */
export const revisionsOf = (tx: Transaction, owner: KubeObject): readonly RevisionEntry[] =>
  [...controlledBy<ControllerRevision>(tx, controllerRevisions, owner.metadata.uid)].sort(
    (a, b) => a.value.object.revision - b.value.object.revision,
  );

/**
 * The revision of an owner's present template: the newest one. One that it had before is taken up again with a new number
 * (Kubernetes: controller history).
 *
 * @returns the revision, and how often its hash was found to be taken.
 */
export function presentRevision(
  context: WriteContext,
  tx: Transaction,
  adopter: Adopter,
  template: PodTemplateSpec,
  style: RevisionStyle,
  collisions: number,
): { readonly revision: ControllerRevision; readonly collisions: number } {
  adopt(tx, adopter, controllerRevisions);
  const owner = adopter.entry.value.object;
  const all = revisionsOf(tx, owner);
  const data = dataOf(template);
  const newest = all.at(-1)?.value.object.revision ?? 0;
  const text = canonicalJson(data);
  const equal = all.findLast(({ value }) => canonicalJson(value.object.data) === text);
  if (equal) return { revision: renewed(tx, equal, newest), collisions };
  const { cluster } = adopter.entry.value;
  const { name: ownerName, namespace = '' } = owner.metadata;
  for (let tried = collisions; ; tried += 1) {
    const hash = safeHash(template, tried);
    const name = `${ownerName}-${hash}`;
    if (tx.get(controllerRevisions.collection, objectKey(cluster, namespace, name))) continue;
    const revision = insertObject(
      context,
      tx,
      controllerRevisions,
      { cluster, namespace },
      {
        metadata: {
          name,
          labels: { ...template.metadata?.labels, [revisionLabel]: style.label === 'name' ? name : hash },
          ...(owner.metadata.annotations && { annotations: kept(owner.metadata.annotations) }),
          ownerReferences: [controllerReference(adopter.type, owner)],
        },
        data: structuredClone(data),
        revision: newest + 1,
      },
    ) as ControllerRevision;
    return { revision, collisions: tried };
  }
}

const kept = (annotations: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(annotations).filter(([key]) => key !== 'kubectl.kubernetes.io/last-applied-configuration'),
  );

function renewed(tx: Transaction, { key, value }: RevisionEntry, newest: number): ControllerRevision {
  const { object } = value;
  if (object.revision === newest) return object;
  const renewedObject: ControllerRevision = { ...object, revision: newest + 1 };
  tx.put(controllerRevisions.collection, key, { ...value, object: renewedObject });
  return renewedObject;
}

/** Drops the oldest revisions that nothing uses any more, beyond the history. */
export function trimRevisions(
  tx: Transaction,
  owner: KubeObject,
  limit: number,
  isUsed: (revision: ControllerRevision) => boolean,
): void {
  const all = revisionsOf(tx, owner);
  if (all.length <= limit) return;
  const unused = all.filter(({ value }) => !isUsed(value.object));
  for (const { key } of unused.slice(0, Math.max(0, unused.length - limit)))
    tx.delete(controllerRevisions.collection, key);
}
