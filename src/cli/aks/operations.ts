import { createInterface } from 'node:readline/promises';
import { UsageError } from '../usage-error.js';

/** An SDK's poller, as far as it is needed here. */
interface Poller<T> {
  submitted(): Promise<void>;
  pollUntilDone(): Promise<T>;
}

const frames = ['|', '/', '-', '\\'];

/**
 * Waits for an operation with a progress line on a terminal; with `--no-wait` only until it was accepted, and there is no
 * result then.
 */
export async function finish<T>(poller: Poller<T>, noWait: boolean): Promise<T | undefined> {
  if (noWait) {
    await poller.submitted();
    return undefined;
  }
  if (!process.stderr.isTTY) return poller.pollUntilDone();
  let frame = 0;
  const draw = () => process.stderr.write(`\r ${frames[frame++ % frames.length] ?? ''} Running ..`);
  const timer = setInterval(draw, 200);
  try {
    return await poller.pollUntilDone();
  } finally {
    clearInterval(timer);
    process.stderr.write('\r\u001b[K');
  }
}

/** Asks before something is done that can't be undone. @throws UsageError when there is nobody to ask. */
export async function confirm(question: string, yes: boolean): Promise<boolean> {
  if (yes) return true;
  if (!process.stdin.isTTY)
    throw new UsageError('Unable to prompt for confirmation as no tty available. Use --yes.');
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = (await terminal.question(`${question} (y/n): `)).trim().toLowerCase();
    return answer === 'y' || answer === 'yes';
  } finally {
    terminal.close();
  }
}
