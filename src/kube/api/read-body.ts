import { goText } from '../go-values.js';
import { isObject } from '../object.js';
import type { JsonObject } from '../object.js';
import { apiVersionOf } from '../resource-type.js';
import type { Draft, ResourceType } from '../resource-type.js';
import { DecodeError } from '../schema/index.js';
import { StatusError, invalid } from './status-error.js';

/** What to do about members that a kind does not have (API conventions: field validation). */
export type FieldValidation = 'Strict' | 'Warn' | 'Ignore';

export type PatchType = 'json' | 'merge' | 'strategic';

/** A patch as it was sent. */
export interface Patch {
  readonly type: PatchType;
  readonly body: unknown;
}

/** Makes the refusal of what a kind can't be read from, for a reason. */
type Unreadable = (reason: string) => StatusError;

/**
 * Reads a body as a kind.
 *
 * @throws StatusError 400, or what `unreadable` makes of the reason
 */
export function readBody(
  type: ResourceType,
  body: unknown,
  { fieldValidation }: { readonly fieldValidation: FieldValidation },
  unreadable: Unreadable = unreadableBody(type),
): { readonly draft: Draft; readonly warnings: readonly string[] } {
  if (!isObject(body)) {
    throw StatusError.badRequest(
      `Object 'Kind' is missing in '${JSON.stringify(body)?.slice(0, 100) ?? 'an empty body'}'`,
    );
  }
  checkKind(type, body);
  const { value, unknown } = decoded(type, body, unreadable);
  if (unknown.length === 0 || fieldValidation === 'Ignore') return { draft: value, warnings: [] };
  const texts = unknown.map((path) => `unknown field "${path}"`);
  if (fieldValidation === 'Warn') return { draft: value, warnings: texts };
  throw unreadable(`strict decoding error: ${texts.join(', ')}`);
}

function decoded(type: ResourceType, body: JsonObject, unreadable: Unreadable) {
  try {
    return type.schema.read(body);
  } catch (error) {
    throw error instanceof DecodeError ? unreadable(error.message) : error;
  }
}

const unreadableBody =
  ({ kind, version }: ResourceType): Unreadable =>
  (reason) =>
    StatusError.badRequest(`${kind} in version "${version}" cannot be handled as a ${kind}: ${reason}`);

/** Refuses what a patch makes of an object by showing it; a strategic merge is shown itself. */
export const unreadablePatch =
  ({ type, body }: Patch, patched: unknown): Unreadable =>
  (reason) => {
    const value = type === 'strategic' ? goText(body) : JSON.stringify(patched);
    return StatusError.invalid({ group: '', kind: '' }, '', [invalid('patch', value, reason)]);
  };

/** A body may leave out its type, but not name another one. */
function checkKind(type: ResourceType, body: JsonObject): void {
  const { apiVersion = apiVersionOf(type), kind = type.kind } = body;
  if (apiVersion === apiVersionOf(type) && kind === type.kind) return;
  throw StatusError.badRequest(
    `the API version in the data (${named(apiVersion)}, Kind=${named(kind)}) does not match the expected API version (${apiVersionOf(type)}, Kind=${type.kind})`,
  );
}

const named = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
