import { canonicalJson, controllerOf } from '../../object.js';
import type { Stored } from '../../object.js';
import { ofMetadata, uncontrolledTerm } from '../../resource-type.js';
import { labelTerms } from '../../selectors/index.js';
import type { Labels } from '../../selectors/index.js';
import { claimTerm } from '../core/persistent-volume.js';
import { claimsOf } from './claims.js';
import { resourceClaimNames } from './resource-claims.js';
import type { StoredPod } from './life.js';
import { isActive, isFinished, isReady, isTerminating } from './pod.js';
import type { Pod } from './pod.js';

/** Term of the pods' `byNode`. */
export const nodeTerm = (cluster: string, node: string): string => `${cluster}|${node}`;

/** Term of the pods' `byResourceClaim`: a template. */
export const claimTemplateTerm = (cluster: string, namespace: string | undefined, name: string): string =>
  `template|${claimTerm(cluster, namespace, name)}`;

/** Term of the pods' `byAddress`. */
export const addressTerm = (cluster: string, address: string): string => `${cluster}|${address}`;

/** What controllers count of their pods: active ones are neither ended nor being deleted. */
export type PodState =
  | 'active'
  | 'ready'
  /** Being deleted, and not ended yet. */
  | 'terminating'
  | 'finished'
  /** Ended or being deleted, and not yet counted by its job. */
  | 'uncounted';

/** The finalizer that keeps a job's pod until it is counted (Kubernetes: job tracking with finalizers). */
export const jobTracking = 'batch.kubernetes.io/job-tracking';

/** Term of the pods' `byState`: the pods of a controller that are in a state. */
export const stateTerm = (controllerUid: string, state: PodState): string => `${controllerUid}|${state}`;

/** Term of the pods' `byState`: the pods of a controller with exactly these labels. */
export const labelledTerm = (controllerUid: string, labels: Labels | undefined): string =>
  `${controllerUid}|${labels ? textOf(labels) : '{}'}`;

/** Term of the pods' `byDaemonNode`: the pods of a DaemonSet for a node. */
export const daemonNodeTerm = (daemonSetUid: string, node: string): string => `${daemonSetUid}@${node}`;

/** The node that a DaemonSet's pod is for, whether it is there already or not. */
export function daemonNodeOf({ spec }: Pod): string {
  if (spec.nodeName) return spec.nodeName;
  const terms =
    spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  return terms?.[0]?.matchFields?.[0]?.values?.[0] ?? '';
}

/** Labels are written as text once: objects are immutable, and a pod's labels outlive most of its changes. */
const texts = new WeakMap<Labels, string>();

function textOf(labels: Labels): string {
  const known = texts.get(labels);
  if (known !== undefined) return known;
  const text = canonicalJson(labels);
  texts.set(labels, text);
  return text;
}

function statesOf({ object }: Stored<Pod>): readonly string[] | undefined {
  const controller = controllerOf(object);
  if (!controller) return undefined;
  const terms = [labelledTerm(controller.uid, object.metadata.labels)];
  if (isActive(object)) {
    terms.push(stateTerm(controller.uid, 'active'));
    if (isReady(object)) terms.push(stateTerm(controller.uid, 'ready'));
  }
  if (isFinished(object)) terms.push(stateTerm(controller.uid, 'finished'));
  else if (isTerminating(object)) terms.push(stateTerm(controller.uid, 'terminating'));
  if (!isActive(object) && object.metadata.finalizers?.includes(jobTracking) === true)
    terms.push(stateTerm(controller.uid, 'uncounted'));
  return terms;
}

/** What pods are looked up by. */
export const podIndexes = {
  byNode: ({ cluster, object }: Stored<Pod>) =>
    object.spec.nodeName ? nodeTerm(cluster, object.spec.nodeName) : undefined,
  /** Pods by their addresses; those that have ended gave theirs back. */
  byAddress: ({ cluster, object }: Stored<Pod>) =>
    object.status?.podIP === undefined || isFinished(object) || object.spec.hostNetwork === true
      ? undefined
      : addressTerm(cluster, object.status.podIP),
  /** Pods by what they wait for on their nodes. */
  byNeed: ({ life }: StoredPod) => life?.needs,
  /** Pods whose memory changes over time, by node. */
  weighed: ({ cluster, object, life }: StoredPod) =>
    life?.isWeighed && !life.hasEnded ? nodeTerm(cluster, object.spec.nodeName ?? '') : undefined,
  /** Pods by the claims they use. */
  byClaim: ({ cluster, object }: Stored<Pod>) => {
    const claims = claimsOf(object);
    return claims.length === 0
      ? undefined
      : claims.map(({ name }) => claimTerm(cluster, object.metadata.namespace, name));
  },
  /** Pods by the claims for devices that they use, and by the templates that some are made of. */
  byResourceClaim: ({ cluster, object }: Stored<Pod>) => {
    const { resourceClaims } = object.spec;
    if (!resourceClaims) return undefined;
    const { namespace } = object.metadata;
    const templates = resourceClaims.flatMap(({ resourceClaimTemplateName: name }) => name ?? []);
    return [
      ...resourceClaimNames(object).map((name) => claimTerm(cluster, namespace, name)),
      ...templates.map((name) => claimTemplateTerm(cluster, namespace, name)),
    ];
  },
  /** Pods that wait for a scheduler. */
  unscheduled: ({ cluster, object }: Stored<Pod>) =>
    object.spec.nodeName || isFinished(object) ? undefined : cluster,
  /** Pods on nodes that come after those without a priority. */
  belowZero: ({ cluster, object }: Stored<Pod>) =>
    (object.spec.priority ?? 0) < 0 && object.spec.nodeName && !isFinished(object) ? cluster : undefined,
  /** Pods on nodes that are asked to end and have not. */
  ending: ({ cluster, object }: Stored<Pod>) =>
    isTerminating(object) && object.spec.nodeName && !isFinished(object) ? cluster : undefined,
  /** Pods that have ended. */
  finished: ({ cluster, object }: Stored<Pod>) => (isFinished(object) ? cluster : undefined),
  byLabel: ofMetadata(labelTerms),
  byState: statesOf,
  byDaemonNode: ({ object }: Stored<Pod>) => {
    const controller = controllerOf(object);
    return controller?.kind === 'DaemonSet'
      ? daemonNodeTerm(controller.uid, daemonNodeOf(object))
      : undefined;
  },
  uncontrolled: uncontrolledTerm,
};
