import type { Environment } from '@marcbachmann/cel-js';

/** A part of an expression, as the language's implementation hands it to macros. */
interface Node {
  readonly op: string;
  readonly args: unknown;
}

/** Where variables are looked up; each scope has one of its own. */
interface Scope {
  forkWithVariable(name: string, type: unknown): Scope;
  reuse(parent: Scope): Scope;
  setIterValue(value: unknown, evaluator: Evaluator): Scope;
}

interface Checker {
  check(node: Node, scope: Scope): unknown;
  getType(name: string): unknown;
}

interface Evaluator {
  run(node: Node, scope: Scope): unknown;
}

interface Comprehension {
  readonly over: Node;
  readonly names: readonly [string, string];
  /** A filter, where there is one, and what is worked out of each pair. */
  readonly steps: readonly Node[];
  scopes?: readonly [Scope, Scope];
}

type Gather = (outcomes: Iterable<readonly [key: unknown, outcome: unknown]>) => unknown;

/** Adds the comprehensions over pairs: of index and element, or of key and value (Kubernetes: two-variable comprehensions). */
export function addTwoVariableComprehensions(environment: Environment): void {
  const truths = (outcomes: Iterable<readonly [unknown, unknown]>): readonly boolean[] =>
    [...outcomes].map(([, outcome]) => {
      if (typeof outcome !== 'boolean') throw new Error('the predicate must return bool');
      return outcome;
    });
  add(environment, 'all', ['bool', 3], (outcomes) => truths(outcomes).every(Boolean));
  add(environment, 'exists', ['bool', 3], (outcomes) => truths(outcomes).some(Boolean));
  add(environment, 'existsOne', ['bool', 3], (outcomes) => truths(outcomes).filter(Boolean).length === 1);
  for (const count of [3, 4]) {
    add(environment, 'transformList', ['list', count], (outcomes) =>
      [...outcomes].map(([, outcome]) => outcome),
    );
    add(environment, 'transformMap', ['map', count], (outcomes) => new Map(outcomes));
  }
}

function add(
  environment: Environment,
  name: string,
  [type, count]: readonly [type: string, count: number],
  gather: Gather,
): void {
  const parameters = Array.from({ length: count }, () => 'ast').join(', ');
  const expand = ({ args, receiver }: { args: readonly Node[]; receiver: Node }) => {
    const [first, second, ...steps] = args;
    const names = [first, second].map((node) => {
      if (node?.op !== 'id' || typeof node.args !== 'string')
        throw new Error(`${name}: iteration variables must be identifiers`);
      return node.args;
    });
    const made: Comprehension = { over: receiver, names: [names[0] ?? '', names[1] ?? ''], steps };
    return {
      ...made,
      args,
      async: false,
      typeCheck: (checker: Checker, macro: Comprehension, scope: Scope): unknown => {
        const any = checker.getType('dyn');
        checker.check(macro.over, scope);
        const outer = scope.forkWithVariable(macro.names[0], any);
        const inner = outer.forkWithVariable(macro.names[1], any);
        macro.scopes = [outer, inner];
        for (const step of macro.steps) checker.check(step, inner);
        return checker.getType(type);
      },
      evaluate: (evaluator: Evaluator, macro: Comprehension, scope: Scope): unknown =>
        gather(outcomesOf(evaluator, macro, scope)),
    };
  };
  for (const receiver of ['list', 'map'])
    environment.registerFunction(`${receiver}.${name}(${parameters}): ${type}`, expand);
}

function* outcomesOf(
  evaluator: Evaluator,
  { over, scopes, steps }: Comprehension,
  scope: Scope,
): Iterable<readonly [unknown, unknown]> {
  if (!scopes) throw new Error('the expression was not checked');
  for (const [key, value] of pairsOf(evaluator.run(over, scope))) {
    const outer = scopes[0].reuse(scope).setIterValue(key, evaluator);
    const inner = scopes[1].reuse(outer).setIterValue(value, evaluator);
    const [first, last = first] = steps;
    if (!first || !last) continue;
    if (first !== last && evaluator.run(first, inner) !== true) continue;
    yield [key, evaluator.run(last, inner)];
  }
}

function pairsOf(value: unknown): readonly (readonly [unknown, unknown])[] {
  if (Array.isArray(value)) return value.map((element: unknown, index) => [BigInt(index), element]);
  if (value instanceof Map) return [...(value as Map<unknown, unknown>)];
  if (typeof value === 'object' && value !== null) return Object.entries(value);
  throw new Error('there is nothing to go over');
}
