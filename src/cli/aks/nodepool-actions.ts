import type { AgentPool } from '@azure/arm-containerservice';
import { InvalidValueError } from '../usage-error.js';
import { confirm, finish } from './operations.js';
import { checkPoolName, poolToAdd, poolToUpdate, wholeNumber } from './pool-flags.js';
import type { AddFlags, UpdateFlags } from './pool-flags.js';
import { openSession } from './session.js';
import type { GlobalFlags, Session } from './session.js';
import { poolColumns, shapePool, shapeResource } from './shape.js';
import { waitFor } from './wait.js';
import type { WaitFlags } from './wait.js';

interface ClusterFlags extends GlobalFlags {
  readonly resourceGroup: string;
  readonly clusterName: string;
}
interface PoolFlags extends ClusterFlags {
  readonly name: string;
}
interface Changing {
  readonly wait: boolean;
  readonly ifMatch?: string;
  readonly ifNoneMatch?: string;
}

const namesOf = async (session: Session, flags: ClusterFlags): Promise<string[]> => {
  const names: string[] = [];
  for await (const { name } of session.aks.agentPools.list(flags.resourceGroup, flags.clusterName)) {
    if (name !== undefined) names.push(name);
  }
  return names;
};

const read = ({ aks }: Session, { resourceGroup, clusterName, name }: PoolFlags): Promise<AgentPool> =>
  aks.agentPools.get(resourceGroup, clusterName, name);

/** Puts a pool and shows what became of it. */
async function put(session: Session, flags: PoolFlags & Changing, pool: AgentPool): Promise<void> {
  const { resourceGroup, clusterName, name, ifMatch, ifNoneMatch } = flags;
  const poller = session.aks.agentPools.createOrUpdate(resourceGroup, clusterName, name, pool, {
    updateIntervalInMs: session.updateIntervalInMs,
    ...(ifMatch !== undefined && { ifMatch }),
    ...(ifNoneMatch !== undefined && { ifNoneMatch }),
  });
  const result = await finish(poller, flags);
  session.show(result && shapePool(result), poolColumns);
}

export async function list(flags: ClusterFlags): Promise<void> {
  const session = openSession(flags);
  const pools = [];
  for await (const pool of session.aks.agentPools.list(flags.resourceGroup, flags.clusterName))
    pools.push(shapePool(pool));
  session.show(pools, poolColumns);
}

export async function show(flags: PoolFlags): Promise<void> {
  const session = openSession(flags);
  session.show(shapePool(await read(session, flags)), poolColumns);
}

export async function add(flags: PoolFlags & AddFlags & Changing): Promise<void> {
  checkPoolName(flags.name);
  const pool = poolToAdd(flags);
  const session = openSession(flags);
  if ((await namesOf(session, flags)).includes(flags.name)) {
    throw new InvalidValueError(
      `Node pool ${flags.name} already exists, please try a different name, use 'aks nodepool list' to get current list of node pool`,
    );
  }
  await put(session, flags, pool);
}

export async function update(flags: PoolFlags & Changing, changes: UpdateFlags): Promise<void> {
  const session = openSession(flags);
  const result = poolToUpdate(await read(session, flags), changes);
  if (result.kind === 'nothing') {
    if (!flags.onlyShowErrors) process.stderr.write(`WARNING: ${result.warning}\n`);
  } else await put(session, flags, result.pool);
}

export async function scale(flags: PoolFlags & Changing & { readonly nodeCount: string }): Promise<void> {
  const count = wholeNumber('--node-count', flags.nodeCount);
  const session = openSession(flags);
  const pool = await read(session, flags);
  if (pool.enableAutoScaling)
    throw new InvalidValueError('Cannot scale cluster autoscaler enabled node pool.');
  if (pool.count === count)
    throw new InvalidValueError('The new node count is the same as the current node count.');
  await put(session, flags, { ...pool, count });
}

export async function remove(
  flags: PoolFlags & Changing & { readonly ignorePdb?: boolean; readonly yes?: boolean },
): Promise<void> {
  const session = openSession(flags);
  if (!(await namesOf(session, flags)).includes(flags.name)) {
    throw new InvalidValueError(
      `Node pool ${flags.name} doesnt exist, use 'aks nodepool list' to get current node pool list`,
    );
  }
  if (!(await confirm('Are you sure you want to perform this operation?', flags.yes ?? false))) return;
  const poller = session.aks.agentPools.delete(flags.resourceGroup, flags.clusterName, flags.name, {
    updateIntervalInMs: session.updateIntervalInMs,
    ...(flags.ignorePdb && { ignorePodDisruptionBudget: true }),
    ...(flags.ifMatch !== undefined && { ifMatch: flags.ifMatch }),
  });
  await finish(poller, flags);
}

export async function getUpgrades(flags: PoolFlags): Promise<void> {
  const session = openSession(flags);
  const profile = await session.aks.agentPools.getUpgradeProfile(
    flags.resourceGroup,
    flags.clusterName,
    flags.name,
  );
  session.show(shapeResource(profile));
}

export async function abort(flags: PoolFlags & Changing): Promise<void> {
  const session = openSession(flags);
  const poller = session.aks.agentPools.abortLatestOperation(
    flags.resourceGroup,
    flags.clusterName,
    flags.name,
    {
      updateIntervalInMs: session.updateIntervalInMs,
    },
  );
  await finish(poller, flags);
}

export async function wait(flags: PoolFlags & WaitFlags): Promise<void> {
  const session = openSession(flags);
  await waitFor(flags, () => read(session, flags));
}
