import type { Instant } from '../../units/index.js';
import type { DefinitionVersion, PrinterColumn } from '../kinds/index.js';
import { ageColumn, elapsed, nameColumn, parseJsonPath } from '../table/index.js';
import type { Cell, Column } from '../table/index.js';

/** The columns of a custom resource: its name and what its definition says, or its age. */
export function columnsOf({ additionalPrinterColumns = [] }: DefinitionVersion): readonly Column[] {
  if (additionalPrinterColumns.length === 0) return [nameColumn, { ...ageColumn, type: 'date' }];
  return [nameColumn, ...additionalPrinterColumns.map(columnOf)];
}

function columnOf({ name, type, format, description, priority = 0, jsonPath }: PrinterColumn): Column {
  const find = parseJsonPath(jsonPath);
  return {
    name,
    type: type as Column['type'],
    ...(format !== undefined && { format }),
    description: description ?? '',
    priority,
    cell: (object, now) => {
      const [value] = find(object);
      return value === undefined || value === null ? null : cellOf(type, value, now);
    },
  };
}

/** A value as a cell of its column's type; null for one of another type (apiextensions: table convertor). */
function cellOf(type: string, value: unknown, now: Instant): Cell {
  switch (type) {
    case 'integer':
      return typeof value === 'number' ? Math.trunc(value) : null;
    case 'number':
      return typeof value === 'number' ? value : null;
    case 'boolean':
      return typeof value === 'boolean' ? value : null;
    case 'date':
      if (typeof value !== 'string') return null;
      return Number.isNaN(Date.parse(value)) ? '<invalid>' : elapsed(value, now);
    default:
      return typeof value === 'string' ? value : JSON.stringify(value);
  }
}
