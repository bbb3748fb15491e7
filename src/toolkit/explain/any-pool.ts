import type { VmSize } from '../../azure/index.js';
import type { NodeSelectorRequirement, Pod } from '../../kube/index.js';
import { templateNode } from '../../nodepools/index.js';
import type { AgentPool } from '../../nodepools/index.js';
import { amountText, requestAmount, resourceText } from './amounts.js';
import type { Question } from './question.js';

/** A pool that could be made for pods; or why none could. */
export type AnyPool =
  | { readonly kind: 'possible'; readonly vmSize: string }
  | { readonly kind: 'impossible'; readonly text: string };

/** Sizes that are tried of each architecture: the smallest that have the room. */
const triedSizes = 3;

/**
 * Whether any pool that AKS lets one make would take the pod: one without taints, with the labels that the pod wants, in any zone,
 * of the smallest sizes that have the room.
 */
export function anyPool(question: Question): AnyPool {
  const { pod, catalog, managed } = question;
  const base =
    question.pools.find(({ pool }) => pool.properties.osType === osOf(pod))?.pool ?? question.pools[0]?.pool;
  if (!base) return { kind: 'impossible', text: 'The cluster has no node pool.' };
  const families = new Set(question.pools.map(({ size }) => size?.family));
  const strange = ({ family }: VmSize): number => (families.has(family) ? 0 : 1);
  const sizes = catalog
    .vmSizes()
    .filter(({ name, aks }) => !aks.restricted && catalog.offers(managed.location, name))
    // Sizes that the cluster knows already come first.
    .sort((a, b) => strange(a) - strange(b) || a.vCPUs - b.vCPUs || a.memoryGiB - b.memoryGiB);
  const roomy = sizes.filter((size) => hasRoom(question, poolOf(base, size, [], pod), pod));
  if (roomy.length === 0) return { kind: 'impossible', text: tooLargeText(question, base, sizes) };
  for (const wanted of wantedLabels(pod)) {
    for (const size of candidates(roomy, wanted)) {
      for (const zone of [undefined, ...catalog.zonesOf(managed.location, size.name)]) {
        const zones = zone === undefined ? [] : [zone];
        if (takes(question, poolOf(base, size, zones, pod, wanted), zone))
          return { kind: 'possible', vmSize: size.name };
      }
    }
  }
  return { kind: 'impossible', text: '' };
}

const osOf = ({ spec }: Pod): string =>
  (spec.nodeSelector?.['kubernetes.io/os'] ?? spec.os?.name) === 'windows' ? 'Windows' : 'Linux';

type Wanted = ReadonlyMap<string, string>;

/** Labels with which one of the pod's terms would hold, one choice a term; a value that there is no telling is left out. */
function wantedLabels({ spec }: Pod): readonly Wanted[] {
  const selected = Object.entries(spec.nodeSelector ?? {});
  const terms =
    spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  if (!terms) return [new Map(selected)];
  return terms.map(
    ({ matchExpressions = [] }) =>
      new Map([...matchExpressions.flatMap((one) => valueFor(one)), ...selected]),
  );
}

function valueFor({
  key,
  operator,
  values = [],
}: NodeSelectorRequirement): readonly (readonly [string, string])[] {
  const [first = ''] = values;
  switch (operator) {
    case 'In':
      return [[key, first]];
    case 'Exists':
      return [[key, 'true']];
    case 'Gt':
      return [[key, String(Number(first) + 1)]];
    case 'Lt':
      return [[key, String(Number(first) - 1)]];
    default:
      return [];
  }
}

/** Labels that follow from what a pool is, not from what its owner calls it. */
const isGiven = (key: string): boolean =>
  /(^|\.)(kubernetes\.io|k8s\.io|kubernetes\.azure\.com)\//.test(key) || key === 'agentpool';

const sizeLabels = ['node.kubernetes.io/instance-type', 'beta.kubernetes.io/instance-type'];

/** The sizes to be tried for labels: those that they name, else the smallest of each architecture. */
function candidates(roomy: readonly VmSize[], wanted: Wanted): readonly VmSize[] {
  const named = sizeLabels.flatMap((key) => wanted.get(key) ?? []);
  if (named.length > 0) return roomy.filter(({ name }) => named.includes(name));
  const of = (architecture: VmSize['cpuArchitecture']) =>
    roomy.filter((size) => size.cpuArchitecture === architecture).slice(0, triedSizes);
  return [
    ...of('x64'),
    ...of('arm64'),
    ...roomy.filter(({ gpu }) => gpu?.manufacturer === 'nvidia').slice(0, 1),
  ];
}

/** A pool of the cluster's kind, without taints. */
function poolOf(
  base: AgentPool,
  size: VmSize,
  zones: readonly string[],
  pod: Pod,
  wanted: Wanted = new Map(),
): AgentPool {
  const { nodeTaints: _taints, ...properties } = base.properties;
  const own = [...wanted].filter(([key]) => !isGiven(key));
  const spot = wanted.get('kubernetes.azure.com/scalesetpriority') === 'spot';
  const named = wanted.get('agentpool') ?? wanted.get('kubernetes.azure.com/agentpool');
  const mode = wanted.get('kubernetes.azure.com/mode') === 'system' ? 'System' : 'User';
  return {
    ...base,
    id: `${base.cluster}/agentPools/any`,
    name: named !== undefined && /^[a-z][a-z0-9]{0,11}$/.test(named) ? named : 'any',
    properties: {
      ...properties,
      mode,
      vmSize: size.name,
      availabilityZones: zones,
      osType: osOf(pod) === 'Windows' ? 'Windows' : 'Linux',
      nodeLabels: {
        ...Object.fromEntries(own),
        ...(spot && { 'kubernetes.azure.com/scalesetpriority': 'spot' }),
      },
    },
  };
}

const isGpu = (resource: string): boolean => resource === 'nvidia.com/gpu';

/** What device plugins would offer on a size: its GPUs; of other devices nothing is known, so as many as are asked for. */
function devices(pod: Pod, { gpu }: VmSize): Readonly<Record<string, string>> {
  const asked = pod.spec.containers.flatMap(({ resources }) => Object.entries(resources?.requests ?? {}));
  return Object.fromEntries(
    asked
      .filter(([resource]) => resource.includes('/'))
      .map(([resource, quantity]) => [resource, isGpu(resource) ? String(gpu?.count ?? 0) : quantity]),
  );
}

function nodeOf({ managed, catalog, now, pod }: Question, pool: AgentPool, zone?: string) {
  const template = templateNode({
    pool,
    cluster: managed,
    catalog,
    now,
    ...(zone !== undefined && { zone }),
  });
  const size = catalog.vmSize(pool.properties.vmSize);
  const allocatable = { ...template.status.allocatable, ...(size && devices(pod, size)) };
  return { ...template, status: { ...template.status, allocatable } };
}

function hasRoom(question: Question, pool: AgentPool, pod: Pod): boolean {
  const node = nodeOf(question, pool);
  return question.needsOf(pod).every(({ resource, asked }) => {
    const quantity = node.status.allocatable[resource];
    return asked <= (quantity === undefined ? 0 : requestAmount(resource, quantity));
  });
}

function takes(question: Question, pool: AgentPool, zone: string | undefined): boolean {
  const node = nodeOf(question, pool, zone);
  return question.whatIf.suppose((what) => {
    what.putNode(node);
    return what.fits(question.pod).feasible.includes(node.metadata.name);
  });
}

/** What is asked of one node and is more than the largest size leaves. */
function tooLargeText(question: Question, base: AgentPool, sizes: readonly VmSize[]): string {
  const { pod, managed } = question;
  for (const { resource, asked } of question.needsOf(pod)) {
    let best: { readonly name: string; readonly amount: number } | undefined;
    for (const size of sizes) {
      const quantity = nodeOf(question, poolOf(base, size, [], pod)).status.allocatable[resource];
      const amount = quantity === undefined ? 0 : requestAmount(resource, quantity);
      if (!best || amount > best.amount) best = { name: size.name, amount };
    }
    if (!best || asked <= best.amount) continue;
    const what = resource === 'cpu' || resource === 'memory' ? '' : ` of ${resourceText(resource)}`;
    return (
      `It asks for ${amountText(resource, asked, 'up')}${what}; the largest VM size in ${managed.location}, ` +
      `${best.name}, has ${amountText(resource, best.amount)} for pods.`
    );
  }
  return `No VM size in ${managed.location} has all that it asks for together.`;
}
