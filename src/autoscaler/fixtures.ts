import { kubernetesCollections, nodeKey, nodes, objectKey, pods } from '../kube/index.js';
import type { KubeNode, Pod, PodSpec } from '../kube/index.js';
import { WhatIf } from '../scheduler/index.js';
import type { Supposed } from '../scheduler/index.js';
import { Store } from '../store/index.js';
import { instant } from '../units/index.js';
import type { GroupTemplate, PodGroup } from './estimator/index.js';

const cluster = 'shop';
const createdAt = '2026-08-21T00:00:00Z';

/** What tests say of a node: its zone, and what differs from 1 core, 5000 Mi and 10 pods. */
export interface NodeDraft {
  readonly zone?: string;
  readonly cpu?: string;
  readonly memory?: string;
  readonly pods?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly taints?: KubeNode['spec']['taints'];
}

/** A node for tests, all of which pods may have. */
export function node(name: string, draft: NodeDraft = {}): KubeNode {
  const { zone = 'mars', cpu = '1', memory = '5000Mi', pods: places = '10', labels, taints } = draft;
  const amounts = { cpu, memory, pods: places };
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      uid: name,
      creationTimestamp: createdAt,
      labels: { 'kubernetes.io/hostname': name, 'topology.kubernetes.io/zone': zone, ...labels },
    },
    spec: { ...(taints && { taints }) },
    status: { capacity: amounts, allocatable: amounts },
  };
}

/** What tests say of a pod. */
export interface PodDraft {
  readonly cpu?: string;
  readonly memory?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly spec?: Partial<PodSpec>;
}

/** A pod for tests. */
export function pod(name: string, { cpu, memory, labels = { app: 'web' }, spec }: PodDraft = {}): Pod {
  const requests = { ...(cpu !== undefined && { cpu }), ...(memory !== undefined && { memory }) };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default', uid: name, creationTimestamp: createdAt, labels },
    spec: { containers: [{ name: 'c', image: 'image:1', resources: { requests } }], ...spec },
  };
}

/** Pods that are alike, named `name-0` and so on. */
export const podGroup = (name: string, count: number, draft: PodDraft = {}): PodGroup => ({
  pods: Array.from({ length: count }, (_, index) => pod(`${name}-${String(index)}`, draft)),
});

/** A template without pods of its own, unless given. */
export const template = (draft: NodeDraft = {}, own: readonly Pod[] = []): GroupTemplate => ({
  node: node('template', draft),
  pods: own,
});

/** Asks in a supposed cluster of these nodes and pods; what is supposed is gone afterwards. */
export function supposing<T>(
  present: { readonly nodes?: readonly KubeNode[]; readonly pods?: readonly Pod[] },
  work: (supposed: Supposed) => T,
): T {
  const store = Store.open({ now: () => instant(0), collections: kubernetesCollections });
  store.transact((tx) => {
    for (const object of present.nodes ?? [])
      tx.put(nodes, nodeKey(cluster, object.metadata.name), { cluster, object });
    for (const object of present.pods ?? [])
      tx.put(pods.collection, objectKey(cluster, 'default', object.metadata.name), { cluster, object });
  });
  return WhatIf.of(store, cluster).suppose(work);
}
