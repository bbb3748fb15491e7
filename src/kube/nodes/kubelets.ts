import { defineCollection } from '../../store/index.js';
import type { Reader } from '../../store/index.js';
import type { Instant } from '../../units/index.js';
import { instant } from '../../units/index.js';
import { nodeKey } from './nodes.js';

/** A kubelet renews its lease so often (Kubernetes: node heartbeats). */
const renewInterval = 10_000;
/** A kubelet posts its node's status so often when nothing in it changes (kubelet: nodeStatusReportFrequency). */
const statusInterval = 300_000;

/** Whether a kubelet posts: that it starts, that it is ready, or nothing at all since a moment. */
export type KubeletState =
  | { readonly kind: 'starting' }
  | { readonly kind: 'ready' }
  | { readonly kind: 'silent'; readonly since: Instant; readonly was: 'starting' | 'ready' };

/**
 * The kubelet of a node, kept under the node's key. Heartbeats are not written: what has been posted by a moment follows
 * from this. It outlives its node object, which a kubelet makes only when it starts.
 */
export interface NodeKubelet {
  /** The cluster's key. */
  readonly cluster: string;
  /** The node's name. */
  readonly node: string;
  /** The key of the node's agent pool. */
  readonly agentPool: string;
  /** The key of the VM it runs on. */
  readonly vm: string;
  /** When the VM started that it runs on: it has registered its node since. */
  readonly boot: Instant;
  readonly state: KubeletState;
  /** Its lease is renewed at this moment and every ten seconds from then on. */
  readonly renewsFrom: Instant;
  /** True once it has told that its node takes no more pods. */
  readonly isCordoned?: true;
  /** The node's status was posted at this moment, and is every five minutes from then on. */
  readonly postsFrom: Instant;
}

const hasBeenReady = (state: KubeletState): boolean =>
  state.kind === 'silent' ? state.was === 'ready' : state.kind === 'ready';

/** Kubelets by their nodes' keys. */
export const kubelets = defineCollection<NodeKubelet>('kube/kubelets', {
  byCluster: ({ cluster }) => cluster,
  byAgentPool: ({ agentPool }) => agentPool,
  /** Kubelets that have been ready since their VMs started, by agent pool. */
  joined: ({ agentPool, state }) => (hasBeenReady(state) ? agentPool : undefined),
});

/** The kubelet of a node; undefined for a node that a client made. */
export const kubeletOf = (reader: Reader, cluster: string, node: string): NodeKubelet | undefined =>
  reader.get(kubelets, nodeKey(cluster, node));

/** True while a node has a kubelet that acts on its pods and tells of them. */
export function isPosting(reader: Reader, cluster: string, node: string): boolean {
  const kubelet = kubeletOf(reader, cluster, node);
  return kubelet !== undefined && kubelet.state.kind !== 'silent';
}

/** When a kubelet last renewed its lease. */
export const lastRenewal = (kubelet: NodeKubelet, now: Instant): Instant =>
  lastOf(kubelet, kubelet.renewsFrom, renewInterval, now);

/** When a kubelet last posted its node's status. */
export const lastStatus = (kubelet: NodeKubelet, now: Instant): Instant =>
  lastOf(kubelet, kubelet.postsFrom, statusInterval, now);

function lastOf({ state }: NodeKubelet, from: Instant, interval: number, now: Instant): Instant {
  const end = state.kind === 'silent' ? Math.min(state.since, now) : now;
  return instant(from + Math.max(0, Math.floor((end - from) / interval)) * interval);
}
