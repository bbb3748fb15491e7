// Finds the real clients that tests drive, and installs those that are missing from Debian's packages where it may.
// What it found is written for the tests; with CI=true a client that can't be had is a failure.
import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';

const clients = [{ command: 'az', package: 'azure-cli', suites: ['test/wire/az.test.ts'] }];

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

const missing = {};
for (const client of clients) {
  const reason = install(client);
  if (reason) for (const suite of client.suites) missing[suite] = reason;
}
writeFileSync('.vitest-clients.json', JSON.stringify({ missing }, null, 2));
if (process.env.CI === 'true' && Object.keys(missing).length > 0) {
  for (const [suite, reason] of Object.entries(missing)) console.error(`${suite} can't run: ${reason}`);
  process.exit(1);
}
