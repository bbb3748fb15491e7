import { describe, expect, test } from 'vitest';
import { AzureError } from '../../azure/index.js';
import { checkPreconditions } from './preconditions.js';

/** Status of the refusal, or 0 when the request may go on. */
function outcome(
  ifMatch: string | undefined,
  ifNoneMatch: string | undefined,
  etag: string | undefined,
): number {
  try {
    checkPreconditions(
      { ...(ifMatch !== undefined && { ifMatch }), ...(ifNoneMatch !== undefined && { ifNoneMatch }) },
      etag,
    );
    return 0;
  } catch (error) {
    if (error instanceof AzureError) return error.status;
    throw error;
  }
}

describe('conditional requests', () => {
  test.each([
    // If-Match   If-None-Match  stored     refusal
    [undefined, undefined, undefined, 0],
    [undefined, undefined, 'abc', 0],
    ['', '', 'abc', 0],
    ['*', undefined, undefined, 412],
    ['*', undefined, 'abc', 0],
    ['abc', undefined, undefined, 412],
    ['abc', undefined, 'abc', 0],
    ['"abc"', undefined, 'abc', 0],
    ['W/"abc"', undefined, 'abc', 0],
    ['xyz', undefined, 'abc', 412],
    [undefined, '*', undefined, 0],
    [undefined, '*', 'abc', 412],
    [undefined, 'abc', 'abc', 400],
    ['*', '*', 'abc', 400],
  ])('If-Match %s, If-None-Match %s, stored %s: %i', (ifMatch, ifNoneMatch, etag, status) => {
    expect(outcome(ifMatch, ifNoneMatch, etag)).toBe(status);
  });
});
