/** The library: a local AKS for integration tests in Node. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LatencyProfile } from './azure/index.js';
import { startServers } from './servers/index.js';
import type { ClockMode, SimClock } from './sim/index.js';
import { instant } from './units/index.js';
import { World, seedDemo } from './world/index.js';

export { fastLatency, parseLatencyProfile, realisticLatency } from './azure/index.js';
export type { LatencyProfile } from './azure/index.js';
export type { ClockMode } from './sim/index.js';
export type { World } from './world/index.js';

export interface PoolkeeperOptions {
  /** Data directory; without one everything is gone after `stop()`. */
  readonly data?: string;
  /** Default: a free port. */
  readonly port?: number;
  /** Default: loopback alone. */
  readonly host?: string;
  /** Source of all chance; the same seed and the same requests give the same history. */
  readonly seed?: string | number;
  /** Default: real time. */
  readonly mode?: ClockMode;
  /** Where the time of a new world begins. Default: the host's time. */
  readonly start?: Date;
  /** How long clouds take. Default: the fast profile, about two seconds a VM. */
  readonly latency?: LatencyProfile;
  /** Quota, shortages and restrictions, as in the file of `poolkeeper up --config`. */
  readonly limits?: unknown;
  /** Creates the grocery cluster. Default: false. */
  readonly demo?: boolean;
}

/** A Poolkeeper that runs in this process. */
export interface Poolkeeper {
  /** Of ARM and of sign-in, e.g. `https://localhost:40123`. */
  readonly endpoint: string;
  readonly subscriptionId: string;
  readonly tenantId: string;
  /** A service principal with the role Contributor. */
  readonly credentials: { readonly clientId: string; readonly clientSecret: string };
  /** One with the role Reader. */
  readonly readerCredentials: { readonly clientId: string; readonly clientSecret: string };
  /** The certificate authority that clients must trust. */
  readonly caPath: string;
  readonly caPem: string;
  readonly world: World;
  readonly clock: SimClock;
  /** The kubeconfig of a cluster, as YAML: for kubectl and the Kubernetes clients. */
  kubeconfig(cluster: { readonly resourceGroup: string; readonly cluster: string }): Promise<string>;
  /** Ends it; what a data directory holds stays. */
  stop(): Promise<void>;
}

/**
 * Starts Poolkeeper in this process.
 *
 * @throws DataDirectoryError when the data directory can't be used, PortInUseError when the port can't.
 */
export async function startPoolkeeper(options: PoolkeeperOptions = {}): Promise<Poolkeeper> {
  const { data, port, host, seed, mode, start, latency, limits, demo = false } = options;
  const directory = data ?? mkdtempSync(join(tmpdir(), 'poolkeeper-'));
  const cleanUp = () => {
    if (data === undefined) rmSync(directory, { recursive: true, force: true });
  };
  let world: World | undefined;
  try {
    world = World.open({
      ...(data !== undefined && { data }),
      ...(seed !== undefined && { seed }),
      ...(mode && { mode }),
      ...(start && { start: instant(start.getTime()) }),
      ...(latency && { latency }),
      ...(limits !== undefined && { limits }),
    });
    const running = world;
    const servers = await startServers({
      world,
      directory,
      ...(host !== undefined && { host }),
      ...(port !== undefined && { port }),
    });
    if (demo) seedDemo(world);
    const [contributor, reader] = servers.principals;
    return {
      endpoint: servers.endpoint,
      subscriptionId: world.subscription.id,
      tenantId: world.subscription.tenantId,
      credentials: contributor,
      readerCredentials: reader,
      caPath: servers.caPath,
      caPem: servers.caPem,
      kubeconfig: (path) => servers.kubeconfig(path),
      world,
      clock: world.clock,
      stop: async () => {
        await servers.close();
        await running.close();
        cleanUp();
      },
    };
  } catch (error) {
    await world?.close();
    cleanUp();
    throw error;
  }
}
