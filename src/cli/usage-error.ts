/** A command line that can't be taken; the message names the flag and the fix. Exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
