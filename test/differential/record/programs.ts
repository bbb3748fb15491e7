/** The programs whose decisions are recorded, and processes of them. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';

export interface Programs {
  readonly apiServer: string;
  readonly scheduler: string;
  readonly etcd: string;
}

const howToGet = `set KUBE_APISERVER, KUBE_SCHEDULER and ETCD to the programs of these names:
  for p in kube-apiserver kube-scheduler; do curl -LO https://dl.k8s.io/v1.34.4/bin/linux/amd64/$p && chmod +x $p; done
  apt-get install etcd-server    # or https://github.com/etcd-io/etcd/releases`;

/** A program is not there, or does not start; the message says what to do. */
export class RecordingError extends Error {
  override readonly name = 'RecordingError';
}

/**
 * Those that the environment names.
 * @throws RecordingError that says how to get them
 */
export function programsOf(environment: NodeJS.ProcessEnv): Programs {
  const named = (variable: string): string => {
    const path = environment[variable];
    if (path === undefined || path === '') throw new RecordingError(`${variable} is not set; ${howToGet}`);
    if (!existsSync(path)) throw new RecordingError(`${variable}: there is no ${path}; ${howToGet}`);
    return path;
  };
  return {
    apiServer: named('KUBE_APISERVER'),
    scheduler: named('KUBE_SCHEDULER'),
    etcd: named('ETCD'),
  };
}

/** A process with each line of what it says on stderr handed to `onLine`. */
export function start(
  program: string,
  flags: Readonly<Record<string, string>>,
  onLine: (line: string) => void,
): ChildProcess {
  const child = spawn(
    program,
    Object.entries(flags).map(([name, value]) => `--${name}=${value}`),
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let rest = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    lines.forEach(onLine);
  });
  return child;
}

/** Ends a process, if it has not ended. */
export const end = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) {
      resolve();
      return;
    }
    child.on('exit', () => {
      resolve();
    });
    child.kill('SIGKILL');
  });

/** Ports that nobody listens on. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  const ports = await Promise.all(
    servers.map(
      (server) =>
        new Promise<number>((resolve) => {
          server.listen(0, '127.0.0.1', () => {
            const address = server.address();
            resolve(typeof address === 'object' && address !== null ? address.port : 0);
          });
        }),
    ),
  );
  for (const server of servers) server.close();
  return ports;
}

export const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
