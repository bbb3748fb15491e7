import { createHash } from 'node:crypto';
import type { Transaction, Versioned } from '../../store/index.js';
import type { Instant } from '../../units/index.js';
import { instant } from '../../units/index.js';
import { StatusError, deleteObject, insertObject } from '../api/index.js';
import { daemonSets, isActive, isFinished, isReady, isTerminating, nodeKind, pods } from '../kinds/index.js';
import type { Pod, PodSpec, PodTemplateSpec, Toleration } from '../kinds/index.js';
import type { KubeNode } from '../nodes/index.js';
import { canonicalJson } from '../object.js';
import type { KubeObject, Stored } from '../object.js';
import { runsOn } from '../pods/index.js';
import { Controller, byController } from './controller.js';
import type { ControllerParts, Trigger } from './controller.js';
import { recordEvent } from './events.js';
import { resolveCount } from './int-or-percent.js';
import { controllerReference, podDraft, podsOf, putStatus } from './owned.js';
import { isAvailable, nextAvailable } from './replica-set.js';

interface DaemonSet extends KubeObject {
  readonly spec: {
    readonly minReadySeconds?: number;
    readonly template: PodTemplateSpec;
    readonly updateStrategy: {
      readonly type: 'RollingUpdate' | 'OnDelete';
      readonly rollingUpdate?: { readonly maxUnavailable?: number | string };
    };
  };
}

const component = 'daemonset-controller';
const hashLabel = 'controller-revision-hash';

const tolerate = (key: string, effect: 'NoSchedule' | 'NoExecute'): Toleration => ({
  key: `node.kubernetes.io/${key}`,
  operator: 'Exists',
  effect,
});
/** What every daemon's pods tolerate (Kubernetes: DaemonSet, taints and tolerations). */
const automatic: readonly Toleration[] = [
  tolerate('not-ready', 'NoExecute'),
  tolerate('unreachable', 'NoExecute'),
  tolerate('disk-pressure', 'NoSchedule'),
  tolerate('memory-pressure', 'NoSchedule'),
  tolerate('pid-pressure', 'NoSchedule'),
  tolerate('unschedulable', 'NoSchedule'),
];

/** Keeps a pod on every node that a DaemonSet is for (Kubernetes: DaemonSet). */
export class DaemonSetController extends Controller {
  protected readonly triggers: readonly Trigger[] = [
    { type: pods, keys: byController('DaemonSet') },
    {
      type: nodeKind,
      keys: ({ cluster, before, after }, store) =>
        before && after && before === after
          ? []
          : store.findEntries(daemonSets.collection, 'byCluster', cluster).map(({ key }) => key),
    },
  ];

  constructor(parts: ControllerParts) {
    super(parts, daemonSets);
  }

  protected reconcile(tx: Transaction, entry: Versioned<Stored>): Instant | undefined {
    const set = entry.value.object as DaemonSet;
    const { cluster } = entry.value;
    const template = daemonTemplate(set.spec.template);
    const hash = hashOf(set.spec.template);
    const nodes = tx.find(nodeKind.collection, 'byCluster', cluster).map(({ object }) => object as KubeNode);
    const wanted = nodes.filter((node) => runsOn(node, template.spec, 'new'));
    let refusal: StatusError | undefined;
    if (!isTerminating(set)) refusal = this.#sync(tx, entry, set, template, hash, nodes, wanted);
    return this.#putStatus(tx, entry, set, hash, wanted, refusal);
  }

  #sync(
    tx: Transaction,
    { value }: Versioned<Stored>,
    set: DaemonSet,
    template: PodTemplateSpec,
    hash: string,
    nodes: readonly KubeNode[],
    wanted: readonly KubeNode[],
  ): StatusError | undefined {
    const { context } = this.parts;
    const { cluster } = value;
    const present = new Map<string, Versioned<Stored<Pod>>[]>();
    for (const entry of podsOf(tx, set)) {
      const node = nodeOf(entry.value.object);
      present.set(node, [...(present.get(node) ?? []), entry]);
    }
    const remove = (entry: Versioned<Stored<Pod>>): void => {
      if (isTerminating(entry.value.object)) return;
      deleteObject(context, tx, pods, entry, { propagation: 'Background' });
      const message = `Deleted pod: ${entry.value.object.metadata.name}`;
      recordEvent(tx, context, cluster, set, {
        type: 'Normal',
        reason: 'SuccessfulDelete',
        message,
        component,
      });
    };
    const staying = new Set(
      nodes.filter((node) => runsOn(node, template.spec, 'running')).map(({ metadata }) => metadata.name),
    );
    for (const [node, entries] of present) if (!staying.has(node)) entries.forEach(remove);

    const surplus = this.#outdated(set, hash, wanted, present);
    surplus.forEach(remove);
    for (const entries of present.values()) {
      for (const entry of entries) if (isFinished(entry.value.object)) remove(entry);
    }
    try {
      for (const node of wanted) {
        const there = present.get(node.metadata.name) ?? [];
        if (there.some(({ value: { object } }) => !isFinished(object))) continue;
        const { name, namespace = '' } = set.metadata;
        const draft = podDraft(onNode(template, node.metadata.name), {
          generateName: `${name}-`,
          labels: { [hashLabel]: hash },
          ownerReferences: [controllerReference(daemonSets, set)],
        });
        const pod = insertObject(context, tx, pods, { cluster, namespace }, draft);
        const message = `Created pod: ${pod.metadata.name}`;
        recordEvent(tx, context, cluster, set, {
          type: 'Normal',
          reason: 'SuccessfulCreate',
          message,
          component,
        });
      }
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      const message = `Error creating: ${error.message}`;
      recordEvent(tx, context, cluster, set, { type: 'Warning', reason: 'FailedCreate', message, component });
      return error;
    }
    return undefined;
  }

  /** Pods of an older template that may go now: as many as may be unavailable. */
  #outdated(
    set: DaemonSet,
    hash: string,
    wanted: readonly KubeNode[],
    present: ReadonlyMap<string, readonly Versioned<Stored<Pod>>[]>,
  ): readonly Versioned<Stored<Pod>>[] {
    const { type, rollingUpdate } = set.spec.updateStrategy;
    if (type !== 'RollingUpdate') return [];
    const most = resolveCount(rollingUpdate?.maxUnavailable ?? 1, wanted.length, 'up');
    const active = wanted.flatMap(({ metadata }) =>
      (present.get(metadata.name) ?? []).filter(({ value }) => isActive(value.object)),
    );
    const unavailable = wanted.length - active.filter(({ value }) => isReady(value.object)).length;
    const old = active.filter(({ value }) => value.object.metadata.labels?.[hashLabel] !== hash);
    const broken = old.filter(({ value }) => !isReady(value.object));
    const healthy = old.filter(({ value }) => isReady(value.object));
    return [...broken, ...healthy.slice(0, Math.max(0, most - unavailable))];
  }

  #putStatus(
    tx: Transaction,
    entry: Versioned<Stored>,
    set: DaemonSet,
    hash: string,
    wanted: readonly KubeNode[],
    refusal: StatusError | undefined,
  ): Instant | undefined {
    const now = this.parts.clock.now();
    const names = new Set(wanted.map(({ metadata }) => metadata.name));
    const owned = podsOf(tx, set).map(({ value }) => value.object);
    const active = owned.filter(isActive);
    const placed = active.filter((pod) => names.has(nodeOf(pod)));
    const minReady = (set.spec.minReadySeconds ?? 0) * 1000;
    const available = placed.filter((pod) => isAvailable(pod, minReady, now)).length;
    const updated = placed.filter(({ metadata }) => metadata.labels?.[hashLabel] === hash).length;
    putStatus(tx, daemonSets, tx.entry(daemonSets.collection, entry.key) ?? entry, {
      currentNumberScheduled: placed.length,
      numberMisscheduled: active.length - placed.length,
      desiredNumberScheduled: wanted.length,
      numberReady: placed.filter(isReady).length,
      observedGeneration: set.metadata.generation ?? 0,
      ...(updated > 0 && { updatedNumberScheduled: updated }),
      ...(available > 0 && { numberAvailable: available }),
      ...(wanted.length > available && { numberUnavailable: wanted.length - available }),
    });
    return refusal ? instant(now + 15_000) : nextAvailable(placed, minReady, now);
  }
}

/** The template with what all daemons tolerate. */
function daemonTemplate(template: PodTemplateSpec): PodTemplateSpec {
  const { spec } = template;
  const network: readonly Toleration[] =
    spec.hostNetwork === true ? [tolerate('network-unavailable', 'NoSchedule')] : [];
  return {
    ...template,
    spec: { ...spec, tolerations: [...(spec.tolerations ?? []), ...automatic, ...network] },
  };
}

/** The template for one node: its pods are bound to it by their affinity. */
function onNode(template: PodTemplateSpec, node: string): PodTemplateSpec {
  const { affinity } = template.spec;
  const term = { matchFields: [{ key: 'metadata.name', operator: 'In' as const, values: [node] }] };
  const required = { nodeSelectorTerms: [term] };
  const spec: PodSpec = {
    ...template.spec,
    affinity: {
      ...affinity,
      nodeAffinity: { ...affinity?.nodeAffinity, requiredDuringSchedulingIgnoredDuringExecution: required },
    },
  };
  return { ...template, spec };
}

/** The node a daemon's pod is for, whether it is there already or not. */
function nodeOf({ spec }: Pod): string {
  const terms =
    spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  return spec.nodeName ?? terms?.[0]?.matchFields?.[0]?.values?.[0] ?? '';
}

const hashOf = (template: PodTemplateSpec): string =>
  createHash('sha256').update(canonicalJson(template)).digest('hex').slice(0, 10);
