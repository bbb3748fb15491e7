import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Connection } from '../src/cli/connection.js';

export const mainFile = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));

/** A `poolkeeper up` of its own. */
export interface UpProcess {
  readonly process: ChildProcess;
  readonly connection: Connection;
  readonly output: () => string;
}

/** Starts the built command on a free port; resolves once it serves. @throws Error with its output when it ends instead. */
export async function startUp(home: string, flags: readonly string[] = []): Promise<UpProcess> {
  const child = spawn(process.execPath, [mainFile, 'up', '--port', '0', ...flags], {
    env: { ...process.env, POOLKEEPER_HOME: home },
  });
  let output = '';
  const exited = new Promise<never>((_, reject) => {
    child.on('exit', (code) => reject(new Error(`poolkeeper up ended with ${String(code)}: ${output}`)));
  });
  const serving = new Promise<void>((resolve) => {
    const read = (chunk: Buffer) => {
      output += chunk.toString();
      if (output.includes('Ctrl-C stops it.')) resolve();
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
  });
  await Promise.race([serving, exited]);
  exited.catch(() => undefined);
  const file = join(home, 'connection.json');
  if (!existsSync(file)) throw new Error(`${file} was not written`);
  const connection = JSON.parse(readFileSync(file, 'utf8')) as Connection;
  return { process: child, connection, output: () => output };
}

/** Ends a process and waits until it is gone. */
export async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill(signal);
  await gone;
}
