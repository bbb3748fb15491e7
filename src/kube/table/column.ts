import { goText } from '../go-values.js';
import type { Instant } from '../../units/index.js';
import type { KubeObject } from '../object.js';
import { fieldAt } from '../object.js';
import { elapsed } from './elapsed.js';

export type Cell = string | number | boolean | null;

/** A column of a kind's table (meta/v1 TableColumnDefinition). */
export interface Column {
  readonly name: string;
  readonly type: 'string' | 'integer' | 'number' | 'boolean' | 'date';
  readonly format?: string;
  readonly description?: string;
  /** 0 is always shown, higher ones in wide output alone. */
  readonly priority: number;
  readonly cell: (object: KubeObject, now: Instant) => Cell;
}

type CellOf = Column['cell'];

/** A column that is always shown. */
export const column = (name: string, cell: CellOf, type: Column['type'] = 'string'): Column => ({
  name,
  type,
  priority: 0,
  cell,
});

/** A column of wide output. */
export const wide = (name: string, cell: CellOf): Column => ({ name, type: 'string', priority: 1, cell });

export const nameColumn: Column = {
  name: 'Name',
  type: 'string',
  format: 'name',
  description: 'The name of the object, unique within its namespace.',
  priority: 0,
  cell: ({ metadata }) => metadata.name,
};

export const ageColumn: Column = column('Age', ({ metadata }, now) =>
  elapsed(metadata.creationTimestamp, now),
);

/** The text at a path, e.g. `spec.type`; `<none>` where it is absent. */
export const textAt =
  (path: string, absent = '<none>'): CellOf =>
  (object) => {
    const value = fieldAt(object, path);
    return value === undefined || value === null || value === '' ? absent : goText(value);
  };

/** The number at a path; 0 where it is absent. */
export const numberAt =
  (path: string): CellOf =>
  (object) => {
    const value = fieldAt(object, path);
    return typeof value === 'number' ? value : 0;
  };

/** How many elements the list at a path has. */
export const lengthAt =
  (path: string) =>
  (object: KubeObject): number => {
    const value = fieldAt(object, path);
    return Array.isArray(value) ? value.length : 0;
  };

/** The flag at a path; false where it is absent. */
export const flagAt =
  (path: string): CellOf =>
  (object) =>
    fieldAt(object, path) === true;
