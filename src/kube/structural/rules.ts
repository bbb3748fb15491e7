import { Environment, EvaluationError, Optional, ParseError } from '@marcbachmann/cel-js';
import type { ParseResult } from '@marcbachmann/cel-js';
import { duplicate, forbiddenField, invalid, required } from '../api/field-error.js';
import type { FieldError, Faults } from '../api/field-error.js';
import { canonicalJson, isObject } from '../object.js';
import { elementBefore, memberBefore } from './before.js';
import type { Before } from './before.js';
import { addLibraries } from './cel-library.js';
import { celValue } from './cel-values.js';
import type { StructuralSchema, ValidationRule } from './structural-schema.js';
import { compilationFault, declaredIn } from './undeclared.js';
import type { Declared } from './undeclared.js';
import { own } from '../../units/index.js';

/** A rule that can be evaluated. */
interface CompiledRule {
  readonly rule: ValidationRule;
  readonly holds: ParseResult;
  readonly message: ParseResult | undefined;
  /** True when it speaks of the value before the change: it is looked at for changes alone. */
  readonly isTransition: boolean;
}

let rulesEnvironment: Environment | undefined;

function environment(): Environment {
  if (rulesEnvironment) return rulesEnvironment;
  const made = new Environment({
    unlistedVariablesAreDyn: false,
    homogeneousAggregateLiterals: false,
    enableOptionalTypes: true,
  });
  addLibraries(made);
  made.registerVariable('self', 'dyn').registerVariable('oldSelf', 'dyn');
  rulesEnvironment = made;
  return made;
}

let declared: Declared | undefined;

/**
 * What keeps a text from being an expression of a rule, as compilers of the language print it; undefined for one that is.
 * Types are not looked at.
 */
export function expressionFault(expression: string): string | undefined {
  declared ??= declaredIn(environment());
  return compilationFault(environment(), declared, expression);
}

const compiled = new WeakMap<ValidationRule, CompiledRule | 'without effect'>();

/** A rule ready to be evaluated; one whose types do not fit has no effect. */
function compile(rule: ValidationRule): CompiledRule | 'without effect' {
  const known = compiled.get(rule);
  if (known) return known;
  const made = compileAnew(rule);
  compiled.set(rule, made);
  return made;
}

function compileAnew(rule: ValidationRule): CompiledRule | 'without effect' {
  try {
    const holds = environment().parse(rule.rule);
    if (!holds.check().valid) return 'without effect';
    const { messageExpression } = rule;
    return {
      rule,
      holds,
      message: messageExpression === undefined ? undefined : environment().parse(messageExpression),
      isTransition: /\boldSelf\b/.test(rule.rule),
    };
  } catch (error) {
    if (error instanceof ParseError) return 'without effect';
    throw error;
  }
}

const known = new WeakMap<StructuralSchema, boolean>();

/** True when a schema has rules at any depth. */
export function hasRules(schema: StructuralSchema): boolean {
  const found = known.get(schema);
  if (found !== undefined) return found;
  const { properties = {}, additionalProperties, items } = schema;
  const inner = [
    ...Object.values(properties),
    ...(isObject(additionalProperties) ? [additionalProperties] : []),
    ...(items ? [items] : []),
  ];
  const made = (schema['x-kubernetes-validations'] ?? []).length > 0 || inner.some(hasRules);
  known.set(schema, made);
  return made;
}

/** Evaluates the rules of a schema on a value and on what is below it (Kubernetes: x-kubernetes-validations). */
export function checkRules(
  faults: Faults,
  path: string,
  schema: StructuralSchema,
  value: unknown,
  before: Before,
  nature: 'resource' | 'value' = 'value',
): void {
  if (!hasRules(schema) || value === null || value === undefined) return;
  const rules = schema['x-kubernetes-validations'] ?? [];
  if (rules.length > 0) checkOwnRules(faults, path, { schema, value, before, nature }, rules);
  const { properties = {}, additionalProperties, items } = schema;
  if (Array.isArray(value)) {
    if (!items || !hasRules(items)) return;
    for (const [index, item] of value.entries()) {
      checkRules(faults, `${path}[${String(index)}]`, items, item, elementBefore(schema, item, before));
    }
    return;
  }
  if (!isObject(value)) return;
  for (const [name, member] of Object.entries(value)) {
    const inner = own(properties, name) ?? additionalProperties;
    if (!isObject(inner)) continue;
    checkRules(faults, path === '' ? name : `${path}.${name}`, inner, member, memberBefore(name, before));
  }
}

interface Subject {
  readonly schema: StructuralSchema;
  readonly value: unknown;
  readonly before: Before;
  readonly nature: 'resource' | 'value';
}

function checkOwnRules(
  faults: Faults,
  path: string,
  { schema, value, before, nature }: Subject,
  rules: readonly ValidationRule[],
): void {
  const isSame = before !== undefined && canonicalJson(before.value) === canonicalJson(value);
  const self = celValue(schema, value, nature);
  const old = before && celValue(schema, before.value, nature);
  for (const declared of rules) {
    const rule = compile(declared);
    if (rule === 'without effect') continue;
    // What was not changed may stay as it is, whatever the rules have become (Kubernetes: validation ratcheting).
    if (isSame && !rule.isTransition) continue;
    const isOptional = declared.optionalOldSelf === true;
    if (rule.isTransition && !before && !isOptional) continue;
    const oldSelf = isOptional ? (before ? Optional.of(old) : Optional.none()) : old;
    const error = outcome(rule, path, schema, { self, oldSelf });
    if (error) faults.add(error);
  }
}

type Variables = Readonly<Record<'self' | 'oldSelf', unknown>>;

function outcome(
  { rule, holds, message }: CompiledRule,
  path: string,
  schema: StructuralSchema,
  variables: Variables,
): FieldError | undefined {
  const at = path === '' ? '<nil>' : path;
  const typeName = schema.type ?? 'object';
  const standard = rule.message ?? `failed rule: ${rule.rule}`;
  try {
    if (holds(variables) === true) return undefined;
  } catch (error) {
    if (!(error instanceof EvaluationError)) throw error;
    // A function that is known here for other types alone: the rule has no effect.
    if (error.code === 'no_matching_overload') return undefined;
    return invalid(at, typeName, `${lowered(error.summary)} evaluating rule: ${standard}`);
  }
  const told = (message && spoken(message, variables)) ?? standard;
  const field = rule.fieldPath === undefined ? at : `${path}${rule.fieldPath}`.replace(/^\./, '');
  switch (rule.reason) {
    case 'FieldValueRequired':
      return required(field, told);
    case 'FieldValueForbidden':
      return forbiddenField(field, told);
    case 'FieldValueDuplicate':
      return duplicate(field, typeName);
    default:
      return invalid(field, typeName, told);
  }
}

const lowered = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

/** The message that an expression makes; undefined for none that can be shown. */
function spoken(message: ParseResult, variables: Variables): string | undefined {
  try {
    const text: unknown = message(variables);
    if (typeof text !== 'string') return undefined;
    const trimmed = text.trim();
    return trimmed === '' || trimmed.includes('\n') ? undefined : trimmed;
  } catch (error) {
    if (error instanceof EvaluationError) return undefined;
    throw error;
  }
}
