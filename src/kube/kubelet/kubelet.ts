import { createHash } from 'node:crypto';
import type { Reader, Transaction, Versioned } from '../../store/index.js';
import type { Instant } from '../../units/index.js';
import { instant } from '../../units/index.js';
import { Controller } from '../controllers/controller.js';
import type { ControllerParts, Trigger } from '../controllers/controller.js';
import { recordEvent } from '../controllers/events.js';
import { putStatus } from '../controllers/owned.js';
import { toKubeTime } from '../kube-time.js';
import { isFinished, isTerminating, nodeKind, nodeTerm, podCondition, pods } from '../kinds/index.js';
import type { Container, ContainerStatus, Pod, PodMoments, PodStatus, StoredPod } from '../kinds/index.js';
import { isPosting, kubelets } from '../nodes/index.js';
import type { KubeNode } from '../nodes/index.js';
import type { Stored } from '../object.js';
import { withCondition } from '../pods/index.js';
import { objectKey } from '../resource-type.js';
import { volumeTriggers, volumesReady } from '../volumes/index.js';
import { behaviour, durationOf } from './annotations.js';
import type { KubeletTimings } from './timings.js';

const component = 'kubelet';
/** The range of a node of an overlay cluster: one of 256 within 10.244.0.0/16 (AKS: Azure CNI Overlay). */
const overlayRange = (nodeUid: string): string =>
  `10.244.${String(Number.parseInt(sha256(nodeUid).slice(0, 2), 16))}.0/24`;

/**
 * Runs the pods of all nodes: pulls, starts, becomes ready, ends, stops. What a pod is at is read from its status alone, so
 * its life goes on after a restart.
 */
export class Kubelet extends Controller {
  readonly #timings: KubeletTimings;
  protected readonly triggers: readonly Trigger[] = [
    // The pods of a node that has come, or whose kubelet posts again.
    {
      type: nodeKind,
      keys: ({ cluster, before, after }, store) =>
        before || !after ? [] : keysOfPodsOn(store, cluster, after.metadata.name),
    },
    {
      type: { collection: kubelets },
      keys: ({ cluster, key }, store) => keysOfPodsOn(store, cluster, key.slice(cluster.length + 1)),
    },
    ...volumeTriggers,
  ];

  constructor(parts: ControllerParts, timings: KubeletTimings) {
    super(parts, pods);
    this.#timings = timings;
  }

  protected reconcile(tx: Transaction, found: Versioned<Stored>): Instant | undefined {
    const entry = found as Versioned<StoredPod>;
    const pod = entry.value.object;
    const { nodeName } = pod.spec;
    if (!nodeName) return undefined;
    const node = tx.get(nodeKind.collection, objectKey(entry.value.cluster, undefined, nodeName));
    if (!node || !isPosting(tx, entry.value.cluster, nodeName)) return undefined;
    if (isTerminating(pod)) return this.#stop(tx, entry, pod);
    if (isFinished(pod)) return undefined;
    const life = new PodLife(this.parts, this.#timings, tx, entry, pod, node.object as KubeNode);
    return life.advance();
  }

  /** Stops the containers within the grace, then lets the pod go. */
  #stop(tx: Transaction, entry: Versioned<StoredPod>, pod: Pod): Instant | undefined {
    const now = this.parts.clock.now();
    const { stoppingAt } = entry.value.life ?? {};
    if (stoppingAt === undefined) {
      note(tx, entry, { stoppingAt: now });
      this.#tellKilling(tx, entry, pod);
    }
    const grace = (pod.metadata.deletionGracePeriodSeconds ?? 0) * 1000;
    const stopping = durationOf(pod, behaviour.stopDuration) ?? this.#timings.containerStop;
    const ends = instant((stoppingAt ?? now) + Math.min(grace, stopping));
    if (now < ends) return ends;
    if ((pod.metadata.finalizers ?? []).length === 0) tx.delete(pods.collection, entry.key);
    else this.#release(tx, entry, pod);
    return undefined;
  }

  /** A pod that something else still holds has ended all the same. */
  #release(tx: Transaction, entry: Versioned<Stored>, pod: Pod): void {
    if (pod.metadata.deletionGracePeriodSeconds === 0 && isFinished(pod)) return;
    const phase = isFinished(pod) ? pod.status?.phase : 'Failed';
    const object = {
      ...pod,
      metadata: { ...pod.metadata, deletionGracePeriodSeconds: 0 },
      status: { ...pod.status, phase },
    };
    tx.put(pods.collection, entry.key, { ...entry.value, object });
  }

  #tellKilling(tx: Transaction, { value }: Versioned<Stored>, pod: Pod): void {
    for (const { name, state } of pod.status?.containerStatuses ?? []) {
      if (!state.running) continue;
      recordEvent(tx, this.parts.context, value.cluster, pod, {
        type: 'Normal',
        reason: 'Killing',
        message: `Stopping container ${name}`,
        component,
        ...(pod.spec.nodeName && { host: pod.spec.nodeName }),
      });
    }
  }
}

/** Writes down when a step of a pod's life began: objects tell times to the second alone. */
function note(tx: Transaction, { key }: Versioned<StoredPod>, life: PodMoments): void {
  const stored = tx.get(pods.collection, key) as StoredPod | undefined;
  if (!stored) return;
  const noted: StoredPod = { ...stored, life: { ...stored.life, ...life } };
  tx.put(pods.collection, key, noted);
}

const keysOfPodsOn = (reader: Reader, cluster: string, node: string): readonly string[] =>
  reader.findEntries(pods.collection, 'byNode', nodeTerm(cluster, node)).map(({ key }) => key);

/** One turn of a pod on a node that lives. */
class PodLife {
  readonly #parts: ControllerParts;
  readonly #timings: KubeletTimings;
  readonly #tx: Transaction;
  readonly #entry: Versioned<StoredPod>;
  readonly #pod: Pod;
  readonly #node: KubeNode;
  readonly #now: Instant;

  constructor(
    parts: ControllerParts,
    timings: KubeletTimings,
    tx: Transaction,
    entry: Versioned<StoredPod>,
    pod: Pod,
    node: KubeNode,
  ) {
    this.#parts = parts;
    this.#timings = timings;
    this.#tx = tx;
    this.#entry = entry;
    this.#pod = pod;
    this.#node = node;
    this.#now = parts.clock.now();
  }

  advance(): Instant | undefined {
    const { acceptedAt, startedAt } = this.#entry.value.life ?? {};
    if (acceptedAt === undefined) {
      const { cluster } = this.#entry.value;
      return volumesReady(this.#tx, cluster, this.#pod) ? this.#accept() : undefined;
    }
    return startedAt === undefined ? this.#start(acceptedAt) : this.#run(startedAt);
  }

  /** The node takes the pod up: it is initialised and its images are pulled. */
  #accept(): Instant | undefined {
    const { spec, status } = this.#pod;
    const statusOf = (container: Container): ContainerStatus => ({
      name: container.name,
      ready: false,
      started: false,
      restartCount: 0,
      image: container.image ?? '',
      imageID: '',
      state: { waiting: { reason: 'ContainerCreating' } },
      lastState: {},
    });
    const hostIP = this.#node.status.addresses?.find(({ type }) => type === 'InternalIP')?.address;
    this.#put({
      ...status,
      phase: 'Pending',
      startTime: toKubeTime(this.#now),
      ...(hostIP !== undefined && { hostIP, hostIPs: [{ ip: hostIP }] }),
      conditions: this.#conditions(
        ['PodReadyToStartContainers', 'False'],
        ['Initialized', 'True'],
        ['Ready', 'False'],
        ['ContainersReady', 'False'],
      ),
      containerStatuses: spec.containers.map(statusOf),
      ...(spec.initContainers && { initContainerStatuses: spec.initContainers.map(statusOf) }),
    });
    note(this.#tx, this.#entry, { acceptedAt: this.#now });
    for (const { image = '' } of spec.containers) this.#tell('Pulling', `Pulling image "${image}"`);
    return this.#startsAt(this.#now);
  }

  #startsAt(accepted: number): Instant {
    const delay = durationOf(this.#pod, behaviour.startDelay) ?? this.#timings.containerStart;
    return instant(accepted + this.#timings.imagePull + delay);
  }

  /** All containers run, once their images are there. */
  #start(accepted: number): Instant | undefined {
    const starts = this.#startsAt(accepted);
    if (this.#now < starts) return starts;
    const { spec, status, metadata } = this.#pod;
    const startedAt = toKubeTime(this.#now);
    const podIP = this.#podAddress(status?.hostIP);
    const isReady = this.#readyAt(this.#now) <= this.#now;
    const running = (container: Container): ContainerStatus => ({
      name: container.name,
      ready: isReady,
      started: true,
      restartCount: 0,
      image: container.image ?? '',
      imageID: `${(container.image ?? '').split(':')[0] ?? ''}@sha256:${sha256(container.image ?? '')}`,
      containerID: `containerd://${sha256(`${metadata.uid}/${container.name}`)}`,
      state: { running: { startedAt } },
      lastState: {},
    });
    this.#put({
      ...status,
      phase: 'Running',
      podIP,
      podIPs: [{ ip: podIP }],
      conditions: this.#conditions(
        ['PodReadyToStartContainers', 'True'],
        ['Ready', isReady ? 'True' : 'False'],
        ['ContainersReady', isReady ? 'True' : 'False'],
      ),
      containerStatuses: spec.containers.map(running),
      ...(spec.initContainers && {
        initContainerStatuses: spec.initContainers.map((container) =>
          container.restartPolicy === 'Always'
            ? { ...running(container), ready: true }
            : completed(running(container), startedAt),
        ),
      }),
    });
    note(this.#tx, this.#entry, { startedAt: this.#now });
    for (const container of spec.containers) {
      this.#tell('Pulled', `Container image "${container.image ?? ''}" already present on machine`);
      this.#tell('Created', `Created container: ${container.name}`);
      this.#tell('Started', `Started container ${container.name}`);
    }
    return this.#next(this.#now);
  }

  /** A running pod becomes ready, and ends when it is one that ends. */
  #run(started: Instant): Instant | undefined {
    const { status } = this.#pod;
    const ends = this.#endsAt(started);
    if (ends !== undefined && ends <= this.#now) {
      this.#end();
      return undefined;
    }
    if (podCondition(this.#pod, 'Ready')?.status !== 'True' && this.#readyAt(started) <= this.#now) {
      this.#put({
        ...status,
        conditions: this.#conditions(['Ready', 'True'], ['ContainersReady', 'True']),
        containerStatuses: (status?.containerStatuses ?? []).map((one) => ({ ...one, ready: true })),
      });
    }
    return this.#next(started);
  }

  #end(): void {
    const { status, metadata } = this.#pod;
    const exitCode = Number(metadata.annotations?.[behaviour.exitCode] ?? 0) || 0;
    const finishedAt = toKubeTime(this.#now);
    const conditions = ['PodReadyToStartContainers', 'Ready', 'ContainersReady'].reduce(
      (present, type) => withCondition(present, { type, status: 'False', reason: 'PodCompleted' }, this.#now),
      status?.conditions ?? [],
    );
    this.#put({
      ...status,
      phase: exitCode === 0 ? 'Succeeded' : 'Failed',
      conditions,
      containerStatuses: (status?.containerStatuses ?? []).map((one) => completed(one, finishedAt, exitCode)),
    });
  }

  /** When something changes next by time alone. */
  #next(started: number): Instant | undefined {
    const coming = [this.#readyAt(started), this.#endsAt(started)].filter(
      (moment): moment is Instant => moment !== undefined && moment > this.#now,
    );
    return coming.length === 0 ? undefined : instant(Math.min(...coming));
  }

  /** Ready once every container's first probe has succeeded (Kubernetes: readiness probes). */
  #readyAt(started: number): Instant {
    const given = durationOf(this.#pod, behaviour.readyDelay);
    if (given !== undefined) return instant(started + given);
    const delays = this.#pod.spec.containers.map(({ readinessProbe: probe, startupProbe }) => {
      const own = probe
        ? (probe.initialDelaySeconds ?? 0) + ((probe.successThreshold ?? 1) - 1) * (probe.periodSeconds ?? 10)
        : 0;
      return own + (startupProbe?.initialDelaySeconds ?? 0);
    });
    return instant(started + Math.max(0, ...delays) * 1000);
  }

  /** When the containers end by themselves; undefined for those that don't. */
  #endsAt(started: number): Instant | undefined {
    const given = durationOf(this.#pod, behaviour.runDuration);
    if (this.#pod.spec.restartPolicy === 'Always') return undefined;
    return instant(started + (given ?? this.#timings.run));
  }

  #conditions(...set: readonly (readonly [type: string, status: 'True' | 'False'])[]) {
    return set.reduce((conditions, [type, status]) => {
      const isUnready = status === 'False' && (type === 'Ready' || type === 'ContainersReady');
      const names = this.#pod.spec.containers.map(({ name }) => name).join(' ');
      const why = isUnready
        ? { reason: 'ContainersNotReady', message: `containers with unready status: [${names}]` }
        : {};
      return withCondition(conditions, { type, status, ...why }, this.#now);
    }, this.#pod.status?.conditions ?? []);
  }

  /** The first address of the node's range that no other pod has; the node's own for pods on its network. */
  #podAddress(hostIP: string | undefined): string {
    const { spec } = this.#pod;
    if (spec.hostNetwork === true && hostIP !== undefined) return hostIP;
    const { cluster } = this.#entry.value;
    const range = this.#node.spec.podCIDR ?? overlayRange(this.#node.metadata.uid);
    const [base = ''] = range.split('/');
    const start = base.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);
    for (let offset = 4; ; offset += 1) {
      const address = start + offset;
      const text = [24, 16, 8, 0].map((shift) => String(Math.floor(address / 2 ** shift) % 256)).join('.');
      if (this.#tx.count(pods.collection, 'byAddress', `${cluster}|${text}`) === 0) return text;
    }
  }

  #put(status: PodStatus): void {
    putStatus(this.#tx, pods, this.#tx.entry(pods.collection, this.#entry.key) ?? this.#entry, status);
  }

  #tell(reason: string, message: string): void {
    recordEvent(this.#tx, this.#parts.context, this.#entry.value.cluster, this.#pod, {
      type: 'Normal',
      reason,
      message,
      component,
      ...(this.#pod.spec.nodeName && { host: this.#pod.spec.nodeName }),
    });
  }
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const completed = (status: ContainerStatus, finishedAt: string, exitCode = 0): ContainerStatus => ({
  ...status,
  ready: false,
  started: false,
  state: {
    terminated: {
      exitCode,
      reason: exitCode === 0 ? 'Completed' : 'Error',
      ...(status.state.running && { startedAt: status.state.running.startedAt }),
      finishedAt,
    },
  },
});
