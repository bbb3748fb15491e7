import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { createServer } from 'node:net';
import type { Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { Connection } from '../../src/cli/connection.js';

/** A Kubernetes API server that scenes are run against. */
export interface Target {
  readonly name: string;
  /** Without a slash at its end. */
  readonly server: string;
  readonly token: string;
  /** Of all its processes together, in MB. */
  memory(): number;
  stop(): Promise<void>;
}

const main = new URL('../../dist/cli/main.js', import.meta.url).pathname;

/** Poolkeeper in a process of its own with a data directory of its own, with the demo cluster up. */
export async function startPoolkeeper(): Promise<Target> {
  const home = mkdtempSync(join(tmpdir(), 'poolkeeper-bench-'));
  const environment = { ...process.env, POOLKEEPER_HOME: home };
  const child = spawn(
    process.execPath,
    [main, 'up', '--port', '0', '--demo', '--data', join(home, 'world')],
    {
      env: environment,
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  await new Promise<void>((resolve) => {
    child.stdout.on('data', (chunk: Buffer) => {
      if (chunk.toString().includes('Ctrl-C')) resolve();
    });
  });
  const connection = JSON.parse(readFileSync(join(home, 'connection.json'), 'utf8')) as Connection;
  const run = (args: readonly string[]): Promise<void> =>
    new Promise((resolve, reject) => {
      const env = { ...environment, NODE_EXTRA_CA_CERTS: connection.caPath };
      spawn(process.execPath, [main, ...args], { env, stdio: 'ignore' }).on('exit', (code) =>
        code === 0 ? resolve() : reject(new Error(`${args.join(' ')}: ${String(code)}`)),
      );
    });
  const cluster = ['-g', 'grocery', '-n', 'grocery'];
  await run(['aks', 'wait', ...cluster, '--created', '--interval', '1']);
  await run(['aks', 'get-credentials', ...cluster, '-f', join(home, 'config')]);
  const config = parse(readFileSync(join(home, 'config'), 'utf8')) as {
    clusters: [{ cluster: { server: string } }];
    users: [{ user: { token: string } }];
  };
  return {
    name: 'Poolkeeper',
    server: config.clusters[0].cluster.server,
    token: config.users[0].user.token,
    memory: () => residentOf(child),
    stop: async () => {
      await ended(child, 'SIGTERM');
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/**
 * A kube-apiserver with its etcd, from the programs that KUBE_APISERVER and ETCD name; undefined where they name none. Its
 * store is on the same disk; what no plain client needs (service account tokens for pods) is off.
 */
export async function startKubeApiserver(): Promise<Target | undefined> {
  const { KUBE_APISERVER: program, ETCD: etcdProgram = 'etcd' } = process.env;
  if (program === undefined || !existsSync(program)) return undefined;
  const home = mkdtempSync(join(tmpdir(), 'kube-apiserver-bench-'));
  const [etcdPort, peerPort, port] = await freePorts();
  const etcdUrl = `http://127.0.0.1:${etcdPort}`;
  const peerUrl = `http://127.0.0.1:${peerPort}`;
  const key = join(home, 'service-accounts.pem');
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  writeFileSync(key, privateKey);
  const token = randomBytes(16).toString('hex');
  writeFileSync(join(home, 'tokens.csv'), `${token},bench,bench,"system:masters"\n`);
  const quiet = { stdio: 'ignore' } as const;
  const etcd = spawn(
    etcdProgram,
    [
      ['--data-dir', join(home, 'etcd')],
      ['--listen-client-urls', etcdUrl],
      ['--advertise-client-urls', etcdUrl],
      ['--listen-peer-urls', peerUrl],
      ['--initial-advertise-peer-urls', peerUrl],
      ['--initial-cluster', `default=${peerUrl}`],
    ].flat(),
    quiet,
  );
  const api = spawn(
    program,
    [
      ['--etcd-servers', etcdUrl],
      ['--service-account-issuer', 'https://bench'],
      ['--service-account-key-file', key],
      ['--service-account-signing-key-file', key],
      ['--service-cluster-ip-range', '10.0.0.0/16'],
      ['--token-auth-file', join(home, 'tokens.csv')],
      ['--authorization-mode', 'RBAC'],
      ['--disable-admission-plugins', 'ServiceAccount'],
      ['--bind-address', '127.0.0.1'],
      ['--secure-port', port],
      ['--cert-dir', join(home, 'certificates')],
    ].flat(),
    quiet,
  );
  const server = `https://127.0.0.1:${port}`;
  while (!(await isReady(`${server}/readyz`, token)))
    await new Promise((resolve) => setTimeout(resolve, 500));
  return {
    name: 'kube-apiserver with etcd',
    server,
    token,
    memory: () => residentOf(api) + residentOf(etcd),
    stop: async () => {
      await ended(api, 'SIGKILL');
      await ended(etcd, 'SIGKILL');
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** Three ports that nobody listens on. */
async function freePorts(): Promise<readonly [string, string, string]> {
  const servers = [createServer(), createServer(), createServer()] as const;
  const port = async (server: Server): Promise<string> => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    return typeof address === 'object' && address ? String(address.port) : '';
  };
  const [first, second, third] = servers;
  const ports = [await port(first), await port(second), await port(third)] as const;
  for (const server of servers) server.close();
  return ports;
}

const isReady = (url: string, token: string): Promise<boolean> =>
  new Promise((resolve) => {
    const options = { headers: { authorization: `Bearer ${token}` }, rejectUnauthorized: false };
    const outgoing = request(url, options, (incoming) => {
      incoming.resume();
      resolve(incoming.statusCode === 200);
    });
    outgoing.on('error', () => resolve(false));
    outgoing.end();
  });

const ended = (child: ChildProcess, signal: NodeJS.Signals): Promise<void> =>
  new Promise((resolve) => {
    child.on('exit', () => resolve());
    child.kill(signal);
  });

function residentOf({ pid }: ChildProcess): number {
  if (!readdirSync('/proc').includes(String(pid))) return 0;
  const status = readFileSync(`/proc/${String(pid)}/status`, 'utf8');
  const [, kilobytes = '0'] = /VmRSS:\s+(\d+)/.exec(status) ?? [];
  return Math.round(Number(kilobytes) / 1024);
}
