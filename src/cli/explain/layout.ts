/** Colours of a terminal; without one they say nothing. */
export interface Paint {
  readonly bold: (text: string) => string;
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly dim: (text: string) => string;
}

/** How an explanation is laid out. */
export interface Layout {
  /** Letters a line. */
  readonly width: number;
  readonly paint: Paint;
}

const sgr =
  (on: number, off: number) =>
  (text: string): string =>
    `\u001b[${String(on)}m${text}\u001b[${String(off)}m`;

const as = (text: string): string => text;

export const plain: Paint = { bold: as, good: as, bad: as, dim: as };
export const coloured: Paint = { bold: sgr(1, 22), good: sgr(32, 39), bad: sgr(31, 39), dim: sgr(2, 22) };

/** Breaks a text into lines of at most `width` letters, between words; a longer word has a line of its own. */
export function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

/** Wrapped text behind a first indent, its further lines behind another. */
export function paragraph(text: string, width: number, first = '', rest = ' '.repeat(first.length)): string {
  const lines = wrap(text, Math.max(20, width - first.length));
  return lines.map((line, index) => `${index === 0 ? first : rest}${line}\n`).join('');
}

/** Lines are no longer than this on a wide terminal, and without one. */
const longestLine = 110;

/** The layout for where the output goes: colours are for terminals alone. */
export function outputLayout({
  isTTY,
  columns = longestLine,
}: Pick<NodeJS.WriteStream, 'isTTY' | 'columns'>): Layout {
  return isTTY
    ? { width: Math.min(columns, longestLine), paint: coloured }
    : { width: longestLine, paint: plain };
}
