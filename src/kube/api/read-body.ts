import { goText } from '../go-values.js';
import type { JsonObject } from '../object.js';
import { isObject } from '../object.js';
import { apiVersionOf } from '../resource-type.js';
import type { Draft, ResourceType } from '../resource-type.js';
import { DecodeError } from '../schema/index.js';
import type { ZeroRule } from '../schema/index.js';
import { StatusError, invalid } from './status-error.js';
import { checkTypes } from './typed-configuration.js';

/** What to do about members that a kind does not have, or a body has twice (API conventions: field validation). */
export type FieldValidation = 'Strict' | 'Warn' | 'Ignore';

export type PatchType = 'json' | 'merge' | 'strategic';

/** A patch as it was sent. */
export interface Patch {
  readonly type: PatchType;
  readonly body: unknown;
}

/** How many faults of one text are told (Kubernetes: the strict decoder of JSON). */
export const mostTextFaults = 100;

/** How a body is to be read. */
export interface BodyOptions {
  readonly fieldValidation: FieldValidation;
  /** What is wrong with the text of a body that could be read all the same, e.g. `duplicate field "data.a"`. */
  readonly textFaults?: readonly string[];
}

/** A body as its kind reads it, and what the client is warned of. */
export interface ReadBody {
  readonly draft: Draft;
  readonly warnings: readonly string[];
}

/** What a body is read as. */
type BodyKind = Pick<ResourceType, 'group' | 'version' | 'kind' | 'schema'>;

/** Words what is wrong with a body. */
export type Refuse = (why: string) => StatusError;

/** The kinds that the API server knows by itself. */
interface Registered {
  ofKind(apiVersion: string, kind: string): ResourceType | undefined;
}

/** Reads a body as a kind. @throws StatusError 400 unless `refuse` says otherwise */
export function readAsKind(
  type: BodyKind,
  body: unknown,
  { fieldValidation, textFaults = [] }: BodyOptions,
  registered: Registered,
  refuse: Refuse = (why) => unreadable(type, body, why),
): ReadBody {
  if (!isObject(body)) throw refuse(`Object 'Kind' is missing in '${JSON.stringify(body) ?? ''}'`);
  checkKind(type, body, registered, refuse);
  const { value, unknown } = decoded(type, body, 'dropped', refuse);
  const all = [...unknown.map((path) => `unknown field "${path}"`), ...textFaults];
  const texts = all.slice(0, mostTextFaults);
  if (texts.length === 0 || fieldValidation === 'Ignore') return { draft: value, warnings: [] };
  if (fieldValidation === 'Warn') return { draft: value, warnings: texts };
  throw refuse(`strict decoding error: ${texts.join(', ')}`);
}

/** Reads the configuration of an apply, in which zeros are said as well. @throws StatusError 400, 500 */
export function readConfiguration(
  type: BodyKind,
  body: unknown,
  { fieldValidation, textFaults = [] }: BodyOptions,
): ReadBody {
  const { apiVersion = '', kind = '', ...members } = isObject(body) ? body : {};
  if (apiVersion !== apiVersionOf(type) || kind !== type.kind) {
    const version = typeof apiVersion === 'string' && apiVersion.includes('/') ? '' : '/';
    throw StatusError.badRequest(`invalid object type: ${version}${named(apiVersion)}, Kind=${named(kind)}`);
  }
  const configuration = { apiVersion, kind, ...members };
  checkTypes(type, configuration);
  const refuse = (why: string) => unreadable(type, configuration, why);
  const { value } = decoded(type, configuration, 'kept', refuse);
  if (textFaults.length === 0 || fieldValidation === 'Ignore') return { draft: value, warnings: [] };
  if (fieldValidation === 'Warn') return { draft: value, warnings: textFaults };
  throw StatusError.badRequest(`error decoding YAML: ${textFaults.join(', ')}`);
}

/** Refuses what a patch makes of an object by showing it; a strategic merge is shown itself. */
export const unreadablePatch =
  ({ type, body }: Patch, patched: unknown): Refuse =>
  (reason) => {
    const value = type === 'strategic' ? goText(body) : JSON.stringify(patched);
    return StatusError.invalid({ group: '', kind: '' }, '', [invalid('patch', value, reason)]);
  };

/** A body may leave out its type, but not name another one. */
function checkKind(type: BodyKind, body: JsonObject, registered: Registered, refuse: Refuse): void {
  const apiVersion = named(body['apiVersion'] || apiVersionOf(type));
  const kind = named(body['kind'] || type.kind);
  if (apiVersion === apiVersionOf(type) && kind === type.kind) return;
  if (type.schema.source !== 'client') {
    const expected = `${apiVersionOf(type)}, Kind=${type.kind}`;
    throw StatusError.badRequest(
      `the API version in the data (${apiVersion}, Kind=${kind}) does not match the expected API version (${expected})`,
    );
  }
  const version = apiVersion.split('/').at(-1) ?? '';
  const isOtherVersion = kind === type.kind && apiVersion.startsWith(`${type.group}/`);
  if (isOtherVersion) {
    throw StatusError.badRequest(
      `the API version in the data (${apiVersion}) does not match the expected API version (${apiVersionOf(type)})`,
    );
  }
  const isRegistered = registered.ofKind(apiVersion, kind) !== undefined;
  throw refuse(
    isRegistered
      ? `converting (${version}.${kind}) to (${internalPackage(type)}.${type.kind}): unknown conversion`
      : `no kind "${kind}" is registered for version "${apiVersion}" in scheme "pkg/runtime/scheme.go:110"`,
  );
}

const named = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

function decoded(type: BodyKind, body: JsonObject, zeros: ZeroRule, refuse: (why: string) => StatusError) {
  try {
    return type.schema.read(body, zeros);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    throw refuse(error.message);
  }
}

/** The refusal of a body, in the words of what it says it is. */
function unreadable(type: BodyKind, body: unknown, why: string): StatusError {
  const { apiVersion = apiVersionOf(type), kind = type.kind } = isObject(body) ? body : {};
  const version = named(apiVersion).split('/').at(-1) ?? '';
  return StatusError.badRequest(
    `${named(kind)} in version "${version}" cannot be handled as a ${type.kind}: ${why}`,
  );
}

/** Where Go keeps a group's own types: the first word of the group. */
const internalPackage = ({ group }: BodyKind): string => {
  const [word = ''] = group.split('.');
  return word === '' || word === 'events' ? 'core' : word;
};
