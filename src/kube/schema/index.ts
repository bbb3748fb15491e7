export { DecodeError, decode } from './decode.js';
export type { Decoded } from './decode.js';
export { atomicMaps, atomicTypes, listTypeOf } from './list-types.js';
export type { ListType } from './list-types.js';
export { schemas, typeSchema } from './schemas.js';
export type { FieldSchema, TypeSchema } from './schemas.js';
