import { canonicalJson } from '../../object.js';
import type { KubeObject } from '../../object.js';
import type { Draft } from '../../resource-type.js';
import { isReachable, needsHealthCheck } from './service-validation.js';
import type { Service, ServicePort, ServiceSpec } from './service-validation.js';

/** A service's spec that is being completed. */
export type ServiceDraft = { -readonly [Member in keyof ServiceSpec]: ServiceSpec[Member] };
/** A port that is being completed. */
export type ServicePortDraft = { -readonly [Member in keyof ServicePort]: ServicePort[Member] };

/** True for a service that has an address in its cluster, or is headless. */
export const needsAddress = ({ type }: ServiceSpec): boolean => type !== 'ExternalName';
/** True for a service that nodes have ports for. */
export const needsNodePorts = ({ type }: ServiceSpec): boolean =>
  type === 'NodePort' || type === 'LoadBalancer';

const same = (one: unknown, other: unknown): boolean =>
  canonicalJson(one ?? null) === canonicalJson(other ?? null);

/**
 * A changed service keeps what it was given, where its body says nothing of it, and loses what its new type has no use for
 * (Kubernetes: patchAllocatedValues, normalizeClusterIPs, dropTypeDependentFields).
 */
export function prepareServiceUpdate(draft: Draft, { spec: before = {} }: KubeObject & Service): void {
  const spec = draft['spec'] as ServiceDraft;
  keepGiven(spec, before);
  alignAddresses(spec, before);
  dropUnneeded(spec, before);
}

function keepGiven(spec: ServiceDraft, before: ServiceSpec): void {
  if (needsAddress(before) && needsAddress(spec)) {
    if (!spec.clusterIP && before.clusterIP !== undefined) spec.clusterIP = before.clusterIP;
    const isSame = spec.clusterIP === before.clusterIP;
    if ((spec.clusterIPs ?? []).length === 0 && isSame && before.clusterIPs)
      spec.clusterIPs = before.clusterIPs;
  }
  if (needsNodePorts(before) && needsNodePorts(spec)) keepNodePorts(spec, before);
  if (needsHealthCheck(before) && needsHealthCheck(spec) && before.healthCheckNodePort !== undefined)
    spec.healthCheckNodePort ??= before.healthCheckNodePort;
}

/** Ports keep the node port of the port of their name, unless another has it now. */
function keepNodePorts(spec: ServiceDraft, { ports: before = [] }: ServiceSpec): void {
  const given = new Map(before.map(({ name, nodePort }) => [name ?? '', nodePort]));
  const ports = (spec.ports ?? []) as readonly ServicePortDraft[];
  const taken = new Set(ports.map(({ nodePort }) => nodePort));
  for (const port of ports) {
    const nodePort = given.get(port.name ?? '');
    if (!port.nodePort && nodePort !== undefined && !taken.has(nodePort)) port.nodePort = nodePort;
  }
}

/** The list of addresses follows the address where only that was changed. */
function alignAddresses(spec: ServiceDraft, before: ServiceSpec): void {
  if (spec.clusterIP === before.clusterIP || !same(spec.clusterIPs, before.clusterIPs)) return;
  if (!spec.clusterIP) delete spec.clusterIPs;
  else spec.clusterIPs = [spec.clusterIP, ...(spec.clusterIPs ?? []).slice(1)];
}

function dropUnneeded(spec: ServiceDraft, before: ServiceSpec): void {
  const drop = (needs: (one: ServiceSpec) => boolean, ...members: readonly (keyof ServiceSpec)[]): void => {
    if (!needs(before) || needs(spec)) return;
    for (const member of members)
      if (same(spec[member], before[member])) Reflect.deleteProperty(spec, member);
  };
  drop(needsAddress, 'clusterIP', 'clusterIPs', 'ipFamilies', 'ipFamilyPolicy', 'internalTrafficPolicy');
  drop(needsHealthCheck, 'healthCheckNodePort');
  drop(({ type }) => type === 'LoadBalancer', 'allocateLoadBalancerNodePorts', 'loadBalancerClass');
  drop(isReachable, 'externalTrafficPolicy');
  if (!needsNodePorts(before) || needsNodePorts(spec)) return;
  const ports = (spec.ports ?? []) as readonly ServicePortDraft[];
  const was = new Set((before.ports ?? []).map(({ nodePort }) => nodePort));
  if (ports.every(({ nodePort }) => nodePort === undefined || was.has(nodePort)))
    for (const port of ports) delete port.nodePort;
}
