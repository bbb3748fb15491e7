import { StatusError, isObject } from '../../kube/index.js';
import type {
  DeleteOptions,
  FieldValidation,
  IncludeObject,
  ListQuery,
  LogOptions,
  WriteOptions,
} from '../../kube/index.js';
import { instant } from '../../units/index.js';
import type { WatchQuery } from './watch-stream.js';

const isTrue = (value: string | null): boolean => value !== null && value !== 'false' && value !== '0';

export const isWatchQuery = (query: URLSearchParams): boolean => isTrue(query.get('watch'));

/** A whole number of a query; undefined when absent. @throws StatusError 400 */
function wholeNumber(query: URLSearchParams, name: string): number | undefined {
  const value = query.get(name);
  if (value === null || value === '') return undefined;
  if (/^\d{1,9}$/.test(value)) return Number(value);
  throw StatusError.badRequest(
    `strconv.ParseInt: parsing "${value}": invalid syntax (query parameter ${name})`,
  );
}

/** A number of a query that may be negative; undefined when absent. @throws StatusError 400 */
function signedNumber(query: URLSearchParams, name: string): number | undefined {
  const value = query.get(name);
  if (value === null || value === '') return undefined;
  if (/^-?\d{1,15}$/.test(value)) return Number(value);
  throw StatusError.badRequest(
    `strconv.ParseInt: parsing "${value}": invalid syntax (query parameter ${name})`,
  );
}

/** What of a container's log is asked for. @throws StatusError 400 */
export function logQuery(query: URLSearchParams): LogOptions & { readonly follow: boolean } {
  const container = query.get('container') ?? '';
  const tailLines = signedNumber(query, 'tailLines');
  const limitBytes = signedNumber(query, 'limitBytes');
  const sinceSeconds = signedNumber(query, 'sinceSeconds');
  const sinceTime = query.get('sinceTime') ?? '';
  if (sinceTime !== '' && Number.isNaN(Date.parse(sinceTime))) {
    const layout = '2006-01-02T15:04:05Z07:00';
    throw StatusError.badRequest(`parsing time "${sinceTime}" as "${layout}": cannot parse "${sinceTime}"`);
  }
  return {
    follow: isTrue(query.get('follow')),
    previous: isTrue(query.get('previous')),
    timestamps: isTrue(query.get('timestamps')),
    ...(container !== '' && { container }),
    ...(tailLines !== undefined && { tailLines }),
    ...(limitBytes !== undefined && { limitBytes }),
    ...(sinceSeconds !== undefined && { sinceSeconds }),
    ...(sinceTime !== '' && { sinceTime: instant(Date.parse(sinceTime)) }),
  };
}

const selection = (query: URLSearchParams) => ({
  labelSelector: query.get('labelSelector') ?? '',
  fieldSelector: query.get('fieldSelector') ?? '',
});

export function listQuery(query: URLSearchParams): ListQuery {
  return {
    ...selection(query),
    limit: wholeNumber(query, 'limit') ?? 0,
    continueToken: query.get('continue') ?? '',
    resourceVersion: query.get('resourceVersion') ?? '',
    resourceVersionMatch: query.get('resourceVersionMatch') ?? '',
  };
}

export function watchQuery(query: URLSearchParams): WatchQuery {
  const sendInitialEvents = isTrue(query.get('sendInitialEvents'));
  if (sendInitialEvents && query.get('resourceVersionMatch') !== 'NotOlderThan') {
    throw StatusError.badRequest('sendInitialEvents requires setting resourceVersionMatch to NotOlderThan');
  }
  return {
    ...selection(query),
    resourceVersion: query.get('resourceVersion') ?? '',
    sendInitialEvents,
    bookmarks: isTrue(query.get('allowWatchBookmarks')),
    timeoutSeconds: wholeNumber(query, 'timeoutSeconds'),
  };
}

/** @throws StatusError 400 */
export function writeOptions(
  query: URLSearchParams,
  userAgent?: string,
): WriteOptions & { readonly manager: string } {
  const dryRuns = query.getAll('dryRun');
  const fieldValidation = query.get('fieldValidation') ?? 'Warn';
  if (!['Strict', 'Warn', 'Ignore'].includes(fieldValidation)) {
    throw StatusError.badRequest(
      `fieldValidation: Unsupported value: "${fieldValidation}": supported values: "", "Ignore", "Strict", "Warn"`,
    );
  }
  const manager = query.get('fieldManager') ?? '';
  return {
    dryRun: isDryRun(dryRuns),
    fieldValidation: fieldValidation as FieldValidation,
    // Who does not say a name is called by its program (Kubernetes: field managers).
    manager: manager === '' ? (userAgent ?? 'unknown').split('/', 1).join('').slice(0, 128) : manager,
  };
}

function isDryRun(values: readonly string[]): boolean {
  const other = values.find((value) => value !== 'All' && value !== '');
  if (other !== undefined) {
    throw StatusError.badRequest(`dryRun: Unsupported value: "${other}": supported values: "All"`);
  }
  return values.includes('All');
}

const propagations = ['Background', 'Foreground', 'Orphan'];

/** The options of a deletion, from its query and its body. @throws StatusError 400 */
export function deleteOptions(
  query: URLSearchParams,
  body: unknown,
): DeleteOptions & { readonly dryRun: boolean } {
  const given = isObject(body) ? body : {};
  const policy = given['propagationPolicy'] ?? query.get('propagationPolicy') ?? undefined;
  if (policy !== undefined && !(typeof policy === 'string' && propagations.includes(policy))) {
    throw StatusError.badRequest(
      `propagationPolicy: Unsupported value: ${JSON.stringify(policy)}: supported values: "Background", "Foreground", "Orphan"`,
    );
  }
  const orphans = given['orphanDependents'] ?? query.get('orphanDependents') ?? undefined;
  const grace = given['gracePeriodSeconds'] ?? wholeNumber(query, 'gracePeriodSeconds');
  const preconditions = given['preconditions'];
  const bodyDryRun = Array.isArray(given['dryRun'])
    ? given['dryRun'].map((value) => (typeof value === 'string' ? value : JSON.stringify(value)))
    : [];
  return {
    dryRun: isDryRun([...query.getAll('dryRun'), ...bodyDryRun]),
    ...(typeof grace === 'number' && { gracePeriodSeconds: grace }),
    ...(policy !== undefined && { propagationPolicy: policy as 'Background' }),
    ...(policy === undefined &&
      (orphans === true || orphans === 'true') && { propagationPolicy: 'Orphan' as const }),
    ...(isObject(preconditions) && { preconditions: preconditions }),
  };
}

/** What rows of a table carry. */
export function includeObject(query: URLSearchParams): IncludeObject {
  const value = query.get('includeObject');
  return value === 'None' || value === 'Object' ? value : 'Metadata';
}
