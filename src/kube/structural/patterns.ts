import { translateGoExpression } from './go-expression.js';

const compiled = new Map<string, RegExp | undefined>();

/** A regular expression of a schema (Go: RE2); undefined for one that is none. */
export function compilePattern(pattern: string): RegExp | undefined {
  if (compiled.has(pattern)) return compiled.get(pattern);
  const source = translateGoExpression(pattern);
  const made = source === undefined ? undefined : expression(source);
  compiled.set(pattern, made);
  return made;
}

function expression(source: string): RegExp | undefined {
  try {
    return new RegExp(source, 'v');
  } catch {
    return undefined;
  }
}

/** True when a text has a match of a pattern; what is no pattern refuses nothing. */
export const matchesPattern = (pattern: string, text: string): boolean =>
  compilePattern(pattern)?.test(text) ?? true;
