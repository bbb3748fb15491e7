import { isQuantityField, isQuantityMap } from './decode.js';
import type { FieldSchema } from './schemas.js';
import { typeSchema } from './schemas.js';
import { own } from '../../units/index.js';

/** What may stand at a place of an object, as coarsely as server-side apply looks at it before it merges. */
export type ValueType =
  | { readonly kind: 'anything' }
  /** `scalar`: any of the others, e.g. a quantity or a number of a port that may be its name. */
  | { readonly kind: 'string' | 'number' | 'boolean' | 'scalar' }
  | { readonly kind: 'list'; readonly of: ValueType }
  /** `member` is undefined for one that the schema does not declare. */
  | { readonly kind: 'map'; readonly member: (name: string) => ValueType | undefined };

export const anything: ValueType = { kind: 'anything' };
const scalar: ValueType = { kind: 'scalar' };

const types = new Map<string, ValueType>();

/** What an object of a type of the client may hold, e.g. `V1Pod`. */
export function valueTypeOf(type: string): ValueType {
  const known = types.get(type);
  if (known) return known;
  const members = new Map<string, ValueType>();
  const made: ValueType = {
    kind: 'map',
    member: (name) => {
      const found = members.get(name);
      if (found) return found;
      const { properties } = typeSchema(type);
      const field = own(properties, name);
      const member = field && (isQuantityField(type, name) ? scalar : fieldType(field, name));
      if (member) members.set(name, member);
      return member;
    },
  };
  types.set(type, made);
  return made;
}

function fieldType(field: FieldSchema, name: string): ValueType {
  if (field.ref !== undefined) return valueTypeOf(field.ref);
  if (field.format === 'int-or-string') return scalar;
  switch (field.type) {
    case 'array':
      return { kind: 'list', of: field.items ? fieldType(field.items, name) : anything };
    case 'object': {
      const values = field.additionalProperties;
      const of = !values ? anything : isQuantityMap(name) ? scalar : fieldType(values, name);
      return { kind: 'map', member: () => of };
    }
    case 'integer':
    case 'number':
      return { kind: 'number' };
    case 'string':
    case 'boolean':
      return { kind: field.type };
    default:
      return anything;
  }
}
