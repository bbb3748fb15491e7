import { daemonsOn, isNodeReady, sameJson } from '../../kube/index.js';
import type { KubeNode, Pod } from '../../kube/index.js';
import type { Reader } from '../../store/index.js';
import type { Supposed } from '../../scheduler/index.js';
import type { Instant } from '../../units/index.js';
import { after, minutes } from '../../units/index.js';
import type { Cloud } from '../cloud.js';
import type { GroupTemplate } from '../estimator/index.js';
import type { AutoscalerFeatures } from '../features.js';
import { isDaemon, isMirror } from '../drainability/index.js';
import type { GroupState } from '../state/cluster-state.js';
import { factsOf } from '../state/node-facts.js';
import { isToBeDeleted } from '../actuation/taints.js';
import { cleaned, templateName } from './clean.js';

/** How long a node has to have been ready to stand for its group. */
const settling = minutes(1);

/** The node that stands for its group, if there is one: the first that has been ready for a while, open to pods and to stay. */
export const goodNode = ({ nodes }: GroupState, now: Instant): KubeNode | undefined =>
  nodes.find(
    (node) =>
      factsOf(node).isReady &&
      now > standsForGroupAfter(node) &&
      node.spec.unschedulable !== true &&
      !isToBeDeleted(node),
  );

/** The moment after which a node that is ready may stand for its group. */
export const standsForGroupAfter = (node: KubeNode): Instant => after(factsOf(node).readinessSince, settling);

/** Where templates are looked for. */
export interface TemplateSource {
  readonly reader: Reader;
  readonly cloud: Cloud;
  readonly cluster: string;
  readonly now: Instant;
  readonly features: AutoscalerFeatures;
  readonly supposed: Pick<Supposed, 'podsOn'>;
}

/** Whether a group's template is of this loop alone: the next may be given another by chance. */
export function isDrawn(state: GroupState, { reader, cloud, cluster, now }: TemplateSource): boolean {
  const { group, memory } = state;
  return !goodNode(state, now) && !memory.template && cloud.drawsTemplate(reader, cluster, group.id);
}

/**
 * The node that a group would get next, with the pods that would be on it (cluster autoscaler: MixedTemplateNodeInfoProvider): a
 * node it has, one it had, what the cloud says of it, or a node it has that is not well.
 */
export function templateOf(state: GroupState, source: TemplateSource): GroupTemplate | undefined {
  const { group, memory, nodes } = state;
  const name = templateName(group.id, '0');
  const good = goodNode(state, source.now);
  if (good) return fromNode(good, name, source);
  const known = memory.template ?? source.cloud.template(source.reader, source.cluster, group.id);
  if (known) {
    const node = cleaned(known, name);
    return { node, pods: daemonsOn(source.reader, source.cluster, node) };
  }
  const bad = source.features.templatesFromAllNodes ? nodes[0] : nodes.find(isNodeReady);
  return bad && fromNode(bad, name, source);
}

/** A copy of a node with what belongs to it; critical daemons that are not on it yet are expected (system-node-critical). */
function fromNode(
  example: KubeNode,
  name: string,
  { reader, cluster, supposed }: TemplateSource,
): GroupTemplate {
  const node = cleaned(example, name);
  const own = supposed
    .podsOn(example.metadata.name)
    .filter((pod) => (isMirror(pod) || isDaemon(pod)) && pod.metadata.deletionTimestamp === undefined);
  const present = new Set(
    own.flatMap(({ metadata }) => metadata.ownerReferences?.map(({ uid }) => uid) ?? []),
  );
  const missing = daemonsOn(reader, cluster, node).filter(
    ({ metadata, spec }) =>
      spec.priorityClassName === 'system-node-critical' && !present.has(metadata.uid.split('/')[0] ?? ''),
  );
  return { node, pods: [...own.map((pod) => onTemplate(pod, name)), ...missing] };
}

/** A template as a node of another name, with its own pods. */
export function onNode({ node, pods }: GroupTemplate, name: string): GroupTemplate {
  const { metadata } = node;
  const labels = { ...metadata.labels, 'kubernetes.io/hostname': name };
  return {
    node: { ...node, metadata: { ...metadata, name, uid: name, labels } },
    pods: pods.map((pod) => onTemplate(pod, name)),
  };
}

/** A pod as it would be on another node. */
const onTemplate = (pod: Pod, node: string): Pod => ({
  ...pod,
  metadata: { ...pod.metadata, uid: `${pod.metadata.uid}/${node}` },
  spec: { ...pod.spec, nodeName: node },
});

/** Cleaned copies by node object: a node that has not changed is not cleaned again. */
const kept = new WeakMap<KubeNode, KubeNode>();

/** What is kept in mind of a group's nodes for when it has none; the same object as long as nothing differs. */
export function rememberedTemplate(state: GroupState, now: Instant): KubeNode | undefined {
  const { memory, group } = state;
  const good = goodNode(state, now);
  if (!good) return memory.template;
  const copy = kept.get(good) ?? cleaned(good, templateName(group.id, '0'));
  kept.set(good, copy);
  const before = memory.template;
  return before && sameJson(before, copy) ? before : copy;
}
