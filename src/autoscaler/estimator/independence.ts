import { compileLabelSelector, isSidecar } from '../../kube/index.js';
import type { Pod, PodAffinityTerm } from '../../kube/index.js';
import { asksOthers } from '../../scheduler/index.js';
import type { PodGroup } from './pod-group.js';

/** True for a pod that takes room on a node and nothing else: its like fit a node as long as there are amounts left. */
export function asksForAmountsAlone(pod: Pod): boolean {
  const { affinity, topologySpreadConstraints: spread = [], containers, initContainers = [] } = pod.spec;
  const { podAffinity, podAntiAffinity } = affinity ?? {};
  const terms = [podAffinity, podAntiAffinity].flatMap(
    (one) => one?.requiredDuringSchedulingIgnoredDuringExecution ?? [],
  );
  const hasHostPort = [...containers, ...initContainers.filter(isSidecar)].some(({ ports = [] }) =>
    ports.some(({ hostPort = 0 }) => hostPort > 0),
  );
  return (
    terms.length === 0 &&
    !hasHostPort &&
    spread.every(({ whenUnsatisfiable }) => whenUnsatisfiable === 'ScheduleAnyway') &&
    !asksOthers(pod)
  );
}

/**
 * The groups, of those in order, whose pods come to the same by amounts alone as one by one: nothing that is placed before them
 * keeps them off a node.
 */
export function independent(groups: readonly PodGroup[]): ReadonlySet<PodGroup> {
  const found = new Set<PodGroup>();
  const repelling: ((pod: Pod) => boolean)[] = [];
  for (const group of groups) {
    const [example] = group.pods;
    if (!example) continue;
    if (asksForAmountsAlone(example) && !repelling.some((repels) => repels(example))) found.add(group);
    const away = example.spec.affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
    for (const term of away) repelling.push(repeller(term, example));
  }
  return found;
}

/** Whether a term of a pod's anti-affinity may be about another pod; errs on the side of yes. */
function repeller(term: PodAffinityTerm, { metadata }: Pod): (pod: Pod) => boolean {
  const { labelSelector, namespaceSelector, namespaces = [] } = term;
  if (!labelSelector) return () => false;
  const matches = compileLabelSelector(labelSelector);
  const isOwn = namespaces.length === 0 && !namespaceSelector;
  const inNamespace = (namespace = ''): boolean =>
    namespaceSelector !== undefined || (isOwn ? [metadata.namespace ?? ''] : namespaces).includes(namespace);
  return (pod) => inNamespace(pod.metadata.namespace) && matches(pod.metadata.labels ?? {});
}
