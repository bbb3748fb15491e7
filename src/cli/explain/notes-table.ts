import { wrap } from './layout.js';
import type { Layout } from './layout.js';

/** A row: short cells, and what there is to say of it, one note a line. */
export interface NotesRow {
  readonly cells: readonly string[];
  readonly notes: readonly string[];
}

/** Lays rows out in columns; the last column holds notes, wrapped and with their further lines indented. */
export function notesTable(
  headings: readonly string[],
  rows: readonly NotesRow[],
  { width, paint }: Layout,
): string {
  const columns = headings.slice(0, -1);
  const widths = columns.map((heading, at) =>
    Math.max(heading.length, ...rows.map(({ cells }) => cells[at]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) => cells.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join('  ');
  const indent = widths.reduce((sum, one) => sum + one + 2, 0);
  const body = rows.map(({ cells, notes }) => {
    const lines = notes.flatMap((note) => {
      const [first = '', ...more] = wrap(note, Math.max(20, width - indent));
      const further = more.length === 0 ? [] : wrap(more.join(' '), Math.max(20, width - indent - 2));
      return [first, ...further.map((text) => `  ${text}`)];
    });
    const [first = '', ...rest] = lines;
    const head = `${line(cells)}  ${first}`.trimEnd();
    return [head, ...rest.map((text) => `${' '.repeat(indent)}${text}`)].map((text) => `${text}\n`).join('');
  });
  return `${paint.dim(`${line(columns)}  ${headings.at(-1) ?? ''}`)}\n${body.join('')}`;
}
