import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** How a client reaches the running Poolkeeper. */
export interface Connection {
  /** Of ARM and of sign-in, e.g. `https://localhost:8443`. */
  readonly endpoint: string;
  readonly caPath: string;
  readonly subscriptionId: string;
  readonly tenantId: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

/** Where Poolkeeper keeps what is the user's: `$POOLKEEPER_HOME`, else `~/.poolkeeper`. */
export const homeDirectory = (): string => process.env['POOLKEEPER_HOME'] ?? join(homedir(), '.poolkeeper');

const path = (): string => join(homeDirectory(), 'connection.json');

/** Lets other commands of this user find the server; the file is readable by its owner alone. */
export function writeConnection(connection: Connection): void {
  mkdirSync(homeDirectory(), { recursive: true, mode: 0o700 });
  writeFileSync(path(), JSON.stringify(connection, null, 2), { mode: 0o600 });
}

/** The connection of the running server, `undefined` when none has been started. */
export function readConnection(): Connection | undefined {
  try {
    return JSON.parse(readFileSync(path(), 'utf8')) as Connection;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Takes the connection away, unless another server has written its own since. */
export function removeConnection(connection: Connection): void {
  if (readConnection()?.endpoint === connection.endpoint) rmSync(path(), { force: true });
}
