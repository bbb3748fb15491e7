import { EvaluationError } from '@marcbachmann/cel-js';
import { celOf, evaluateOn } from '../../structural/admission-expressions.js';
import type { Policy, Validation } from './policy.js';

/** What speaks against a write. */
export interface Objection {
  readonly message: string;
  readonly reason: NonNullable<Validation['reason']>;
}

/** The values that a policy's expressions may speak of, as JSON. */
export interface PolicyInput {
  readonly object: unknown;
  readonly oldObject: unknown;
  readonly request: unknown;
  readonly params: unknown;
  readonly namespaceObject: unknown;
}

type Variables = Readonly<Record<string, unknown>>;

/** Finds what of a policy does not hold, in its order. What can't be evaluated counts unless the policy ignores failures. */
export function objectionsOf({ spec }: Policy, input: PolicyInput): readonly Objection[] {
  const { matchConditions = [], validations = [], failurePolicy } = spec;
  const failed: Objection[] = [];
  const given = Object.fromEntries(Object.entries(input).map(([name, value]) => [name, celOf(value)]));
  for (const { expression } of matchConditions) {
    const outcome = outcomeOf(expression, given);
    if (outcome.kind === 'value' && outcome.value !== true) return [];
    if (outcome.kind === 'error') failed.push(erring(expression, outcome.why));
  }
  const errorsCount = failurePolicy !== 'Ignore';
  // Conditions that can't be told leave the policy unevaluated.
  if (failed.length > 0) return errorsCount ? failed : [];
  const variables = { ...given, variables: lazily(spec.variables ?? [], given) };
  return validations.flatMap((validation) => {
    const outcome = outcomeOf(validation.expression, variables);
    if (outcome.kind === 'error') return errorsCount ? [erring(validation.expression, outcome.why)] : [];
    if (outcome.value === true) return [];
    return [{ message: told(validation, variables), reason: validation.reason ?? 'Invalid' }];
  });
}

const erring = (expression: string, why: string): Objection => ({
  message: `expression '${expression}' resulted in error: ${why}`,
  reason: 'Invalid',
});

type Outcome =
  { readonly kind: 'value'; readonly value: unknown } | { readonly kind: 'error'; readonly why: string };

function outcomeOf(expression: string, variables: Variables): Outcome {
  try {
    return { kind: 'value', value: evaluateOn(expression, variables) };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const text =
      error instanceof EvaluationError ? error.summary : (error.message.split('\n')[0] ?? error.message);
    return { kind: 'error', why: text.charAt(0).toLowerCase() + text.slice(1) };
  }
}

/** A policy's variables, each worked out when it is first asked for; later ones may speak of earlier ones. */
function lazily(declared: NonNullable<Policy['spec']['variables']>, given: Variables): object {
  const made = {};
  const seen = { ...given, variables: made };
  for (const { name, expression } of declared) {
    let known: { readonly value: unknown } | undefined;
    Object.defineProperty(made, name, {
      enumerable: true,
      get: () => (known ??= { value: evaluateOn(expression, seen) }).value,
    });
  }
  return made;
}

/** What a validation says when it does not hold. */
function told({ expression, message = '', messageExpression }: Validation, variables: Variables): string {
  const outcome = messageExpression === undefined ? undefined : outcomeOf(messageExpression, variables);
  const made = outcome?.kind === 'value' && typeof outcome.value === 'string' ? outcome.value.trim() : '';
  if (made !== '' && !made.includes('\n')) return made;
  const standard = message.trim();
  return standard === '' ? `failed expression: ${expression.trim()}` : standard;
}
