/** A row of a table: columns in the order of their names here. */
export type Row = Readonly<Record<string, string>>;

/** Lays rows out under the columns that any of them has, as az's simple tables. */
export function table(rows: readonly Row[]): string {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  if (columns.length === 0) return '';
  const widths = columns.map((name) => Math.max(name.length, ...rows.map((row) => (row[name] ?? '').length)));
  const line = (cells: readonly string[]): string =>
    `${cells
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join('  ')
      .trimEnd()}\n`;
  return (
    line(columns) +
    line(widths.map((width) => '-'.repeat(width))) +
    rows.map((row) => line(columns.map((name) => row[name] ?? ''))).join('')
  );
}
