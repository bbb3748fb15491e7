import { apiVersionOf, columnDefinitions, partialMetadata, tableRow } from '../../kube/index.js';
import type { IncludeObject, JsonObject, KubeObject, ServedType } from '../../kube/index.js';
import type { Instant } from '../../units/index.js';
import type { LongDocument } from './long-answers.js';
import type { Representation } from './negotiation.js';

/** What rendering an answer takes to know. */
export interface Rendering {
  readonly representation: Representation;
  readonly include: IncludeObject;
  readonly now: Instant;
}

/** One object in the representation asked for. */
export function renderObject(type: ServedType, object: KubeObject, rendering: Rendering): JsonObject {
  const { as, version } = rendering.representation;
  if (as === 'object') return object as unknown as JsonObject;
  if (as === 'metadata') return { ...partialMetadata(object), apiVersion: `meta.k8s.io/${version}` };
  return renderTable(type, [object], { resourceVersion: object.metadata.resourceVersion }, rendering);
}

/** A page of a list, or what was deleted of it. */
export interface Page {
  each(): Iterable<KubeObject>;
  readonly resourceVersion: string;
  readonly continueToken?: string | undefined;
  readonly remaining?: number | undefined;
}

/** A page of a list in the representation asked for. */
export function renderList(type: ServedType, page: Page, rendering: Rendering): LongDocument {
  const { as, version } = rendering.representation;
  const metadata = {
    resourceVersion: page.resourceVersion,
    ...(page.continueToken !== undefined && { continue: page.continueToken }),
    ...(page.remaining !== undefined && { remainingItemCount: page.remaining }),
  };
  if (as === 'table') {
    const { rows: _none, ...head } = renderTable(type, [], metadata, rendering);
    return { head, list: 'rows', elements: each(page, (object) => rowOf(type, object, rendering)) };
  }
  if (as === 'metadata') {
    const apiVersion = `meta.k8s.io/${version}`;
    const head = { kind: 'PartialObjectMetadataList', apiVersion, metadata };
    const elements = each(page, (object) => ({ ...partialMetadata(object), apiVersion }));
    return { head, list: 'items', elements };
  }
  const head = { kind: type.listKind ?? `${type.kind}List`, apiVersion: apiVersionOf(type), metadata };
  // Items of a typed list do not repeat what the list says.
  const elements = each(page, (object) =>
    type.listKind === undefined ? withoutKind(object) : { ...object },
  );
  return { head, list: 'items', elements };
}

const withoutKind = ({ apiVersion: _apiVersion, kind: _kind, ...item }: KubeObject): JsonObject => item;

function* each(page: Page, render: (object: KubeObject) => JsonObject): Iterable<JsonObject> {
  for (const object of page.each()) yield render(object);
}

const rowOf = (type: ServedType, object: KubeObject, { include, now }: Rendering): JsonObject =>
  tableRow(type.columns, object, now, include);

/** Objects as a table; `columns` is false for all but the first of a watch's tables. */
export function renderTable(
  type: ServedType,
  objects: readonly KubeObject[],
  metadata: JsonObject,
  rendering: Rendering,
  columns: 'withColumns' | 'rowsOnly' = 'withColumns',
): JsonObject {
  return {
    kind: 'Table',
    apiVersion: `meta.k8s.io/${rendering.representation.version}`,
    metadata,
    columnDefinitions: columns === 'withColumns' ? columnDefinitions(type.columns) : [],
    rows: objects.map((object) => rowOf(type, object, rendering)),
  };
}
