import type { Transaction, Versioned } from '../../store/index.js';
import type { Instant } from '../../units/index.js';
import type { ControllerParts } from '../controllers/controller.js';
import { recordEvent } from '../controllers/events.js';
import type { EventNote } from '../controllers/events.js';
import { addressNeedTerm, podCondition, pods } from '../kinds/index.js';
import type { MissingNeed, Pod, PodLife, PodStatus, PodStop, StoredPod } from '../kinds/index.js';
import type { KubeNode } from '../nodes/index.js';
import { sameJson } from '../same-json.js';
import { addressFor } from './addresses.js';
import { addImages, imagesOf } from './node-images.js';
import { advancePod, newLife } from './pod-machine.js';
import { References } from './references.js';
import { statusOf } from './status.js';
import type { KubeletTimings } from './timings.js';
import type { View } from './turn.js';
import { own } from '../../units/index.js';

export type PodEntry = Versioned<StoredPod>;

/** Takes pods' lives on in the store: what the machine decides is written in one go. */
export class PodTurns {
  readonly #parts: ControllerParts;
  readonly #timings: KubeletTimings;

  constructor(parts: ControllerParts, timings: KubeletTimings) {
    this.#parts = parts;
    this.#timings = timings;
  }

  /**
   * Takes a pod's life through all that has come due on its node; `stop` makes it end.
   *
   * @returns when time alone changes something next.
   */
  take(tx: Transaction, { key, value }: PodEntry, node: KubeNode, stop?: PodStop): Instant | undefined {
    const { cluster, object: pod } = value;
    const { clock, context } = this.#parts;
    const now = clock.now();
    const present = value.life ?? newLife(pod, now);
    const setup = new Setup(tx, cluster, pod, node);
    const images = imagesOf(tx, cluster, node);
    const view: View = {
      cluster,
      now,
      node,
      timings: this.#timings,
      seed: context.seed,
      image: (reference) => own(images, reference),
      missingConfig: (container) => setup.references.missingConfig(container),
      missingSetup: () => setup.missing(),
    };
    const { life, outcome } = advancePod(pod, stop ? { ...present, stop } : present, view);
    if (life !== value.life) {
      const status = statusOf(pod, life, node, setup.podIP, now);
      const stored: StoredPod = { ...value, life, object: { ...pod, status } };
      tx.put(pods.collection, key, stored);
    } else if (pod.spec.readinessGates || isContradicted(pod))
      this.#refresh(tx, { key, value }, statusOf(pod, life, node, setup.podIP, now));
    if (Object.keys(outcome.pulls).length > 0) addImages(tx, cluster, node, outcome.pulls);
    for (const note of outcome.events) this.tell(tx, cluster, pod, note);
    return outcome.next;
  }

  /** Says anew what others' words have changed: readiness gates, or that a node had not been heard of. */
  #refresh(tx: Transaction, { key, value }: { key: string; value: StoredPod }, status: PodStatus): void {
    if (sameJson(status, value.object.status ?? {})) return;
    const object: Pod = { ...value.object, status };
    tx.put(pods.collection, key, { ...value, object });
  }

  /** Ends a pod that its node does not take up, or never knew: nothing of it runs. */
  refuse(tx: Transaction, { key, value }: PodEntry, reason: string, message: string): void {
    const { cluster, object: pod } = value;
    const life: PodLife = { acceptedAt: this.#parts.clock.now(), containers: {}, hasEnded: true };
    const status: PodStatus = {
      ...pod.status,
      phase: 'Failed',
      reason,
      message: `Pod was rejected: ${message}`,
    };
    const stored: StoredPod = { ...value, life, object: { ...pod, status } };
    tx.put(pods.collection, key, stored);
    this.tell(tx, cluster, pod, { type: 'Warning', reason, message, component: 'kubelet' });
  }

  tell(tx: Transaction, cluster: string, pod: Pod, note: EventNote): void {
    const { nodeName } = pod.spec;
    recordEvent(tx, this.#parts.context, cluster, pod, { ...note, ...(nodeName && { host: nodeName }) });
  }
}

/** True when a pod is said to be unready whose containers are not: the control plane had not heard of them for a while. */
const isContradicted = (pod: Pod): boolean =>
  podCondition(pod, 'ContainersReady')?.status === 'True' && podCondition(pod, 'Ready')?.status !== 'True';

/** What a pod has before its containers: volumes, and an address once those are there. */
class Setup {
  readonly references: References;
  podIP: string | undefined;
  readonly #tx: Transaction;
  readonly #cluster: string;
  readonly #pod: Pod;
  readonly #node: KubeNode;

  constructor(tx: Transaction, cluster: string, pod: Pod, node: KubeNode) {
    this.references = new References(tx, cluster, pod);
    this.podIP = pod.status?.podIP;
    this.#tx = tx;
    this.#cluster = cluster;
    this.#pod = pod;
    this.#node = node;
  }

  missing(): MissingNeed | undefined {
    const missing = this.references.missingVolume() ?? this.references.missingDevices();
    if (missing) return missing;
    this.podIP ??= addressFor(this.#tx, this.#cluster, this.#pod, this.#node);
    if (this.podIP !== undefined || this.#pod.spec.hostNetwork === true) return undefined;
    return {
      reason: 'FailedCreatePodSandBox',
      message:
        'Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox: ' +
        'plugin type="azure-vnet" failed (add): IPAM Invoker Add failed with error: Failed to allocate pool: no available addresses',
      needs: [addressNeedTerm(this.#cluster, this.#node.metadata.name)],
    };
  }
}
