import { volumeDemand } from '../../kube/index.js';
import type { VolumeDemand } from '../../kube/index.js';
import type { PluginContext, Subject } from '../framework/plugin.js';

/** What is known of a subject's volumes: several plugins ask in one attempt. */
const known = new WeakMap<Subject, VolumeDemand>();

/** What a pod's claims ask of a node; undefined for a pod without claims. */
export function demandOf(subject: Subject, { reader, cluster }: PluginContext): VolumeDemand | undefined {
  if (!subject.pod.spec.volumes) return undefined;
  const demand = known.get(subject) ?? volumeDemand(reader, cluster, subject.pod);
  known.set(subject, demand);
  return demand.kind === 'none' ? undefined : demand;
}
