import { MalformedProtobuf, bytesOf, firstOf, integerOf, textOf, wireValues } from './reader.js';

/** Turns the payload of a message that JSON writes in a way of its own into what JSON has. @throws MalformedProtobuf */
export type SpecialType = (bytes: Buffer, message: (name: string, bytes: Buffer) => unknown) => unknown;

const integer = (bytes: Buffer, number: number): number => {
  const found = firstOf(bytes, number);
  return found ? integerOf(found) : 0;
};
const text = (bytes: Buffer, number: number): string => {
  const found = firstOf(bytes, number);
  return found ? textOf(found) : '';
};
const strings = (bytes: Buffer, number: number): readonly string[] =>
  [...wireValues(bytes)].filter((value) => value.number === number).map(textOf);

/** Go's zero time has no bytes; JSON has null for it. */
const time =
  (fraction: (nanoseconds: number) => string): SpecialType =>
  (bytes) => {
    if (bytes.length === 0) return null;
    const moment = new Date(integer(bytes, 1) * 1000);
    if (Number.isNaN(moment.getTime())) throw new MalformedProtobuf('a time that no calendar has');
    return moment.toISOString().replace('.000Z', `${fraction(integer(bytes, 2))}Z`);
  };

function parsedJson(bytes: Buffer): unknown {
  const raw = firstOf(bytes, 1);
  if (!raw || bytesOf(raw).length === 0) return null;
  try {
    return JSON.parse(textOf(raw)) as unknown;
  } catch {
    throw new MalformedProtobuf('a raw value that is not JSON');
  }
}

const jsonSchema = 'apiextensions.v1.JSONSchemaProps';

export const specialTypes: ReadonlyMap<string, SpecialType> = new Map<string, SpecialType>([
  ['time', time(() => '')],
  ['microTime', time((nanoseconds) => `.${String(Math.floor(nanoseconds / 1000)).padStart(6, '0')}`)],
  ['duration', (bytes) => `${String(integer(bytes, 1) / 1e9)}s`],
  ['quantity', (bytes) => text(bytes, 1)],
  ['intOrString', (bytes) => (integer(bytes, 1) === 0 ? integer(bytes, 2) : text(bytes, 3))],
  ['fields', parsedJson],
  ['raw', parsedJson],
  ['items', (bytes) => strings(bytes, 1)],
  [
    'schemaOrList',
    (bytes, message) => {
      const one = firstOf(bytes, 1);
      if (one) return message(jsonSchema, bytesOf(one));
      const several = [...wireValues(bytes)].filter(({ number }) => number === 2);
      return several.map((value) => message(jsonSchema, bytesOf(value)));
    },
  ],
  [
    'schemaOrBool',
    (bytes, message) => {
      const one = firstOf(bytes, 2);
      return one ? message(jsonSchema, bytesOf(one)) : integer(bytes, 1) !== 0;
    },
  ],
  [
    'schemaOrStrings',
    (bytes, message) => {
      const one = firstOf(bytes, 1);
      return one ? message(jsonSchema, bytesOf(one)) : strings(bytes, 2);
    },
  ],
]);
