import { parse } from 'yaml';
import type { FastifyRequest } from 'fastify';
import { StatusError, isNestedTooDeep } from '../../kube/index.js';
import type { PatchType } from '../../kube/index.js';
import { MalformedProtobuf, decodeObject } from './protobuf/index.js';

/** What Go's clients write the kinds of Kubernetes itself in. */
export const protobuf = 'application/vnd.kubernetes.protobuf';
const readable = ['application/json', 'application/yaml', protobuf];
const patchTypes: Readonly<Record<string, PatchType>> = {
  'application/json-patch+json': 'json',
  'application/merge-patch+json': 'merge',
  'application/strategic-merge-patch+json': 'strategic',
};

const mediaType = (request: FastifyRequest): string =>
  (request.headers['content-type'] ?? 'application/json').split(';')[0]?.trim().toLowerCase() ?? '';

const textOf = (request: FastifyRequest): string => (typeof request.body === 'string' ? request.body : '');

/** The body of a request as a value; undefined when it is empty. @throws StatusError 400, 415 */
export function readBody(request: FastifyRequest): unknown {
  if (Buffer.isBuffer(request.body)) return fromProtobuf(request.body);
  const text = textOf(request);
  if (text.trim() === '') return undefined;
  const type = mediaType(request);
  if (type === 'application/yaml') return parsed(text, 'yaml');
  if (type === 'application/json' || type === '' || type === '*/*') return parsed(text, 'json');
  throw StatusError.unsupportedMediaType(readable);
}

/** The patch of a request. @throws StatusError 400, 415 */
export function readPatch(request: FastifyRequest): { readonly type: PatchType; readonly body: unknown } {
  const type = patchTypes[mediaType(request)];
  if (type === undefined)
    throw StatusError.unsupportedMediaType([...Object.keys(patchTypes), 'application/apply-patch+yaml']);
  return { type, body: parsed(textOf(request), 'json') };
}

/** True for the patch of a server-side apply. */
export const isApplyPatch = (request: FastifyRequest): boolean =>
  mediaType(request) === 'application/apply-patch+yaml';

/** The configuration of a server-side apply. @throws StatusError 400 */
export const readApplyPatch = (request: FastifyRequest): unknown => parsed(textOf(request), 'yaml');

function fromProtobuf(bytes: Buffer): unknown {
  if (bytes.length === 0) return undefined;
  try {
    return decodeObject(bytes);
  } catch (error) {
    if (error instanceof MalformedProtobuf) throw StatusError.badRequest(error.message);
    throw error;
  }
}

function parsed(text: string, format: 'json' | 'yaml'): unknown {
  const value = parsedText(text, format);
  if (isNestedTooDeep(value)) throw unrecognized('exceeded max depth');
  return value;
}

function parsedText(text: string, format: 'json' | 'yaml'): unknown {
  try {
    return format === 'json' ? JSON.parse(text.replace(/^\uFEFF/, '')) : parsedYaml(text);
  } catch (error) {
    throw unrecognized(error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error));
  }
}

/** Most YAML that clients send is JSON, which is read many times faster. */
function parsedYaml(text: string): unknown {
  if (/^\s*\{/.test(text)) {
    try {
      return JSON.parse(text);
    } catch {
      // Other YAML may begin the same way.
    }
  }
  return parse(text, { logLevel: 'error' });
}

const unrecognized = (why: string): StatusError =>
  StatusError.badRequest(`the object provided is unrecognized (must be of type Status): ${why}`);
