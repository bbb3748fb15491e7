/** The Kubernetes API as its clients meet it: writes a second, long lists, many watchers, idle nodes. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fastify from 'fastify';
import { parse } from 'yaml';
import type { Connection } from '../src/cli/connection.js';

const main = new URL('../dist/cli/main.js', import.meta.url).pathname;
const home = mkdtempSync(join(tmpdir(), 'poolkeeper-bench-'));
const agent = new Agent({ keepAlive: true, maxSockets: 64 });
const environment = { ...process.env, POOLKEEPER_HOME: home };

const child = spawn(process.execPath, [main, 'up', '--port', '0', '--demo', '--data', join(home, 'world')], {
  env: environment,
  stdio: ['ignore', 'pipe', 'inherit'],
});
await new Promise<void>((resolve) => {
  child.stdout.on('data', (chunk: Buffer) => {
    if (chunk.toString().includes('Ctrl-C')) resolve();
  });
});
const connection = JSON.parse(readFileSync(join(home, 'connection.json'), 'utf8')) as Connection;
const ca = readFileSync(connection.caPath);
const run = (args: readonly string[]): Promise<void> =>
  new Promise((resolve, reject) => {
    const env = { ...environment, NODE_EXTRA_CA_CERTS: connection.caPath };
    const command = spawn(process.execPath, [main, ...args], { env, stdio: 'ignore' });
    command.on('exit', (code) =>
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
const server = config.clusters[0].cluster.server;
const headers = { authorization: `Bearer ${config.users[0].user.token}`, 'content-type': 'application/json' };

interface Answer {
  readonly status: number;
  readonly bytes: number;
  readonly text: string;
  readonly firstByteMs: number;
  readonly totalMs: number;
}

function send(url: string, method = 'GET', body?: unknown, type = 'application/json'): Promise<Answer> {
  const start = performance.now();
  return new Promise((resolve, reject) => {
    const options = { method, headers: { ...headers, 'content-type': type }, ca, agent };
    const outgoing = request(url, options, (incoming) => {
      const firstByteMs = performance.now() - start;
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('end', () => {
        const all = Buffer.concat(chunks);
        const totalMs = performance.now() - start;
        resolve({
          status: incoming.statusCode ?? 0,
          bytes: all.length,
          text: all.length < 100_000 ? all.toString() : '',
          firstByteMs,
          totalMs,
        });
      });
    });
    outgoing.on('error', reject);
    outgoing.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

const ms = (value: number): string => `${value.toFixed(value < 10 ? 1 : 0)} ms`;
const say = (scene: string, figure: string): void => console.log(`${scene.padEnd(72)} ${figure}`);
const memory = (): string => {
  const [, kilobytes = '0'] =
    /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${String(child.pid)}/status`, 'utf8')) ?? [];
  return `${String(Math.round(Number(kilobytes) / 1024))} MB`;
};

async function perSecond(
  scene: string,
  count: number,
  clients: number,
  work: (index: number) => Promise<Answer>,
  baseline?: number,
): Promise<number> {
  const times: number[] = [];
  let next = 0;
  const start = performance.now();
  await Promise.all(
    Array.from({ length: clients }, async () => {
      while (next < count) {
        const index = next++;
        const { totalMs, status, text } = await work(index);
        if (status >= 400) throw new Error(text);
        times.push(totalMs);
      }
    }),
  );
  const rate = (count / (performance.now() - start)) * 1000;
  times.sort((a, b) => a - b);
  const at = (share: number) => ms(times[Math.floor(times.length * share)] ?? 0);
  const ratio = baseline === undefined ? '' : `, ${(rate / baseline).toFixed(2)}x`;
  say(scene, `${rate.toFixed(0)}/s, p50 ${at(0.5)}, p99 ${at(0.99)}${ratio}`);
  return rate;
}

const bare = fastify({
  https: {
    key: readFileSync(join(connection.caPath, '../server-key.pem')),
    cert: readFileSync(join(connection.caPath, '../server.pem')),
  },
});
bare.get('/', () => ({ hello: 'world' }));
const bareUrl = await bare.listen({ port: 0, host: '127.0.0.1' });
const baseline = await perSecond('a bare fastify HTTPS server, 16 clients', 4000, 16, () =>
  send(bareUrl.replace('127.0.0.1', 'localhost')),
);
await bare.close();

const maps = `${server}/api/v1/namespaces/default/configmaps`;
const body = (index: number, value = 'x') => ({
  metadata: { name: `map-${String(index)}` },
  data: { key: value.repeat(200) },
});
await perSecond(
  'create a ConfigMap, durable, 16 clients',
  3000,
  16,
  (index) => send(maps, 'POST', body(index)),
  baseline,
);
await perSecond(
  'get a ConfigMap, 16 clients',
  6000,
  16,
  (index) => send(`${maps}/map-${String(index % 3000)}`),
  baseline,
);
await perSecond(
  'update a ConfigMap, durable, 16 clients',
  3000,
  16,
  (index) => send(`${maps}/map-${String(index)}`, 'PUT', body(index, 'y')),
  baseline,
);
await perSecond(
  'merge-patch a ConfigMap, durable, 16 clients',
  3000,
  16,
  (index) =>
    send(`${maps}/map-${String(index)}`, 'PATCH', { data: { key: 'z' } }, 'application/merge-patch+json'),
  baseline,
);

/** Opens watches; resolves once all have begun. Calls back for every event. */
async function watch(count: number, onEvents: (events: number) => void): Promise<() => void> {
  const own = new Agent({ maxSockets: Infinity });
  const closing: (() => void)[] = [];
  for (let opened = 0; opened < count; opened += 50) {
    await Promise.all(
      Array.from(
        { length: Math.min(50, count - opened) },
        () =>
          new Promise<void>((resolve, reject) => {
            const outgoing = request(
              `${server}/api/v1/namespaces/kube-public/configmaps?watch=1&resourceVersion=`,
              { headers, ca, agent: own },
              (incoming) => {
                incoming.on('data', (chunk: Buffer) => {
                  let lines = 0;
                  for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) lines += 1;
                  onEvents(lines);
                });
                incoming.on('error', () => undefined);
                resolve();
              },
            );
            outgoing.on('error', reject);
            outgoing.end();
            closing.push(() => outgoing.destroy());
          }),
      ),
    );
  }
  return () => {
    for (const close of closing) close();
    own.destroy();
  };
}

for (const watchers of [100, 1000]) {
  let events = 0;
  const close = await watch(watchers, (count) => (events += count));
  await new Promise((resolve) => setTimeout(resolve, 500));
  events = 0;
  const updates = watchers === 100 ? 1000 : 200;
  const start = performance.now();
  const target = `${server}/api/v1/namespaces/kube-public/configmaps/kube-root-ca.crt`;
  for (let update = 0; update < updates; update += 10) {
    await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        send(target, 'PATCH', { data: { turn: String(update + index) } }, 'application/merge-patch+json'),
      ),
    );
  }
  while (events < watchers * updates) await new Promise((resolve) => setTimeout(resolve, 5));
  const seconds = (performance.now() - start) / 1000;
  say(
    `${String(watchers)} watchers, ${String(updates)} updates, until each has seen each`,
    `${(events / seconds).toFixed(0)} events/s, ${(updates / seconds).toFixed(0)} updates/s`,
  );
  close();
  agent.destroy();
  await new Promise((resolve) => setTimeout(resolve, 500));
}

const sets = `${server}/apis/apps/v1/namespaces/default/replicasets`;
for (const replicas of [10_000, 100_000]) {
  const name = `many-${String(replicas)}`;
  const labels = { app: name };
  const start = performance.now();
  await send(sets, 'POST', {
    metadata: { name },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: { schedulerName: 'nobody', containers: [{ name: 'c', image: 'i:1' }] },
      },
    },
  });
  for (;;) {
    const { text } = await send(`${sets}/${name}`);
    if ((JSON.parse(text) as { status: { replicas?: number } }).status.replicas === replicas) break;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  say(
    `${String(replicas)} pods made by their ReplicaSet`,
    `${((performance.now() - start) / 1000).toFixed(1)} s, ${memory()}`,
  );
  const pods = `${server}/api/v1/namespaces/default/pods?labelSelector=app%3D${name}`;
  for (const [scene, url] of [
    ['whole', pods],
    ['first 500', `${pods}&limit=500`],
  ] as const) {
    const answer = await send(url);
    say(
      `list of ${String(replicas)} pods, ${scene}`,
      `first byte ${ms(answer.firstByteMs)}, all ${ms(answer.totalMs)}, ${(answer.bytes / 1e6).toFixed(1)} MB, then ${memory()}`,
    );
  }
}
child.kill('SIGTERM');
rmSync(home, { recursive: true, force: true });
process.exit(0);
