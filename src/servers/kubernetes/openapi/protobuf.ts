import { isObject } from '../../../kube/index.js';
import type { JsonObject } from '../../../kube/index.js';

/** What clients ask for who read `/openapi/v2` as protobuf, and nothing else: all of client-go. */
export const openApiV2Protobuf = 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf';

/** True when a client takes `/openapi/v2` as protobuf; the media type has been spelled in two ways. */
export const wantsOpenApiProtobuf = (accept: string | undefined): boolean =>
  /application\/com\.github\.proto-openapi\.spec\.v2[@.]v1\.0\+protobuf/.test(accept ?? '');

/** How a member of an OpenAPI document is put into a message. */
interface Field {
  readonly number: number;
  readonly encode: (value: unknown) => readonly Buffer[];
}
type Message = Readonly<Record<string, Field>>;

/** Wire type 2: a length and so many bytes. */
const lengthDelimited = (number: number, payload: Buffer): Buffer =>
  Buffer.concat([varint((number << 3) | 2), varint(payload.length), payload]);

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80);
  bytes.push(rest);
  return Buffer.from(bytes);
}

const string = (number: number): Field => ({
  number,
  encode: (value) => (typeof value === 'string' ? [Buffer.from(value)] : []),
});
const strings = (number: number): Field => ({
  number,
  encode: (value) => listOf(value).map((item) => Buffer.from(String(item))),
});
const message = (number: number, encode: (value: JsonObject) => Buffer): Field => ({
  number,
  encode: (value) => (isObject(value) ? [encode(value)] : []),
});
const messages = (number: number, encode: (value: JsonObject) => Buffer): Field => ({
  number,
  encode: (value) => listOf(value).flatMap((item) => (isObject(item) ? [encode(item)] : [])),
});

const listOf = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : value === undefined ? [] : [value];

/** Members that are no field of a message but begin with `x-` are its extensions, as YAML. */
function encoded(fields: Message, value: JsonObject, extensions?: number): Buffer {
  const known = Object.entries(fields).flatMap(([name, field]) =>
    field.encode(value[name]).map((payload) => lengthDelimited(field.number, payload)),
  );
  const further =
    extensions === undefined
      ? []
      : Object.entries(value)
          .filter(([name]) => name.startsWith('x-'))
          .map(([name, extension]) => lengthDelimited(extensions, named(name, anything(extension))));
  return Buffer.concat([...known, ...further]);
}

const anything = (value: unknown): Buffer => lengthDelimited(2, Buffer.from(JSON.stringify(value)));

/** A map is a list of names and values. */
const named = (name: string, value: Buffer): Buffer =>
  Buffer.concat([lengthDelimited(1, Buffer.from(name)), lengthDelimited(2, value)]);

const mapOf =
  (number: number, encode: (value: JsonObject) => Buffer) =>
  (members: JsonObject): Buffer =>
    Buffer.concat(
      Object.entries(members).flatMap(([name, value]) =>
        isObject(value) ? [lengthDelimited(number, named(name, encode(value)))] : [],
      ),
    );

/** A message whose one member is another. */
const wrapped =
  (number: number, encode: (value: JsonObject) => Buffer) =>
  (value: JsonObject): Buffer =>
    lengthDelimited(number, encode(value));

// The numbers are those of gnostic's OpenAPIv2.proto, the format of client-go.
const schemaFields: Message = {
  $ref: string(1),
  format: string(2),
  description: string(4),
  default: { number: 5, encode: (value) => (value === undefined ? [] : [anything(value)]) },
  required: strings(19),
  additionalProperties: message(21, wrapped(1, schema)),
  type: {
    number: 22,
    encode: (value) => (typeof value === 'string' ? [lengthDelimited(1, Buffer.from(value))] : []),
  },
  items: message(23, wrapped(1, schema)),
  properties: message(25, mapOf(1, schema)),
};
function schema(value: JsonObject): Buffer {
  return encoded(schemaFields, value, 31);
}

const queryParameter: Message = { in: string(2), name: string(4), type: string(6) };
const parameter = (value: JsonObject): Buffer =>
  [3, 2, 1].reduce((inner, number) => lengthDelimited(number, inner), encoded(queryParameter, value));

const response = wrapped(1, (value) => encoded({ description: string(1) }, value));
const operationFields: Message = {
  operationId: string(5),
  parameters: messages(8, parameter),
  responses: message(9, mapOf(1, response)),
};
const operation = (value: JsonObject): Buffer => encoded(operationFields, value, 13);
const pathItem: Message = {
  get: message(2, operation),
  put: message(3, operation),
  post: message(4, operation),
  delete: message(5, operation),
  patch: message(8, operation),
};

const documentFields: Message = {
  swagger: string(1),
  info: message(2, (info) => encoded({ title: string(1), version: string(2) }, info)),
  paths: message(
    8,
    mapOf(2, (path) => encoded(pathItem, path)),
  ),
  definitions: message(9, mapOf(1, schema)),
};

const encodings = new WeakMap<JsonObject, Buffer>();

/** An OpenAPI v2 document in gnostic's protobuf encoding, as far as `openApiV2` writes any. */
export function openApiV2AsProtobuf(document: JsonObject): Buffer {
  const known = encodings.get(document);
  if (known) return known;
  const made = encoded(documentFields, document);
  encodings.set(document, made);
  return made;
}
