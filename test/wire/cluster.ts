import { parse } from 'yaml';
import { resourceGroups } from '../../src/azure/index.js';
import { startPoolkeeper } from '../../src/index.js';
import type { Poolkeeper } from '../../src/index.js';
import { minutes } from '../../src/units/index.js';

/** A Poolkeeper of its own with one cluster, and what its kubeconfig holds. */
export interface TestCluster {
  readonly poolkeeper: Poolkeeper;
  /** The address of the cluster's API server. */
  readonly server: string;
  /** Of an administrator. */
  readonly token: string;
  /** The kubeconfig as issued, as YAML. */
  readonly kubeconfig: string;
}

export interface TestClusterOptions {
  /** World seconds a second. Default: 20. */
  readonly speed?: number;
  /** Data directory; one that holds the cluster already goes on with it. Default: none is kept. */
  readonly data?: string;
  readonly port?: number;
  /** User node pools beside the system pool of two: name and size. */
  readonly pools?: Readonly<Record<string, number>>;
  /** The availability zones of the user node pools. Default: none. */
  readonly zones?: readonly string[];
}

const path = { resourceGroup: 'rg1', cluster: 'shop' };

/** Starts a Poolkeeper whose cluster has all its nodes. */
export async function openCluster({
  speed = 20,
  data,
  port,
  pools = {},
  zones,
}: TestClusterOptions = {}): Promise<TestCluster> {
  const poolkeeper = await startPoolkeeper({
    mode: { kind: 'running', speed },
    // World time runs ahead of the clients': it begins so far behind that nothing is of their future.
    start: new Date(Date.now() - 2 * 3_600_000),
    ...(data !== undefined && { data }),
    ...(port !== undefined && { port }),
  });
  const { world, clock } = poolkeeper;
  if (world.aks.listClusters().length === 0) {
    world.store.transact((tx) => {
      tx.put(resourceGroups, 'rg1', { name: 'rg1', location: 'westeurope', provisioningState: 'Succeeded' });
    });
    const users = Object.entries(pools).map(([name, count]) => ({
      name,
      mode: 'User',
      count,
      ...size,
      ...(zones && { availabilityZones: zones }),
    }));
    world.aks.putCluster(path, {
      location: 'westeurope',
      properties: {
        dnsPrefix: 'shop',
        agentPoolProfiles: [{ name: 'system', mode: 'System', count: 2, ...size }, ...users],
      },
    });
    // Nobody has to wait for VMs: they are there when the first client comes.
    clock.step(minutes(2));
  }
  const kubeconfig = await poolkeeper.kubeconfig(path);
  const parsed = parse(kubeconfig) as {
    clusters: readonly [{ cluster: { server: string } }];
    users: readonly [{ user: { token: string } }];
  };
  return {
    poolkeeper,
    server: parsed.clusters[0].cluster.server,
    token: parsed.users[0].user.token,
    kubeconfig,
  };
}

const size = { vmSize: 'Standard_D4s_v5' };
