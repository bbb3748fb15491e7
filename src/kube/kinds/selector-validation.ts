import type { Faults } from '../api/field-error.js';
import { checkLabels, labelValueFaults, qualifiedNameFaults } from '../api/names.js';
import type { LabelSelector } from '../selectors/index.js';

/** Adds what is wrong with an object's label selector; an absent one passes (meta/v1: ValidateLabelSelector). */
export function checkLabelSelector(faults: Faults, at: string, selector: LabelSelector | undefined): void {
  if (!selector) return;
  checkLabels(faults, `${at}.matchLabels`, selector.matchLabels);
  for (const [index, { key, operator, values = [] }] of (selector.matchExpressions ?? []).entries()) {
    const place = `${at}.matchExpressions[${String(index)}]`;
    if (operator === 'In' || operator === 'NotIn') {
      if (values.length === 0)
        faults.required(`${place}.values`, "must be specified when `operator` is 'In' or 'NotIn'");
    } else if (operator === 'Exists' || operator === 'DoesNotExist') {
      if (values.length > 0)
        faults.forbidden(
          `${place}.values`,
          "may not be specified when `operator` is 'Exists' or 'DoesNotExist'",
        );
    } else faults.invalid(`${place}.operator`, operator, 'not a valid selector operator');
    faults.invalid(`${place}.key`, key, qualifiedNameFaults(key ?? ''));
    for (const [number, value] of values.entries()) {
      faults.invalid(`${place}.values[${String(number)}]`, value, labelValueFaults(value));
    }
  }
}

/** True for a selector that says nothing: it selects everything. */
export const isEmptySelector = (selector: LabelSelector): boolean =>
  Object.keys(selector.matchLabels ?? {}).length === 0 && (selector.matchExpressions ?? []).length === 0;

const operators: ReadonlySet<string> = new Set(['In', 'NotIn', 'Exists', 'DoesNotExist']);

/** True unless an operator of the selector is none, so that nobody can say what it selects. */
export const isCompilable = ({ matchExpressions = [] }: LabelSelector): boolean =>
  matchExpressions.every(({ operator }) => operators.has(operator));
