import { Environment } from '@marcbachmann/cel-js';
import { isObject } from '../object.js';
import { addLibraries } from './cel-library.js';
import { compilationFault, declaredIn } from './undeclared.js';

let environment: Environment | undefined;

/** The language of conditions on what is written, with Kubernetes' libraries (Kubernetes: CEL in admission). */
function admissionEnvironment(): Environment {
  if (environment) return environment;
  const made = new Environment({
    unlistedVariablesAreDyn: true,
    homogeneousAggregateLiterals: false,
    enableOptionalTypes: true,
  });
  addLibraries(made);
  environment = made;
  return made;
}

type Expression = (variables: Readonly<Record<string, unknown>>) => unknown;
const compiled = new Map<string, Expression>();
/** Expressions remembered; clusters have few. */
const remembered = 2_000;

/** Evaluates an expression on JSON values. @throws Error for one that can't be read or evaluated */
export const evaluate = (expression: string, variables: Readonly<Record<string, unknown>>): unknown =>
  evaluateOn(
    expression,
    Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, celOf(value)])),
  );

/** Evaluates an expression on values of the language. @throws Error for one that can't be read or evaluated */
export function evaluateOn(expression: string, variables: Readonly<Record<string, unknown>>): unknown {
  let run = compiled.get(expression);
  if (!run) {
    if (compiled.size >= remembered) compiled.clear();
    run = admissionEnvironment().parse(expression) as unknown as Expression;
    compiled.set(expression, run);
  }
  return run(variables);
}

/** What keeps a text from being an expression that speaks of `names` alone, as compilers print it; undefined for nothing. */
export function admissionFault(expression: string, names: readonly string[]): string | undefined {
  const { functions, names: known } = declaredIn(admissionEnvironment());
  return compilationFault(
    admissionEnvironment(),
    { functions, names: new Set([...known, ...names]) },
    expression,
  );
}

/** A JSON value in the language: whole numbers are its integers. */
export function celOf(value: unknown): unknown {
  if (typeof value === 'number') return Number.isInteger(value) ? BigInt(value) : value;
  if (Array.isArray(value)) return value.map(celOf);
  if (!isObject(value)) return value ?? null;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, member]) => (member === undefined ? [] : [[name, celOf(member)]])),
  );
}
