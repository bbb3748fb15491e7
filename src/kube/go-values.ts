import type { Instant } from '../units/index.js';
import { isObject } from './object.js';

/** What Go calls the type of a JSON value (`%T`). */
export function goType(value: unknown): string {
  if (Array.isArray(value)) return '[]interface {}';
  if (isObject(value)) return 'map[string]interface {}';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int64' : 'float64';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}

/** A JSON value as Go prints it (`%v`): maps by their names. */
export function goText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(goText).join(' ')}]`;
  if (isObject(value))
    return `map[${byName(value, (name, member) => `${name}:${goText(member)}`).join(' ')}]`;
  return value === null ? '<nil>' : String(value);
}

/** A JSON value as Go's source writes it (`%#v`). */
export function goSyntax(value: unknown): string {
  if (Array.isArray(value)) return `[]interface {}{${value.map(goSyntax).join(', ')}}`;
  if (isObject(value)) {
    const members = byName(value, (name, member) => `${JSON.stringify(name)}:${goSyntax(member)}`);
    return `map[string]interface {}{${members.join(', ')}}`;
  }
  if (value === null) return 'interface {}(nil)';
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}

const byName = (
  value: Readonly<Record<string, unknown>>,
  text: (name: string, member: unknown) => string,
): readonly string[] =>
  Object.keys(value)
    .sort()
    .map((name) => text(name, value[name]));

/** A moment as Go prints it, e.g. `2026-08-21 09:30:00.5 +0000 UTC` (Go: time.Time.String). */
export function goTime(when: Instant): string {
  const [date = '', time = ''] = new Date(when).toISOString().slice(0, -1).split('T');
  const [seconds = '', fraction = ''] = time.split('.');
  const rest = fraction.replace(/0+$/, '');
  return `${date} ${seconds}${rest === '' ? '' : `.${rest}`} +0000 UTC`;
}
