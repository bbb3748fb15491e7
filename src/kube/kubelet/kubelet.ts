import type { Reader, Transaction, Versioned } from '../../store/index.js';
import type { Instant } from '../../units/index.js';
import { Controller } from '../controllers/controller.js';
import type { ControllerParts, Seen, Trigger } from '../controllers/controller.js';
import {
  addressNeedTerm,
  configMaps,
  imageNeedTerm,
  isFinished,
  isTerminating,
  needTerm,
  nodeKind,
  nodeTerm,
  pods,
  resourceClaims,
  secrets,
} from '../kinds/index.js';
import type { Pod } from '../kinds/index.js';
import { isPosting, kubelets } from '../nodes/index.js';
import type { KubeNode } from '../nodes/index.js';
import type { Stored } from '../object.js';
import type { ResourceType } from '../resource-type.js';
import { objectKey } from '../resource-type.js';
import { volumeTriggers } from '../volumes/index.js';
import { admit } from './admission.js';
import { invalidBehaviours } from './behaviour/index.js';
import { NodeLoads, isResident } from './node-loads.js';
import { nodeImages } from './node-images.js';
import { PodTurns } from './pod-turns.js';
import type { PodEntry } from './pod-turns.js';
import { preemptionMessage } from './status.js';
import type { KubeletTimings } from './timings.js';

/**
 * Runs the pods of all nodes whose kubelets post: takes them up or not, and takes their lives on. What a pod's life is at is in
 * the store beside it, so it goes on after a restart.
 */
export class Kubelet extends Controller {
  readonly #turns: PodTurns;
  readonly #loads: NodeLoads;
  protected readonly triggers: readonly Trigger[] = [
    // The pods of a node that has come, or whose kubelet posts again.
    {
      type: nodeKind,
      keys: ({ cluster, before, after }, store) =>
        before || !after ? [] : keysOfPodsOn(store, cluster, after.metadata.name),
    },
    {
      type: { collection: kubelets },
      keys: ({ cluster, key }, store) => keysOfPodsOn(store, cluster, nameIn(cluster, key)),
    },
    // Pods that wait for something.
    ...[configMaps, secrets, resourceClaims].map(waiting),
    ...volumeTriggers,
    {
      type: { collection: nodeImages },
      keys: ({ cluster, key }, store) =>
        Object.keys(store.get(nodeImages, key)?.images ?? {}).flatMap((reference) =>
          keysThatNeed(store, imageNeedTerm(cluster, nameIn(cluster, key), reference)),
        ),
    },
    { type: pods, keys: whenAddressIsFree },
  ];

  constructor(parts: ControllerParts, timings: KubeletTimings) {
    super(parts, pods);
    this.#turns = new PodTurns(parts, timings);
    this.#loads = new NodeLoads(parts.store);
  }

  override start(): void {
    this.#loads.start();
    super.start();
  }

  protected reconcile(tx: Transaction, found: Versioned<Stored>): Instant | undefined {
    const entry = found as PodEntry;
    const { cluster, object: pod, life } = entry.value;
    const { nodeName } = pod.spec;
    if (!nodeName) return undefined;
    const node = tx.get(nodeKind.collection, objectKey(cluster, undefined, nodeName))?.object as
      KubeNode | undefined;
    if (!node || !isPosting(tx, cluster, nodeName)) return undefined;
    if (isFinished(pod)) {
      if (isTerminating(pod)) release(tx, entry);
      return undefined;
    }
    if (!life && !isTerminating(pod) && !this.#takesUp(tx, entry, node)) return undefined;
    return this.#turns.take(tx, entry, node);
  }

  /** Whether the node takes a new pod up; critical ones push others off for it. */
  #takesUp(tx: Transaction, entry: PodEntry, node: KubeNode): boolean {
    const { cluster, object: pod } = entry.value;
    let listed: readonly PodEntry[] | undefined;
    const residents = () => (listed ??= residentsOf(tx, cluster, node));
    const verdict = admit(node, pod, {
      load: this.#loads.of(cluster, node.metadata.name),
      list: () => residents().map(({ value }) => value.object),
    });
    if (verdict.kind === 'rejected') {
      this.#turns.refuse(tx, entry, verdict.rejection.reason, verdict.rejection.message);
      return false;
    }
    const since = this.parts.clock.now();
    const { victims } = verdict;
    for (const victim of victims.length === 0 ? [] : residents()) {
      if (!victims.includes(victim.value.object)) continue;
      this.#warn(tx, victim, 'Preempting', preemptionMessage);
      this.#turns.take(tx, victim, node, { since, cause: 'preemption' });
    }
    for (const { message } of invalidBehaviours(pod)) this.#warn(tx, entry, 'InvalidBehaviour', message);
    return true;
  }

  #warn(tx: Transaction, { value }: PodEntry, reason: string, message: string): void {
    const note = { type: 'Warning', reason, message, component: 'kubelet' } as const;
    this.#turns.tell(tx, value.cluster, value.object, note);
  }
}

/** Pods that a node has taken up and that have not ended. */
export function residentsOf(tx: Reader, cluster: string, { metadata }: KubeNode): readonly PodEntry[] {
  const all = tx.findEntries(pods.collection, 'byNode', nodeTerm(cluster, metadata.name));
  return (all as readonly PodEntry[]).filter(({ value }) => isResident(value));
}

/** Lets a pod go that has ended; one that something else still holds has no grace left. */
function release(tx: Transaction, { key, value }: PodEntry): void {
  const { object: pod } = value;
  const { finalizers = [], deletionGracePeriodSeconds } = pod.metadata;
  if (finalizers.length === 0) tx.delete(pods.collection, key);
  else if (deletionGracePeriodSeconds !== 0) {
    const object: Pod = { ...pod, metadata: { ...pod.metadata, deletionGracePeriodSeconds: 0 } };
    tx.put(pods.collection, key, { ...value, object });
  }
}

const nameIn = (cluster: string, nodeKey: string): string => nodeKey.slice(cluster.length + 1);

const keysOfPodsOn = (reader: Reader, cluster: string, node: string): readonly string[] =>
  reader.findEntries(pods.collection, 'byNode', nodeTerm(cluster, node)).map(({ key }) => key);

const keysThatNeed = (reader: Reader, term: string): readonly string[] =>
  reader.findEntries(pods.collection, 'byNeed', term).map(({ key }) => key);

/** Triggers the pods that wait for an object of a kind. */
function waiting(type: ResourceType): Trigger {
  return {
    type,
    keys: ({ cluster, after }, store) => {
      if (!after) return [];
      const { namespace = '', name } = after.metadata;
      return keysThatNeed(store, needTerm(cluster, type.plural, namespace, name));
    },
  };
}

/** Triggers the pods that wait for an address, when another pod of their node gives its own back. */
function whenAddressIsFree({ cluster, before, after }: Seen, store: Reader): readonly string[] {
  const [was, is] = [before as Pod | undefined, after as Pod | undefined];
  if (!was?.spec.nodeName || was.status?.podIP === undefined || isFinished(was)) return [];
  return is && !isFinished(is) ? [] : keysThatNeed(store, addressNeedTerm(cluster, was.spec.nodeName));
}
