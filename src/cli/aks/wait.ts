import { setTimeout as sleep } from 'node:timers/promises';
import { search } from '@jmespath-community/jmespath';
import type { JSONValue } from '@jmespath-community/jmespath';
import { UsageError } from '../usage-error.js';
import { wholeNumber } from './pool-flags.js';
import { restFailure } from './rest-error.js';

/** What `wait` waits for, and how long. */
export interface WaitFlags {
  readonly created?: boolean;
  readonly updated?: boolean;
  readonly deleted?: boolean;
  readonly exists?: boolean;
  readonly custom?: string;
  /** Seconds. */
  readonly interval: string;
  readonly timeout: string;
}

/** What was waited for did not come. */
export class WaitError extends Error {
  override readonly name = 'WaitError';
}

interface Waited {
  readonly provisioningState?: string;
}

/**
 * Reads a resource until what is waited for holds, as az's wait commands do.
 *
 * @throws UsageError when nothing to wait for is named, WaitError when the resource failed or time ran out.
 */
export async function waitFor(flags: WaitFlags, read: () => Promise<Waited>): Promise<void> {
  const { created, updated, deleted, exists, custom } = flags;
  if (!created && !updated && !deleted && !exists && custom === undefined) {
    throw new UsageError('incorrect usage: --created | --updated | --deleted | --exists | --custom JMESPATH');
  }
  const interval = wholeNumber('--interval', flags.interval);
  const tries = Math.max(1, Math.ceil(wholeNumber('--timeout', flags.timeout) / Math.max(1, interval)));
  for (let n = 0; n < tries; n++) {
    if (n > 0) await sleep(interval * 1000);
    const resource = await found(read);
    if (!resource) {
      if (deleted) return;
      continue;
    }
    if (exists) return;
    const state = resource.provisioningState;
    if ((created || updated) && state === 'Succeeded') return;
    if ((created || updated) && state === 'Failed') throw new WaitError('The operation failed');
    if (custom !== undefined && truthy(search(JSON.parse(JSON.stringify(resource)) as JSONValue, custom)))
      return;
  }
  throw new WaitError(`Wait operation timed-out after ${flags.timeout} seconds`);
}

const truthy = (value: unknown): boolean =>
  value !== null && value !== false && value !== '' && !(Array.isArray(value) && value.length === 0);

async function found(read: () => Promise<Waited>): Promise<Waited | undefined> {
  try {
    return await read();
  } catch (error) {
    if (restFailure(error)?.statusCode === 404) return undefined;
    throw error;
  }
}
