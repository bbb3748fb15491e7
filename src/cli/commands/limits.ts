import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { ClientSecretCredential } from '@azure/identity';
import { readConnection } from '../connection.js';
import type { Connection } from '../connection.js';
import { format } from '../output/index.js';
import { InvalidValueError, UsageError } from '../usage-error.js';
import { readYaml } from '../yaml-file.js';

/** Shows the limits of the running world, after those in `file` were set. */
export async function limits(file: string | undefined): Promise<void> {
  const connection = readConnection();
  if (!connection) throw new UsageError('Poolkeeper is not running. Start it with: poolkeeper up');
  const answer =
    file === undefined
      ? await call(connection, 'GET')
      : await call(connection, 'PUT', JSON.stringify(readYaml('limits', file)));
  process.stdout.write(format(answer, { output: 'yaml' }));
}

async function call(connection: Connection, method: 'GET' | 'PUT', body?: string): Promise<unknown> {
  const { endpoint, caPath, tenantId, clientId, clientSecret } = connection;
  const ca = readFileSync(caPath);
  const credential = new ClientSecretCredential(tenantId, clientId, clientSecret, {
    authorityHost: endpoint,
    disableInstanceDiscovery: true,
    tlsOptions: { ca },
  });
  const { token } = await credential.getToken(`${endpoint}/.default`);
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const text = await new Promise<string>((resolve, reject) => {
    const url = `${endpoint}/poolkeeper/limits?api-version=2026-06-01`;
    const outgoing = request(url, { method, headers, ca }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('end', () => resolve(Buffer.concat(chunks).toString()));
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
  const answer = JSON.parse(text) as { readonly error?: { readonly code: string; readonly message: string } };
  if (answer.error) throw new InvalidValueError(`(${answer.error.code}) ${answer.error.message}`);
  return answer;
}
