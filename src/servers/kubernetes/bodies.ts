import type { FastifyRequest } from 'fastify';
import { StatusError, isNestedTooDeep, isObject } from '../../kube/index.js';
import type { PatchType } from '../../kube/index.js';
import { isPlainText, membersWithin, readJsonText } from './json-text.js';
import type { RepeatedMember } from './json-text.js';
import { PlainError } from './plain-error.js';
import { MalformedProtobuf, decodeObject } from './protobuf/index.js';
import { MalformedYaml, parseYaml, repeatedKey } from './yaml-text.js';
import { own } from '../../units/index.js';

/** What Go's clients write the kinds of Kubernetes itself in. */
export const protobuf = 'application/vnd.kubernetes.protobuf';
const readable = ['application/json', 'application/yaml', protobuf];
const patchTypes: Readonly<Record<string, PatchType>> = {
  'application/json-patch+json': 'json',
  'application/merge-patch+json': 'merge',
  'application/strategic-merge-patch+json': 'strategic',
};

/** A body as a value, and what field validation has to say about its text, e.g. `duplicate field "data.a"`. */
export interface Read {
  readonly value: unknown;
  readonly faults: readonly string[];
}

/** Why a text could not be read. */
class Unreadable extends Error {}

const mediaType = (request: FastifyRequest): string =>
  (request.headers['content-type'] ?? 'application/json').split(';')[0]?.trim().toLowerCase() ?? '';

const textOf = (request: FastifyRequest): string => (typeof request.body === 'string' ? request.body : '');

/** The body of a request as a value; undefined when it is empty. @throws StatusError 400, 415 */
export function readBody(request: FastifyRequest): unknown {
  if (!Buffer.isBuffer(request.body) && textOf(request).trim() === '') return undefined;
  return readObject(request, 'Status').value;
}

/** The body of a request as an object of a kind, which refusals name. @throws StatusError 400, 415 */
export function readObject(request: FastifyRequest, kind: string): Read {
  const refuse = (why: string, data: Buffer | string): StatusError =>
    StatusError.badRequest(
      `the object provided is unrecognized (must be of type ${kind}): ${why} (${summary(data)})`,
    );
  try {
    return readAs(request, mediaType(request));
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    throw refuse(error.message, Buffer.isBuffer(request.body) ? request.body : textOf(request));
  }
}

function readAs(request: FastifyRequest, type: string): Read {
  const { body } = request;
  if (Buffer.isBuffer(body)) return { value: fromProtobuf(body), faults: [] };
  const text = textOf(request);
  if (type === 'application/yaml') {
    const read = yamlText(text);
    return { ...read, value: typed(read.value) };
  }
  if (type !== 'application/json' && type !== '' && type !== '*/*' && body !== undefined)
    throw StatusError.unsupportedMediaType(readable);
  const untold = "couldn't get version/kind; json parse error: ";
  const read = jsonText(text, (why) => new Unreadable(`${untold}${why}`));
  return { ...read, value: typed(read.value) };
}

/** A value that may be an object of some kind; null is one that says nothing. */
function typed(value: unknown): unknown {
  const told = "couldn't get version/kind; json parse error: json: cannot unmarshal";
  if (value === null) return {};
  if (!isObject(value)) {
    const type =
      'struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }';
    throw new Unreadable(`${told} ${jsonTypeOf(value)} into Go value of type ${type}`);
  }
  const { apiVersion, kind } = value;
  for (const [name, member] of Object.entries({ apiVersion, kind })) {
    if (member !== undefined && member !== null && typeof member !== 'string')
      throw new Unreadable(`${told} ${jsonTypeOf(member)} into Go struct field .${name} of type string`);
  }
  if (typeof apiVersion === 'string' && apiVersion.split('/').length > 2)
    throw new Unreadable(`unexpected GroupVersion string: ${apiVersion}`);
  return value;
}

/** What a message shows of a body: the beginning of an object, or of the bytes of anything else. */
function summary(data: Buffer | string): string {
  const bytes = Buffer.isBuffer(data) ? data : Buffer.from(data);
  if (bytes.length === 0) return '<empty>';
  const longest = 30;
  const shown = bytes.subarray(0, longest);
  const more = bytes.length > longest ? ' ...' : '';
  return (bytes[0] === 0x7b ? shown.toString() : shown.toString('hex')) + more;
}

/** The patch of a request. @throws StatusError 400, 415 */
export function readPatch(request: FastifyRequest): {
  readonly type: PatchType;
  readonly body: unknown;
  readonly faults: readonly string[];
} {
  const type = own(patchTypes, mediaType(request));
  if (type === undefined) throw PlainError.unsupportedPatch();
  const refuse = (why: string): StatusError => StatusError.badRequest(`error decoding patch: ${why}`);
  const { value, faults } = jsonText(textOf(request), refuse);
  const fits = type === 'json' ? Array.isArray(value) : isObject(value);
  if (value === null && type === 'merge') throw StatusError.badRequest('Invalid JSON Patch');
  if (fits || value === null) return { type, body: value ?? (type === 'json' ? [] : {}), faults };
  const wanted = type === 'json' ? '[]handlers.jsonPatchOp' : 'map[string]interface {}';
  throw refuse(`json: cannot unmarshal ${jsonTypeOf(value)} into Go value of type ${wanted}`);
}

/** True for the patch of a server-side apply. */
export const isApplyPatch = (request: FastifyRequest): boolean =>
  mediaType(request) === 'application/apply-patch+yaml';

/** The configuration of a server-side apply. @throws StatusError 400 */
export function readApplyPatch(request: FastifyRequest): Read {
  const refuse = (why: string): StatusError => StatusError.badRequest(`error decoding YAML: ${why}`);
  try {
    const { value, faults } = yamlText(textOf(request));
    if (value === null) return { value: {}, faults };
    if (isObject(value)) return { value, faults };
    const what = jsonTypeOf(value);
    const why = `json: cannot unmarshal ${what} into Go value of type map[string]interface {}`;
    throw refuse(`error unmarshaling JSON: while decoding JSON: ${why}`);
  } catch (error) {
    throw error instanceof Unreadable ? refuse(`error converting YAML to JSON: ${error.message}`) : error;
  }
}

function fromProtobuf(bytes: Buffer): unknown {
  try {
    return decodeObject(bytes);
  } catch (error) {
    if (error instanceof MalformedProtobuf) throw new Unreadable(error.message);
    throw error;
  }
}

const wellFormedText = (text: string): string => text.replace(/\p{Surrogate}/gu, '\uFFFD');

/** Half of a surrogate pair is no character: a name with it could never be sent in a path. Go reads U+FFFD. */
function wellFormed(value: unknown): unknown {
  if (typeof value === 'string') return wellFormedText(value);
  if (Array.isArray(value)) return value.map(wellFormed);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [wellFormedText(name), wellFormed(member)]),
  );
}

/** A text in UTF-8 can only write halves of pairs as escapes. */
const wellFormedIn = (text: string, value: unknown): unknown =>
  /\\[uU][0-9a-fA-F]*[dD][89a-fA-F]/.test(text) ? wellFormed(value) : value;

function jsonText(given: string, refuse: (why: string) => Error): Read {
  const text = given.replace(/^\uFEFF/, '');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw refuse(readJsonText(text).fault ?? String(error));
  }
  if (isNestedTooDeep(value)) throw refuse('exceeded max depth');
  const faults = new Set(repeatedIn(text, value).map(({ path }) => `duplicate field "${path}"`));
  return { value: wellFormedIn(text, value), faults: [...faults] };
}

/** Most YAML that clients send is JSON, which is read many times faster. @throws Unreadable, StatusError 413 */
function yamlText(text: string): Read {
  const { value, repeated } = jsonInYaml(text) ?? fromYaml(text);
  if (isNestedTooDeep(value)) throw new Unreadable('exceeded max depth');
  return { value: wellFormedIn(text, value), faults: [...new Set(repeated)] };
}

interface YamlRead {
  readonly value: unknown;
  readonly repeated: readonly string[];
}

function jsonInYaml(text: string): YamlRead | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // Other YAML may begin the same way.
    return undefined;
  }
  return { value, repeated: repeatedIn(text, value).map(repeatedKey) };
}

function fromYaml(text: string): YamlRead {
  try {
    return parseYaml(text);
  } catch (error) {
    throw error instanceof MalformedYaml ? new Unreadable(error.message) : error;
  }
}

/** The members that a text gives again: its value tells by how few there are whether there are any. */
const repeatedIn = (text: string, value: unknown): readonly RepeatedMember[] =>
  isPlainText(text, membersWithin(value)) ? [] : readJsonText(text).repeated;

const jsonTypeOf = (value: unknown): string => {
  if (Array.isArray(value)) return 'array';
  return typeof value === 'boolean' ? 'bool' : typeof value;
};
