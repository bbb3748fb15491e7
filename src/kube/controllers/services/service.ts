import type { Reader } from '../../../store/index.js';
import { isFinished, isReady, isSidecar, isTerminating, nodeKind, pods } from '../../kinds/index.js';
import type { Pod } from '../../kinds/index.js';
import type { KubeObject, Stored } from '../../object.js';
import { objectKey } from '../../resource-type.js';
import { selectedBy } from '../../selectors/index.js';
import type { Labels } from '../../selectors/index.js';

export interface ServicePort {
  readonly name?: string;
  readonly port: number;
  readonly protocol?: string;
  readonly targetPort?: number | string;
  readonly appProtocol?: string;
}

/** A Service (core/v1), with the fields that controllers read. */
export interface Service extends KubeObject {
  readonly spec: {
    readonly type?: 'ClusterIP' | 'NodePort' | 'LoadBalancer' | 'ExternalName';
    readonly clusterIP?: string;
    readonly selector?: Labels;
    readonly ports?: readonly ServicePort[];
    readonly publishNotReadyAddresses?: boolean;
    readonly loadBalancerIP?: string;
    readonly loadBalancerClass?: string;
  };
  readonly status?: { readonly loadBalancer?: { readonly ingress?: readonly { readonly ip?: string }[] } };
}

/** A port of pods behind a service. */
export interface TargetPort {
  readonly name: string;
  readonly port: number;
  readonly protocol: string;
  readonly appProtocol?: string;
}

export const headlessLabel = 'service.kubernetes.io/headless';
export const isHeadless = ({ spec }: Service): boolean => spec.clusterIP === 'None';

/** True for a service whose endpoints follow its pods; others' are made by whoever made them. */
export const hasSelector = ({ spec }: Service): boolean =>
  spec.selector !== undefined && Object.keys(spec.selector).length > 0 && spec.type !== 'ExternalName';

/** The pods that are behind a service, in order of name: those that have an address and have not ended. */
export function podsBehind(
  reader: Reader,
  { cluster, object }: Stored,
  going: 'with those that are going' | 'without',
): readonly Pod[] {
  const { spec, metadata } = object as Service;
  const place = { cluster, namespace: metadata.namespace ?? '' };
  return selectedBy(reader, pods, place, { matchLabels: spec.selector ?? {} }).flatMap(({ value }) => {
    const pod = value.object as Pod;
    const isIn =
      !isFinished(pod) && pod.status?.podIP !== undefined && (going !== 'without' || !isTerminating(pod));
    return isIn ? [pod] : [];
  });
}

/** True for a pod that gets requests: a ready one, or any where the service says so. */
export const isReadyFor = ({ spec }: Service, pod: Pod): boolean =>
  spec.publishNotReadyAddresses === true || isReady(pod);

/** The ports of a pod behind a service: a named one that the pod does not have is none. */
export const portsOf = ({ spec }: Service, pod: Pod): readonly TargetPort[] =>
  (spec.ports ?? []).flatMap(({ name = '', port, protocol = 'TCP', targetPort = port, appProtocol }) => {
    const number = typeof targetPort === 'number' ? targetPort : namedPort(pod, targetPort, protocol);
    return number === undefined
      ? []
      : [{ name, port: number, protocol, ...(appProtocol !== undefined && { appProtocol }) }];
  });

function namedPort({ spec }: Pod, name: string, protocol: string): number | undefined {
  const containers = [...spec.containers, ...(spec.initContainers ?? []).filter(isSidecar)];
  return containers
    .flatMap(({ ports = [] }) => ports)
    .find((port) => port.name === name && (port.protocol ?? 'TCP') === protocol)?.containerPort;
}

/** The host name by which a service's name server knows a pod. */
export function hostnameIn({ metadata }: Service, { spec }: Pod): string | undefined {
  const { hostname, subdomain } = spec;
  return hostname !== undefined && hostname !== '' && subdomain === metadata.name ? hostname : undefined;
}

/** The zone of a pod's node. */
export function zoneOf(reader: Reader, cluster: string, { spec }: Pod): string | undefined {
  const node = reader.get(nodeKind.collection, objectKey(cluster, undefined, spec.nodeName ?? ''));
  return node?.object.metadata.labels?.['topology.kubernetes.io/zone'];
}

export const targetRef = ({ metadata }: Pod): object => ({
  kind: 'Pod',
  namespace: metadata.namespace,
  name: metadata.name,
  uid: metadata.uid,
});
