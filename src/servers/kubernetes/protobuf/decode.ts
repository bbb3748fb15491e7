import type { JsonObject } from '../../../kube/index.js';
import { MalformedProtobuf, bytesOf, firstOf, integerOf, textOf, wireValues } from './reader.js';
import type { WireValue } from './reader.js';
import { specialTypes } from './special-types.js';
import { fieldsOf, messageOf } from './wire-format.js';
import type { WireField } from './wire-format.js';

/** Every object begins so (Kubernetes: the protobuf serializer's envelope). */
const magic = Buffer.from('k8s\0');
/** No type of Kubernetes is that deep; whoever nests on is stopped before the stack is. */
const deepest = 100;

/**
 * Reads an object in Kubernetes' protobuf encoding: an envelope that names the kind, and the object's own message.
 *
 * @throws MalformedProtobuf when it is neither, or of a kind that has no protobuf.
 */
export function decodeObject(bytes: Buffer): JsonObject {
  if (!bytes.subarray(0, magic.length).equals(magic))
    throw new MalformedProtobuf('provided data does not appear to be a protobuf message');
  const envelope = bytes.subarray(magic.length);
  const type = firstOf(envelope, 1);
  const raw = firstOf(envelope, 2);
  if (!type) throw new MalformedProtobuf("Object 'Kind' is missing");
  const [apiVersion, kind] = [1, 2].map((number) => {
    const name = firstOf(bytesOf(type), number);
    return name ? textOf(name) : '';
  });
  const message = messageOf(apiVersion ?? '', kind ?? '');
  if (message === undefined)
    throw new MalformedProtobuf(`no kind "${kind ?? ''}" is registered for version "${apiVersion ?? ''}"`);
  const object = raw ? decodeMessage(message, bytesOf(raw), 0) : {};
  return { apiVersion, kind, ...object };
}

function decodeMessage(name: string, bytes: Buffer, depth: number): JsonObject {
  if (depth > deepest) throw new MalformedProtobuf('nested too deep');
  const fields = fieldsOf(name);
  if (!fields) throw new MalformedProtobuf(`no message ${name}`);
  const members: Members = { values: new Map(), lists: new Map(), maps: new Map() };
  for (const value of wireValues(bytes)) {
    const field = fields.get(value.number);
    if (field) note(members, field, value, depth);
  }
  const maps = [...members.maps].map(([member, entries]) => [member, Object.fromEntries(entries)] as const);
  return Object.fromEntries([...members.values, ...members.lists, ...maps]);
}

/** What has been read of a message; lists and maps come item by item. */
interface Members {
  readonly values: Map<string, unknown>;
  readonly lists: Map<string, unknown[]>;
  readonly maps: Map<string, Map<string, unknown>>;
}

function note(members: Members, [name, type, marks]: WireField, value: WireValue, depth: number): void {
  if (marks.startsWith('[]')) {
    const list = members.lists.get(name) ?? [];
    list.push(decodeValue(type, value, depth));
    members.lists.set(name, list);
    return;
  }
  if (marks.startsWith('{}')) {
    const map = members.maps.get(name) ?? new Map<string, unknown>();
    const [key, held] = mapEntry(type, bytesOf(value), depth);
    members.maps.set(name, map.set(key, held));
    return;
  }
  const decoded = decodeValue(type, value, depth);
  if (name === '') {
    for (const [inner, held] of Object.entries(decoded as JsonObject)) members.values.set(inner, held);
  } else if (decoded !== null && !(marks === '?' && isZero(decoded))) {
    members.values.set(name, decoded);
  }
}

const isZero = (value: unknown): boolean => value === '' || value === 0 || value === false;

/** An entry of a map is a message of its key and its value; a value that is not there is its type's zero. */
function mapEntry(type: string, bytes: Buffer, depth: number): readonly [key: string, value: unknown] {
  const key = firstOf(bytes, 1);
  const held = firstOf(bytes, 2) ?? { number: 2, value: Buffer.alloc(0) };
  return [key ? textOf(key) : '', decodeValue(type, held, depth)];
}

function decodeValue(type: string, value: WireValue, depth: number): unknown {
  switch (type) {
    case 'string':
      return textOf(value);
    case 'int':
      return integerOf(value);
    case 'bool':
      return integerOf(value) !== 0;
    case 'bytes':
      return bytesOf(value).toString('base64');
    case 'double': {
      const bytes = bytesOf(value);
      if (bytes.length !== 8) throw new MalformedProtobuf('a number of the wrong size');
      return bytes.readDoubleLE();
    }
    default: {
      const inner = (name: string, bytes: Buffer) => decodeMessage(name, bytes, depth + 1);
      const special = specialTypes.get(type);
      return special ? special(bytesOf(value), inner) : inner(type, bytesOf(value));
    }
  }
}
