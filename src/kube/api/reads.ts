import type { Reader, Revision, Versioned } from '../../store/index.js';
import type { KubeObject, Stored } from '../object.js';
import { inVersion, namespaceTerm, objectKey } from '../resource-type.js';
import type { ResourceType, View } from '../resource-type.js';
import { compileFieldSelector, parseFieldSelector, parseLabelSelector } from '../selectors/index.js';
import type { Scope } from './context.js';
import { StatusError } from './status-error.js';

/** Which objects of a kind are asked for, as a query says it. */
export interface Selection {
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
}

export type Matcher = (object: KubeObject) => boolean;

/** A kept object as it is at the moment of a view. */
export const presented = (type: ResourceType, stored: Stored, view: View): KubeObject =>
  type.present ? type.present(stored, view) : stored.object;

/** A kept object as clients see it: in the version asked for, with the revision that wrote it. */
export function shown(type: ResourceType, kept: KubeObject, revision: Revision): KubeObject {
  const object = inVersion(type, kept);
  return { ...object, metadata: { ...object.metadata, resourceVersion: String(revision) } };
}

/** Compiles a selection for a kind, to look at objects as they are kept. @throws StatusError 400 */
export function compileSelection(
  type: Pick<ResourceType, 'kind' | 'selectable' | 'selectorRefusal' | 'fromStored'>,
  selection: Selection,
): Matcher | undefined {
  const { labelSelector = '', fieldSelector = '' } = selection;
  if (labelSelector === '' && fieldSelector === '') return undefined;
  const matchesLabels = parseLabelSelector(labelSelector);
  const matchesFields = compileFieldSelector(parseFieldSelector(fieldSelector), type.selectable, (field) => {
    const usual = `${JSON.stringify(field)} is not a known field selector: only "metadata.name", "metadata.namespace"`;
    const isUsual = type.selectable.length === 0;
    return StatusError.badRequest(
      type.selectorRefusal?.(field) ?? (isUsual ? usual : `field label not supported: ${field}`),
    );
  });
  return (kept) => matchesLabels(kept.metadata.labels ?? {}) && matchesFields(inVersion(type, kept));
}

/** An object with its key and revision. @throws StatusError 404 */
export function entryOf(reader: Reader, type: ResourceType, scope: Scope, name: string): Versioned<Stored> {
  const entry = reader.entry(type.collection, objectKey(scope.cluster, scope.namespace, name));
  if (!entry) throw StatusError.notFound(type, name);
  return entry;
}

/** All objects of a kind in a scope: of one namespace, or of all when it names none. In order of namespace and name. */
export function entriesIn(reader: Reader, type: ResourceType, scope: Scope): readonly Versioned<Stored>[] {
  if (type.namespaced && scope.namespace !== undefined) {
    return reader.findEntries(type.collection, 'byNamespace', namespaceTerm(scope.cluster, scope.namespace));
  }
  return reader.findEntries(type.collection, 'byCluster', scope.cluster);
}
