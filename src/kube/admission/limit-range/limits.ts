import { compareQuantities, quantityValue, own } from '../../../units/index.js';
import type { Amounts } from '../../quota/index.js';
import type { KubeObject } from '../../object.js';

/** Limits for what is of one type in a namespace (core/v1 LimitRangeItem). */
export interface LimitRangeItem {
  readonly type: string;
  readonly max?: Amounts;
  readonly min?: Amounts;
  readonly default?: Amounts;
  readonly defaultRequest?: Amounts;
  readonly maxLimitRequestRatio?: Amounts;
}

export interface LimitRange extends KubeObject {
  readonly spec?: { readonly limits?: readonly LimitRangeItem[] };
}

/** What is asked for and what may be taken, of a container, a pod or a claim. */
export interface Taken {
  readonly requests: Amounts;
  readonly limits: Amounts;
}

const isLess = (a: string, b: string): boolean => compareQuantities(a, b) < 0;

/** Everything that limits refuse, in the words of LimitRanger. */
export function limitErrors(item: LimitRangeItem, taken: Taken): readonly string[] {
  // Storage is asked for and never limited.
  const maximum = item.type === 'PersistentVolumeClaim' ? maximumRequestError : maximumError;
  return [
    ...errorsOf(item.min, (name, bound) => minimumError(item.type, name, bound, taken)),
    ...errorsOf(item.max, (name, bound) => maximum(item.type, name, bound, taken)),
    ...errorsOf(item.maxLimitRequestRatio, (name, bound) => ratioError(item.type, name, bound, taken)),
  ];
}

const errorsOf = (
  bounds: Amounts | undefined,
  rule: (name: string, bound: string) => string | undefined,
): readonly string[] => Object.entries(bounds ?? {}).flatMap(([name, bound]) => rule(name, bound) ?? []);

function minimumError(
  type: string,
  name: string,
  bound: string,
  { requests, limits }: Taken,
): string | undefined {
  const request = own(requests, name);
  const limit = own(limits, name);
  const text = `minimum ${name} usage per ${type} is ${bound}`;
  if (request === undefined) return `${text}.  No request is specified`;
  if (isLess(request, bound)) return `${text}, but request is ${request}`;
  return limit !== undefined && isLess(limit, bound) ? `${text}, but limit is ${limit}` : undefined;
}

function maximumError(
  type: string,
  name: string,
  bound: string,
  { requests, limits }: Taken,
): string | undefined {
  const request = own(requests, name);
  const limit = own(limits, name);
  const text = `maximum ${name} usage per ${type} is ${bound}`;
  if (limit === undefined) return `${text}.  No limit is specified`;
  if (isLess(bound, limit)) return `${text}, but limit is ${limit}`;
  return request !== undefined && isLess(bound, request) ? `${text}, but request is ${request}` : undefined;
}

function maximumRequestError(
  type: string,
  name: string,
  bound: string,
  { requests }: Taken,
): string | undefined {
  const request = own(requests, name);
  const text = `maximum ${name} usage per ${type} is ${bound}`;
  if (request === undefined) return `${text}.  No request is specified`;
  return isLess(bound, request) ? `${text}, but request is ${request}` : undefined;
}

function ratioError(
  type: string,
  name: string,
  bound: string,
  { requests, limits }: Taken,
): string | undefined {
  const request = quantityValue(own(requests, name) ?? '0');
  const limit = quantityValue(own(limits, name) ?? '0');
  const text = `${name} max limit to request ratio per ${type} is ${bound}, but`;
  if (request === 0) return `${text} no request is specified or request is 0`;
  if (limit === 0) return `${text} no limit is specified or limit is 0`;
  const ratio = limit / request;
  return ratio > quantityValue(bound) ? `${text} provided ratio is ${ratio.toFixed(6)}` : undefined;
}
