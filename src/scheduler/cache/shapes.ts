import type { PodAffinity, Pod } from '../../kube/index.js';
import type { CarriedTerms, CarriedTerm } from './carried-terms.js';
import type { HostPort, PodShape } from './pod-info.js';
import { isResized, podResources } from './resources.js';
import type { ResourceNames } from './resources.js';
import { isSidecar } from '../../kube/index.js';

/** Tells pods of equal needs from others. */
export class Shapes {
  readonly #shapes = new Map<string, PodShape>();
  readonly #names: ResourceNames;
  readonly #terms: CarriedTerms;
  #made = 0;

  constructor(names: ResourceNames, terms: CarriedTerms) {
    this.#names = names;
    this.#terms = terms;
  }

  of(pod: Pod): PodShape {
    const key = shapeKey(pod);
    const known = this.#shapes.get(key);
    if (known) return known;
    this.#made += 1;
    const shape: PodShape = {
      key,
      id: this.#made,
      priority: pod.spec.priority ?? 0,
      resources: podResources(pod, this.#names),
      hostPorts: hostPortsOf(pod),
      carried: carriedOf(pod, this.#terms),
    };
    this.#shapes.set(key, shape);
    return shape;
  }
}

/** All of a pod that nodes may take or refuse it by, but for its volumes and its labels. */
function shapeKey(pod: Pod): string {
  const { spec } = pod;
  const container = ({ image, resources, ports }: Pod['spec']['containers'][number]): unknown[] => [
    image,
    resources?.requests,
    ports?.some(({ hostPort }) => hostPort) ? ports : undefined,
  ];
  return JSON.stringify([
    spec.priority,
    spec.containers.map(container),
    spec.initContainers?.map((one) => [one.restartPolicy, ...container(one)]),
    spec.nodeSelector,
    spec.tolerations,
    spec.overhead,
    spec.resources?.requests,
    spec.schedulerName,
    spec.preemptionPolicy,
    spec.volumes?.some((volume) => 'image' in volume) ? spec.volumes : undefined,
    // What a term without namespaces is about depends on the pod's own.
    spec.affinity && [spec.affinity, pod.metadata.namespace],
    spec.topologySpreadConstraints,
    isResized(pod) ? pod.status : undefined,
  ]);
}

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
