import type { Container, KubeNode, KubeObject, Labels, Pod, PodSpec, Taint } from '../kube/index.js';
import { ClusterCache } from './cache/cluster-cache.js';
import { decide } from './decide.js';
import type { SchedulingDecision, SchedulingInput } from './decide.js';
import type { ClusterEvent, ObjectChange } from './framework/cluster-event.js';
import type { PluginArgs } from './framework/configuration.js';
import { featuresOf, parseKubernetesVersion } from './framework/features.js';
import type { Plugin } from './framework/plugin.js';
import type { Refusal } from './framework/refusal.js';

/** The release that tests are about unless they say another. */
export const usualVersion = '1.34.2';

const createdAt = '2026-08-21T00:00:00Z';

/** What differs from a node of 4 cores, 8 GiB and 110 pods. */
export interface NodeDraft {
  readonly labels?: Labels;
  readonly taints?: readonly Taint[];
  readonly unschedulable?: boolean;
  /** Beside, or instead of, what such a node has. */
  readonly allocatable?: Readonly<Record<string, string>>;
  readonly images?: KubeNode['status']['images'];
}

/** A node for tests. */
export function node(name: string, draft: NodeDraft = {}): KubeNode {
  const { labels, taints, unschedulable, allocatable, images } = draft;
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, uid: name, creationTimestamp: createdAt, ...(labels && { labels }) },
    spec: { ...(taints && { taints }), ...(unschedulable !== undefined && { unschedulable }) },
    status: {
      allocatable: { cpu: '4', memory: '8Gi', 'ephemeral-storage': '100Gi', pods: '110', ...allocatable },
      ...(images && { images }),
    },
  };
}

/** What differs from a pod of one container that asks for nothing. */
export interface PodDraft {
  readonly namespace?: string;
  readonly labels?: Labels;
  /** The node that it is on. */
  readonly on?: string;
  /** What its one container asks for. */
  readonly requests?: Readonly<Record<string, string>>;
  readonly priority?: number;
  /** True when it is being deleted. */
  readonly isTerminating?: boolean;
  readonly spec?: Partial<PodSpec>;
  readonly status?: object;
  /** Its controller, as `kind name`. */
  readonly owner?: readonly [kind: string, name: string];
}

/** A pod for tests; its uid is its name. */
export function pod(name: string, draft: PodDraft = {}): Pod {
  const { namespace = 'default', labels, on, requests, priority, isTerminating, spec, status, owner } = draft;
  const container: Container = { name: 'c', image: 'image:1', ...(requests && { resources: { requests } }) };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace,
      uid: name,
      creationTimestamp: createdAt,
      ...(labels && { labels }),
      ...(isTerminating && { deletionTimestamp: createdAt }),
      ...(owner && {
        ownerReferences: [
          {
            apiVersion: owner[0] === 'ReplicationController' ? 'v1' : 'apps/v1',
            kind: owner[0],
            name: owner[1],
            uid: owner[1],
            controller: true,
          },
        ],
      }),
    },
    spec: {
      containers: [container],
      ...(on !== undefined && { nodeName: on }),
      ...(priority !== undefined && { priority }),
      ...spec,
    },
    ...(status && { status }),
  };
}

/** Any other object, e.g. `object('v1', 'Service', 'web', { spec: ... })`; cluster-wide where the namespace is undefined. */
export function object(
  apiVersion: string,
  kind: string,
  name: string,
  members: object = {},
  metadata: object = { namespace: 'default' },
): KubeObject {
  return {
    apiVersion,
    kind,
    metadata: { name, uid: name, creationTimestamp: createdAt, ...metadata },
    ...members,
  };
}

/** A namespace with labels. */
export const namespace = (name: string, labels: Labels): KubeObject =>
  object('v1', 'Namespace', name, {}, { labels });

/** A question to `decide`, with what tests rarely say left out. */
export type Question = Omit<SchedulingInput, 'kubernetesVersion' | 'pods' | 'configuration'> & {
  readonly version?: string;
  readonly pods?: readonly Pod[];
  readonly args?: PluginArgs;
  /** Plugins that are left out. */
  readonly disabled?: readonly string[];
};

/** Decides about a pod in a cluster that is given whole. */
export function ask({
  version = usualVersion,
  pods = [],
  args,
  disabled,
  ...rest
}: Question): SchedulingDecision {
  const profile = {
    schedulerName: 'default-scheduler',
    ...(args && { args }),
    ...(disabled && { disabled }),
  };
  return decide({ ...rest, pods, kubernetesVersion: version, configuration: { profiles: [profile] } });
}

/** A refusal as `U reason; reason`, or `UU` when no preemption resolves it. */
const refusalText = ({ code, reasons }: Refusal): string =>
  `${code === 'Unschedulable' ? 'U' : 'UU'} ${reasons.join('; ')}`;

/** What is said of each node: `fits`, or why not. */
export function verdictsOf(question: Question): Readonly<Record<string, string>> {
  const { refusals } = ask(question);
  return Object.fromEntries(
    question.nodes.map(({ metadata: { name } }) => {
      const refusal = refusals[name];
      return [name, refusal ? refusalText(refusal) : 'fits'];
    }),
  );
}

/** The verdict on one node, with whatever others there are. */
export const verdictOn = (one: KubeNode, question: Omit<Question, 'nodes'>): string =>
  verdictsOf({ nodes: [one], ...question })[one.metadata.name] ?? '';

/** A plugin's weighted scores of the nodes that will do, in the order given; undefined where it gave none. */
export function scoresOf(plugin: string, question: Question): Readonly<Record<string, number | undefined>> {
  const { scores, feasible } = ask(question);
  const names = question.nodes.map(({ metadata }) => metadata.name).filter((name) => feasible.includes(name));
  return Object.fromEntries(names.map((name) => [name, scores[name]?.[plugin]]));
}

/** Something that happens in a cluster. */
export type Happening =
  | { readonly added: KubeNode | Pod }
  | { readonly updated: readonly [before: KubeNode, after: KubeNode] | readonly [before: Pod, after: Pod] }
  | { readonly removed: KubeNode | Pod }
  | { readonly changed: ObjectChange };

const isNode = (one: KubeNode | Pod): one is KubeNode => one.kind === 'Node';

function eventOf(cache: ClusterCache, happening: Happening): ClusterEvent {
  if ('changed' in happening) return { kind: 'object changed', ...happening.changed };
  if ('added' in happening) {
    const { added } = happening;
    if (!isNode(added)) return { kind: 'pod assigned', info: cache.describe(added) };
    return { kind: 'node added', node: putNode(cache, added), after: added };
  }
  if ('removed' in happening) {
    const { removed } = happening;
    return isNode(removed)
      ? { kind: 'node removed', before: removed }
      : { kind: 'pod removed', info: cache.describe(removed) };
  }
  const [before, after] = happening.updated;
  if (isNode(before) && isNode(after))
    return { kind: 'node updated', node: putNode(cache, after), before, after };
  return {
    kind: 'pod updated',
    before: cache.describe(before as Pod),
    info: cache.describe(after as Pod),
  };
}

function putNode(cache: ClusterCache, one: KubeNode) {
  cache.putNode(one);
  const info = cache.node(one.metadata.name);
  if (!info) throw new Error(`There is no node ${one.metadata.name}`);
  return info;
}

/** Whether a plugin that refused a pod lets it be tried again after something has happened. */
export function wakes(
  plugin: Plugin,
  waiting: Pod,
  happening: Happening,
  options: { readonly version?: string; readonly pods?: readonly Pod[] } = {},
): 'wakes' | 'sleeps' {
  const cache = new ClusterCache();
  for (const one of options.pods ?? []) cache.addPod(cache.describe(one), one.spec.nodeName ?? '');
  const info = cache.describe(waiting);
  const event = eventOf(cache, happening);
  const features = featuresOf(parseKubernetesVersion(options.version ?? usualVersion));
  const hint = plugin.wakesOn?.(event, { pod: waiting, info, labels: info.labels }, { cache, features });
  return hint === true ? 'wakes' : 'sleeps';
}
