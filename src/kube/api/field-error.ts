import type { KubeObject } from '../object.js';

export type FieldErrorType =
  | 'required'
  | 'invalid'
  | 'notSupported'
  | 'notFound'
  | 'duplicate'
  | 'forbidden'
  | 'tooLong'
  | 'tooMany'
  | 'typeInvalid';

/** What is wrong with one field of an object (field.Error of the API machinery). */
export interface FieldError {
  readonly type: FieldErrorType;
  /** Path such as `spec.containers[0].name`. */
  readonly field: string;
  /** The value at fault, for the kinds of error that show it. */
  readonly value?: unknown;
  readonly detail?: string;
}

interface Wording {
  /** The cause's reason in a Status. */
  readonly reason: string;
  readonly title: string;
  /** Whether the message shows the value at fault. */
  readonly shows: 'value' | 'nothing';
}

const wordings: Readonly<Record<FieldErrorType, Wording>> = {
  required: { reason: 'FieldValueRequired', title: 'Required value', shows: 'nothing' },
  invalid: { reason: 'FieldValueInvalid', title: 'Invalid value', shows: 'value' },
  notSupported: { reason: 'FieldValueNotSupported', title: 'Unsupported value', shows: 'value' },
  notFound: { reason: 'FieldValueNotFound', title: 'Not found', shows: 'value' },
  duplicate: { reason: 'FieldValueDuplicate', title: 'Duplicate value', shows: 'value' },
  forbidden: { reason: 'FieldValueForbidden', title: 'Forbidden', shows: 'nothing' },
  tooLong: { reason: 'FieldValueTooLong', title: 'Too long', shows: 'nothing' },
  tooMany: { reason: 'FieldValueTooMany', title: 'Too many', shows: 'value' },
  typeInvalid: { reason: 'FieldValueTypeInvalid', title: 'Invalid value', shows: 'value' },
};

/** The reason that a Status gives for an error. */
export const causeReason = ({ type }: FieldError): string => wordings[type].reason;

/** A value as errors show it: texts quoted, all else as JSON that a page could show (Go: strconv.Quote, encoding/json). */
function shownValue(value: unknown): string {
  const text = JSON.stringify(value ?? null);
  if (typeof value === 'string') return text;
  return text.replace(/[<>&]/g, (sign) => `\\u00${sign.charCodeAt(0).toString(16)}`);
}

/** An error in the API server's words, without its field. */
export function errorBody({ type, value, detail = '' }: FieldError): string {
  const { title, shows } = wordings[type];
  const head = shows === 'value' ? `${title}: ${shownValue(value)}` : title;
  return detail === '' ? head : `${head}: ${detail}`;
}

/** An error in the API server's words, e.g. `spec.containers: Required value`. */
export const errorText = (error: FieldError): string =>
  error.field === '' ? errorBody(error) : `${error.field}: ${errorBody(error)}`;

export const required = (field: string, detail = ''): FieldError => ({ type: 'required', field, detail });
export const invalid = (field: string, value: unknown, detail: string): FieldError => ({
  type: 'invalid',
  field,
  value,
  detail,
});
export const notSupported = (field: string, value: unknown, supported: readonly string[]): FieldError => ({
  type: 'notSupported',
  field,
  value,
  detail: `supported values: ${supported.map((one) => JSON.stringify(one)).join(', ')}`,
});
export const duplicate = (field: string, value: unknown): FieldError => ({ type: 'duplicate', field, value });
export const forbiddenField = (field: string, detail: string): FieldError => ({
  type: 'forbidden',
  field,
  detail,
});

/**
 * Gathers what is wrong with an object. Rules are functions of a gatherer, the path of what they look at, and the value;
 * so a sound object costs no lists. Each method takes the field's path first.
 */
export class Faults {
  readonly errors: FieldError[] = [];

  add(error: FieldError): void {
    this.errors.push(error);
  }

  required(field: string, detail = ''): void {
    this.errors.push(required(field, detail));
  }

  /** A value's fault, or all its faults, as the formats tell them; nothing when there is none. */
  invalid(field: string, value: unknown, detail: string | readonly string[] | undefined): void {
    if (detail === undefined) return;
    const details = typeof detail === 'string' ? [detail] : detail;
    for (const one of details) this.errors.push(invalid(field, value, one));
  }

  notFound(field: string, value: unknown, detail = ''): void {
    this.errors.push({ type: 'notFound', field, value, detail });
  }

  duplicate(field: string, value: unknown): void {
    this.errors.push(duplicate(field, value));
  }

  forbidden(field: string, detail: string): void {
    this.errors.push(forbiddenField(field, detail));
  }

  tooLong(field: string, mostBytes: number): void {
    this.errors.push({ type: 'tooLong', field, detail: `may not be more than ${String(mostBytes)} bytes` });
  }

  tooMany(field: string, count: number, most: number): void {
    const items = most === 1 ? '1 item' : `${String(most)} items`;
    this.errors.push({ type: 'tooMany', field, value: count, detail: `must have at most ${items}` });
  }

  /** A value that is none of `supported`, the order of which the message keeps; an absent one passes. */
  oneOf(field: string, value: string | undefined, supported: readonly string[]): void {
    if (value !== undefined && !supported.includes(value))
      this.errors.push(notSupported(field, value, supported));
  }

  /** As `oneOf`, but an absent or empty value is required. */
  requiredOneOf(field: string, value: string | undefined, supported: readonly string[]): void {
    if (value === undefined || value === '') this.required(field);
    else this.oneOf(field, value, supported);
  }

  /** A number below 0; an absent one passes. */
  nonNegative(field: string, value: number | undefined): void {
    if (value !== undefined && value < 0) this.invalid(field, value, 'must be greater than or equal to 0');
  }

  /** A number outside of a range; an absent one passes. */
  inRange(field: string, value: number | undefined, least: number, most: number): void {
    if (value !== undefined && (value < least || value > most))
      this.invalid(field, value, `must be between ${String(least)} and ${String(most)}, inclusive`);
  }

  /** A value that is no more what it was. `same` is whether it is. */
  immutable(field: string, value: unknown, same: boolean): void {
    if (!same) this.invalid(field, value, 'field is immutable');
  }
}

/**
 * Rules of a kind, in the form in which a kind declares its validation. Bodies were read by the kind's schema before: an
 * object of the kind's schema is a `T` whose members are all optional where the schema's are.
 */
export const validation =
  <T extends KubeObject>(rules: (faults: Faults, object: T, before: T | undefined) => void) =>
  (object: KubeObject, before: KubeObject | undefined): readonly FieldError[] => {
    const faults = new Faults();
    rules(faults, object as T, before as T | undefined);
    return faults.errors;
  };
