import {
  builtInTypes,
  compileLabelSelector,
  controllerOf,
  mayBeSelecting,
  membersOf,
  objectKey,
} from '../../kube/index.js';
import type { LabelSelector, TopologySpreadConstraint } from '../../kube/index.js';
import type { PluginContext, Subject } from '../framework/plugin.js';

/** What Kubernetes spreads pods by that say nothing themselves (PodTopologySpread: system defaulting). */
const systemConstraints: readonly TopologySpreadConstraint[] = [
  { maxSkew: 3, topologyKey: 'kubernetes.io/hostname', whenUnsatisfiable: 'ScheduleAnyway' },
  { maxSkew: 5, topologyKey: 'topology.kubernetes.io/zone', whenUnsatisfiable: 'ScheduleAnyway' },
];

const typeOf = (kind: string) => builtInTypes.find((type) => type.kind === kind);
const services = typeOf('Service');

/** The constraints of a pod that has none of its own; none for a pod that no service and no owner selects. */
export function defaultConstraints(
  subject: Subject,
  context: PluginContext,
): readonly TopologySpreadConstraint[] {
  const { defaultingType = 'System', defaultConstraints: listed = [] } = context.args.PodTopologySpread ?? {};
  const constraints = defaultingType === 'System' ? systemConstraints : listed;
  if (constraints.length === 0) return [];
  const labelSelector = selectorOf(subject, context);
  return labelSelector ? constraints.map((constraint) => ({ ...constraint, labelSelector })) : [];
}

/** What selects the pod, merged: its services' selectors and its owner's (component-helpers: DefaultSelector). */
function selectorOf(
  { pod, labels: { namespace, labels } }: Subject,
  { reader, cluster }: PluginContext,
): LabelSelector | undefined {
  const matchLabels: Record<string, string> = {};
  if (services) {
    for (const { value } of mayBeSelecting(reader, services, { cluster, namespace }, labels)) {
      const { selector } = specOf<{ selector?: Record<string, string> }>(value.object);
      if (selector && compileLabelSelector({ matchLabels: selector })(labels))
        Object.assign(matchLabels, selector);
    }
  }
  const owner = controllerOf(pod);
  const owned = owner && typeOf(owner.kind);
  const isSelecting = owner && ['ReplicationController', 'ReplicaSet', 'StatefulSet'].includes(owner.kind);
  const found =
    owned && isSelecting
      ? reader.get(owned.collection, objectKey(cluster, namespace, owner.name))
      : undefined;
  let matchExpressions: LabelSelector['matchExpressions'];
  if (found) {
    const { selector } = specOf<{ selector?: LabelSelector & Record<string, string> }>(found.object);
    if (owner?.kind === 'ReplicationController') Object.assign(matchLabels, selector);
    else {
      Object.assign(matchLabels, selector?.matchLabels);
      ({ matchExpressions } = selector ?? {});
    }
  }
  const isEmpty = Object.keys(matchLabels).length === 0 && (matchExpressions ?? []).length === 0;
  return isEmpty ? undefined : { matchLabels, ...(matchExpressions && { matchExpressions }) };
}

const specOf = <T>(object: Parameters<typeof membersOf>[0]): T => (membersOf(object)['spec'] ?? {}) as T;
