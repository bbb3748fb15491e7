import { apiVersionOf, columnDefinitions, partialMetadata, tableRow } from '../../kube/index.js';
import type { IncludeObject, JsonObject, KubeObject, ListPage, ResourceType } from '../../kube/index.js';
import type { Instant } from '../../units/index.js';
import type { Representation } from './negotiation.js';

/** What rendering an answer takes to know. */
export interface Rendering {
  readonly representation: Representation;
  readonly include: IncludeObject;
  readonly now: Instant;
}

/** One object in the representation asked for. */
export function renderObject(type: ResourceType, object: KubeObject, rendering: Rendering): JsonObject {
  const { as, version } = rendering.representation;
  if (as === 'object') return object as unknown as JsonObject;
  if (as === 'metadata') return { ...partialMetadata(object), apiVersion: `meta.k8s.io/${version}` };
  return renderTable(type, [object], { resourceVersion: object.metadata.resourceVersion }, rendering);
}

/** A page of a list in the representation asked for. */
export function renderList(type: ResourceType, page: ListPage, rendering: Rendering): JsonObject {
  const { as, version } = rendering.representation;
  const metadata = {
    resourceVersion: page.resourceVersion,
    ...(page.continueToken !== undefined && { continue: page.continueToken }),
    ...(page.remaining !== undefined && { remainingItemCount: page.remaining }),
  };
  if (as === 'table') return renderTable(type, page.items, metadata, rendering);
  if (as === 'metadata') {
    const apiVersion = `meta.k8s.io/${version}`;
    const items = page.items.map((item) => ({ ...partialMetadata(item), apiVersion }));
    return { kind: 'PartialObjectMetadataList', apiVersion, metadata, items };
  }
  // Items of a typed list do not repeat what the list says.
  const items = page.items.map(({ apiVersion: _apiVersion, kind: _kind, ...item }) => item);
  return { kind: `${type.kind}List`, apiVersion: apiVersionOf(type), metadata, items };
}

/** Objects as a table; `columns` is false for all but the first of a watch's tables. */
export function renderTable(
  type: ResourceType,
  objects: readonly KubeObject[],
  metadata: JsonObject,
  { representation, include, now }: Rendering,
  columns: 'withColumns' | 'rowsOnly' = 'withColumns',
): JsonObject {
  return {
    kind: 'Table',
    apiVersion: `meta.k8s.io/${representation.version}`,
    metadata,
    columnDefinitions: columns === 'withColumns' ? columnDefinitions(type.columns) : [],
    rows: objects.map((object) => tableRow(type.columns, object, now, include)),
  };
}
