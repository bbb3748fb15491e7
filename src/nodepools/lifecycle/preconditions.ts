import { AzureError } from '../../azure/index.js';

/** The conditional headers of a request (ARM: etags). Absent headers and empty ones ask for nothing. */
export interface Preconditions {
  readonly ifMatch?: string;
  readonly ifNoneMatch?: string;
}

const failed = (message: string): AzureError =>
  new AzureError({ status: 412, code: 'PreConditionFailed', message });

const unquoted = (etag: string): string =>
  etag
    .trim()
    .replace(/^W\//, '')
    .replace(/^"(.*)"$/, '$1');

/**
 * Checks `If-Match` and `If-None-Match` against the stored etag, `undefined` when the resource does not exist
 * (AKS: "Use eTags for concurrency control").
 *
 * @throws AzureError 412 PreConditionFailed when they don't hold, 400 BadRequest when they make no sense.
 */
export function checkPreconditions(pre: Preconditions, etag: string | undefined): void {
  const ifMatch = pre.ifMatch?.trim() ?? '';
  const ifNoneMatch = pre.ifNoneMatch?.trim() ?? '';
  if (ifMatch !== '' && ifNoneMatch !== '') {
    throw badRequest('If-Match and If-None-Match must not be given together: send one of them.');
  }
  if (ifNoneMatch !== '' && ifNoneMatch !== '*') {
    throw badRequest(`If-None-Match must be empty or '*', not '${ifNoneMatch}'.`);
  }
  if (ifNoneMatch === '*' && etag !== undefined) {
    throw failed("If-None-Match is '*' but the resource exists already.");
  }
  if (ifMatch === '') return;
  if (etag === undefined) throw failed(`If-Match is '${ifMatch}' but the resource does not exist.`);
  if (ifMatch !== '*' && unquoted(ifMatch) !== etag) {
    throw failed(`If-Match is '${ifMatch}' but the resource's eTag is '${etag}': read it again and retry.`);
  }
}

const badRequest = (message: string): AzureError =>
  new AzureError({ status: 400, code: 'BadRequest', message });
