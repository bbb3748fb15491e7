/** The server as its users meet it: start, reads and writes a second, a large pool, many pools, memory. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fastify from 'fastify';
import type { Connection } from '../src/cli/connection.js';

const version = 'api-version=2026-06-01';
const main = new URL('../dist/cli/main.js', import.meta.url).pathname;
const home = mkdtempSync(join(tmpdir(), 'poolkeeper-bench-'));
const agent = new Agent({ keepAlive: true, maxSockets: 64 });

const started = performance.now();
const child = spawn(process.execPath, [main, 'up', '--port', '0', '--empty', '--data', join(home, 'world')], {
  env: { ...process.env, POOLKEEPER_HOME: home },
  stdio: ['ignore', 'pipe', 'inherit'],
});
await new Promise<void>((resolve) => {
  child.stdout.on('data', (chunk: Buffer) => {
    if (chunk.toString().includes('Ctrl-C')) resolve();
  });
});
const startMs = performance.now() - started;
const connection = JSON.parse(readFileSync(join(home, 'connection.json'), 'utf8')) as Connection;
const ca = readFileSync(connection.caPath);

function send(
  url: string,
  method: string,
  headers: Record<string, string>,
  body?: string,
): Promise<{ readonly status: number; readonly text: string }> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method, headers, ca, agent }, (incoming) => {
      let text = '';
      incoming.on('data', (chunk: Buffer) => (text += chunk.toString()));
      incoming.on('end', () => resolve({ status: incoming.statusCode ?? 0, text }));
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

const form = new URLSearchParams({
  grant_type: 'client_credentials',
  client_id: connection.clientId,
  client_secret: connection.clientSecret,
  scope: `${connection.endpoint}/.default`,
});
const signedIn = await send(
  `${connection.endpoint}/adfs/oauth2/token`,
  'POST',
  { 'content-type': 'application/x-www-form-urlencoded' },
  form.toString(),
);
const { access_token: token } = JSON.parse(signedIn.text) as { access_token: string };
const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
const group = `${connection.endpoint}/subscriptions/${connection.subscriptionId}/resourceGroups/bench`;
const cluster = (name: string) => `${group}/providers/Microsoft.ContainerService/managedClusters/${name}`;
const put = (url: string, body: unknown) => send(`${url}?${version}`, 'PUT', headers, JSON.stringify(body));
const size = 'Standard_D4s_v5';
const pool = (count: number) => ({ properties: { mode: 'User', count, vmSize: size } });

async function settled(url: string): Promise<void> {
  for (;;) {
    const { text } = await send(`${url}?${version}`, 'GET', headers);
    if (!/"provisioningState":"(Creating|Updating|Scaling)"/.test(text)) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function newCluster(name: string): Promise<string> {
  const url = cluster(name);
  const system = { name: 'system', mode: 'System', count: 1, vmSize: size };
  const networkProfile = { networkPlugin: 'azure', networkPluginMode: 'overlay', podCidr: '10.128.0.0/11' };
  const properties = { dnsPrefix: name, agentPoolProfiles: [system], networkProfile };
  const { status, text } = await put(url, { location: 'westeurope', properties });
  if (status !== 201) throw new Error(text);
  await settled(url);
  return url;
}

/** Runs `work` from some clients for some seconds. */
async function load(clients: number, forMs: number, work: (n: number) => Promise<unknown>) {
  const times: number[] = [];
  const end = performance.now() + forMs;
  const client = async (id: number) => {
    for (let n = id; performance.now() < end; n += clients) {
      const start = performance.now();
      await work(n);
      times.push(performance.now() - start);
    }
  };
  await Promise.all(Array.from({ length: clients }, (_, id) => client(id)));
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.floor(times.length * share)] ?? 0;
  return { rate: times.length / (forMs / 1000), p50: at(0.5), p99: at(0.99) };
}

const memoryMb = () =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${String(child.pid)}/status`, 'utf8'))?.[1] ?? 0) / 1024;
const cpuMs = () => {
  const fields = readFileSync(`/proc/${String(child.pid)}/stat`, 'utf8').split(' ');
  return (Number(fields[13]) + Number(fields[14])) * 10;
};
const line = (name: string, figure: string) => console.log(`${name.padEnd(52)}${figure}`);
const rates = ({ rate, p50, p99 }: Awaited<ReturnType<typeof load>>) =>
  `${rate.toFixed(0)}/s  p50 ${p50.toFixed(1)} ms  p99 ${p99.toFixed(1)} ms`;

try {
  line('start of the process to serving', `${startMs.toFixed(0)} ms`);
  await put(group, { location: 'westeurope' });
  const first = await newCluster('first');

  const bare = fastify({
    https: {
      key: readFileSync(join(home, 'world/server-key.pem')),
      cert: readFileSync(join(home, 'world/server.pem')),
    },
  });
  bare.get('/', () => ({ hello: 'world' }));
  await bare.listen({ port: 0, host: '127.0.0.1' });
  const address = bare.server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const baseline = await load(16, 4000, () => send(`https://localhost:${String(port)}/`, 'GET', {}));
  await bare.close();
  line('a bare server that says hello, 16 clients (baseline)', rates(baseline));

  const reads = await load(16, 4000, () => send(`${first}/agentPools/system?${version}`, 'GET', headers));
  line('GET of an agent pool, 16 clients', `${rates(reads)}  (${(reads.rate / baseline.rate).toFixed(2)}x)`);

  const writesTo = await newCluster('writes');
  const names = Array.from({ length: 32 }, (_, n) => `w${String(n)}`);
  for (const name of names) await put(`${writesTo}/agentPools/${name}`, pool(0));
  await settled(writesTo);
  for (const name of names) await settled(`${writesTo}/agentPools/${name}`);
  let accepted = 0;
  const writes = await load(16, 4000, async (n) => {
    const { status } = await put(`${writesTo}/agentPools/${names[n % names.length] ?? ''}`, pool(0));
    if (status === 200) accepted++;
  });
  line(
    'PUT of an agent pool, durable or refused, 16 clients',
    `${rates(writes)}  (${String(accepted)} accepted)`,
  );

  const idleBefore = cpuMs();
  await new Promise((resolve) => setTimeout(resolve, 3000));
  line('idle CPU', `${((cpuMs() - idleBefore) / 30).toFixed(1)} %`);

  const large = await newCluster('large');
  let start = performance.now();
  await put(`${large}/agentPools/big`, pool(1000));
  await settled(`${large}/agentPools/big`);
  line('a pool of 1,000 nodes, fast latency', `${((performance.now() - start) / 1000).toFixed(1)} s`);

  const many = async (pools: number, name: string) => {
    const url = await newCluster(name);
    const before = memoryMb();
    const at = performance.now();
    const all = Array.from({ length: pools }, (_, n) => `${url}/agentPools/p${String(n)}`);
    await Promise.all(all.map((target) => put(target, pool(50))));
    for (const target of all) await settled(target);
    return { seconds: (performance.now() - at) / 1000, mb: memoryMb() - before };
  };
  const half = await many(49, 'half');
  line('49 pools of 50 nodes', `${half.seconds.toFixed(1)} s  ${half.mb.toFixed(0)} MB more`);
  start = performance.now();
  const whole = await many(98, 'whole');
  line(
    '98 pools of 50 nodes',
    `${whole.seconds.toFixed(1)} s  ${whole.mb.toFixed(0)} MB more  (${(whole.seconds / half.seconds).toFixed(1)}x for twice the pools)`,
  );
  line('memory after all of it', `${memoryMb().toFixed(0)} MB`);
} finally {
  child.kill('SIGKILL');
  agent.destroy();
  rmSync(home, { recursive: true, force: true });
}
