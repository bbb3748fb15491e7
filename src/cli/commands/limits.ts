import { readConnection } from '../connection.js';
import { format } from '../output/index.js';
import { callServer } from '../own-api.js';
import { InvalidValueError, UsageError } from '../usage-error.js';
import { readYaml } from '../yaml-file.js';

/** Shows the limits of the running world, after those in `file` were set. */
export async function limits(file: string | undefined): Promise<void> {
  const connection = readConnection();
  if (!connection) throw new UsageError('Poolkeeper is not running. Start it with: poolkeeper up');
  const body = file === undefined ? undefined : readYaml('limits', file);
  const answer =
    file === undefined
      ? await callServer(connection, 'GET', 'limits')
      : await callServer(connection, 'PUT', 'limits', body);
  if (answer.kind === 'refused') throw new InvalidValueError(`(${answer.code}) ${answer.message}`);
  process.stdout.write(format(answer.body, { output: 'yaml' }));
}
