import { StatusError } from '../api/status-error.js';
import type { KubeObject } from '../object.js';
import { membersOf, valueAt } from '../object.js';

/** One clause of a field selector. */
export interface FieldRequirement {
  readonly field: string;
  readonly value: string;
  readonly equal: boolean;
}

/** Parses a query's `fieldSelector`, e.g. `status.phase!=Failed,spec.nodeName=n1`. @throws StatusError 400 */
export function parseFieldSelector(text: string): readonly FieldRequirement[] {
  return splitUnescaped(text, ',')
    .filter((term) => term !== '')
    .map((term) => {
      const [, field = '', operator = '', value = ''] = /^([^=!]*)(==|!=|=)(.*)$/s.exec(term) ?? [];
      if (operator === '') {
        throw StatusError.badRequest(`invalid selector: '${text}'; can't understand '${term}'`);
      }
      return { field: field.trim(), value: value.replace(/\\([\\,=])/g, '$1'), equal: operator !== '!=' };
    });
}

function splitUnescaped(text: string, separator: string): readonly string[] {
  const parts = [''];
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    const last = parts.length - 1;
    if (character === '\\') {
      parts[last] += character + text.charAt(at + 1);
      at += 1;
    } else if (character === separator) parts.push('');
    else parts[last] += character;
  }
  return parts;
}

/**
 * Compiles the clauses for a kind. `selectable` are its fields beyond the name and the namespace.
 *
 * @throws StatusError 400 for a field that the kind can't be selected by.
 */
export function compileFieldSelector(
  requirements: readonly FieldRequirement[],
  selectable: readonly string[],
  refusal: (field: string) => StatusError,
): (object: KubeObject) => boolean {
  for (const { field } of requirements) {
    if (field !== 'metadata.name' && field !== 'metadata.namespace' && !selectable.includes(field)) {
      throw refusal(field);
    }
  }
  const clauses = requirements.map(({ field, value, equal }) => ({ path: field.split('.'), value, equal }));
  return (object) => clauses.every(({ path, value, equal }) => (fieldText(object, path) === value) === equal);
}

function fieldText(object: KubeObject, path: readonly string[]): string {
  const value = valueAt(membersOf(object), path);
  if (value !== undefined && value !== null) return String(value as string | number | boolean);
  // Booleans that are left out are false.
  const last = path.at(-1);
  return last === 'unschedulable' || last === 'hostNetwork' ? 'false' : '';
}
