import { canonicalQuantity, isQuantity, own } from '../../units/index.js';
import { isObject } from '../object.js';
import type { FieldSchema } from './schemas.js';
import { typeSchema } from './schemas.js';
import { timeFault } from './times.js';
import { droppedZeros, isZero } from './zeros.js';

/** A body as its type keeps it, and the paths of the members that its type does not know: these were left out. */
export interface Decoded {
  readonly value: Record<string, unknown>;
  readonly unknown: readonly string[];
}

/** What becomes of zeros that the API server does not tell: `kept` for what a client says it decides, else `dropped`. */
export type ZeroRule = 'kept' | 'dropped';

/** A member whose JSON type is not its field's. */
export class DecodeError extends Error {
  override readonly name = 'DecodeError';
}

/** Maps of quantities: their values may come as numbers and are kept in canonical form. */
const quantityMaps: ReadonlySet<string> = new Set([
  'limits',
  'requests',
  'capacity',
  'allocatable',
  'hard',
  'used',
  'podFixed',
  'overhead',
  'allocatedResources',
  'max',
  'min',
  'default',
  'defaultRequest',
  'maxLimitRequestRatio',
]);
/** Fields that are quantities themselves. */
const quantities: ReadonlySet<string> = new Set([
  'V1EmptyDirVolumeSource.sizeLimit',
  'V1ResourceFieldSelector.divisor',
  'V2MetricTarget.averageValue',
  'V2MetricTarget.value',
  'V2MetricValueStatus.averageValue',
  'V2MetricValueStatus.value',
  'V1CSIStorageCapacity.capacity',
  'V1CSIStorageCapacity.maximumVolumeSize',
]);

/** True for a field of a type that is a quantity, e.g. a volume's size limit. */
export const isQuantityField = (type: string, field: string): boolean => quantities.has(`${type}.${field}`);
/** True for a field that is a map of quantities, e.g. a container's requests. */
export const isQuantityMap = (field: string): boolean => quantityMaps.has(field);

/** What Go calls the types, for messages as the API server's. */
const goTypes: Readonly<Record<string, string>> = {
  string: 'string',
  boolean: 'bool',
  int32: 'int32',
  int64: 'int64',
  double: 'float64',
};

/**
 * Reads a JSON object as a type of the schema: members of other names are left out and told, nulls count as absent, and so do
 * zeros where the type does not tell them; quantities become canonical.
 *
 * @throws DecodeError for a member of the wrong JSON type, in the API server's words.
 */
export function decode(
  type: string,
  body: Readonly<Record<string, unknown>>,
  zeros: ZeroRule = 'dropped',
): Decoded {
  const reading: Reading = { unknown: [], zeros };
  return { value: readType(type, body, { path: '', fields: '' }, reading), unknown: reading.unknown };
}

/** Lists of which none is not the same as nothing said: the defaults come where nothing is. */
const saidWhenEmpty: ReadonlySet<string> = new Set(['V2HPAScalingRules.policies']);

/** One object that is being read. */
interface Reading {
  readonly unknown: string[];
  readonly zeros: ZeroRule;
}

function readType(
  type: string,
  value: Readonly<Record<string, unknown>>,
  within: Where,
  reading: Reading,
): Record<string, unknown> {
  const { properties } = typeSchema(type);
  const dropped = droppedZeros(type);
  const result: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(value)) {
    const at = below(within.path, name);
    const field = own(properties, name);
    if (!field) {
      reading.unknown.push(at);
      continue;
    }
    if (member === null || member === undefined) continue;
    const place = { type, name, path: at, fields: below(within.fields, name) };
    const read = readField(field, member, place, reading);
    const isTold = reading.zeros === 'kept' || saidWhenEmpty.has(`${type}.${name}`) || !dropped.has(name);
    if (isTold || !isZero(read)) result[name] = read;
  }
  return result;
}

const below = (path: string, name: string): string => (path === '' ? name : `${path}.${name}`);

interface Where {
  /** With the indexes of lists and the keys of maps. */
  readonly path: string;
  /** The names of the fields alone, as Go's decoder tells where it was. */
  readonly fields: string;
}

interface Place extends Where {
  readonly type: string;
  readonly name: string;
}

function readField(field: FieldSchema, value: unknown, place: Place, reading: Reading): unknown {
  if (field.ref !== undefined) {
    if (!isObject(value)) throw mismatch(value, place, qualifiedGoName(field.ref));
    return readType(field.ref, value, place, reading);
  }
  if (field.format === 'int-or-string') {
    if (typeof value === 'string' || Number.isInteger(value)) return value;
    throw mismatch(value, place, 'int32');
  }
  switch (field.type) {
    case 'array':
      return readArray(field, value, place, reading);
    case 'object':
      return readMap(field, value, place, reading);
    case 'string':
      if (quantities.has(`${place.type}.${place.name}`)) return readQuantity(value);
      if (typeof value !== 'string')
        throw mismatch(value, place, field.format === 'byte' ? '[]uint8' : 'string');
      if (field.format === 'date-time') return readTime(value);
      return field.format === 'byte' ? readBytes(value) : value;
    case 'boolean':
      if (typeof value !== 'boolean') throw mismatch(value, place, 'bool');
      return value;
    case 'integer':
      return readInteger(value, field.format === 'int32' ? 'int32' : 'int64', place);
    case 'number':
      if (typeof value !== 'number') throw mismatch(value, place, 'float64');
      return value;
    case undefined:
      return value;
  }
}

/** @throws DecodeError in Go's words */
function readTime(text: string): string {
  const fault = timeFault(text);
  if (fault !== undefined) throw new DecodeError(fault);
  return text;
}

/** Bytes as base64 text (Go's standard encoding, padded). @throws DecodeError at the group of four that is none */
function readBytes(text: string): string {
  const packed = text.replace(/[\r\n]/g, '');
  if (/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(packed)) return text;
  throw new DecodeError(`illegal base64 data at input byte ${String(base64Fault(packed))}`);
}

/** Where a text stops being base64: at a foreign letter, after the padding, or at a last group that is too short. */
function base64Fault(text: string): number {
  const sound = /^[A-Za-z0-9+/]*/.exec(text)?.[0].length ?? 0;
  const padded = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)/.exec(text)?.[0].length;
  return padded ?? (sound === text.length ? sound - (sound % 4) : sound);
}

function readInteger(value: unknown, type: 'int32' | 'int64', place: Place): number {
  const limit = type === 'int32' ? 2 ** 31 : 2 ** 63;
  if (typeof value === 'number' && Number.isInteger(value) && value >= -limit && value < limit) return value;
  throw mismatch(value, place, type);
}

function readArray(field: FieldSchema, value: unknown, place: Place, reading: Reading): unknown {
  const { items } = field;
  if (!Array.isArray(value)) throw mismatch(value, place, `[]${items ? elementGoName(items) : 'string'}`);
  if (!items) return value;
  return value.map((item: unknown, index) =>
    readField(items, item, { ...place, path: `${place.path}[${String(index)}]` }, reading),
  );
}

function readMap(field: FieldSchema, value: unknown, place: Place, reading: Reading): unknown {
  const values = field.additionalProperties;
  const ofQuantities = quantityMaps.has(place.name) && values?.type === 'string';
  if (!isObject(value)) throw mismatch(value, place, ofQuantities ? 'v1.ResourceList' : goMapName(values));
  if (!values) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, member]) => {
      if (member === null) return values.type === 'string' && !ofQuantities ? [[key, '']] : [];
      const at = { ...place, path: `${place.path}.${key}` };
      return [[key, ofQuantities ? readQuantity(member) : readField(values, member, at, reading)]];
    }),
  );
}

function readQuantity(value: unknown): string {
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text === 'string' && isQuantity(text)) return canonicalQuantity(text);
  throw new DecodeError(
    "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
  );
}

/** A type as Go names it: `V1PodSpec` is `PodSpec`. */
const goName = (type: string): string =>
  goTypes[type] ?? type.replace(/^(?:[A-Z][a-z]+)?V\d(?:(?:alpha|beta)\d)?/, '');

/** With its package, e.g. `v1.PodSpec`. */
function qualifiedGoName(type: string): string {
  const version = /^[A-Z][A-Za-z]*?(V\d(?:(?:alpha|beta)\d)?)|^(V\d(?:(?:alpha|beta)\d)?)/.exec(type);
  return `${(version?.[1] ?? version?.[2] ?? 'v1').toLowerCase()}.${goName(type)}`;
}

const elementGoName = ({ ref, type = 'string' }: FieldSchema): string =>
  ref === undefined ? goName(type) : qualifiedGoName(ref);

const goMapName = (values: FieldSchema | undefined): string => {
  const element = values === undefined ? 'string' : elementGoName(values);
  return `map[string]${values?.format === 'byte' ? '[]uint8' : element}`;
};

const jsonTypeOf = (value: unknown): string => {
  if (Array.isArray(value)) return 'array';
  return value === null ? 'null' : typeof value === 'boolean' ? 'bool' : typeof value;
};

function mismatch(value: unknown, { type, fields }: Place, wanted: string): DecodeError {
  // Where a number is wanted, the one that does not fit is named.
  const isOutOfRange = typeof value === 'number' && /^(?:int|float)\d+$/.test(wanted);
  const what = isOutOfRange ? `number ${String(value)}` : jsonTypeOf(value);
  return new DecodeError(
    `json: cannot unmarshal ${what} into Go struct field ${goName(type)}.${fields} of type ${wanted}`,
  );
}
