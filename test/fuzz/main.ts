/** `npm run fuzz -- --requests 1000000 --seed 7`: the built server under requests of chance, with figures of how it bore them. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { parse } from 'yaml';
import { end, mainFile, startUp } from '../process.js';
import { describeFault, fuzz } from './run.js';

const options = new Command()
  .option('--requests <n>', 'how many to send', '100000')
  .option('--seed <n>', 'source of all chance', String(Date.now() % 1_000_000))
  .option('--concurrency <n>', 'requests under way at once', '16')
  .parse()
  .opts<{ requests: string; seed: string; concurrency: string }>();
const requests = Number(options.requests);
const seed = Number(options.seed);
/** The heap that the server may take, in MB: one that leaks ends for want of memory before a million requests. */
const heap = 512;

const home = mkdtempSync(join(tmpdir(), 'poolkeeper-fuzz-'));
process.env['NODE_OPTIONS'] = `--max-old-space-size=${String(heap)}`;
const server = await startUp(home, ['--demo', '--ephemeral', '--speed', '20', '--seed', String(seed)]);
process.on('exit', () => server.process.kill('SIGKILL'));
const command = (...args: readonly string[]) =>
  execFileSync(process.execPath, [mainFile, ...args], {
    env: { ...process.env, POOLKEEPER_HOME: home, NODE_EXTRA_CA_CERTS: server.connection.caPath },
  });
const cluster = ['--resource-group', 'grocery', '--name', 'grocery'];
command('aks', 'wait', ...cluster, '--created', '--interval', '1');
command('aks', 'get-credentials', ...cluster, '--file', join(home, 'kubeconfig'));
const config = parse(readFileSync(join(home, 'kubeconfig'), 'utf8')) as {
  clusters: readonly [{ cluster: { server: string } }];
  users: readonly [{ user: { token: string } }];
};

/** Resident memory in MB; 0 where the system does not tell. */
function memory(): number {
  try {
    const status = readFileSync(`/proc/${String(server.process.pid)}/status`, 'utf8');
    return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024);
  } catch {
    return 0;
  }
}

console.log(`seed ${String(seed)}, ${String(requests)} requests`);
const atStart = memory();
const began = performance.now();
const result = await fuzz({
  target: {
    server: config.clusters[0].cluster.server,
    token: config.users[0].user.token,
    caPem: readFileSync(server.connection.caPath, 'utf8'),
  },
  requests,
  seed,
  concurrency: Number(options.concurrency),
  // At once, so that a run that is ended has told what it found.
  onFault: (fault) => console.log(describeFault(fault)),
  onProgress: (answered) => {
    const rate = Math.round(answered / ((performance.now() - began) / 1000));
    const used = memory();
    if (answered % Math.max(5000, Math.round(requests / 50 / 5000) * 5000) === 0)
      console.log(`${String(answered).padStart(9)} answered, ${String(rate)}/s, ${String(used)} MB`);
  },
});
const seconds = (performance.now() - began) / 1000;
console.log(
  `${String(result.answered)} answered in ${seconds.toFixed(0)} s: ${String(Math.round(result.answered / seconds))}/s; ${String(atStart)} MB before, ${String(memory())} MB after`,
);
for (const [status, count] of [...result.statuses].sort(([a], [b]) => a - b))
  console.log(`  ${String(status)} ${String(count).padStart(9)}`);

const problems = [
  ...(result.faults.length > 0 ? [`${String(result.faults.length)} wrong answers`] : []),
  ...(server.process.exitCode === null ? [] : [`the server ended: ${server.output().slice(-4000)}`]),
];
// A server that hangs hears no request to end.
const stuck = setTimeout(() => server.process.kill('SIGKILL'), 20_000);
await end(server.process, 'SIGTERM');
clearTimeout(stuck);
const said = server.output().slice(server.output().indexOf('Ctrl-C stops it.') + 16);
if (said.includes('Error')) console.log(said.slice(0, 8000));
rmSync(home, { recursive: true, force: true });
for (const problem of problems) console.error(problem);
process.exitCode = problems.length > 0 ? 1 : 0;
