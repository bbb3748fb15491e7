import type { Instant } from '../../units/index.js';
import type { JsonObject, KubeObject } from '../object.js';
import type { Column } from './column.js';

/** What a table's rows carry besides their cells (meta/v1 TableOptions). */
export type IncludeObject = 'None' | 'Metadata' | 'Object';

/** The definitions of a kind's columns, as a Table lists them. */
export const columnDefinitions = (columns: readonly Column[]): readonly JsonObject[] =>
  columns.map(({ name, type, format = '', description = name, priority }) => ({
    name,
    type,
    format,
    description,
    priority,
  }));

/** One object as a row of its kind's table. */
export function tableRow(
  columns: readonly Column[],
  object: KubeObject,
  now: Instant,
  include: IncludeObject,
): JsonObject {
  return {
    cells: columns.map(({ cell }) => cell(object, now)),
    object: include === 'Metadata' ? partialMetadata(object) : include === 'Object' ? object : null,
  };
}

/** An object's metadata alone (meta/v1 PartialObjectMetadata). */
export const partialMetadata = (object: KubeObject): JsonObject => ({
  kind: 'PartialObjectMetadata',
  apiVersion: 'meta.k8s.io/v1',
  metadata: object.metadata,
});
