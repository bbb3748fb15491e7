#!/usr/bin/env node
import { CommanderError } from 'commander';
import type { Command } from 'commander';
import { failureExitCode, failureText, restFailure } from './aks/rest-error.js';
import { createProgram } from './program.js';
import { UsageError } from './usage-error.js';

/** Errors of the command line come to us, whichever command they are of. */
function overrideExits(command: Command): void {
  command.exitOverride();
  for (const sub of command.commands) overrideExits(sub);
}

/** Says what went wrong and answers the exit code: 2 for the command line, 1 for the rest, as az does. */
async function exitCodeOf(error: unknown): Promise<number> {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof UsageError) {
    process.stderr.write(`ERROR: ${error.message}\n`);
    return error.exitCode;
  }
  const failure = restFailure(error);
  if (failure) {
    process.stderr.write(failureText(failure));
    return failureExitCode(failure);
  }
  process.stderr.write(`ERROR: ${(await isExpected(error)) ? messageOf(error) : stackOf(error)}\n`);
  return 1;
}

/** Failures that are the user's to mend: their message alone is shown; anything else is a bug and shows where. */
async function isExpected(error: unknown): Promise<boolean> {
  if (!(error instanceof Error)) return false;
  if (
    ['OperationFailedError', 'WaitError', 'AuthenticationError', 'CredentialUnavailableError'].includes(
      error.name,
    )
  )
    return true;
  const { isStartError } = await import('./commands/up.js');
  return isStartError(error);
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
const stackOf = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error);

try {
  const program = createProgram().exitOverride();
  overrideExits(program);
  await program.parseAsync();
} catch (error) {
  process.exitCode = await exitCodeOf(error);
}
