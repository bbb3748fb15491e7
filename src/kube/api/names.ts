import type { NameRule } from '../resource-type.js';
import { invalid } from './field-error.js';
import { canonicalIpFault } from './formats.js';
import type { FieldError, Faults } from './field-error.js';

const label = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const dns1035 = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;
const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const qualifiedName = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;
const labelValue = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/;

const texts = {
  label:
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')",
  dns1035:
    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')",
  subdomain:
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
  qualifiedName:
    "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
  labelValue:
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')",
};

const tooLong = (most: number): string => `must be no more than ${String(most)} characters`;

/** Why a text is no name by a rule; undefined when it is one (Kubernetes: object names). */
export function nameFault(rule: NameRule, name: string): string | undefined {
  switch (rule) {
    case 'pathSegment':
      if (name === '.' || name === '..') return `may not be '${name}'`;
      if (name.includes('/')) return "may not contain '/'";
      return name.includes('%') ? "may not contain '%'" : undefined;
    case 'ipAddress':
      return canonicalIpFault(name);
    case 'label':
      if (name.length > 63) return tooLong(63);
      if (label.test(name)) return undefined;
      return subdomain.test(name) ? 'must not contain dots' : texts.label;
    case 'dns1035':
      if (name.length > 63) return tooLong(63);
      return dns1035.test(name) ? undefined : texts.dns1035;
    case 'subdomain':
      if (name.length > 253) return tooLong(253);
      return subdomain.test(name) ? undefined : texts.subdomain;
  }
}

/** Why a text is no key of a label, an annotation or a taint; nothing when it is one. */
export function qualifiedNameFaults(key: string): readonly string[] {
  const parts = key.split('/');
  if (parts.length > 2) {
    return [
      "a qualified name must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')",
    ];
  }
  const faults: string[] = [];
  const name = parts.at(-1) ?? '';
  if (parts.length === 2) {
    const fault = parts[0] === '' ? 'must be non-empty' : nameFault('subdomain', parts[0] ?? '');
    if (fault !== undefined) faults.push(`prefix part ${fault}`);
  }
  if (name === '') faults.push('name part must be non-empty');
  else if (name.length > 63) faults.push(`name part ${tooLong(63)}`);
  if (!qualifiedName.test(name)) faults.push(texts.qualifiedName);
  return faults;
}

/** Why a text is no value of a label; nothing when it is one. */
export function labelValueFaults(value: string): readonly string[] {
  const faults: string[] = [];
  if (value.length > 63) faults.push(tooLong(63));
  if (!labelValue.test(value)) faults.push(texts.labelValue);
  return faults;
}

/** What is wrong with a map of labels at `field`, as a list. */
export function labelErrors(
  labels: Readonly<Record<string, string>> | undefined,
  field: string,
): FieldError[] {
  return Object.entries(labels ?? {}).flatMap(([key, value]) => [
    ...qualifiedNameFaults(key).map((fault) => invalid(field, key, fault)),
    ...labelValueFaults(value).map((fault) => invalid(field, value, fault)),
  ]);
}

/** Adds what is wrong with a map of labels at `field` (meta/v1: ValidateLabels). */
export function checkLabels(
  faults: Faults,
  field: string,
  labels: Readonly<Record<string, string>> | undefined,
): void {
  if (labels === undefined) return;
  for (const key of Object.keys(labels)) {
    const value = labels[key] ?? '';
    faults.invalid(field, key, qualifiedNameFaults(key));
    faults.invalid(field, value, labelValueFaults(value));
  }
}

/** Adds what is wrong with a name by a rule; one that is absent or empty is required. */
export function checkName(faults: Faults, field: string, rule: NameRule, name: string | undefined): void {
  if (name === undefined || name === '') faults.required(field);
  else faults.invalid(field, name, nameFault(rule, name));
}
