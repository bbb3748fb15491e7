import { typedErrors } from '../apply/index.js';
import { isObject } from '../object.js';
import type { ResourceType } from '../resource-type.js';
import { StatusError } from './status-error.js';

/**
 * A configuration that is applied is of its schema's types, whatever the request says of unknown fields.
 *
 * @throws StatusError 500, as the API server
 */
export function checkTypes(
  { group, version, kind, schema }: Pick<ResourceType, 'group' | 'version' | 'kind' | 'schema'>,
  configuration: unknown,
): void {
  if (!isObject(configuration)) return;
  const errors = typedErrors(configuration, schema.valueType, schema.shape);
  if (errors.length === 0) return;
  const texts = errors.length === 1 ? errors : ['errors:', ...errors.map((text) => `  ${text}`)];
  throw new StatusError(
    500,
    '',
    `failed to create typed patch object (${nameOf(configuration)}; ${group}/${version}, Kind=${kind}): ${texts.join('\n')}`,
  );
}

/** An object by the namespace and the name that it was sent with; either may be empty. */
function nameOf({ metadata }: Readonly<Record<string, unknown>>): string {
  const { namespace, name } = isObject(metadata) ? metadata : {};
  return [namespace, name].map((part) => (typeof part === 'string' ? part : '')).join('/');
}
