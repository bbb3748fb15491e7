import { untolerated } from '../../kube/index.js';
import type { KubeNode, NodeSelectorRequirement, Pod, PodAffinityTerm, Taint } from '../../kube/index.js';
import type { Need, Refusal } from '../../scheduler/index.js';
import { amountText, counted, listed, resourceText } from './amounts.js';
import type { CountedReason, Reason, Shortage } from './explanation.js';
import { requirementText, selectorText, taintText, unmetRequirements } from './terms.js';
import type { Unmet } from './terms.js';
import { volumeReason } from './volumes.js';
import type { VolumeContext } from './volumes.js';

/** A node that a pod can't go to. */
export interface RefusedNode {
  readonly node: KubeNode;
  readonly refusal: Refusal;
  /** What the pod asks of it. */
  readonly needs: readonly Need[];
}

/** Nodes refused for the same reason, and how it is said of all of them. */
interface Group {
  readonly key: string;
  readonly say: (refused: readonly RefusedNode[]) => Reason;
}

/** Why nodes won't do for a pod, the commonest reason first. */
export function countReasons(
  pod: Pod,
  refused: readonly RefusedNode[],
  volumes: VolumeContext,
): readonly CountedReason[] {
  const groups = new Map<string, { readonly group: Group; readonly members: RefusedNode[] }>();
  for (const one of refused) {
    const group = groupOf(pod, one, volumes);
    const known = groups.get(group.key) ?? { group, members: [] };
    groups.set(group.key, known);
    known.members.push(one);
  }
  return [...groups.values()]
    .map(({ group, members }) => ({ ...group.say(members), nodes: members.length }))
    .sort((a, b) => b.nodes - a.nodes);
}

/** Why one node won't do. */
export const reasonOf = (pod: Pod, refused: RefusedNode, volumes: VolumeContext): Reason =>
  groupOf(pod, refused, volumes).say([refused]);

const fixed = (reason: Reason): Group => ({ key: `${reason.rule} ${reason.text}`, say: () => reason });

function groupOf(pod: Pod, { node, refusal, needs }: RefusedNode, volumes: VolumeContext): Group {
  const { plugin, reasons } = refusal;
  switch (plugin) {
    case 'NodeUnschedulable':
      return fixed({ rule: 'cordon', text: 'cordoned' });
    case 'NodeName':
      return fixed({ rule: 'node name', text: `the pod names node ${pod.spec.nodeName ?? ''}` });
    case 'NodePorts':
      return fixed({ rule: 'host port', text: `host port ${hostPorts(pod)} is taken` });
    case 'TaintToleration':
      return fixed(taintReason(untolerated(node, pod.spec)));
    case 'NodeAffinity':
      return labelGroup(unmetRequirements(node, pod.spec));
    case 'NodeResourcesFit':
      return resourceGroup(needs);
    case 'PodTopologySpread':
      return fixed({ rule: 'spread', text: spreadText(pod, reasons[0] ?? '') });
    case 'InterPodAffinity':
      return fixed(affinityReason(pod, reasons[0] ?? ''));
    case 'VolumeBinding':
    case 'VolumeZone':
    case 'VolumeRestrictions':
    case 'NodeVolumeLimits':
      return fixed({ rule: 'volume', text: volumeReason(pod, node, reasons, volumes) });
    default:
      return fixed({ rule: 'other', text: reasons.join('; ') });
  }
}

/** Taints that stand for a state of the node, in words. */
const states: Readonly<Record<string, string>> = {
  'node.kubernetes.io/not-ready': 'not ready',
  'node.kubernetes.io/unreachable': 'unreachable: its kubelet is silent',
  'node.kubernetes.io/memory-pressure': 'short of memory',
  'node.kubernetes.io/disk-pressure': 'short of disk space',
  'node.kubernetes.io/pid-pressure': 'short of process ids',
  'node.kubernetes.io/network-unavailable': 'its network is not ready yet',
  'node.kubernetes.io/unschedulable': 'cordoned',
  'node.kubernetes.io/out-of-service': 'out of service',
  'node.cloudprovider.kubernetes.io/uninitialized': 'starting up',
  'node.cloudprovider.kubernetes.io/shutdown': 'its VM is off',
  ToBeDeletedByClusterAutoscaler: 'the autoscaler is removing it',
};

/** True for a taint that Kubernetes puts on and takes off with a node's state: nobody should tolerate it. */
export const isState = ({ key }: Taint): boolean => states[key] !== undefined;

function taintReason(taint: Taint | undefined): Reason {
  if (!taint) return { rule: 'taint', text: 'a taint is not tolerated' };
  const { key, value, effect } = taint;
  const text = states[key] ?? `taint ${taintText(taint)} is not tolerated`;
  return { rule: 'taint', text, taint: { key, ...(value && { value }), effect } };
}

/** Nodes that fail at the same labels, with what they have instead. */
function labelGroup({ requirements, wanted: which }: Unmet): Group {
  const wanted = listed(requirements.map(requirementText), which === 'all' ? 'and' : 'or');
  if (requirements.length === 0)
    return fixed({ rule: 'label', text: 'the affinity of the pod names other nodes' });
  return {
    key: `label ${wanted}`,
    say: (refused) => ({ rule: 'label', text: `wants label ${wanted}${insteadText(requirements, refused)}` }),
  };
}

/** Values that are told of; of more, that there are others says enough. */
const fewValues = 3;

function insteadText(unmet: readonly NodeSelectorRequirement[], refused: readonly RefusedNode[]): string {
  const keys = [...new Set(unmet.map(({ key }) => key))];
  const has = keys.map((key) => {
    const values = new Set(refused.map(({ node }) => labelValue(node, key)));
    const named = [...values].filter((value) => value !== undefined).sort();
    const text = named.length === 0 ? 'none' : named.length > fewValues ? 'others' : listed(named, 'or');
    if (keys.length === 1) return text;
    return named.length === 0 ? `no ${key}` : `${key}=${text}`;
  });
  return `, has ${listed(has)}`;
}

/** A node's value of a label; of the zone none, where the node is in none (AKS labels it `0`). */
function labelValue({ metadata: { labels = {} } }: KubeNode, key: string): string | undefined {
  const value = labels[key];
  return key.endsWith('/zone') && (value === '0' || value === '') ? undefined : value;
}

function resourceGroup(needs: readonly Need[]): Group {
  const short = needs.filter(({ asked, free }) => asked > free).map(({ resource }) => resource);
  return {
    key: `resources ${short.join(' ')}`,
    say: (refused) => {
      const shortages = short.map((resource) => shortageOf(resource, refused));
      const text = shortages.map((one) => shortageText(one, refused.length)).join('; ');
      return { rule: 'resources', text, shortages };
    },
  };
}

function shortageOf(resource: string, refused: readonly RefusedNode[]): Shortage {
  const all = refused.flatMap(({ needs }) => needs.filter((need) => need.resource === resource));
  return {
    resource,
    asked: all[0]?.asked ?? 0,
    mostFree: Math.max(0, ...all.map(({ free }) => free)),
    largest: Math.max(0, ...all.map(({ allocatable }) => allocatable)),
  };
}

function shortageText({ resource, asked, mostFree, largest }: Shortage, nodes: number): string {
  if (resource === 'pods') return `all ${counted(largest, 'place')} for pods are taken`;
  if (largest === 0) return `has no ${resource}`;
  const name = resource === 'memory' || resource === 'cpu' ? '' : ` of ${resourceText(resource)}`;
  const wants = `asks ${amountText(resource, asked, 'up')}${name}`;
  const empty = amountText(resource, largest);
  if (asked > largest) return `${wants}, an empty node has ${empty}`;
  const missing = amountText(resource, asked - mostFree, 'up');
  const where = nodes === 1 ? 'free' : 'free on the best';
  return `${wants}, ${amountText(resource, mostFree)} ${where} (${missing} short), an empty node has ${empty}`;
}

function hostPorts({ spec }: Pod): string {
  const ports = spec.containers.flatMap(({ ports: all = [] }) =>
    all.flatMap(({ hostPort, protocol = 'TCP' }) => (hostPort ? `${String(hostPort)}/${protocol}` : [])),
  );
  return listed(ports, 'or');
}

function spreadText({ spec }: Pod, reason: string): string {
  const hard = (spec.topologySpreadConstraints ?? []).filter(
    ({ whenUnsatisfiable }) => whenUnsatisfiable === 'DoNotSchedule',
  );
  const keys = listed(
    hard.map(({ topologyKey }) => topologyKey),
    'or',
  );
  if (reason.includes('missing required label')) return `lacks label ${keys}, which the pod is spread over`;
  const most = listed([...new Set(hard.map(({ maxSkew }) => String(maxSkew)))], 'or');
  return `one more here would make the spread over ${keys} too uneven (maxSkew ${most})`;
}

const required = (terms: readonly PodAffinityTerm[] | undefined): string =>
  listed(
    (terms ?? []).map(
      ({ labelSelector, topologyKey }) => `with ${selectorText(labelSelector)} by ${topologyKey}`,
    ),
  );

function affinityReason({ spec }: Pod, reason: string): Reason {
  const { podAffinity, podAntiAffinity } = spec.affinity ?? {};
  if (reason.includes('existing pods'))
    return { rule: 'anti-affinity', text: "a pod that is there keeps it away (that pod's anti-affinity)" };
  if (reason.includes('anti-affinity')) {
    const terms = required(podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution);
    return { rule: 'anti-affinity', text: `a pod that it avoids is there (anti-affinity ${terms})` };
  }
  const terms = required(podAffinity?.requiredDuringSchedulingIgnoredDuringExecution);
  return { rule: 'affinity', text: `no pod that it wants to be with is there (affinity ${terms})` };
}
