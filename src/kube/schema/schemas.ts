import { readFileSync } from 'node:fs';

/** A field's or an element's type, in JSON schema's words; `ref` names another type. */
export interface FieldSchema {
  readonly ref?: string;
  readonly type?: 'string' | 'boolean' | 'integer' | 'number' | 'array' | 'object';
  readonly format?: string;
  readonly items?: FieldSchema;
  readonly additionalProperties?: FieldSchema;
  readonly description?: string;
}

/** A Kubernetes type: its fields by their JSON names. */
export interface TypeSchema {
  readonly description?: string;
  readonly properties: Readonly<Record<string, FieldSchema>>;
  readonly required?: readonly string[];
}

const path = new URL('../../../data/generated/kubernetes-schema.json', import.meta.url);
let loaded: Readonly<Record<string, TypeSchema>> | undefined;

/** All types by name, e.g. `V1Pod`, as the official client of Kubernetes 1.34 declares them; read when first asked for. */
export function schemas(): Readonly<Record<string, TypeSchema>> {
  loaded ??= JSON.parse(readFileSync(path, 'utf8')) as Record<string, TypeSchema>;
  return loaded;
}

/** A type by name. @throws RangeError when there is none: the names are constants of this code. */
export function typeSchema(name: string): TypeSchema {
  const found = schemas()[name];
  if (!found) throw new RangeError(`There is no Kubernetes type '${name}'`);
  return found;
}
