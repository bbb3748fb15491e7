import type { Transaction, Versioned } from '../../../store/index.js';
import type { Instant } from '../../../units/index.js';
import type { StatusError } from '../../api/index.js';
import { controllerRevisions, daemonNodeTerm, daemonSets, nodeKind, pods } from '../../kinds/index.js';
import type { Pod, PodTemplateSpec } from '../../kinds/index.js';
import type { KubeNode } from '../../nodes/index.js';
import { controllerOf } from '../../object.js';
import type { Stored } from '../../object.js';
import { runsOn } from '../../pods/index.js';
import { objectKey } from '../../resource-type.js';
import { compileLabelSelector } from '../../selectors/index.js';
import { adopt, release } from '../adoption.js';
import type { Adopter } from '../adoption.js';
import { earliest } from '../availability.js';
import type { ControllerParts, Next } from '../controller.js';
import { putStatus } from '../owned.js';
import { PodWriter } from '../pod-writer.js';
import { presentRevision, revisionLabel, revisionTag, trimRevisions } from '../revision-history.js';
import { slowStart } from '../slow-start.js';
import { rollingLimits } from './daemon-set.js';
import type { DaemonSet, RollingLimits } from './daemon-set.js';
import { decide, nowhere, summarize } from './node-pods.js';
import type { Place, Wanted } from './node-pods.js';
import { daemonTemplate, onNode } from './pod-template.js';
import type { Tally } from './tally.js';

type PodEntry = Versioned<Stored<Pod>>;

/** Pods made in one turn (Kubernetes: burst replicas of daemon sets). */
const burst = 250;
const generationAnnotation = 'deprecated.daemonset.template.generation';
const generationLabel = 'pod-template-generation';

/** One turn of a set: the nodes that have changed, a step of the update, its status. */
export class DaemonTurn {
  readonly #parts: ControllerParts;
  readonly #tx: Transaction;
  readonly #entry: Versioned<Stored>;
  readonly #set: DaemonSet;
  readonly #tally: Tally;
  readonly #template: PodTemplateSpec;
  readonly #adopter: Adopter;
  readonly #writer: PodWriter;
  readonly #now: Instant;
  #hash = '';
  #collisions: number | undefined;
  #refusal: StatusError | undefined;
  #retryAt: Instant | undefined;

  constructor(
    parts: ControllerParts,
    tx: Transaction,
    entry: Versioned<Stored>,
    set: DaemonSet,
    tally: Tally,
  ) {
    this.#parts = parts;
    this.#tx = tx;
    this.#entry = entry;
    this.#set = set;
    this.#tally = tally;
    this.#now = parts.clock.now();
    this.#template = daemonTemplate(set.spec.template);
    const matches = compileLabelSelector(set.spec.selector);
    const selects = ({ metadata }: { metadata: { labels?: Readonly<Record<string, string>> } }) =>
      matches(metadata.labels ?? {});
    this.#adopter = { type: daemonSets, entry, selects };
    this.#writer = new PodWriter(parts.context, tx, daemonSets, entry, 'daemonset-controller');
    this.#collisions = set.status?.collisionCount;
  }

  /** Brings the changed nodes to what they should have, then takes the update a step further. */
  advance(): void {
    this.#hash = this.#presentHash();
    adopt(this.#tx, this.#adopter, pods);
    this.#tally.wake(this.#now);
    const missing = this.#settleNodes();
    this.#create(missing);
    if (this.#set.spec.updateStrategy.type === 'RollingUpdate') this.#update();
    const { namespace = '' } = this.#set.metadata;
    trimRevisions(
      this.#tx,
      this.#set,
      this.#set.spec.revisionHistoryLimit ?? 10,
      (one) =>
        revisionTag(one) === this.#hash ||
        this.#tx.count(
          pods.collection,
          'byLabel',
          `${this.#entry.value.cluster}|${namespace}|${revisionLabel}=${revisionTag(one)}`,
        ) > 0,
    );
  }

  /** The hash of the present template; its revision is looked for once a generation, and made again if it goes. */
  #presentHash(): string {
    const { present } = this.#tally;
    if (present && this.#tx.get(controllerRevisions.collection, present.key)) return present.hash;
    const { revision, collisions } = presentRevision(
      this.#parts.context,
      this.#tx,
      this.#adopter,
      this.#set.spec.template,
      { label: 'hash' },
      this.#collisions ?? 0,
    );
    if (collisions > 0) this.#collisions = collisions;
    const { cluster } = this.#entry.value;
    const { name, namespace } = revision.metadata;
    this.#tally.present = { key: objectKey(cluster, namespace, name), hash: revisionTag(revision) };
    return this.#tally.present.hash;
  }

  #wanted(): Wanted {
    return {
      hash: this.#hash,
      minReady: (this.#set.spec.minReadySeconds ?? 0) * 1000,
      surges: this.#limits().surge > 0,
      now: this.#now,
    };
  }

  #limits(): RollingLimits {
    return rollingLimits(this.#set, this.#tally.count('desired'));
  }

  /** Removes from the changed nodes what is too much; returns those that miss a pod. */
  #settleNodes(): readonly string[] {
    const nodes = [...this.#tally.dirty];
    this.#tally.dirty.clear();
    // Counted first: how many may be unavailable depends on how many there are to be.
    for (const node of nodes) this.#recount(node);
    const wanted = this.#wanted();
    const missing: string[] = [];
    for (const node of nodes) {
      const place = this.#placeOf(node);
      this.#releaseFrom(node);
      const entries = this.#podsOn(node);
      const { create, ended, remove } = decide(objectsOf(entries), place, wanted);
      for (const pod of ended) this.#replaceEnded(node, entryOf(entries, pod));
      for (const pod of remove) this.#writer.remove(entryOf(entries, pod));
      if (create) missing.push(node);
      this.#recount(node);
    }
    return missing;
  }

  #releaseFrom(node: string): void {
    release(this.#tx, this.#adopter, pods, this.#podsOn(node));
  }

  #recount(node: string): void {
    const place = this.#placeOf(node);
    const found = objectsOf(this.#podsOn(node));
    if (!place.exists && found.length === 0) this.#tally.remove(node);
    else this.#tally.put(node, summarize(found, place, this.#wanted()));
  }

  #placeOf(name: string): Place {
    const { cluster } = this.#entry.value;
    const found = this.#tx.get(nodeKind.collection, objectKey(cluster, undefined, name));
    if (!found) return nowhere;
    const node = found.object as KubeNode;
    const { spec } = this.#template;
    return {
      exists: true,
      shouldRun: runsOn(node, spec, 'new'),
      mayStay: runsOn(node, spec, 'running'),
    };
  }

  #podsOn(node: string): readonly PodEntry[] {
    const { uid } = this.#set.metadata;
    const found = this.#tx.findEntries(pods.collection, 'byDaemonNode', daemonNodeTerm(uid, node));
    return (found as readonly PodEntry[]).filter(({ value }) => controllerOf(value.object)?.uid === uid);
  }

  /** A pod that has ended goes, so that another can come; one that failed only after its back-off. */
  #replaceEnded(node: string, entry: PodEntry): void {
    const { status, metadata } = entry.value.object;
    const what = `${metadata.namespace ?? ''}/${metadata.name} on node ${node}`;
    if (status?.phase === 'Succeeded') {
      this.#writer.tell(
        'Normal',
        'SucceededDaemonPod',
        `Found succeeded daemon pod ${what}, will try to delete it`,
      );
    } else {
      const allowed = this.#tally.mayReplaceFailed(node, this.#now);
      if (allowed !== 'now') {
        this.#tally.dirty.add(node);
        this.#retryAt = earliest(this.#retryAt, allowed);
        return;
      }
      this.#writer.tell('Warning', 'FailedDaemonPod', `Found failed daemon pod ${what}, will try to kill it`);
    }
    this.#writer.remove(entry);
    // It may be gone at once: the next look finds the node without a pod.
    this.#tally.dirty.add(node);
    this.#retryAt = earliest(this.#retryAt, this.#now);
  }

  /** Makes a pod for each of the nodes; those that are too many for one turn, or were refused, wait for the next. */
  #create(nodes: readonly string[]): void {
    const count = Math.min(nodes.length, burst);
    const made = new Set<string>();
    const refusal = slowStart(count, (index) => {
      const node = nodes[index] ?? '';
      const { annotations } = this.#set.metadata;
      this.#writer.create(onNode(this.#template, node), {
        labels: {
          [revisionLabel]: this.#hash,
          [generationLabel]: annotations?.[generationAnnotation] ?? '1',
        },
      });
      made.add(node);
    });
    for (const node of nodes) {
      if (made.has(node)) this.#recount(node);
      else this.#tally.dirty.add(node);
    }
    if (refusal) this.#refusal ??= refusal;
    else if (nodes.length > count) this.#retryAt = earliest(this.#retryAt, this.#now);
  }

  /** Replaces pods of older templates, as many at a time as the limits allow. */
  #update(): void {
    const limits = this.#limits();
    if (limits.surge > 0) this.#surge(limits.surge);
    else this.#replaceOld(limits.unavailable);
  }

  #replaceOld(most: number): void {
    const broken = [...this.#tally.at('old, unavailable')];
    const unavailable = broken.length + this.#tally.at('unavailable').size + this.#tally.at('both').size;
    const healthy = firstOf(this.#tally.at('old, available'), most - unavailable);
    for (const node of [...broken, ...healthy]) {
      for (const entry of this.#podsOn(node)) {
        const isOld = entry.value.object.metadata.labels?.[revisionLabel] !== this.#hash;
        if (isOld) this.#writer.remove(entry);
      }
      this.#recount(node);
      // A pod that never reached its node is gone at once.
      if (this.#podsOn(node).length === 0) this.#create([node]);
    }
  }

  #surge(most: number): void {
    const broken = [...this.#tally.at('old, unavailable')];
    const surging = this.#tally.at('both').size;
    this.#create([...broken, ...firstOf(this.#tally.at('old, available'), most - surging)]);
  }

  /** Writes the status; when to look again. */
  putStatus(): Next {
    const count = this.#tally.count.bind(this.#tally);
    const desired = count('desired');
    const available = count('available');
    const entry = this.#tx.entry(daemonSets.collection, this.#entry.key);
    if (entry) {
      putStatus(this.#tx, daemonSets, entry, {
        currentNumberScheduled: count('current'),
        numberMisscheduled: count('misscheduled'),
        desiredNumberScheduled: desired,
        numberReady: count('ready'),
        observedGeneration: this.#set.metadata.generation ?? 0,
        ...(count('updated') > 0 && { updatedNumberScheduled: count('updated') }),
        ...(available > 0 && { numberAvailable: available }),
        ...(desired > available && { numberUnavailable: desired - available }),
        ...(this.#collisions !== undefined && { collisionCount: this.#collisions }),
      });
    }
    if (this.#refusal) return 'retry';
    return earliest(this.#retryAt, this.#tally.nextAvailable());
  }
}

const objectsOf = (entries: readonly PodEntry[]): readonly Pod[] => entries.map(({ value }) => value.object);

function entryOf(entries: readonly PodEntry[], pod: Pod): PodEntry {
  const found = entries.find(({ value }) => value.object === pod);
  if (!found) throw new Error(`${pod.metadata.name} is none of the pods that were decided on`);
  return found;
}

function firstOf(nodes: ReadonlySet<string>, count: number): readonly string[] {
  const found: string[] = [];
  if (count <= 0) return found;
  for (const node of nodes) {
    found.push(node);
    if (found.length >= count) break;
  }
  return found;
}
