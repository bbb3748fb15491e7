import { readConnection } from '../connection.js';
import { callServer } from '../own-api.js';
import { RefusedError } from '../refused-error.js';
import { UsageError } from '../usage-error.js';

/**
 * Asks the running Poolkeeper for an explanation.
 *
 * @throws UsageError when none runs, RefusedError with what it says against the question
 */
export async function askServer(path: string, question: object): Promise<unknown> {
  const connection = readConnection();
  if (!connection) throw new UsageError('Poolkeeper is not running. Start it with: poolkeeper up');
  const answer = await callServer(connection, 'POST', path, question);
  if (answer.kind === 'refused') throw new RefusedError(answer);
  return answer.body;
}
