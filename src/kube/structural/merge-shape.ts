import { isObject } from '../object.js';
import type { StructuralSchema } from './structural-schema.js';
import { atomic, shapeOfType } from '../schema/index.js';
import type { Shape } from '../schema/index.js';
import { own } from '../../units/index.js';

/** Where a schema ends, objects merge by their members and all else is replaced. */
const deduced: Shape = { kind: 'object', member: () => deduced };

/** How the objects of a schema merge (Kubernetes: x-kubernetes-list-type, -list-map-keys and -map-type). */
export function shapeOfSchema(
  schema: StructuralSchema | undefined,
  nature: 'resource' | 'value' = 'value',
): Shape {
  if (!schema) return nature === 'resource' ? resourceShape(deduced) : deduced;
  if (schema['x-kubernetes-int-or-string'] === true) return atomic;
  if (schema.type === 'array') return listShape(schema);
  if (schema.type !== undefined && schema.type !== 'object') return atomic;
  if (schema['x-kubernetes-map-type'] === 'atomic') return atomic;
  const object = objectShape(schema);
  const isResource = nature === 'resource' || schema['x-kubernetes-embedded-resource'] === true;
  return isResource ? resourceShape(object) : object;
}

function resourceShape(shape: Shape): Shape {
  if (shape.kind !== 'object') return shape;
  return {
    kind: 'object',
    member: (name) => (name === 'metadata' ? shapeOfType('V1ObjectMeta') : shape.member(name)),
  };
}

function objectShape({ properties = {}, additionalProperties }: StructuralSchema): Shape {
  const others = isObject(additionalProperties) ? shapeOfSchema(additionalProperties) : deduced;
  const members = new Map(Object.entries(properties).map(([name, schema]) => [name, shapeOfSchema(schema)]));
  return { kind: 'object', member: (name) => members.get(name) ?? others };
}

function listShape(schema: StructuralSchema): Shape {
  switch (schema['x-kubernetes-list-type']) {
    case 'set':
      return { kind: 'set' };
    case 'map': {
      const keys = schema['x-kubernetes-list-map-keys'] ?? [];
      const defaults = keys.map((key) => [key, own(schema.items?.properties, key)?.default] as const);
      return {
        kind: 'list',
        keys,
        keyDefaults: Object.fromEntries(defaults.filter(([, value]) => value !== undefined)),
        of: shapeOfSchema(schema.items),
      };
    }
    default:
      return atomic;
  }
}
