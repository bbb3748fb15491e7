import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { resourceGroups } from '../azure/index.js';
import type { World } from './world.js';

/** A scenario file: a resource group, a cluster and its pools, with the bodies that ARM takes. */
interface ClusterScenario {
  readonly resourceGroup: {
    readonly name: string;
    readonly location: string;
    readonly tags?: Readonly<Record<string, string>>;
  };
  readonly cluster: { readonly name: string; readonly body: { readonly properties: ClusterProperties } };
  readonly agentPools: readonly { readonly name: string; readonly body: { readonly properties: object } }[];
}
interface ClusterProperties {
  readonly agentPoolProfiles: readonly object[];
}

/** Creates the grocery cluster of `scenarios/` in a world that has no resource group yet; else it does nothing. */
export function seedDemo(world: World): void {
  if (world.store.count(resourceGroups) > 0) return;
  const file = new URL('../../scenarios/grocery.yaml', import.meta.url);
  const { resourceGroup, cluster, agentPools } = parse(readFileSync(file, 'utf8')) as ClusterScenario;
  const { name, location, tags } = resourceGroup;
  world.store.transact((tx) =>
    tx.put(resourceGroups, name.toLowerCase(), {
      name,
      location,
      provisioningState: 'Succeeded',
      ...(tags && { tags }),
    }),
  );
  const { properties } = cluster.body;
  const pools = agentPools.map((pool) => ({ name: pool.name, ...pool.body.properties }));
  world.aks.putCluster(
    { resourceGroup: name, cluster: cluster.name },
    {
      ...cluster.body,
      properties: { ...properties, agentPoolProfiles: [...properties.agentPoolProfiles, ...pools] },
    },
  );
}
