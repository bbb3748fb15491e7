import type { VmSize } from '../../../azure/index.js';
import type { KubeNode } from '../../../kube/index.js';
import { vmBounds } from '../../../nodepools/index.js';
import type { AgentPool } from '../../../nodepools/index.js';
import { counted, listed } from '../amounts.js';
import { quotaTitle } from '../bounds.js';
import type { Change } from '../explanation.js';
import type { PoolState, Question } from '../question.js';
import { meets, requirementText, selectorRequirement, unmetRequirements } from '../terms.js';
import { addPoolCommand, labelFlags, poolCommand } from './commands.js';
import { outcomeText } from './outcome-text.js';

/** Cordoned nodes that are tried: the others are like them. */
const triedNodes = 50;

/** Let pods onto a cordoned node again. */
export function uncordoned(question: Question): readonly Change[] {
  const nodes = [...question.strays, ...question.pools.flatMap((state) => state.nodes)];
  const cordoned = nodes.filter(({ spec }) => spec.unschedulable === true);
  const first = cordoned.slice(0, triedNodes).find((node) => {
    const { unschedulable: _cordon, taints = [], ...spec } = node.spec;
    const left = taints.filter(({ key }) => key !== 'node.kubernetes.io/unschedulable');
    const open: KubeNode = { ...node, spec: { ...spec, ...(left.length > 0 && { taints: left }) } };
    const outcome = question.outcome(question.waiting, (what) => what.putNode(open));
    return outcome?.kind === 'now';
  });
  if (!first) return [];
  const { name } = first.metadata;
  const it = question.waiting.length > 1 ? 'them' : 'it';
  return [
    {
      kind: 'uncordon',
      text: `Uncordon node ${name}: it takes ${it} then`,
      command: `kubectl uncordon ${name}`,
    },
  ];
}

/** More nodes in a pool that takes the pods, where the subscription allows for them and its owner does not yet. */
export const moreNodes = (question: Question): readonly Change[] =>
  question.pools.flatMap((state): readonly Change[] => {
    const { pool, bounds, nodes } = state;
    const found = question.newNodes(state, question.waiting);
    if (found.kind !== 'take') return [];
    const { needed } = found;
    const against = bounds.filter(({ room }) => room < needed);
    const [own] = against;
    if (!own || against.length > 1) return [];
    const total = Math.max(nodes.length, pool.properties.count) + needed;
    const more = `${String(needed)} more ${needed === 1 ? 'node' : 'nodes'}`;
    const common = { kind: 'more nodes', pool: pool.name } as const;
    const command = (verb: string, ...flags: readonly string[]) =>
      poolCommand(verb, question.managed, pool.name, ...flags);
    switch (own.kind) {
      case 'fixed size':
        return [
          {
            ...common,
            text: `Scale pool ${pool.name} to ${counted(total, 'node')}: ${more}`,
            command: command('scale', `--node-count ${String(total)}`),
          },
        ];
      case 'autoscaler maximum': {
        const { minCount = 0 } = pool.properties;
        const flags = `--update-cluster-autoscaler --min-count ${String(minCount)} --max-count ${String(total)}`;
        return [
          {
            ...common,
            text: `Raise the autoscaler's maximum of pool ${pool.name} to ${counted(total, 'node')}: ${more}`,
            command: command('update', flags),
          },
        ];
      }
      case 'stopped':
        return own.what === 'pool'
          ? [{ ...common, text: `Start pool ${pool.name}`, command: command('start') }]
          : [];
      case 'quota': {
        const enough = own.used + needed * own.perNode;
        return [
          {
            ...common,
            kind: 'quota',
            text:
              `Have quota ${quotaTitle(own)} in ${own.location} raised from ${String(own.limit)} to ` +
              `${String(enough)} vCPU: ${more} of pool ${pool.name}`,
          },
        ];
      }
      default:
        return [];
    }
  });

/** Pools of users before system pools, which are best kept to what the cluster itself runs. */
function usersFirst(
  question: Question,
  changesOf: (state: PoolState) => readonly Change[],
): readonly Change[] {
  const of = (isSystem: boolean) =>
    question.pools.filter(({ pool }) => (pool.properties.mode === 'System') === isSystem).flatMap(changesOf);
  const forUsers = of(false);
  return forUsers.length > 0 ? forUsers : of(true);
}

/** Labels that AKS or Kubernetes set: a pool can't be given them. */
const isReserved = (key: string): boolean =>
  /(^|\.)(kubernetes\.io|k8s\.io|kubernetes\.azure\.com)\//.test(key) || key === 'agentpool';

/** A label added to a pool whose nodes lack it. AKS labels the nodes that there are too. */
export const labelledPools = (question: Question): readonly Change[] =>
  usersFirst(question, ({ pool, nodes }) => {
    const [first] = nodes;
    if (!first) return [];
    const { requirements } = unmetRequirements(first, question.pod.spec);
    const [only] = requirements;
    if (!only || requirements.length > 1 || isReserved(only.key)) return [];
    const value = only.operator === 'In' ? only.values?.[0] : only.operator === 'Exists' ? 'true' : undefined;
    if (value === undefined) return [];
    const wanted = selectorRequirement(only.key, value);
    const outcome = question.outcome(question.waiting, (what) => {
      for (const node of nodes) {
        if (meets(node, wanted)) continue;
        const labels = { ...node.metadata.labels, [only.key]: value };
        what.putNode({ ...node, metadata: { ...node.metadata, labels } });
      }
    });
    if (outcome?.kind !== 'now') return [];
    const flags = labelFlags({ ...pool.properties.nodeLabels, [only.key]: value });
    return [
      {
        kind: 'label pool',
        pool: pool.name,
        text: `Label pool ${pool.name} with ${requirementText(wanted)}: ${outcomeText(outcome, question)}`,
        command: poolCommand('update', question.managed, pool.name, ...flags),
      },
    ];
  });

/** A pool like one that there is, but for some of its properties. */
function variant(question: Question, { pool, nodes }: PoolState, properties: object): PoolState | undefined {
  const changed: AgentPool = { ...pool, properties: { ...pool.properties, ...properties } };
  const size = question.catalog.vmSize(changed.properties.vmSize);
  if (!size) return undefined;
  const zones = changed.properties.availabilityZones ?? [];
  const priority = changed.properties.scaleSetPriority ?? 'Regular';
  const { location } = question.managed;
  const bounds = vmBounds(question.reader, { location, size, priority, zones });
  return { pool: changed, nodes, coming: 0, size, bounds };
}

/** How many nodes of a pool that could be made take the pods, if the subscription allows for them. */
function neededOf(question: Question, state: PoolState | undefined): number | undefined {
  if (!state) return undefined;
  const found = question.newNodes(state, question.waiting);
  return found.kind === 'take' && state.bounds.every(({ room }) => room >= found.needed)
    ? found.needed
    : undefined;
}

/** The smallest size of a pool's own family whose nodes take the pods, where the pool's size does not. */
export function largerSizes(question: Question): readonly Change[] {
  const seen = new Set<string>();
  return usersFirst(question, (state) => {
    const { pool, size } = state;
    if (!size || question.newNodes(state, question.waiting).kind === 'take') return [];
    const zones = pool.properties.availabilityZones ?? [];
    const larger = familyOf(question, size, zones);
    for (const next of larger) {
      const needed = neededOf(question, variant(question, state, { vmSize: next.name }));
      if (needed === undefined) continue;
      const key = `${next.name} ${JSON.stringify([pool.properties.nodeLabels, pool.properties.nodeTaints])}`;
      if (seen.has(key)) return [];
      seen.add(key);
      const facts = `${String(next.vCPUs)} vCPU, ${String(next.memoryGiB)} GiB`;
      return [
        {
          kind: 'larger size',
          pool: pool.name,
          text:
            `Add a pool like ${pool.name} of ${next.name} (${facts}) in place of ${size.name}: ` +
            `${counted(needed, 'node')} of it ${needed === 1 ? 'is' : 'are'} enough`,
          command: addPoolCommand(question.managed, pool, { vmSize: next.name, zones, nodes: needed }),
        },
      ];
    }
    return [];
  });
}

/** The sizes of a size's family that are larger, the smallest first, where the region sells them in all of the zones. */
function familyOf({ catalog, managed }: Question, size: VmSize, zones: readonly string[]): readonly VmSize[] {
  return catalog
    .vmSizes()
    .filter(({ family, cpuArchitecture, name, aks }) => {
      const sold = catalog.zonesOf(managed.location, name);
      return (
        family === size.family &&
        cpuArchitecture === size.cpuArchitecture &&
        !aks.restricted &&
        catalog.offers(managed.location, name) &&
        zones.every((zone) => sold.includes(zone))
      );
    })
    .filter(({ vCPUs, memoryGiB }) => vCPUs > size.vCPUs || memoryGiB > size.memoryGiB)
    .sort((a, b) => a.vCPUs - b.vCPUs || a.memoryGiB - b.memoryGiB);
}

/** A pool like one that there is in a zone that it is not in. */
export function otherZones(question: Question): readonly Change[] {
  const seen = new Set<string>();
  return usersFirst(question, (state) => {
    const { pool, size } = state;
    if (!size || question.newNodes(state, question.waiting).kind === 'take') return [];
    const present = pool.properties.availabilityZones ?? [];
    const others = question.catalog
      .zonesOf(question.managed.location, size.name)
      .filter((zone) => !present.includes(zone));
    const useful = others.flatMap((zone) => {
      const needed = neededOf(question, variant(question, state, { availabilityZones: [zone] }));
      return needed === undefined ? [] : [{ zone, needed }];
    });
    const [first] = useful;
    if (!first) return [];
    const zones = useful.map(({ zone }) => zone);
    const key = `${zones.join()} ${JSON.stringify([pool.properties.nodeLabels, pool.properties.nodeTaints, size.name])}`;
    if (seen.has(key)) return [];
    seen.add(key);
    const { zone, needed } = first;
    return [
      {
        kind: 'zone',
        pool: pool.name,
        text:
          `Add a pool like ${pool.name} in zone ${listed(zones, 'or')} of ${question.managed.location}: ` +
          `${counted(needed, 'node')} of it ${needed === 1 ? 'is' : 'are'} enough`,
        command: addPoolCommand(question.managed, pool, {
          vmSize: size.name,
          zones: [zone],
          nodes: needed,
        }),
      },
    ];
  });
}
