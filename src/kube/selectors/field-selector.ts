import { goText } from '../go-values.js';
import { StatusError } from '../api/status-error.js';
import type { KubeObject } from '../object.js';
import { membersOf, valueAt } from '../object.js';
import { own } from '../../units/index.js';

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
      const [, escaped] = /\\([^\\,=])/.exec(value.replace(/\\[\\,=]/g, '')) ?? [];
      if (escaped !== undefined)
        throw StatusError.badRequest(`invalid field selector: invalid escape sequence: \\${escaped}`);
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
  const clauses = requirements.map(({ field, value, equal }) => ({ text: textOf(field), value, equal }));
  return (object) => clauses.every(({ text, value, equal }) => (text(object) === value) === equal);
}

/** Fields that are called otherwise than what they show, or show something where it is left out. */
const shownAs: Readonly<Record<string, (at: (...path: string[]) => unknown) => unknown>> = {
  'spec.hostNetwork': (at) => at('spec', 'hostNetwork') ?? false,
  'spec.unschedulable': (at) => at('spec', 'unschedulable') ?? false,
  'status.replicas': (at) => at('status', 'replicas') ?? 0,
  'status.successful': (at) => at('status', 'succeeded') ?? 0,
  // Known, and never filled.
  'status.podIPs': () => undefined,
  source: (at) => at('source', 'component') ?? at('reportingComponent'),
};

/** What an object shows of a field. */
function textOf(field: string): (object: KubeObject) => string {
  const path = field.split('.');
  const special = own(shownAs, field);
  return (object) => {
    const members = membersOf(object);
    const value = special ? special((...names) => valueAt(members, names)) : valueAt(members, path);
    return value === undefined || value === null ? '' : goText(value);
  };
}
