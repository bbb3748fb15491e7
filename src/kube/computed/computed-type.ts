import type { Reader } from '../../store/index.js';
import type { Instant } from '../../units/index.js';
import type { Scope } from '../api/index.js';
import type { KubeObject } from '../object.js';
import type { ResourceType } from '../resource-type.js';

/** What discovery and OpenAPI tell of a kind, whether its objects are kept or not. */
export type ServedType = Pick<
  ResourceType,
  | 'group'
  | 'version'
  | 'kind'
  | 'listKind'
  | 'plural'
  | 'singular'
  | 'shortNames'
  | 'categories'
  | 'namespaced'
  | 'schema'
  | 'verbs'
  | 'hasStatus'
  | 'scale'
  | 'subresources'
  | 'parts'
  | 'selectable'
  | 'columns'
>;

/** What all kinds have in common whose objects are only read. */
export const onlyRead = {
  categories: [],
  verbs: ['get', 'list'],
  hasStatus: false,
  subresources: [],
  parts: [],
  selectable: [],
} as const satisfies Partial<ServedType>;

/** A kind whose objects are worked out when they are asked for, and never kept. */
export interface ComputedType extends ServedType {
  /** One object. @throws StatusError 404 */
  readonly get: (reader: Reader, scope: Scope, name: string, now: Instant) => KubeObject;
  /** All objects of a scope, in order of namespace and name. */
  readonly list: (reader: Reader, scope: Scope, now: Instant) => readonly KubeObject[];
  /** What a client that reads such objects is warned of. */
  readonly warnings?: readonly string[];
}
