import { Lexer, LineCounter, isScalar, parseDocument, visit } from 'yaml';
import type { Document, YAMLMap } from 'yaml';
import { StatusError, mostTextFaults } from '../../kube/index.js';
import type { RepeatedMember } from './json-text.js';

/** Why a text is no YAML, in the words of Go's. */
export class MalformedYaml extends Error {}

/** What Go's YAML says where the library that reads it here says otherwise. */
const words: Readonly<Record<string, string>> = {
  BLOCK_AS_IMPLICIT_KEY: 'mapping values are not allowed in this context',
  BAD_INDENT: 'did not find expected node content',
  MISSING_CHAR: "could not find expected ':'",
  TAB_AS_INDENT: 'found character that cannot start any token',
  BAD_ALIAS: 'did not find expected alphabetic or numeric character',
  UNEXPECTED_TOKEN: 'did not find expected node content',
};

/**
 * The most pieces (words, signs, breaks and indents) of YAML that is read: each takes about half a kilobyte while it is.
 * The largest objects in use, custom resource definitions, are of some 100,000.
 */
export const mostPieces = 400_000;

/** Reads a document, and what its maps have twice: the last of equal keys counts. @throws MalformedYaml, StatusError 413 */
export function parseYaml(text: string): { readonly value: unknown; readonly repeated: readonly string[] } {
  if (hasMorePieces(text, mostPieces)) throw StatusError.tooLarge(`${String(mostPieces)} pieces of YAML`);
  const lines = new LineCounter();
  // Keys are compared below: the library compares each with each.
  const document = parseDocument(text, { lineCounter: lines, logLevel: 'silent', uniqueKeys: false });
  const [error] = document.errors;
  if (error) {
    const [at = 0] = error.pos;
    const { line } = lines.linePos(at);
    const where = line > 1 || error.code === 'BAD_INDENT' ? `line ${String(line)}: ` : '';
    throw new MalformedYaml(`yaml: ${where}${words[error.code] ?? error.message.split('\n')[0] ?? ''}`);
  }
  return { value: toValue(document), repeated: repeatedKeys(document, lines).map(repeatedKey) };
}

/** In the words of Go's YAML. */
export const repeatedKey = ({ line, name }: Pick<RepeatedMember, 'line' | 'name'>): string =>
  `line ${String(line)}: key ${JSON.stringify(name)} already set in map`;

function hasMorePieces(text: string, most: number): boolean {
  if (text.length <= most) return false;
  let pieces = 0;
  for (const _piece of new Lexer().lex(text)) {
    pieces += 1;
    if (pieces > most) return true;
  }
  return false;
}

function repeatedKeys(document: Document, lines: LineCounter): readonly { line: number; name: string }[] {
  const found: { line: number; name: string }[] = [];
  visit(document, {
    Map: (_, map) => {
      for (const { at, name } of repeatedIn(map)) {
        if (found.length >= mostTextFaults) return visit.BREAK;
        found.push({ line: lines.linePos(at).line, name });
      }
      return undefined;
    },
  });
  return found.sort((a, b) => a.line - b.line);
}

function* repeatedIn({ items }: YAMLMap): Iterable<{ at: number; name: string }> {
  const names = new Set<unknown>();
  for (const { key } of items) {
    if (!isScalar(key)) continue;
    if (names.has(key.value)) yield { at: key.range?.[0] ?? 0, name: String(key.value) };
    names.add(key.value);
  }
}

function toValue(document: Document): unknown {
  try {
    return document.toJS();
  } catch (error) {
    throw new MalformedYaml(`yaml: ${error instanceof Error ? error.message : String(error)}`);
  }
}
