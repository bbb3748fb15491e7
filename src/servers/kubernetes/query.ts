import {
  DecodeError,
  StatusError,
  clientSchema,
  forbiddenField,
  isObject,
  parseRevision,
  required,
} from '../../kube/index.js';
import type {
  DeleteOptions,
  FieldValidation,
  IncludeObject,
  JsonObject,
  ListQuery,
  LogOptions,
  Propagation,
  WriteOptions,
} from '../../kube/index.js';
import { instant } from '../../units/index.js';
import { deletionFaults, listFaults, refuseOptions, watchFaults, writeFaults } from './option-faults.js';
import type { WatchQuery } from './watch-stream.js';

const isTrue = (value: string | null): boolean => value !== null && value !== 'false' && value !== '0';

export const isWatchQuery = (query: URLSearchParams): boolean => isTrue(query.get('watch'));

/** A number of a query, as Go reads an int64; undefined when absent. @throws StatusError 400 */
function wholeNumber(query: URLSearchParams, name: string): number | undefined {
  const value = query.get(name);
  if (value === null || value === '') return undefined;
  if (/^[+-]?\d{1,18}$/.test(value)) return Number(value);
  throw StatusError.badRequest(`strconv.ParseInt: parsing ${JSON.stringify(value)}: invalid syntax`);
}

/** What of a container's log is asked for. @throws StatusError 400 */
export function logQuery(query: URLSearchParams): LogOptions & { readonly follow: boolean } {
  const container = query.get('container') ?? '';
  const tailLines = wholeNumber(query, 'tailLines');
  const limitBytes = wholeNumber(query, 'limitBytes');
  const sinceSeconds = wholeNumber(query, 'sinceSeconds');
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

/** @throws StatusError 400, 422 */
export function listQuery(query: URLSearchParams): ListQuery {
  refuseOptions('ListOptions', listFaults(query));
  // Told to watches alone, but read by lists as well.
  wholeNumber(query, 'timeoutSeconds');
  return {
    ...selection(query),
    limit: wholeNumber(query, 'limit') ?? 0,
    continueToken: query.get('continue') ?? '',
    resourceVersion: query.get('resourceVersion') ?? '',
    resourceVersionMatch: query.get('resourceVersionMatch') ?? '',
  };
}

/** @throws StatusError 400, 422 */
export function watchQuery(query: URLSearchParams): WatchQuery {
  refuseOptions('ListOptions', watchFaults(query));
  return {
    ...selection(query),
    resourceVersion: query.get('resourceVersion') ?? '',
    sendInitialEvents: isTrue(query.get('sendInitialEvents')),
    bookmarks: isTrue(query.get('allowWatchBookmarks')),
    timeoutSeconds: wholeNumber(query, 'timeoutSeconds'),
  };
}

/** The options of a read of one object. @throws StatusError 500 for a resource version that is none */
export const readRevision = (query: URLSearchParams): number =>
  parseRevision(query.get('resourceVersion') ?? '');

/**
 * The options of a create, an update or a patch, and what is wrong with them in the words of their own kind.
 *
 * @throws StatusError 422
 */
export function writeOptions(
  kind: 'CreateOptions' | 'UpdateOptions' | 'PatchOptions',
  query: URLSearchParams,
  userAgent?: string,
): WriteOptions & { readonly manager: string } {
  refuseOptions(kind, writeFaults(query));
  const fieldValidation = query.get('fieldValidation') || 'Warn';
  const manager = query.get('fieldManager') ?? '';
  return {
    dryRun: query.getAll('dryRun').includes('All'),
    fieldValidation: fieldValidation as FieldValidation,
    // Who does not say a name is called by its program (Kubernetes: field managers).
    manager: manager === '' ? (userAgent ?? 'unknown').split('/', 1).join('').slice(0, 128) : manager,
  };
}

/** Whether an apply takes what others own. @throws StatusError 422 */
export function applyOptions(query: URLSearchParams): 'force' | 'refuse' {
  const isNamed = (query.get('fieldManager') ?? '') !== '';
  const faults = writeFaults(query);
  refuseOptions(
    'PatchOptions',
    isNamed ? faults : [required('fieldManager', 'is required for apply patch'), ...faults],
  );
  return isTrue(query.get('force')) ? 'force' : 'refuse';
}

/** Only an apply can be forced. @throws StatusError 422 */
export function refuseForce(query: URLSearchParams): void {
  if (query.has('force'))
    refuseOptions('PatchOptions', [forbiddenField('force', 'may not be specified for non-apply patch')]);
}

/** The options of a deletion, from its body or else its query. @throws StatusError 400, 422, 500 */
export function deleteOptions(
  query: URLSearchParams,
  body: unknown,
): DeleteOptions & { readonly dryRun: boolean } {
  const { orphans, policy, grace, dryRun, preconditions } = isObject(body)
    ? deletionIn(body)
    : deletionOf(query);
  refuseOptions('DeleteOptions', deletionFaults({ orphans, policy, dryRun }));
  return {
    dryRun: dryRun.length > 0,
    // Less than none is a second (API: DeleteOptions).
    ...(grace !== undefined && { gracePeriodSeconds: grace < 0 ? 1 : grace }),
    ...(policy !== undefined && { propagationPolicy: policy as Propagation }),
    ...(policy === undefined && orphans === true && { propagationPolicy: 'Orphan' as const }),
    ...(preconditions && { preconditions }),
  };
}

interface AskedDeletion {
  readonly orphans: boolean | undefined;
  readonly policy: string | undefined;
  readonly grace: number | undefined;
  readonly dryRun: readonly string[];
  readonly preconditions: DeleteOptions['preconditions'];
}

const deletionOf = (query: URLSearchParams): AskedDeletion => ({
  orphans: query.has('orphanDependents') ? isTrue(query.get('orphanDependents')) : undefined,
  policy: query.get('propagationPolicy') ?? undefined,
  grace: wholeNumber(query, 'gracePeriodSeconds'),
  dryRun: query.getAll('dryRun'),
  preconditions: undefined,
});

function deletionIn(body: JsonObject): AskedDeletion {
  const { apiVersion = 'v1', kind = 'DeleteOptions', ...members } = body;
  if (kind !== 'DeleteOptions') {
    throw StatusError.internal(
      `no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion)} in scheme "pkg/runtime/scheme.go:110"`,
    );
  }
  const { value } = decodedOptions(members);
  const { propagationPolicy, orphanDependents, gracePeriodSeconds, dryRun, preconditions } = value;
  return {
    orphans: typeof orphanDependents === 'boolean' ? orphanDependents : undefined,
    policy: typeof propagationPolicy === 'string' ? propagationPolicy : undefined,
    grace: typeof gracePeriodSeconds === 'number' ? gracePeriodSeconds : undefined,
    dryRun: Array.isArray(dryRun) ? dryRun.map(String) : [],
    preconditions: isObject(preconditions) ? preconditions : undefined,
  };
}

function decodedOptions(members: JsonObject) {
  try {
    return clientSchema('V1DeleteOptions').read(members);
  } catch (error) {
    throw error instanceof DecodeError
      ? StatusError.internal(error.message.replace('DeleteOptions.v1.', 'DeleteOptions.'))
      : error;
  }
}

/** What rows of a table carry. @throws StatusError 400 */
export function includeObject(query: URLSearchParams): IncludeObject {
  const value = query.get('includeObject') || 'Metadata';
  if (value === 'None' || value === 'Object' || value === 'Metadata') return value;
  throw StatusError.badRequest(
    `Unable to convert to Table as requested: includeObject: Invalid value: ${JSON.stringify(value)}: must be 'Metadata', 'Object', 'None', or empty`,
  );
}
