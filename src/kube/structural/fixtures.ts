import { Faults, errorText } from '../api/field-error.js';
import type { StructuralSchema } from './structural-schema.js';

/** A schema of an object, for tests. */
export const object = (
  properties: Record<string, StructuralSchema>,
  more: StructuralSchema = {},
): StructuralSchema => ({ type: 'object', properties, ...more });

/** The errors that a check finds, as clients see them. */
export function told(check: (faults: Faults) => void): readonly string[] {
  const faults = new Faults();
  check(faults);
  return faults.errors.map(errorText);
}
