import type { KubeNode, NodeCondition } from '../../kube/index.js';
import type { Instant } from '../../units/index.js';
import { toIso } from '../../units/index.js';
import { templateNode } from '../growth/index.js';
import type { AgentPoolProperties, PoolCatalog, VmSizeFacts } from '../model.js';
import type { AutoscaledPool } from './node-groups.js';
import { labelHints, resourceHints, taintHints } from './tag-hints.js';

/** Pods of a node that is not there yet, whatever the pool's maxPods (cluster autoscaler on Azure). */
const assumedPods = '110';

/**
 * The node that an empty pool is taken to get, as Azure's part of the autoscaler makes it up: with nothing reserved of the VM's
 * resources, the scale set's tags as labels, and what tags hint at. Undefined for a size that the catalogue does not know.
 */
export function emptyPoolNode(
  { cluster, pool, scaleSet }: AutoscaledPool,
  catalog: Pick<PoolCatalog, 'vmSize'>,
  now: Instant,
  zone: string | undefined,
): KubeNode | undefined {
  const size = catalog.vmSize(pool.properties.vmSize);
  if (!size) return undefined;
  const node = templateNode({ pool, cluster, catalog, now, ...(zone !== undefined && { zone }) });
  const { tags } = scaleSet;
  const hinted = taintHints(tags);
  const taints = [
    ...(node.spec.taints ?? []).filter(
      ({ key, effect }) => !hinted.some((taint) => taint.key === key && taint.effect === effect),
    ),
    ...hinted,
  ];
  const resources = { ...wholeVm(pool.properties, size), ...resourceHints(tags) };
  return {
    ...node,
    metadata: {
      ...node.metadata,
      labels: { ...tags, ...node.metadata.labels, ...labelHints(tags) },
    },
    spec: taints.length > 0 ? { taints } : {},
    status: {
      ...node.status,
      capacity: resources,
      allocatable: resources,
      conditions: [ready(toIso(now).replace(/\.\d+Z$/, 'Z'))],
    },
  };
}

/** All that a VM of the size has: the autoscaler knows nothing of what the system reserves. */
const wholeVm = (pool: AgentPoolProperties, size: VmSizeFacts): Readonly<Record<string, string>> => ({
  cpu: String(size.vCPUs),
  memory: `${String(Math.floor(size.memoryGiB * 1024))}Mi`,
  'ephemeral-storage': `${String(pool.osDiskSizeGB)}Gi`,
  pods: assumedPods,
  [/^standard_np\d/i.test(size.name)
    ? 'xilinx.com/fpga-xilinx_u250_gen3x16_xdma_shell_2_1-0'
    : 'nvidia.com/gpu']: String(size.gpu?.count ?? 0),
});

const ready = (at: string): NodeCondition => ({
  type: 'Ready',
  status: 'True',
  reason: 'KubeletReady',
  message: '',
  lastHeartbeatTime: at,
  lastTransitionTime: at,
});
