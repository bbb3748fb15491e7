/** A command line that can't be read; the message names the flag and the fix. Exit code 2, as az's parser has it. */
export class UsageError extends Error {
  override readonly name: string = 'UsageError';
  readonly exitCode: 1 | 2 = 2;
}

/** A command line that can be read but makes no sense. Exit code 1, as az's checks have it. */
export class InvalidValueError extends UsageError {
  override readonly name = 'InvalidValueError';
  override readonly exitCode = 1;
}
