import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  Catalog,
  fastLatency,
  parseLatencyProfile,
  parseLimits,
  realisticLatency,
} from '../../azure/index.js';
import type { LatencyProfile } from '../../azure/index.js';
import { realisticVolumes } from '../../kube/index.js';
import { PortInUseError, startServers } from '../../servers/index.js';
import { DataDirectoryError } from '../../store/index.js';
import { World, seedDemo } from '../../world/index.js';
import { homeDirectory, removeConnection, writeConnection } from '../connection.js';
import type { Connection } from '../connection.js';
import { environmentLines } from '../environment.js';
import { UsageError } from '../usage-error.js';
import { readYaml } from '../yaml-file.js';

/** The flags of `poolkeeper up`, as typed. */
export interface UpOptions {
  readonly data?: string;
  readonly ephemeral?: boolean;
  readonly port: string;
  readonly host: string;
  readonly speed: string;
  readonly latency: string;
  readonly seed?: string;
  readonly config?: string;
  readonly empty?: boolean;
}

/** Starts the control plane and serves until it is told to stop. */
export async function up(options: UpOptions): Promise<void> {
  const port = portOf(options.port);
  const mode = { kind: 'running', speed: speedOf(options.speed) } as const;
  const latency = latencyOf(options.latency);
  const limits = options.config === undefined ? {} : { limits: limitsOf(options.config) };
  const temporary = options.ephemeral ? mkdtempSync(join(tmpdir(), 'poolkeeper-')) : undefined;
  const directory = temporary ?? options.data ?? homeDirectory();
  const seed = options.seed === undefined ? {} : { seed: options.seed };
  const world = World.open({
    ...(temporary === undefined && { data: directory }),
    ...seed,
    ...limits,
    mode,
    latency,
    ...(options.latency === 'realistic' && { volumes: realisticVolumes }),
  });
  const cleanUp = () => {
    if (temporary !== undefined) rmSync(temporary, { recursive: true, force: true });
  };
  try {
    const servers = await startServers({ world, directory, host: options.host, port });
    if (!options.empty) seedDemo(world);
    const [{ clientId, clientSecret }] = servers.principals;
    const connection: Connection = {
      endpoint: servers.endpoint,
      caPath: servers.caPath,
      subscriptionId: world.subscription.id,
      tenantId: world.subscription.tenantId,
      clientId,
      clientSecret,
    };
    // Before anyone is told that it runs: from then on it may be told to stop.
    const stopped = untilSignal();
    writeConnection(connection);
    process.stdout.write(greeting(connection, temporary === undefined ? directory : undefined));
    await stopped;
    process.stdout.write('Stopping.\n');
    removeConnection(connection);
    await servers.close();
  } finally {
    await world.close();
    cleanUp();
  }
}

function greeting(connection: Connection, directory: string | undefined): string {
  const kept = directory === undefined ? 'nowhere: it ends with this process' : directory;
  return [
    'Poolkeeper is running.',
    '',
    `  Azure Resource Manager  ${connection.endpoint}`,
    `  Subscription            ${connection.subscriptionId}`,
    `  Data                    ${kept}`,
    '',
    'Point az, Terraform and the Azure SDKs of another terminal at it with these lines (`poolkeeper env` prints them again):',
    '',
    environmentLines(connection, 'bash'),
    '',
    'Then, for example: az aks nodepool list --resource-group grocery --cluster-name grocery --output table',
    'Ctrl-C stops it.',
    '',
  ].join('\n');
}

/** Resolves at the first Ctrl-C or SIGTERM; the second ends the process at once. */
const untilSignal = (): Promise<void> =>
  new Promise((resolve) => {
    const stop = () => {
      process.once('SIGINT', () => process.exit(130));
      process.once('SIGTERM', () => process.exit(143));
      resolve();
    };
    process.once('SIGINT', stop);
    process.once('SIGTERM', stop);
  });

function portOf(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new UsageError(`--port must be a whole number from 0 to 65535, not '${text}'. 0 takes a free port.`);
}

function speedOf(text: string): number {
  const speed = Number(text);
  if (Number.isFinite(speed) && speed > 0) return speed;
  throw new UsageError(
    `--speed must be a positive number, not '${text}'. 1 is real time, 60 a minute a second.`,
  );
}

function latencyOf(text: string): LatencyProfile {
  if (text === 'fast') return fastLatency;
  if (text === 'realistic') return realisticLatency;
  let profile: string;
  try {
    profile = readFileSync(text, 'utf8');
  } catch {
    throw new UsageError(`--latency must be fast, realistic or a readable YAML file, not '${text}'.`);
  }
  try {
    return parseLatencyProfile(profile);
  } catch (error) {
    throw new UsageError(`--latency ${text}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** The limits in a file, checked before anything is started. */
function limitsOf(path: string): unknown {
  const limits = readYaml('--config', path);
  try {
    parseLimits(limits, new Catalog());
  } catch (error) {
    throw new UsageError(`--config ${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
  return limits;
}

/** Errors of starting that are the user's to mend: their message alone is shown. */
export const isStartError = (error: Error): boolean =>
  error instanceof PortInUseError || error instanceof DataDirectoryError;
