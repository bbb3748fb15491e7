#!/usr/bin/env node
import { CommanderError } from 'commander';
import { createProgram } from './program.js';
import { UsageError } from './usage-error.js';

try {
  const program = createProgram().exitOverride();
  for (const command of program.commands) command.exitOverride();
  await program.parseAsync();
} catch (error) {
  process.exitCode = await exitCodeOf(error);
}

/** Says what went wrong and answers the exit code: 2 for the command line, 1 for the rest, as az does. */
async function exitCodeOf(error: unknown): Promise<number> {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof UsageError) {
    process.stderr.write(`ERROR: ${error.message}\n`);
    return 2;
  }
  const { isExpected } = await import('./commands/up.js');
  const text =
    isExpected(error) || !(error instanceof Error) ? String((error as Error).message) : error.stack;
  process.stderr.write(`ERROR: ${text ?? 'unknown'}\n`);
  return 1;
}
