import { ParseError } from '@marcbachmann/cel-js';
import type { Environment } from '@marcbachmann/cel-js';

/** A part of an expression as the parser makes it; positions count from 0. */
interface Node {
  readonly op: string;
  readonly args: unknown;
  readonly start: number;
  readonly end: number;
}

/** Functions that Kubernetes' rules have and that nothing here evaluates: a rule with one is kept, without effect. */
const onlyThere = ['optMap', 'optFlatMap', 'ofNonZeroValue', 'unwrap', 'unwrapOpt', 'quote'];

/** Functions of the parser's own that Kubernetes' rules do not have. */
const onlyHere: ReadonlySet<string> = new Set(['json', 'hex', 'base64', 'at']);

/** How many of their first arguments macros bind as names. */
const bindings: ReadonlyMap<string, number> = new Map([
  ...['all', 'exists', 'exists_one', 'existsOne', 'map', 'filter', 'optMap', 'optFlatMap'].map(
    (name) => [name, 1] as const,
  ),
  ['transformList', 2],
  ['transformMap', 2],
  ['transformMapEntry', 2],
]);

/** What an expression may speak of: its functions by their last names, and its variables, types and namespaces. */
export interface Declared {
  readonly functions: ReadonlySet<string>;
  readonly names: ReadonlySet<string>;
}

/** What an environment declares. */
export function declaredIn(environment: Environment): Declared {
  const { functions, variables } = environment.getDefinitions();
  const known = functions.map(({ name }) => name.split('.').at(-1) ?? name);
  return {
    functions: new Set([...known.filter((name) => !onlyHere.has(name)), ...onlyThere]),
    names: new Set([...variables.map(({ name }) => name), 'strings']),
  };
}

/** What keeps a text from being read as an expression of what is declared; undefined for one that can be. */
export function compilationFault(
  environment: Environment,
  declared: Declared,
  text: string,
): string | undefined {
  try {
    return undeclaredReferences(text, environment.parse(text).ast, declared);
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    return located(text, error.range?.start ?? 0, `Syntax error: ${error.summary}`);
  }
}

/**
 * What an expression speaks of that nobody has declared, in the compiler's words with the places; undefined for nothing
 * (CEL: undeclared references).
 */
function undeclaredReferences(text: string, root: unknown, declared: Declared): string | undefined {
  const found: (readonly [name: string, at: number])[] = [];
  visit(root, declared.names);
  return found.length === 0
    ? undefined
    : found
        .map(([name, at]) => located(text, at, `undeclared reference to '${name}' (in container '')`))
        .join('\n');

  function visit(part: unknown, names: ReadonlySet<string>): void {
    if (Array.isArray(part)) for (const one of part) visit(one, names);
    if (!isNode(part)) return;
    const { op, args, start } = part;
    if (op === 'value') return;
    if (op === 'id') {
      if (typeof args === 'string' && !names.has(args)) found.push([args, start]);
    } else if (Array.isArray(args) && (op === 'call' || op === 'rcall')) visitCall(part, args, names);
    // The second argument of a selection is a plain text, which is no part.
    else visit(args, names);
  }

  function visitCall({ op, start }: Node, args: readonly unknown[], names: ReadonlySet<string>): void {
    const [name, ...others] = args;
    if (typeof name !== 'string') return;
    const receiver = op === 'rcall' ? others[0] : undefined;
    const given: unknown = op === 'rcall' ? others[1] : others[0];
    const inner = Array.isArray(given) ? (given as readonly unknown[]) : [];
    visit(receiver, names);
    if (!declared.functions.has(name)) found.push([name, bracketOf(isNode(receiver) ? receiver.end : start)]);
    const bound = boundBy(name, receiver, inner);
    const within = bound.length === 0 ? names : new Set([...names, ...bound]);
    for (const part of inner.slice(bound.length)) visit(part, within);
  }

  function bracketOf(from: number): number {
    return Math.max(text.indexOf('(', from), from);
  }
}

/** The names that a macro binds for its further arguments. */
function boundBy(name: string, receiver: unknown, args: readonly unknown[]): readonly string[] {
  if (!isNode(receiver)) return [];
  if (name === 'bind' && receiver.op === 'id' && receiver.args === 'cel') return namesOf(args.slice(0, 1));
  const count = bindings.get(name);
  if (count === undefined) return [];
  // `all`, `exists` and `existsOne` have a form of two variables besides.
  const isOfTwo = args.length === 3 && ['all', 'exists', 'existsOne'].includes(name);
  return namesOf(args.slice(0, isOfTwo ? 2 : count));
}

const namesOf = (parts: readonly unknown[]): readonly string[] =>
  parts.flatMap((part) =>
    isNode(part) && part.op === 'id' && typeof part.args === 'string' ? [part.args] : [],
  );

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'op' in value && 'args' in value;

/** An error with its line of the text and a mark below it, as compilers of the language print it. */
function located(text: string, at: number, what: string): string {
  const before = text.slice(0, at).split('\n');
  const column = before.at(-1)?.length ?? 0;
  const line = text.split('\n')[before.length - 1] ?? '';
  return `ERROR: <input>:${String(before.length)}:${String(column + 1)}: ${what}\n | ${line}\n | ${'.'.repeat(column)}^`;
}
