const compiled = new Map<string, RegExp | undefined>();

/** Go's spellings that JavaScript has others for. */
const spellings: readonly (readonly [RegExp, string])[] = [
  [/\\A/g, '^'],
  [/\\z/g, '$'],
  [/\(\?P</g, '(?<'],
  [/\[\[:alnum:\]\]/g, '[A-Za-z0-9]'],
  [/\[\[:alpha:\]\]/g, '[A-Za-z]'],
  [/\[\[:digit:\]\]/g, '[0-9]'],
  [/\[:alnum:\]/g, 'A-Za-z0-9'],
  [/\[:alpha:\]/g, 'A-Za-z'],
  [/\[:digit:\]/g, '0-9'],
  [/\[:lower:\]/g, 'a-z'],
  [/\[:upper:\]/g, 'A-Z'],
  [/\[:space:\]/g, '\\s'],
  [/\[:xdigit:\]/g, '0-9A-Fa-f'],
];

/** A regular expression of a schema (Go: RE2); undefined for one that is none. */
export function compilePattern(pattern: string): RegExp | undefined {
  if (compiled.has(pattern)) return compiled.get(pattern);
  const [, flags = '', body = pattern] = /^\(\?([ims]+)\)(.*)$/s.exec(pattern) ?? [];
  const text = spellings.reduce((result, [from, to]) => result.replace(from, to), body);
  const made = expression(text, `${flags}u`) ?? expression(text, flags);
  compiled.set(pattern, made);
  return made;
}

function expression(text: string, flags: string): RegExp | undefined {
  try {
    return new RegExp(text, flags);
  } catch {
    return undefined;
  }
}

/** True when a text has a match of a pattern; what is no pattern refuses nothing. */
export const matchesPattern = (pattern: string, text: string): boolean =>
  compilePattern(pattern)?.test(text) ?? true;
