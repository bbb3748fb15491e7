import { search } from '@jmespath-community/jmespath';
import type { JSONValue } from '@jmespath-community/jmespath';
import { stringify } from 'yaml';
import { UsageError } from '../usage-error.js';
import { table } from './table.js';
import type { Row } from './table.js';

export const outputFormats = ['json', 'jsonc', 'table', 'tsv', 'yaml', 'yamlc', 'none'] as const;
export type OutputFormat = (typeof outputFormats)[number];

/** What to do with a command's result. */
export interface OutputOptions {
  readonly output: OutputFormat;
  /** JMESPath expression. */
  readonly query?: string;
  /** Columns of the table when there is no query. */
  readonly columns?: (item: Readonly<Record<string, unknown>>) => Row;
  /** Colours go to terminals alone. */
  readonly color?: boolean;
}

/**
 * Formats a result as az does: keys in alphabetical order, the query applied first, nothing for no result.
 *
 * @throws UsageError for a query that is no JMESPath.
 */
export function format(result: unknown, options: OutputOptions): string {
  const value = options.query === undefined ? sorted(result) : query(sorted(result), options.query);
  if (value === undefined || options.output === 'none') return '';
  switch (options.output) {
    case 'json':
      return `${JSON.stringify(value, null, 2)}\n`;
    case 'jsonc':
      return `${options.color ? coloured(JSON.stringify(value, null, 2)) : JSON.stringify(value, null, 2)}\n`;
    case 'yaml':
    case 'yamlc':
      return stringify(value);
    case 'tsv':
      return tsv(value);
    case 'table':
      return table(rows(value, options));
  }
}

function query(value: unknown, expression: string): unknown {
  try {
    return search(value as JSONValue, expression) ?? undefined;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(`argument --query: invalid jmespath_type value: '${expression}': ${reason}`);
  }
}

/** Objects with their keys in order, all the way down. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sorted(value[key])]),
  );
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !(value instanceof Date);

function rows(value: unknown, { query: expression, columns }: OutputOptions): readonly Row[] {
  const items = Array.isArray(value) ? (value as unknown[]) : [value];
  return items.map((item) => {
    if (!isObject(item)) return { Result: text(item) };
    if (columns && expression === undefined) return columns(item);
    if (Array.isArray(item)) {
      return Object.fromEntries(item.map((cell, index) => [`Column${String(index + 1)}`, text(cell)]));
    }
    return Object.fromEntries(
      Object.entries(item)
        .filter(([, cell]) => cell !== null && !isObject(cell))
        .map(([key, cell]) => [key.charAt(0).toUpperCase() + key.slice(1), text(cell)]),
    );
  });
}

function tsv(value: unknown): string {
  const items = Array.isArray(value) ? (value as unknown[]) : [value];
  const line = (item: unknown): string =>
    isObject(item) ? Object.values(item).map(cellOf).join('\t') : cellOf(item);
  return items.map((item) => `${line(item)}\n`).join('');
}

/** A nested list is shown as its length, a nested object not at all (az: tsv output). */
const cellOf = (cell: unknown): string =>
  Array.isArray(cell) ? String(cell.length) : isObject(cell) ? '' : text(cell);

const text = (value: unknown): string =>
  value === null || value === undefined
    ? ''
    : typeof value === 'boolean'
      ? value
        ? 'True'
        : 'False'
      : typeof value === 'object'
        ? JSON.stringify(value)
        : String(value as string | number);

const coloured = (json: string): string =>
  json
    .replace(/^(\s*)("(?:[^"\\]|\\.)*")(:)/gm, '$1\u001b[34m$2\u001b[39m$3')
    .replace(/(: |^\s*)("(?:[^"\\]|\\.)*")(,?)$/gm, '$1\u001b[33m$2\u001b[39m$3');
