import type { JsonObject } from '../object.js';
import { decode } from './decode.js';
import type { Decoded, ZeroRule } from './decode.js';
import { shapeOfType } from './shape.js';
import type { Shape } from './shape.js';
import { valueTypeOf } from './value-type.js';
import type { ValueType } from './value-type.js';
import { emptyObject } from './zeros.js';

/**
 * What the objects of a kind are made of: how a body is read and how two versions of one merge. The same for kinds that the
 * official client declares and for those of a CustomResourceDefinition; `source` tells where it is from.
 */
export type ObjectSchema = {
  /** Reads a body: what the schema does not know is left out and told, and zeros as `zeros` says. @throws DecodeError for a wrong JSON type */
  readonly read: (body: JsonObject, zeros?: ZeroRule) => Decoded;
  readonly shape: Shape;
  /** What an applied configuration may hold, as it is looked at before it merges. */
  readonly valueType: ValueType;
  /** An object of which nothing was said, as the API server sees it: what a new object is compared with for its owners. */
  readonly empty: JsonObject;
} & (
  | {
      readonly source: 'client';
      /** The client's name of the type, e.g. `V1Pod`: what strategic merge patches go by. */
      readonly type: string;
    }
  | {
      readonly source: 'definition';
      /** The schema in OpenAPI v3's words; undefined where a definition tells nothing of its fields. */
      readonly document: JsonObject | undefined;
    }
);

const known = new Map<string, ObjectSchema>();

/** The schema of a type of the official client, e.g. `V1Pod`. */
export function clientSchema(type: string): ObjectSchema {
  const found = known.get(type);
  if (found) return found;
  const made: ObjectSchema = {
    source: 'client',
    type,
    // Looked up when used: the types are read from disk when the first of them is.
    get shape() {
      return shapeOfType(type);
    },
    get valueType() {
      return valueTypeOf(type);
    },
    get empty() {
      return emptyObject(type);
    },
    read: (body, zeros) => decode(type, body, zeros),
  };
  known.set(type, made);
  return made;
}
