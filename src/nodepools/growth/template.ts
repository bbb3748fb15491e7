import type { KubeNode } from '../../kube/index.js';
import type { Instant } from '../../units/index.js';
import type { AgentPool, ManagedCluster, PoolCatalog } from '../model.js';
import { nodeFor } from '../nodes/index.js';

/** What the next node of a pool is to be made from. */
export interface TemplateRequest {
  readonly pool: AgentPool;
  readonly cluster: ManagedCluster;
  readonly catalog: Pick<PoolCatalog, 'vmSize'>;
  readonly now: Instant;
  /** The number of the zone, for a pool that is in zones. */
  readonly zone?: string;
  /** Counts from 1: nodes that are supposed at once have different names. */
  readonly number?: number;
  /** A node that the pool has: what device plugins offer on it, a new one is taken to offer too. */
  readonly like?: KubeNode;
}

/** Resources that a plugin adds to a node, e.g. `nvidia.com/gpu`. */
const isAdded = (resource: string): boolean => resource.includes('/');

/**
 * The node that a pool would get next, as it would register: AKS's labels, the pool's labels and taints, the size's allocatable.
 *
 * @throws RangeError when the catalogue does not know the pool's VM size
 */
export function templateNode(request: TemplateRequest): KubeNode {
  const { pool, cluster, zone, number = 1, like } = request;
  const name = `aks-${pool.name}-new${zone === undefined ? '' : `-zone${zone}`}-${String(number)}`;
  const vm = {
    name,
    scaleSet: `aks-${pool.name}-new`,
    instanceId: number,
    location: cluster.location,
    ...(zone !== undefined && { zone }),
  };
  const node = nodeFor({ ...request, vm, uid: name, bootId: name });
  const added = Object.fromEntries(
    Object.entries(like?.status.allocatable ?? {}).filter(([resource]) => isAdded(resource)),
  );
  const { capacity = {}, allocatable = {} } = node.status;
  return {
    ...node,
    status: {
      ...node.status,
      capacity: { ...capacity, ...added },
      allocatable: { ...allocatable, ...added },
    },
  };
}
