import jsonpatch from 'fast-json-patch';
import type { Operation } from 'fast-json-patch';
import { StatusError } from '../api/status-error.js';
import type { JsonObject } from '../object.js';
import { isNestedTooDeep } from '../nesting.js';
import { isObject } from '../object.js';

/** The API server takes no more operations than this in one patch. */
const maxOperations = 10_000;

/** What all copies of one patch may add, in characters of JSON: each may double the object. */
const maxCopied = 3 * 1024 * 1024;

/** Applies a JSON Patch (RFC 6902). @throws StatusError 400 for what is no patch, 422 for one that does not apply. */
export function applyJsonPatch(object: JsonObject, patch: unknown): unknown {
  if (!Array.isArray(patch))
    throw StatusError.badRequest('json: cannot unmarshal object into Go value of type jsonpatch.Patch');
  if (patch.length > maxOperations) {
    throw new StatusError(
      413,
      'RequestEntityTooLarge',
      `The allowed maximum operations in a JSON patch is ${String(maxOperations)}, got ${String(patch.length)}`,
    );
  }
  const operations = patch.map(checkedOperation);
  try {
    // The library edits deeply: it works on a copy of its own.
    let document: unknown = structuredClone(object);
    let copied = 0;
    for (const operation of operations) {
      if (operation.op === 'copy') copied += sizeAt(document, operation.from);
      if (copied > maxCopied)
        throw new RangeError(`the copies of the patch add more than ${String(maxCopied)} characters`);
      document = jsonpatch.applyOperation(document, operation, true, true, true).newDocument;
    }
    if (isNestedTooDeep(document)) throw new RangeError('exceeded max depth');
    return document;
  } catch (error) {
    // What the library knows of it is not told, as by the API server.
    if (error instanceof StatusError || !(error instanceof Error)) throw error;
    throw notApplicable();
  }
}

function sizeAt(document: unknown, pointer: string): number {
  const value: unknown = jsonpatch.getValueByPointer(document, pointer);
  return value === undefined ? 0 : JSON.stringify(value).length;
}

const notApplicable = (): StatusError =>
  new StatusError(422, 'Invalid', 'the server rejected our request due to an error in our request', {});

const known: ReadonlySet<unknown> = new Set(['add', 'remove', 'replace', 'move', 'copy', 'test']);

function checkedOperation(operation: unknown): Operation {
  if (!isObject(operation)) {
    const what = Array.isArray(operation) ? 'array' : typeof operation;
    const text = `json: cannot unmarshal ${what} into Go value of type jsonpatch.Operation`;
    throw StatusError.badRequest(text);
  }
  if (known.has(operation['op']) && typeof operation['path'] === 'string')
    return operation as unknown as Operation;
  throw notApplicable();
}
