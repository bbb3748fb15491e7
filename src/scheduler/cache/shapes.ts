import type { PodAffinity, Pod, Volume } from '../../kube/index.js';
import type { CarriedTerms, CarriedTerm } from './carried-terms.js';
import { pinOf } from './pins.js';
import type { HostPort, PodShape } from './pod-info.js';
import { isResized, podResources } from './resources.js';
import type { ResourceNames, Summing } from './resources.js';
import { isSidecar, sameMembers } from '../../kube/index.js';

/** Tells pods of equal needs from others. */
export class Shapes {
  readonly #shapes = new Map<string, PodShape>();
  readonly #names: ResourceNames;
  readonly #terms: CarriedTerms;
  readonly #podLevel: Summing['podLevel'];
  #made = 0;
  #last: { readonly pod: Pod; readonly shape: PodShape } | undefined;

  constructor(names: ResourceNames, terms: CarriedTerms, podLevel: Summing['podLevel']) {
    this.#names = names;
    this.#terms = terms;
    this.#podLevel = podLevel;
  }

  of(pod: Pod): PodShape {
    // Most pods come after one like them: that is seen in a fraction of the time in which a key is written and found.
    const shape = this.#last && isLike(pod, this.#last.pod) ? this.#last.shape : this.#find(pod);
    this.#last = { pod, shape };
    return shape;
  }

  #find(pod: Pod): PodShape {
    const nodeKey = nodeKeyOf(pod);
    const key = `${nodeKey}\n${furtherKeyOf(pod)}`;
    const known = this.#shapes.get(key);
    if (known) return known;
    this.#made += 1;
    const shape: PodShape = {
      nodeKey,
      id: this.#made,
      priority: pod.spec.priority ?? 0,
      resources: podResources(pod, this.#names, this.#podLevel),
      hostPorts: hostPortsOf(pod),
      carried: carriedOf(pod, this.#terms),
    };
    this.#shapes.set(key, shape);
    return shape;
  }
}

/** True for pods that say the same: more than has to be equal for them to be of one shape. */
const isLike = (a: Pod, b: Pod): boolean =>
  a.metadata.namespace === b.metadata.namespace &&
  sameMembers(a.spec, b.spec, 'nodeName') &&
  !isResized(a) &&
  !isResized(b);

/** All of a pod that a node by itself takes, refuses or scores it by. */
function nodeKeyOf(pod: Pod): string {
  const { spec } = pod;
  const container = ({ resources, ports }: Pod['spec']['containers'][number]): unknown[] => [
    resources?.requests,
    ports?.some(({ hostPort }) => hostPort) ? ports : undefined,
  ];
  return JSON.stringify([
    spec.priority,
    spec.containers.map(container),
    spec.initContainers?.map((one) => [one.restartPolicy, ...container(one)]),
    spec.nodeSelector,
    nodeAffinityKey(pod),
    spec.tolerations,
    spec.overhead,
    spec.resources?.requests,
    spec.schedulerName,
    isResized(pod) ? pod.status : undefined,
  ]);
}

/** Pods of a daemon are alike but for the node that they name, as only that one is looked at for each. */
function nodeAffinityKey(pod: Pod): unknown {
  const { affinity, topologySpreadConstraints } = pod.spec;
  const { nodeAffinity } = affinity ?? {};
  if (!nodeAffinity || topologySpreadConstraints || pinOf(pod) === undefined) return nodeAffinity;
  const [term] = nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  return ['pinned', term?.matchExpressions, nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution];
}

/** What else a pod is taken, refused or scored by, but for its labels and volumes; nothing for most pods. */
function furtherKeyOf({ spec, metadata }: Pod): string {
  const { podAffinity, podAntiAffinity } = spec.affinity ?? {};
  const images = [...(spec.initContainers ?? []), ...spec.containers].map(({ image }) => image).join(' ');
  const isPlain =
    !podAffinity && !podAntiAffinity && !spec.topologySpreadConstraints && !spec.volumes?.some(isImage);
  if (isPlain) return `${spec.preemptionPolicy ?? ''} ${images}`;
  return JSON.stringify([
    spec.preemptionPolicy,
    images,
    spec.volumes?.filter(isImage),
    podAffinity,
    podAntiAffinity,
    spec.topologySpreadConstraints,
    // What a term without namespaces is about depends on the pod's own.
    metadata.namespace,
  ]);
}

const isImage = (volume: Volume): boolean => volume.image !== undefined;

function hostPortsOf({ spec }: Pod): readonly HostPort[] {
  const containers = [...spec.containers, ...(spec.initContainers ?? []).filter(isSidecar)];
  return containers.flatMap(({ ports = [] }) =>
    ports.flatMap(({ hostPort = 0, hostIP = '', protocol = 'TCP' }) =>
      hostPort > 0
        ? [{ ip: hostIP === '' ? '0.0.0.0' : hostIP, protocol: protocol || 'TCP', port: hostPort }]
        : [],
    ),
  );
}

function carriedOf({ spec, metadata }: Pod, terms: CarriedTerms): PodShape['carried'] {
  const { namespace = '' } = metadata;
  const { podAffinity, podAntiAffinity } = spec.affinity ?? {};
  const required = (of: PodAffinity | undefined, kind: CarriedTerm['kind']) =>
    (of?.requiredDuringSchedulingIgnoredDuringExecution ?? []).map((term) => ({
      term: terms.of(kind, term, namespace),
      weight: 1,
    }));
  const preferred = (of: PodAffinity | undefined, sign: 1 | -1) =>
    (of?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map(({ weight, podAffinityTerm }) => ({
      term: terms.of('preferred', podAffinityTerm, namespace),
      weight: sign * weight,
    }));
  return [
    ...required(podAffinity, 'required affinity'),
    ...required(podAntiAffinity, 'required anti-affinity'),
    ...preferred(podAffinity, 1),
    ...preferred(podAntiAffinity, -1),
  ];
}
