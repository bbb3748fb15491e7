import type { Transaction, Versioned } from '../../../store/index.js';
import { StatusError, deleteObject, insertObject } from '../../api/index.js';
import { deployments, isTerminating, replicaSets } from '../../kinds/index.js';
import { controllerOf } from '../../object.js';
import type { KubeObject, Stored } from '../../object.js';
import { objectKey } from '../../resource-type.js';
import { compileLabelSelector } from '../../selectors/index.js';
import { adopt, release } from '../adoption.js';
import type { ControllerParts } from '../controller.js';
import { recordEvent } from '../events.js';
import { controlledBy, controllerReference, putDesired } from '../owned.js';
import type { ReplicaSet } from '../replication/index.js';
import { hashLabel, safeHash, templateText } from '../template-hash.js';
import { maxSurge } from './deployment.js';
import type { Deployment, SetEntry } from './deployment.js';
import type { SetSize } from './sizes.js';

const component = 'deployment-controller';
const revisionKey = 'deployment.kubernetes.io/revision';
const historyKey = 'deployment.kubernetes.io/revision-history';
const desiredKey = 'deployment.kubernetes.io/desired-replicas';
const maxKey = 'deployment.kubernetes.io/max-replicas';
/** A set's list of the revisions it had takes no more letters than this. */
const longestHistory = 2000;

/** Annotations of a deployment that are not its sets'. */
const own: ReadonlySet<string> = new Set([
  'kubectl.kubernetes.io/last-applied-configuration',
  revisionKey,
  historyKey,
  desiredKey,
  maxKey,
  'deprecated.deployment.rollback.to',
]);

const numberAt = ({ metadata }: KubeObject, key: string): number | undefined => {
  const value = Number(metadata.annotations?.[key]);
  return Number.isInteger(value) ? value : undefined;
};

const revisionOf = (set: KubeObject): number => numberAt(set, revisionKey) ?? 0;

/** What a deployment had wanted when one of its sets was last sized. */
export const desiredAtSizing = (set: ReplicaSet): number | undefined => numberAt(set, desiredKey);

export const sizeOf = ({ value: { object } }: SetEntry): SetSize => ({
  name: object.metadata.name,
  replicas: object.spec.replicas,
  available: object.status?.availableReplicas ?? 0,
  maxBefore: numberAt(object, maxKey),
  created: Date.parse(object.metadata.creationTimestamp),
});

/** How a set of the present template came about. */
export type PresentSet =
  | { readonly kind: 'found' | 'made'; readonly set: SetEntry }
  | { readonly kind: 'refused'; readonly error: StatusError };

/** The ReplicaSets of a Deployment: finds, makes, sizes and drops them. */
export class DeploymentSets {
  readonly #parts: ControllerParts;
  readonly #tx: Transaction;
  readonly #entry: Versioned<Stored>;
  readonly #deployment: Deployment;
  #collisions: number;

  constructor(parts: ControllerParts, tx: Transaction, entry: Versioned<Stored>, deployment: Deployment) {
    this.#parts = parts;
    this.#tx = tx;
    this.#entry = entry;
    this.#deployment = deployment;
    this.#collisions = deployment.status?.collisionCount ?? 0;
  }

  /** How often the hash of a template was taken by another set. */
  get collisions(): number {
    return this.#collisions;
  }

  /** Takes up sets that it selects and nobody has, and lets go of those it does not select any more. */
  claim(): void {
    const matches = compileLabelSelector(this.#deployment.spec.selector);
    const adopter = {
      type: deployments,
      entry: this.#entry,
      selects: ({ metadata }: KubeObject) => matches(metadata.labels ?? {}),
    };
    adopt(this.#tx, adopter, replicaSets);
    release(this.#tx, adopter, replicaSets, this.all());
  }

  /** All of them, the oldest first. */
  all(): readonly SetEntry[] {
    const sets = controlledBy<ReplicaSet>(this.#tx, replicaSets, this.#deployment.metadata.uid);
    const created = ({ value }: SetEntry) => value.object.metadata.creationTimestamp;
    return [...sets].sort((a, b) => (created(a) === created(b) ? 0 : created(a) < created(b) ? -1 : 1));
  }

  /** The set of the present template: the oldest one, should there be several. */
  present(): SetEntry | undefined {
    const text = templateText(this.#deployment.spec.template);
    return this.all().find(({ value }) => templateText(value.object.spec.template) === text);
  }

  old(): readonly SetEntry[] {
    const present = this.present();
    return this.all().filter(({ key }) => key !== present?.key);
  }

  /** Brings the revision, annotations and readiness of the present set up to date, if there is one. */
  syncPresent(): void {
    const present = this.present();
    if (!present) return;
    const newest = this.old().reduce((most, { value }) => Math.max(most, revisionOf(value.object)), 0);
    const { object } = present.value;
    const { minReadySeconds } = this.#deployment.spec;
    const metadata = { annotations: this.#annotations(object, newest + 1) };
    const isSame = isSameMap(metadata.annotations, object.metadata.annotations ?? {});
    const isAsReady = (object.spec.minReadySeconds ?? 0) === (minReadySeconds ?? 0);
    if (!isSame || !isAsReady) {
      putDesired(this.#tx, replicaSets, present, {
        ...(!isSame && { metadata }),
        ...(!isAsReady && { spec: { ...object.spec, minReadySeconds: minReadySeconds ?? 0 } }),
      });
    }
    this.#noteRevision(metadata.annotations[revisionKey] ?? '1');
  }

  /** A set's annotations with those of its deployment, and with the revision if it is a newer one. */
  #annotations(set: KubeObject, revision: number): Record<string, string> {
    const present = set.metadata.annotations ?? {};
    const before = revisionOf(set);
    const merged: Record<string, string> = { ...present, ...this.#copied() };
    if (before >= revision) return merged;
    merged[revisionKey] = String(revision);
    if (before > 0) {
      const history = present[historyKey];
      const grown = history === undefined || history === '' ? String(before) : `${history},${String(before)}`;
      merged[historyKey] = grown.length <= longestHistory ? grown : String(before);
    }
    return merged;
  }

  #copied(): Record<string, string> {
    const all = Object.entries(this.#deployment.metadata.annotations ?? {});
    return Object.fromEntries(all.filter(([key]) => !own.has(key)));
  }

  /** The set of the present template with `replicas` pods; made when there is none. */
  ensurePresent(replicas: number): PresentSet {
    const present = this.present();
    if (present) return { kind: 'found', set: present };
    const revision = this.all().reduce((most, { value }) => Math.max(most, revisionOf(value.object)), 0) + 1;
    try {
      this.#make(replicas, revision);
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      const message = `Failed to create new replica set "${this.#nameOf()}": ${error.message}`;
      this.#tell('Warning', 'ReplicaSetCreateError', message);
      return { kind: 'refused', error: error };
    }
    const set = this.present();
    if (!set) throw new Error(`${this.#nameOf()} was made and is not there`);
    if (replicas > 0) this.#tellScaled(set.value.object.metadata.name, 0, replicas);
    this.#noteRevision(String(revision));
    return { kind: 'made', set };
  }

  #nameOf(): string {
    const { metadata, spec } = this.#deployment;
    return `${metadata.name}-${safeHash(spec.template, this.#collisions)}`;
  }

  #make(replicas: number, revision: number): void {
    const { metadata, spec } = this.#deployment;
    const { cluster } = this.#entry.value;
    const { namespace = '' } = metadata;
    // Another set may have the name: its hash is made anew until it is free.
    while (this.#tx.get(replicaSets.collection, objectKey(cluster, namespace, this.#nameOf())))
      this.#collisions += 1;
    const hash = safeHash(spec.template, this.#collisions);
    const labels = { ...spec.template.metadata?.labels, [hashLabel]: hash };
    const { minReadySeconds, selector, template } = spec;
    insertObject(
      this.#parts.context,
      this.#tx,
      replicaSets,
      { cluster, namespace },
      {
        metadata: {
          name: this.#nameOf(),
          labels,
          annotations: { ...this.#copied(), ...this.#counts(), [revisionKey]: String(revision) },
          ownerReferences: [controllerReference(deployments, this.#deployment)],
        },
        spec: {
          replicas,
          ...(minReadySeconds !== undefined && { minReadySeconds }),
          selector: { ...selector, matchLabels: { ...selector.matchLabels, [hashLabel]: hash } },
          template: structuredClone({ ...template, metadata: { ...template.metadata, labels } }),
        },
      },
    );
  }

  #counts(): Record<string, string> {
    const { replicas } = this.#deployment.spec;
    return { [desiredKey]: String(replicas), [maxKey]: String(replicas + maxSurge(this.#deployment)) };
  }

  #noteRevision(revision: string): void {
    const entry = this.#tx.entry(deployments.collection, this.#entry.key);
    const annotations = entry?.value.object.metadata.annotations;
    if (!entry || annotations?.[revisionKey] === revision) return;
    putDesired(this.#tx, deployments, entry, {
      metadata: { annotations: { ...annotations, [revisionKey]: revision } },
    });
  }

  /** Sizes a set; true when that changes it. */
  resize({ key }: SetEntry, replicas: number): boolean {
    const present = this.#tx.entry(replicaSets.collection, key) as SetEntry | undefined;
    if (!present) return false;
    const { object } = present.value;
    const before = object.spec.replicas;
    const annotations = { ...object.metadata.annotations, ...this.#counts() };
    const isSame = before === replicas;
    if (isSame && isSameMap(annotations, object.metadata.annotations ?? {})) return false;
    putDesired(this.#tx, replicaSets, present, {
      metadata: { annotations },
      ...(!isSame && { spec: { ...object.spec, replicas } }),
    });
    if (!isSame) this.#tellScaled(object.metadata.name, before, replicas);
    return !isSame;
  }

  /** Drops the oldest old sets beyond the history. */
  trim(): void {
    const { revisionHistoryLimit } = this.#deployment.spec;
    if (revisionHistoryLimit === undefined) return;
    const old = this.old().filter(({ value }) => !isTerminating(value.object));
    const order = [...old].sort((a, b) => revisionOf(a.value.object) - revisionOf(b.value.object));
    for (const set of order.slice(0, Math.max(0, old.length - revisionHistoryLimit))) {
      const { spec, status, metadata } = set.value.object;
      const isIdle = spec.replicas === 0 && (status?.replicas ?? 0) === 0;
      const isSeen = (metadata.generation ?? 0) <= (status?.observedGeneration ?? 0);
      if (isIdle && isSeen)
        deleteObject(this.#parts.context, this.#tx, replicaSets, set, { propagation: 'Background' });
    }
  }

  #tellScaled(set: string, from: number, to: number): void {
    const verb = to > from ? 'up' : 'down';
    const message = `Scaled ${verb} replica set ${set} from ${String(from)} to ${String(to)}`;
    this.#tell('Normal', 'ScalingReplicaSet', message);
  }

  #tell(type: 'Normal' | 'Warning', reason: string, message: string): void {
    const { cluster } = this.#entry.value;
    const note = { type, reason, message, component };
    recordEvent(this.#tx, this.#parts.context, cluster, this.#deployment, note);
  }
}

function isSameMap(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
}

/** The key of the Deployment that a ReplicaSet is of. */
export function deploymentKeyOf(cluster: string, set: KubeObject): readonly string[] {
  const owner = controllerOf(set);
  return owner?.kind === 'Deployment' ? [objectKey(cluster, set.metadata.namespace, owner.name)] : [];
}
