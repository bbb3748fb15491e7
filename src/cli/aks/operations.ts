import { createInterface } from 'node:readline/promises';
import { InvalidValueError } from '../usage-error.js';

/** An SDK's poller, as far as it is needed here. */
interface Poller<T> {
  submitted(): Promise<void>;
  pollUntilDone(): Promise<T>;
}

/** The flags that say how to wait. */
export interface Waiting {
  /** False with `--no-wait`. */
  readonly wait: boolean;
  readonly onlyShowErrors?: boolean;
}

const frames = ['|', '/', '-', '\\'];

/**
 * Waits for an operation with a progress line on a terminal; with `--no-wait` only until it was accepted, and there is no
 * result then.
 */
export async function finish<T>(poller: Poller<T>, options: Waiting): Promise<T | undefined> {
  if (!options.wait) {
    await poller.submitted();
    return undefined;
  }
  if (!process.stderr.isTTY || options.onlyShowErrors) return ended(poller);
  let frame = 0;
  const draw = () => process.stderr.write(`\r ${frames[frame++ % frames.length] ?? ''} Running ..`);
  const timer = setInterval(draw, 200);
  try {
    return await ended(poller);
  } finally {
    clearInterval(timer);
    process.stderr.write('\r\u001b[K');
  }
}

/** An operation that was accepted and did not succeed. */
export class OperationFailedError extends Error {
  override readonly name = 'OperationFailedError';
}

/** The SDK folds code and message of a failed operation into one text: az shows them apart. */
async function ended<T>(poller: Poller<T>): Promise<T> {
  try {
    return await poller.pollUntilDone();
  } catch (error) {
    if (!(error instanceof Error) || error.name === 'RestError') throw error;
    const [, code, message] =
      /^The long-running operation has failed\. (\w+)\. ([^]*)$/.exec(error.message) ?? [];
    if (code === undefined || message === undefined)
      throw new OperationFailedError(error.message, { cause: error });
    throw new OperationFailedError(`(${code}) ${message}\nCode: ${code}\nMessage: ${message}`, {
      cause: error,
    });
  }
}

/** Asks before something is done that can't be undone. @throws UsageError when there is nobody to ask. */
export async function confirm(question: string, yes: boolean): Promise<boolean> {
  if (yes) return true;
  if (!process.stdin.isTTY)
    throw new InvalidValueError('Unable to prompt for confirmation as no tty available. Use --yes.');
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = (await terminal.question(`${question} (y/n): `)).trim().toLowerCase();
    return answer === 'y' || answer === 'yes';
  } finally {
    terminal.close();
  }
}
