/** The parts of a moment as Go lays it out (RFC 3339), each with what it may be. */
const parts: readonly (readonly [
  layout: string,
  pattern: RegExp,
  least?: number,
  most?: number,
  what?: string,
])[] = [
  ['2006', /^\d{4}/],
  ['-', /^-/],
  ['01', /^\d{2}/, 1, 12, 'month'],
  ['-', /^-/],
  ['02', /^\d{2}/, 1, 31, 'day'],
  ['T', /^T/],
  ['15', /^\d{2}/, 0, 23, 'hour'],
  [':', /^:/],
  ['04', /^\d{2}/, 0, 59, 'minute'],
  [':', /^:/],
  ['05', /^\d{2}(?:[.,]\d+)?/, 0, 59, 'second'],
  ['Z07:00', /^(?:Z|[+-]\d{2}:\d{2})/],
];

/** Why a text is no moment, in the words of Go's `time.Parse`; undefined for one. */
export function timeFault(text: string): string | undefined {
  const layout = '2006-01-02T15:04:05Z07:00';
  const quoted = JSON.stringify(text);
  let rest = text;
  for (const [part, pattern, least = 0, most = Infinity, what = ''] of parts) {
    const [found] = pattern.exec(rest) ?? [];
    if (found === undefined)
      return `parsing time ${quoted} as "${layout}": cannot parse ${JSON.stringify(rest)} as "${part}"`;
    const value = Math.floor(Number(found));
    if (what !== '' && (value < least || value > most)) return `parsing time ${quoted}: ${what} out of range`;
    rest = rest.slice(found.length);
  }
  return rest === '' ? undefined : `parsing time ${quoted}: extra text: ${JSON.stringify(rest)}`;
}
