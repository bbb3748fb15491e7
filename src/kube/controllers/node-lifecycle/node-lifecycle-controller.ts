import { WorkQueue } from '../../../sim/index.js';
import type { Change, Transaction } from '../../../store/index.js';
import type { Instant } from '../../../units/index.js';
import { instant } from '../../../units/index.js';
import { toKubeTime } from '../../kube-time.js';
import { leases } from '../../kinds/index.js';
import {
  isNodeReady,
  kubeletOf,
  kubelets,
  lastRenewal,
  lastStatus,
  nodeCondition,
  nodeKey,
  nodes,
  withTaints,
  zoneTerm,
} from '../../nodes/index.js';
import type { ClusterNode, KubeNode, NodeKubelet } from '../../nodes/index.js';
import { leaseNamespace } from '../../nodes/heartbeats.js';
import type { KubeObject, Stored } from '../../object.js';
import { fieldAt } from '../../object.js';
import { objectKey } from '../../resource-type.js';
import type { ControllerParts } from '../controller.js';
import { recordEvent } from '../events.js';
import { EvictionPacing } from './eviction-pacing.js';
import {
  evictionTaint,
  evictionTaints,
  givenUp,
  givenUpAt,
  monitorGrace,
  schedulingTaints,
} from './health.js';
import { nodeHealth } from './records.js';
import type { NodeHealth, WrittenHeartbeat } from './records.js';
import { markPodsNotReady } from './unready-pods.js';

const component = 'node-controller';

/**
 * Watches over nodes (Kubernetes: node controller): gives up those that are silent for too long, taints nodes by their
 * conditions, and evicts from those that are not ready, zone by zone and node after node. Nodes that change at the same
 * moment are looked at in one transaction; a node that is silent is looked at again when its grace ends.
 */
export class NodeLifecycleController {
  readonly #parts: ControllerParts;
  readonly #pacing: EvictionPacing;
  /** Names of nodes to look at, by cluster. */
  readonly #changed = new Map<string, Set<string>>();
  readonly #clusters: WorkQueue;
  /** Nodes that are given up when they say nothing more, by their keys. */
  readonly #deadlines: WorkQueue;

  constructor(parts: ControllerParts) {
    this.#parts = parts;
    this.#pacing = new EvictionPacing(parts);
    const { clock } = parts;
    this.#clusters = new WorkQueue({
      name: 'node lifecycle',
      clock,
      reconcile: (cluster) => this.#reconcile(cluster),
    });
    this.#deadlines = new WorkQueue({
      name: 'node lifecycle deadline',
      clock,
      reconcile: (key) => this.#onDeadline(key),
    });
  }

  /** Takes up all nodes, then follows nodes, kubelets and leases. */
  start(): void {
    const { store } = this.#parts;
    for (const { cluster, object } of store.list(nodes)) this.#look(cluster, object.metadata.name);
    // A node may have gone just before the process ended.
    for (const { cluster, node } of store.list(nodeHealth)) this.#look(cluster, node);
    const collections = [nodes, kubelets, leases.collection];
    store.watch({ collections }, ({ changes }) => changes.forEach((change) => this.#onChange(change)));
  }

  #onChange({ collection, before, after }: Change): void {
    const value = after ?? before;
    if (collection === nodes.name) {
      const { cluster, object } = value as ClusterNode;
      this.#look(cluster, object.metadata.name);
    } else if (collection === kubelets.name) {
      const { cluster, node } = value as NodeKubelet;
      this.#look(cluster, node);
    } else if (collection === leases.collection.name) {
      const { cluster, object } = value as Stored;
      if (object.metadata.namespace === leaseNamespace) this.#look(cluster, object.metadata.name);
    }
  }

  #look(cluster: string, node: string): void {
    const changed = this.#changed.get(cluster) ?? new Set();
    this.#changed.set(cluster, changed.add(node));
    this.#clusters.add(cluster);
  }

  #onDeadline(key: string): void {
    const stored = this.#parts.store.get(nodes, key);
    if (stored) this.#look(stored.cluster, stored.object.metadata.name);
  }

  #reconcile(cluster: string): void {
    const changed = this.#changed.get(cluster) ?? new Set();
    this.#changed.delete(cluster);
    const next = this.#parts.store.transact((tx) => {
      const zones = new Set<string>();
      for (const name of changed) {
        const node = this.#inspect(tx, cluster, name);
        if (node) zones.add(zoneTerm(cluster, node));
      }
      return this.#pacing.advance(tx, cluster, zones);
    });
    if (next !== undefined) this.#clusters.addAt(cluster, next);
  }

  #inspect(tx: Transaction, cluster: string, name: string): KubeNode | undefined {
    const key = nodeKey(cluster, name);
    const stored = tx.get(nodes, key);
    const known = tx.get(nodeHealth, key);
    if (known && known.uid !== stored?.object.metadata.uid) this.#tellRemoval(tx, known);
    if (!stored) return undefined;
    const health = known?.uid === stored.object.metadata.uid ? known : this.#register(tx, stored);
    const heartbeat = this.#heartbeat(tx, stored, health);
    const node = this.#assess(tx, stored.object, cluster, heartbeat);
    const object = withEvictionTaint(withTaints(node, schedulingTaints(node, this.#now())), this.#now());
    if (object !== stored.object) tx.put(nodes, key, { ...stored, object });
    if (health.ready === 'True' && !isNodeReady(object)) this.#tellNotReady(tx, cluster, object);
    this.#remember(tx, key, health, object, heartbeat);
    return object;
  }

  #now(): Instant {
    return this.#parts.clock.now();
  }

  /** The last heartbeat that somebody wrote for a node without a kubelet. */
  #heartbeat(
    tx: Transaction,
    { cluster, object }: ClusterNode,
    { heartbeat }: NodeHealth,
  ): WrittenHeartbeat | undefined {
    const { name } = object.metadata;
    if (kubeletOf(tx, cluster, name)) return undefined;
    const held = tx.get(leases.collection, objectKey(cluster, leaseNamespace, name));
    const renewTime = held && fieldAt(held.object, 'spec.renewTime');
    const lease = typeof renewTime === 'string' ? renewTime : '';
    const status = nodeCondition(object, 'Ready')?.lastHeartbeatTime ?? '';
    if (lease === (heartbeat?.lease ?? '') && status === (heartbeat?.status ?? '')) return heartbeat;
    return { lease, status, at: this.#now() };
  }

  /** Gives a node up that has said nothing for too long, or notes when that will be. */
  #assess(
    tx: Transaction,
    node: KubeNode,
    cluster: string,
    heartbeat: WrittenHeartbeat | undefined,
  ): KubeNode {
    const kubelet = kubeletOf(tx, cluster, node.metadata.name);
    if (kubelet && kubelet.state.kind !== 'silent') return node;
    const now = this.#now();
    const heardAt = kubelet
      ? instant(Math.max(lastRenewal(kubelet, now), lastStatus(kubelet, now)))
      : heartbeat?.at;
    const deadline = givenUpAt(node, heardAt, monitorGrace(this.#parts.context.minorOf(cluster)));
    if (deadline <= now)
      return nodeCondition(node, 'Ready')?.status === 'Unknown' ? node : givenUp(node, now);
    this.#deadlines.addAt(nodeKey(cluster, node.metadata.name), deadline);
    return node;
  }

  #register(tx: Transaction, { cluster, object }: ClusterNode): NodeHealth {
    const { name, uid } = object.metadata;
    this.#tell(
      tx,
      cluster,
      object,
      'RegisteredNode',
      `Node ${name} event: Registered Node ${name} in Controller`,
    );
    return { cluster, node: name, uid };
  }

  #remember(
    tx: Transaction,
    key: string,
    health: NodeHealth,
    node: KubeNode,
    heartbeat: WrittenHeartbeat | undefined,
  ): void {
    const ready = nodeCondition(node, 'Ready')?.status;
    const isKnown = tx.get(nodeHealth, key) === health;
    if (isKnown && health.ready === ready && health.heartbeat === heartbeat) return;
    const { cluster, node: name, uid } = health;
    tx.put(nodeHealth, key, {
      cluster,
      node: name,
      uid,
      ...(ready && { ready }),
      ...(heartbeat && { heartbeat }),
    });
  }

  #tellRemoval(tx: Transaction, { cluster, node: name, uid }: NodeHealth): void {
    const gone = { apiVersion: 'v1', kind: 'Node', metadata: { name, uid, creationTimestamp: '' } };
    this.#tell(
      tx,
      cluster,
      gone,
      'RemovingNode',
      `Node ${name} event: Removing Node ${name} from Controller`,
    );
    tx.delete(nodeHealth, nodeKey(cluster, name));
  }

  #tellNotReady(tx: Transaction, cluster: string, node: KubeNode): void {
    const { name } = node.metadata;
    this.#tell(tx, cluster, node, 'NodeNotReady', `Node ${name} status is now: NodeNotReady`);
    markPodsNotReady(tx, this.#parts.context, cluster, name);
  }

  #tell(tx: Transaction, cluster: string, node: KubeObject, reason: string, message: string): void {
    recordEvent(tx, this.#parts.context, cluster, node, { type: 'Normal', reason, message, component });
  }
}

/** A node that has a taint for eviction has the right one, or none when it is ready; putting it on is a matter of pace. */
function withEvictionTaint(node: KubeNode, now: Instant): KubeNode {
  const wanted = evictionTaint(node);
  const wrong = evictionTaints.filter(({ key }) => key !== wanted?.key);
  const removed = (node.spec.taints ?? []).filter(
    ({ key, effect }) => effect === 'NoExecute' && wrong.some((taint) => taint.key === key),
  );
  if (removed.length === 0) return node;
  return withTaints(node, { removed, ...(wanted && { added: [{ ...wanted, timeAdded: toKubeTime(now) }] }) });
}
