import { isFinished, nodeTerm, pods } from '../../kube/index.js';
import type { Pod, Stored } from '../../kube/index.js';
import type { Reader } from '../../store/index.js';
import { isDaemon, isMirror } from '../drainability/index.js';
import type { AutoscalerOptions } from '../options.js';

/** The pods that count on a node: those that have ended, or that nobody would miss, do not. */
export const podsOn = (
  reader: Reader,
  cluster: string,
  node: string,
  { expendablePodsPriorityCutoff }: Pick<AutoscalerOptions, 'expendablePodsPriorityCutoff'>,
): readonly Pod[] =>
  (reader.find(pods.collection, 'byNode', nodeTerm(cluster, node)) as unknown as readonly Stored<Pod>[])
    .map(({ object }) => object)
    .filter((pod) => !isFinished(pod) && (pod.spec.priority ?? 0) >= expendablePodsPriorityCutoff);

/** Pods that have to be gone before a node goes. */
export const podsToEvict = (pods: readonly Pod[]): readonly Pod[] =>
  pods.filter((pod) => !isMirror(pod) && !isDaemon(pod));

/** Daemons that are told to go, by their annotation or else by the option. */
export const daemonsToEvict = (pods: readonly Pod[], byDefault: boolean): readonly Pod[] =>
  pods.filter((pod) => {
    if (isMirror(pod) || !isDaemon(pod)) return false;
    const said = pod.metadata.annotations?.['cluster-autoscaler.kubernetes.io/enable-ds-eviction'];
    return said === undefined ? byDefault : said === 'true';
  });
