import type { Transaction } from '../../store/index.js';
import type { Instant } from '../../units/index.js';
import type { WriteContext } from '../api/index.js';
import { insertObject } from '../api/index.js';
import { recordEvent } from '../controllers/events.js';
import { leases } from '../kinds/coordination/lease.js';
import type { KubeObject } from '../object.js';
import { objectKey } from '../resource-type.js';
import { awaitingNetwork, ready, wellBeing, withReports } from './conditions.js';
import type { NodeReport } from './conditions.js';
import { leaseNamespace } from './heartbeats.js';
import { kubelets } from './kubelets.js';
import type { NodeKubelet } from './kubelets.js';
import { nodeCondition } from './node.js';
import type { KubeNode, Taint } from './node.js';
import { nodeKey, nodes } from './nodes.js';
import type { NodeMarks } from './nodes.js';
import { taintKeys, withTaints } from './taints.js';

const component = 'kubelet';
/** How long a lease is good for, in seconds (kubelet: nodeLeaseDurationSeconds). */
const leaseDurationSeconds = 40;

/** Put on a new node by the API server (admission: TaintNodesByCondition). */
export const notReadyTaint: Taint = { key: taintKeys.notReady, effect: 'NoSchedule' };
const uninitializedTaint: Taint = { key: taintKeys.uninitialized, value: 'true', effect: 'NoSchedule' };

/** A node as its kubelet registers it, and what that kubelet runs on. */
export interface Registration {
  readonly cluster: string;
  readonly agentPool: string;
  readonly vm: string;
  /** When the VM started. */
  readonly boot: Instant;
  /** How many data disks the VM takes. */
  readonly dataDisks: number;
  /** The node without what is said of its health; its taints are those that its kubelet is configured with. */
  readonly node: KubeNode;
}

/**
 * A kubelet starts: it makes its node, not ready yet, and its lease; where there are such from before the VM was started
 * again, it takes them up.
 */
export function startKubelet(tx: Transaction, context: WriteContext, registration: Registration): void {
  const { cluster, agentPool, vm, boot, dataDisks } = registration;
  const now = context.clock.now();
  const { name } = registration.node.metadata;
  const key = nodeKey(cluster, name);
  const from = { renewsFrom: now, postsFrom: now };
  tx.put(kubelets, key, { cluster, node: name, agentPool, vm, boot, state: { kind: 'starting' }, ...from });
  const known = tx.get(nodes, key);
  const object = withReports(
    known
      ? withBoot(known.object, registration.node)
      : withTaints(registration.node, { added: [notReadyTaint, uninitializedTaint] }),
    [...wellBeing, awaitingNetwork],
    now,
  );
  tx.put(
    nodes,
    key,
    known
      ? { ...known, object }
      : { cluster, agentPool, vm, dataDisks, configured: marksOf(registration.node), object },
  );
  ensureLease(tx, context, cluster, object);
  tell(tx, context, cluster, object, 'Starting', 'Starting kubelet.');
  for (const reason of wellBeing.map(eventOf)) tellOfNode(tx, context, cluster, object, reason);
  if (known) {
    const message = `Node ${name} has been rebooted, boot id: ${object.status.nodeInfo?.['bootID'] ?? ''}`;
    tell(tx, context, cluster, object, 'Rebooted', message, 'Warning');
  }
  tell(tx, context, cluster, object, 'NodeAllocatableEnforced', 'Updated Node Allocatable limit across pods');
}

/** The cloud tells what a new node stands on (Kubernetes: cloud node controller). */
export function initializeNode(
  tx: Transaction,
  context: WriteContext,
  cluster: string,
  name: string,
  providerID: string,
): void {
  const key = nodeKey(cluster, name);
  const stored = tx.get(nodes, key);
  if (!stored) return;
  const node = withTaints(stored.object, { removed: [uninitializedTaint] });
  if (node === stored.object) return;
  const object: KubeNode = { ...node, spec: { ...node.spec, providerID } };
  tx.put(nodes, key, { ...stored, object });
  recordEvent(tx, context, cluster, object, {
    type: 'Normal',
    reason: 'Synced',
    message: 'Node synced successfully',
    component: 'cloud-node-controller',
  });
}

/** A kubelet that has started becomes ready; `further` is what else on the node has found it to be well by now. */
export function becomeReady(
  tx: Transaction,
  context: WriteContext,
  cluster: string,
  name: string,
  further: readonly NodeReport[],
): void {
  const kubelet = tx.get(kubelets, nodeKey(cluster, name));
  if (kubelet?.state.kind !== 'starting') return;
  post(tx, context, kubelet, further);
}

/** A kubelet stops to post, though its containers may go on: its node is cut off, or its VM has stopped. */
export function silence(tx: Transaction, context: WriteContext, cluster: string, name: string): void {
  const key = nodeKey(cluster, name);
  const kubelet = tx.get(kubelets, key);
  if (!kubelet || kubelet.state.kind === 'silent') return;
  const since = context.clock.now();
  tx.put(kubelets, key, { ...kubelet, state: { kind: 'silent', since, was: kubelet.state.kind } });
}

/** Takes a node away with its kubelet: what it ran on is gone (Kubernetes: cloud node lifecycle controller). */
export function removeNode(tx: Transaction, context: WriteContext, cluster: string, name: string): void {
  const key = nodeKey(cluster, name);
  tx.delete(kubelets, key);
  const stored = tx.get(nodes, key);
  if (!stored) return;
  recordEvent(tx, context, cluster, stored.object, {
    type: 'Normal',
    reason: 'DeletingNode',
    message: `Deleting node ${name} because it does not exist in the cloud provider`,
    component: 'cloud-node-lifecycle-controller',
  });
  tx.delete(nodes, key);
}

/** A silent kubelet posts again. */
export function resume(tx: Transaction, context: WriteContext, cluster: string, name: string): void {
  const kubelet = tx.get(kubelets, nodeKey(cluster, name));
  if (kubelet?.state.kind !== 'silent') return;
  post(tx, context, { ...kubelet, renewsFrom: context.clock.now() }, []);
}

/** A kubelet posts that its node is well; what is news is told. */
function post(
  tx: Transaction,
  context: WriteContext,
  kubelet: NodeKubelet,
  further: readonly NodeReport[],
): void {
  const { cluster, node: name } = kubelet;
  const now = context.clock.now();
  const key = nodeKey(cluster, name);
  tx.put(kubelets, key, { ...kubelet, state: { kind: 'ready' }, postsFrom: now });
  const stored = tx.get(nodes, key);
  // Deleted meanwhile: a kubelet makes its node when it starts, and not again.
  if (!stored) return;
  // A shortage that was there before is not over for that: it is looked at by itself.
  const reports = [
    ...wellBeing.filter(({ type }) => nodeCondition(stored.object, type)?.status !== 'True'),
    ready,
  ];
  const news = reports.filter(({ type, status }) => nodeCondition(stored.object, type)?.status !== status);
  const object = withReports(stored.object, [...reports, ...further], now);
  tx.put(nodes, key, { ...stored, object });
  for (const report of news) tellOfNode(tx, context, cluster, object, eventOf(report));
}

const marksOf = ({ metadata, spec }: KubeNode): NodeMarks => ({
  labels: metadata.labels ?? {},
  taints: spec.taints ?? [],
});

/** What a kubelet that starts again finds to be new about its node. */
const withBoot = (known: KubeNode, started: KubeNode): KubeNode => {
  const { nodeInfo } = started.status;
  return { ...known, status: { ...known.status, ...(nodeInfo && { nodeInfo }) } };
};

/** The event of a report, e.g. `NodeReady`; that of `KubeletHasSufficientMemory` is `NodeHasSufficientMemory`. */
const eventOf = ({ reason }: NodeReport): string => reason.replace('Kubelet', 'Node');

function ensureLease(tx: Transaction, context: WriteContext, cluster: string, node: KubeNode): void {
  const { name, uid } = node.metadata;
  const scope = { cluster, namespace: leaseNamespace };
  if (tx.get(leases.collection, objectKey(cluster, leaseNamespace, name))) return;
  insertObject(context, tx, leases, scope, {
    metadata: { name, ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name, uid }] },
    spec: { holderIdentity: name, leaseDurationSeconds },
  });
}

/** A kubelet's event of a status of its node, such as `NodeReady`. */
export const tellOfNode = (
  tx: Transaction,
  context: WriteContext,
  cluster: string,
  node: KubeNode,
  reason: string,
): void => tell(tx, context, cluster, node, reason, `Node ${node.metadata.name} status is now: ${reason}`);

function tell(
  tx: Transaction,
  context: WriteContext,
  cluster: string,
  node: KubeNode,
  reason: string,
  message: string,
  type: 'Normal' | 'Warning' = 'Normal',
): void {
  const { name } = node.metadata;
  recordEvent(tx, context, cluster, asKubeletNames(node), { type, reason, message, component, host: name });
}

/** A kubelet's events name its node by the name where others have the uid (kubelet: node reference). */
const asKubeletNames = (node: KubeNode): KubeObject => ({
  ...node,
  metadata: { ...node.metadata, uid: node.metadata.name },
});
