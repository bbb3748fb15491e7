import { refusal } from '../refusal.js';

/** What kind of JSON value a member holds. Ranges here are those whose breach AKS answers with `InvalidParameter`. */
export type Shape =
  | { readonly kind: 'string' }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'integer'; readonly min?: number; readonly max?: number }
  | { readonly kind: 'number' }
  | { readonly kind: 'enum'; readonly values: readonly string[]; readonly code?: string }
  | { readonly kind: 'list'; readonly of: Shape }
  | { readonly kind: 'map'; readonly of: Shape }
  | { readonly kind: 'object'; readonly members: Members }
  /** Anything: kept as it came. */
  | { readonly kind: 'any' };

/** The known members of an object; members not named are kept as they came. */
export type Members = Readonly<Record<string, Shape>>;

export const text: Shape = { kind: 'string' };
export const flag: Shape = { kind: 'boolean' };
export const int32: Shape = { kind: 'integer' };
export const decimal: Shape = { kind: 'number' };
export const anything: Shape = { kind: 'any' };
export const range = (min: number, max: number): Shape => ({ kind: 'integer', min, max });
export const oneOf = (...values: readonly string[]): Shape => ({ kind: 'enum', values });
export const listOf = (of: Shape): Shape => ({ kind: 'list', of });
export const mapOf = (of: Shape): Shape => ({ kind: 'map', of });
export const object = (members: Members): Shape => ({ kind: 'object', members });

/** How a reader names the places of the value it checks. */
export interface Naming {
  /** Path in the request body, e.g. `properties.count`: what a wrong type is reported at. */
  readonly path: string;
  /** AKS's name for the parameter, e.g. `agentPoolProfile.count`: the target of a wrong value. */
  readonly parameter: string;
}

const member = (at: Naming, name: string): Naming => ({
  path: at.path === '' ? name : `${at.path}.${name}`,
  parameter: at.parameter === '' ? name : `${at.parameter}.${name}`,
});

export type JsonObject = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function jsonTypeOf(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  return value === null ? 'null' : typeof value === 'boolean' ? 'bool' : typeof value;
}

const wireTypes: Readonly<Record<Shape['kind'], string>> = {
  string: 'string',
  enum: 'string',
  boolean: 'bool',
  integer: 'int32',
  number: 'float',
  list: 'array',
  map: 'object',
  object: 'object',
  any: 'any',
};

/** AKS's answer to a JSON value of the wrong type. */
const wrongType = (value: unknown, wanted: string, at: Naming): Error =>
  refusal(
    'UnmarshalError',
    `UnmarshalEntity encountered error: json: cannot unmarshal ${jsonTypeOf(value)} into field ` +
      `${at.path === '' ? 'of the request body' : at.path} of type ${wanted}.`,
    at.path === '' ? undefined : at.path,
  );

const invalid = (at: Naming, problem: string, code = 'InvalidParameter'): Error =>
  refusal(code, `The value of parameter ${at.parameter} is invalid: ${problem}`, at.parameter);

/**
 * Checks a value against its shape. `null` members are dropped (AKS treats them as not sent); unknown ones are kept.
 *
 * @throws AzureError 400 `UnmarshalError` for a wrong JSON type, `InvalidParameter` (or the enum's own code) for a value
 *   outside its enum or range; both name the field.
 */
export function readValue(value: unknown, shape: Shape, at: Naming): unknown {
  switch (shape.kind) {
    case 'any':
      return value;
    case 'string':
      if (typeof value !== 'string') throw wrongType(value, wireTypes.string, at);
      return value;
    case 'boolean':
      if (typeof value !== 'boolean') throw wrongType(value, wireTypes.boolean, at);
      return value;
    case 'number':
      if (typeof value !== 'number') throw wrongType(value, wireTypes.number, at);
      return value;
    case 'integer':
      return readInteger(value, shape, at);
    case 'enum':
      if (typeof value !== 'string') throw wrongType(value, wireTypes.enum, at);
      if (!shape.values.includes(value)) {
        throw invalid(
          at,
          `'${value}' is not one of ${shape.values.join(', ')} (case-sensitive).`,
          shape.code,
        );
      }
      return value;
    case 'list':
      if (!Array.isArray(value)) throw wrongType(value, wireTypes.list, at);
      return value.map((entry: unknown, i) =>
        readValue(entry, shape.of, { ...at, path: `${at.path}[${i}]` }),
      );
    case 'map':
      if (!isObject(value)) throw wrongType(value, wireTypes.map, at);
      return readMap(value, shape.of, at);
    case 'object':
      return readObject(value, shape.members, at);
  }
}

function readInteger(value: unknown, shape: Extract<Shape, { kind: 'integer' }>, at: Naming): number {
  if (typeof value !== 'number' || !Number.isInteger(value)) throw wrongType(value, wireTypes.integer, at);
  const { min = -Infinity, max = Infinity } = shape;
  if (value < min || value > max) {
    throw invalid(at, `${value} is not between ${min} and ${max}.`);
  }
  return value;
}

function readMap(value: JsonObject, of: Shape, at: Naming): JsonObject {
  const result = emptyObject();
  for (const [name, entry] of Object.entries(value)) {
    if (entry !== null) put(result, name, readValue(entry, of, { ...at, path: `${at.path}.${name}` }));
  }
  return result;
}

/** Like `readValue` for an object, whose unknown members are kept. */
export function readObject(value: unknown, members: Members, at: Naming): JsonObject {
  if (!isObject(value)) throw wrongType(value, wireTypes.object, at);
  const result = emptyObject();
  for (const [name, entry] of Object.entries(value)) {
    if (entry === null) continue;
    const shape = Object.hasOwn(members, name) ? members[name] : undefined;
    put(result, name, shape ? readValue(entry, shape, member(at, name)) : entry);
  }
  return result;
}

/** Deepest nesting of a request body: far above what any model needs, far below what would exhaust the stack. */
const maxDepth = 100;

/**
 * Refuses a body nested so deeply that no client means it.
 *
 * @throws AzureError 400 `UnmarshalError`.
 */
export function checkDepth(body: unknown): void {
  let level: unknown[] = [body];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > maxDepth) {
      throw refusal(
        'UnmarshalError',
        `UnmarshalEntity encountered error: json: exceeded max depth of ${maxDepth}.`,
      );
    }
    level = level.flatMap((value) =>
      typeof value === 'object' && value !== null ? Object.values(value) : [],
    );
  }
}

/** Names of the members sent as `null`. */
export const nullMembers = (value: unknown): ReadonlySet<string> =>
  new Set(isObject(value) ? Object.keys(value).filter((name) => value[name] === null) : []);

const emptyObject = (): Record<string, unknown> => ({});

/** Sets an own member whatever its name, `__proto__` included. */
function put(target: Record<string, unknown>, name: string, value: unknown): void {
  Object.defineProperty(target, name, { value, enumerable: true, writable: true, configurable: true });
}
