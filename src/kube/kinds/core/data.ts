import { configKeyFault } from '../../api/formats.js';
import type { Faults } from '../../api/field-error.js';
import { canonicalJson } from '../../object.js';

/** All data of a ConfigMap or Secret together is no more than this many bytes. */
export const mostDataBytes = 1024 * 1024;

export type Data = Readonly<Record<string, string>>;

/** Bytes that a base64 text stands for. */
export const decodedLength = (text: string): number => Buffer.byteLength(text, 'base64');

export function checkDataKeys(faults: Faults, at: string, data: Data = {}): void {
  for (const key of Object.keys(data)) faults.invalid(`${at}[${key}]`, key, configKeyFault(key));
}

/** What was made immutable stays as it is, and stays immutable. */
export function checkImmutableData(
  faults: Faults,
  object: { readonly immutable?: boolean; readonly data?: Data; readonly binaryData?: Data },
  before: typeof object | undefined,
): void {
  if (before?.immutable !== true) return;
  const text = 'field is immutable when `immutable` is set';
  if (object.immutable !== true) faults.forbidden('immutable', text);
  for (const member of ['data', 'binaryData'] as const) {
    if (canonicalJson(object[member]) !== canonicalJson(before[member])) faults.forbidden(member, text);
  }
}
