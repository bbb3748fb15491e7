import { validation } from '../../api/field-error.js';
import type { Faults } from '../../api/field-error.js';
import { qualifiedNameFaults } from '../../api/names.js';
import type { KubeObject } from '../../object.js';
import { milliValue, own } from '../../../units/index.js';
import { checkAnyResourceName, checkContainerResourceName, isOvercommitAllowed } from '../resource-names.js';
import type { ResourceList } from '../resource-names.js';

interface Limit {
  readonly type?: string;
  readonly max?: ResourceList;
  readonly min?: ResourceList;
  readonly default?: ResourceList;
  readonly defaultRequest?: ResourceList;
  readonly maxLimitRequestRatio?: ResourceList;
}

interface LimitRange extends KubeObject {
  readonly spec?: { readonly limits?: readonly Limit[] };
}

const lists = ['max', 'min', 'default', 'defaultRequest', 'maxLimitRequestRatio'] as const;
const standardTypes: readonly string[] = ['Pod', 'Container', 'PersistentVolumeClaim'];

/** Everything wrong with a limit range (core validation: ValidateLimitRange). */
export const limitRangeErrors = validation<LimitRange>((faults, { spec }) => {
  const seen = new Set<string>();
  for (const [index, limit] of (spec?.limits ?? []).entries()) {
    const at = `spec.limits[${String(index)}]`;
    const { type = '' } = limit;
    const wrong = qualifiedNameFaults(type);
    faults.invalid(`${at}.type`, type, wrong);
    if (wrong.length === 0 && !type.includes('/') && !standardTypes.includes(type))
      faults.invalid(`${at}.type`, type, 'must be a standard limit type or fully qualified');
    if (seen.has(type)) faults.duplicate(`${at}.type`, type);
    seen.add(type);
    checkLimit(faults, at, limit);
  }
});

function checkLimit(faults: Faults, at: string, limit: Limit): void {
  const { type = '' } = limit;
  const isOfPods = type === 'Pod' || type === 'Container';
  const checkName = isOfPods ? checkContainerResourceName : checkAnyResourceName;
  const names = new Set<string>();
  for (const list of lists) {
    const amounts = Object.keys(limit[list] ?? {});
    if (type === 'Pod' && (list === 'default' || list === 'defaultRequest')) {
      if (amounts.length > 0) faults.forbidden(`${at}.${list}`, "may not be specified when `type` is 'Pod'");
      continue;
    }
    for (const name of amounts) {
      checkName(faults, `${at}.${list}[${name}]`, name);
      names.add(name);
    }
  }
  if (
    type === 'PersistentVolumeClaim' &&
    limit.min?.['storage'] === undefined &&
    limit.max?.['storage'] === undefined
  ) {
    const text = 'either minimum or maximum storage value is required, but neither was provided';
    faults.required(`${at}.limits`, text);
  }
  for (const name of names) checkOrder(faults, at, name, limit);
}

/** Each amount with its place in the order: min, default request, default, max. */
function checkOrder(faults: Faults, at: string, name: string, limit: Limit): void {
  const [max, min, ordinary, request, ratio] = lists.map((list) => own(limit[list], name));
  const isOver = (a: string | undefined, b: string | undefined): boolean =>
    a !== undefined && b !== undefined && milliValue(a) > milliValue(b);
  const place = (list: (typeof lists)[number]): string => `${at}.${list}[${name}]`;
  const tell = (list: (typeof lists)[number], value: string | undefined, text: string): void => {
    faults.invalid(place(list), value, text);
  };
  if (isOver(min, max)) tell('min', min, `min value ${min ?? ''} is greater than max value ${max ?? ''}`);
  if (isOver(min, request))
    tell(
      'defaultRequest',
      request,
      `min value ${min ?? ''} is greater than default request value ${request ?? ''}`,
    );
  if (isOver(request, max))
    tell(
      'defaultRequest',
      request,
      `default request value ${request ?? ''} is greater than max value ${max ?? ''}`,
    );
  if (isOver(request, ordinary)) {
    const text = `default request value ${request ?? ''} is greater than default limit value ${ordinary ?? ''}`;
    tell('defaultRequest', request, text);
  }
  if (isOver(min, ordinary))
    tell('default', min, `min value ${min ?? ''} is greater than default value ${ordinary ?? ''}`);
  if (isOver(ordinary, max))
    tell('default', max, `default value ${ordinary ?? ''} is greater than max value ${max ?? ''}`);
  if (ratio !== undefined && milliValue(ratio) < 1000)
    tell('maxLimitRequestRatio', ratio, `ratio ${ratio} is less than 1`);
  if (ratio !== undefined && min !== undefined && max !== undefined) {
    const most = milliValue(max) / milliValue(min);
    if (milliValue(ratio) / 1000 > most)
      tell('maxLimitRequestRatio', ratio, `ratio ${ratio} is greater than max/min = ${most.toFixed(6)}`);
  }
  if (!isOvercommitAllowed(name) && ordinary !== undefined && request !== undefined && ordinary !== request) {
    const text = `default value ${ordinary} must equal to defaultRequest value ${request} in ${name}`;
    tell('defaultRequest', request, text);
  }
}
