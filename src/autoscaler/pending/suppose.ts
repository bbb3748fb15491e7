import { pods as podKind } from '../../kube/index.js';
import type { Pod, Stored } from '../../kube/index.js';
import type { Supposed } from '../../scheduler/index.js';
import type { Reader } from '../../store/index.js';
import type { AutoscalerOptions } from '../options.js';
import type { Templates } from '../templates/templates.js';
import type { ClusterState } from '../state/cluster-state.js';
import { onNode } from '../templates/template.js';
import { templateName } from '../templates/clean.js';
import { isExpendable } from './pods.js';

/**
 * Supposes what is not yet so of a cluster: pods that do not count are gone, those that others make room for are there, and so are
 * the nodes on their way, in place of those that have registered and are not ready yet.
 */
export function supposeToCome(
  reader: Reader,
  name: string,
  cluster: ClusterState,
  templates: Templates,
  nominated: readonly Pod[],
  { supposed, options }: { readonly supposed: Supposed; readonly options: AutoscalerOptions },
): void {
  const low = reader.find(podKind.collection, 'belowZero', name) as readonly Stored<Pod>[];
  for (const { object } of low) if (isExpendable(object, options)) supposed.removePod(object);
  for (const pod of nominated) supposed.putPod(pod, pod.status?.nominatedNodeName ?? '');
  for (const [id, state] of cluster.groups) {
    for (const { metadata } of state.nodes)
      if (cluster.readiness.get(metadata.name) === 'not started') supposed.removeNode(metadata.name);
    const template = state.upcoming > 0 ? templates.of(id) : undefined;
    if (!template) continue;
    for (let number = 1; number <= state.upcoming; number += 1) {
      const at = onNode(template, templateName(id, `upcoming-${String(number)}`));
      supposed.putNode(at.node);
      for (const pod of at.pods) supposed.putPod(pod, at.node.metadata.name);
    }
  }
}
