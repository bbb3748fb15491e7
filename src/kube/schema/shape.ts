import type { JsonObject } from '../object.js';
import { atomicMaps, atomicTypes, granularFields, listTypeOf } from './list-types.js';
import type { FieldSchema } from './schemas.js';
import { typeSchema } from './schemas.js';
import { own } from '../../units/index.js';

/** How a value merges: by its members, by its elements, or as a whole (Kubernetes: merge strategies of server-side apply). */
export type Shape =
  | { readonly kind: 'atomic' }
  | { readonly kind: 'object'; readonly member: (name: string) => Shape }
  | {
      readonly kind: 'list';
      readonly keys: readonly string[];
      /** What keys that an element leaves out count as. */
      readonly keyDefaults: JsonObject;
      readonly of: Shape;
    }
  | { readonly kind: 'set' };

export const atomic: Shape = { kind: 'atomic' };

/** The shape of a member of a shape; atomic where the schema ends. */
export const memberShape = (shape: Shape, name: string): Shape =>
  shape.kind === 'object' ? shape.member(name) : atomic;

const shapes = new Map<string, Shape>();

/** The shape of an object of a type of the client, e.g. `V1Pod`. */
export function shapeOfType(type: string): Shape {
  const known = shapes.get(type);
  if (known) return known;
  const made: Shape = atomicTypes.has(type) ? atomic : { kind: 'object', member: remembered(type) };
  shapes.set(type, made);
  return made;
}

/** The shapes of a type's members, each made when it is first asked for. */
function remembered(type: string): (name: string) => Shape {
  const members = new Map<string, Shape>();
  return (name) => {
    const known = members.get(name);
    if (known) return known;
    const { properties } = typeSchema(type);
    const field = own(properties, name);
    const made = field ? fieldShape(field, type, name) : atomic;
    members.set(name, made);
    return made;
  };
}

function fieldShape(field: FieldSchema, type: string, name: string): Shape {
  if (field.ref !== undefined) {
    return granularFields.has(`${type}.${name}`)
      ? { kind: 'object', member: remembered(field.ref) }
      : shapeOfType(field.ref);
  }
  if (field.type === 'object' && field.additionalProperties && !atomicMaps.has(`${type}.${name}`)) {
    const of = elementShape(field.additionalProperties);
    return { kind: 'object', member: () => of };
  }
  if (field.type !== 'array') return atomic;
  const list = listTypeOf(type, name);
  if (list?.kind === 'set') return { kind: 'set' };
  if (!list || list.keys.length === 0) return atomic;
  const keyDefaults = Object.fromEntries(list.keys.map((key) => [key, keyDefault(key, field.items)]));
  return { kind: 'list', keys: list.keys, keyDefaults, of: elementShape(field.items) };
}

/** Keys that are left out count as Go's zero values; ports are TCP's (Kubernetes: defaults in the published schemas). */
function keyDefault(key: string, elements: FieldSchema | undefined): unknown {
  if (key === 'protocol') return 'TCP';
  const type = elements?.ref === undefined ? undefined : own(typeSchema(elements.ref).properties, key)?.type;
  return type === 'integer' ? 0 : '';
}

const elementShape = (field: FieldSchema | undefined): Shape =>
  field?.ref === undefined ? atomic : shapeOfType(field.ref);
