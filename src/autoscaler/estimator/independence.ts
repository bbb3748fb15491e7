import { compileLabelSelector, isSidecar } from '../../kube/index.js';
import type { LabelSelector, Pod, PodAffinityTerm } from '../../kube/index.js';
import { asksOthers } from '../../scheduler/index.js';

/** True for a pod that takes room on a node and nothing else: its like fit a node as long as there are amounts left. */
export function asksForAmountsAlone(pod: Pod): boolean {
  const { containers, initContainers = [] } = pod.spec;
  const hasHostPort = [...containers, ...initContainers.filter(isSidecar)].some(({ ports = [] }) =>
    ports.some(({ hostPort = 0 }) => hostPort > 0),
  );
  const terms = [...near(pod), ...away(pod)];
  return terms.length === 0 && !hasHostPort && spread(pod).length === 0 && !asksOthers(pod);
}

/** Which others a pod would keep off nodes once it is placed; errs on the side of yes. */
export const repelledBy = (pod: Pod): PodTest => anyOf(away(pod).map((term) => meantBy(term, pod)));

/** Which others count for where a pod may go; errs on the side of yes. */
export const countedBy = (pod: Pod): PodTest =>
  anyOf([
    ...[...near(pod), ...away(pod)].map((term) => meantBy(term, pod)),
    ...spread(pod).map(({ labelSelector }) => selectedBy(labelSelector)),
  ]);

/** Tells of a pod whether it is meant. */
export type PodTest = (pod: Pod) => boolean;

const anyOf =
  (tests: readonly PodTest[]): PodTest =>
  (pod) =>
    tests.some((test) => test(pod));

const near = ({ spec }: Pod): readonly PodAffinityTerm[] =>
  spec.affinity?.podAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];

const away = ({ spec }: Pod): readonly PodAffinityTerm[] =>
  spec.affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];

const spread = ({ spec }: Pod) =>
  (spec.topologySpreadConstraints ?? []).filter(
    ({ whenUnsatisfiable }) => whenUnsatisfiable !== 'ScheduleAnyway',
  );

/** Keys of labels that are to match too would only leave out some more: they are not looked at. */
function meantBy(term: PodAffinityTerm, { metadata }: Pod): PodTest {
  const { labelSelector, namespaceSelector, namespaces = [] } = term;
  const matches = selectedBy(labelSelector);
  if (namespaceSelector) return matches;
  const wanted = namespaces.length === 0 ? [metadata.namespace ?? ''] : namespaces;
  return (pod) => wanted.includes(pod.metadata.namespace ?? '') && matches(pod);
}

function selectedBy(selector: LabelSelector | undefined): PodTest {
  if (!selector) return () => false;
  const matches = compileLabelSelector(selector);
  return ({ metadata: { labels = {} } }) => matches(labels);
}
