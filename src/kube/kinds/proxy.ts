import type { Subresource } from '../resource-type.js';

/** The way to what listens behind an object. Nothing does here: it is listed, and refused in clear words. */
export const proxy = (kind: string): Subresource => ({
  name: 'proxy',
  group: '',
  version: 'v1',
  kind,
  verbs: ['create', 'delete', 'get', 'patch', 'update'],
});
