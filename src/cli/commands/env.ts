import { readConnection } from '../connection.js';
import { environmentLines, shells } from '../environment.js';
import type { Shell } from '../environment.js';
import { UsageError } from '../usage-error.js';

/** Prints the lines that point clients at the running server. */
export function env({ shell }: { readonly shell: string }): void {
  if (!isShell(shell)) throw new UsageError(`--shell must be one of ${shells.join(', ')}, not '${shell}'.`);
  const connection = readConnection();
  if (!connection) throw new UsageError('Poolkeeper is not running. Start it with: poolkeeper up');
  process.stdout.write(`${environmentLines(connection, shell)}\n`);
}

const isShell = (text: string): text is Shell => (shells as readonly string[]).includes(text);
