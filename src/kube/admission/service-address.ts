import type { Rng } from '../../sim/index.js';
import type { Reader } from '../../store/index.js';
import type { AdmissionRequest } from '../api/context.js';
import { isWithin } from '../api/formats.js';
import { StatusError, invalid } from '../api/status-error.js';
import {
  defaultServiceCidr,
  ipAddresses,
  isTerminating,
  managedByLabel,
  needsAddress,
  needsHealthCheck,
  needsNodePorts,
  serviceCidrs,
  services,
} from '../kinds/index.js';
import type { Service, ServiceCidr, ServiceDraft, ServicePortDraft, ServiceSpec } from '../kinds/index.js';
import { objectKey } from '../resource-type.js';
import type { AdmissionPlugin } from './plugin.js';

/** AKS's default service range is 10.0.0.0/16; its first addresses are the API server's and DNS's. */
const firstFree = 256;
const addresses = 65_536;
const nodePorts = { first: 30_000, last: 32_767 };

const ipOf = (index: number): string => `10.0.${String(index >> 8)}.${String(index & 255)}`;

/** Whether an address is of none of the cluster's blocks; what is no address at all is told by validation. */
const isOutside = (tx: Reader, cluster: string, ip: string): boolean =>
  /^\d+(?:\.\d+){3}$/.test(ip) &&
  !isWithin(defaultServiceCidr.cidr, ip) &&
  !tx
    .find(serviceCidrs.collection, 'byCluster', cluster)
    .some(
      ({ object }) =>
        !isTerminating(object) &&
        ((object as ServiceCidr).spec?.cidrs ?? []).some((cidr) => isWithin(cidr, ip)),
    );

/** Whether an address is a service's, or somebody has written down that it is taken. */
function isTaken(tx: Reader, cluster: string, ip: string): boolean {
  if (tx.count(services.collection, 'byClusterIp', `${cluster}|${ip}`) > 0) return true;
  const noted = tx.get(ipAddresses.collection, objectKey(cluster, undefined, ip));
  // What a service has let go of is free, though its note may still be there.
  return noted !== undefined && noted.object.metadata.labels?.[managedByLabel] === undefined;
}

type WriteRequest = Exclude<AdmissionRequest, { operation: 'DELETE' }>;

/** Gives a service its cluster IP and node ports (Kubernetes: service allocators). */
export const serviceAddress: AdmissionPlugin = {
  name: 'ServiceAddress',
  kinds: [services],
  operations: ['CREATE', 'UPDATE'],
  mutate: (request, { seed }) => {
    if (request.operation === 'DELETE' || request.subresource !== undefined) return;
    const { tx, scope, name, draft } = request;
    const spec = draft['spec'] as ServiceDraft;
    if (!needsAddress(spec)) return;
    const before = request.operation === 'UPDATE' ? ((request.before as Service).spec ?? {}) : {};
    const key = `${scope.cluster}/${scope.namespace ?? ''}/${name}@${String(tx.revision)}`;
    const random = seed.stream('service-address', key);
    allocateAddress(request, spec, before, random);
    if (needsNodePorts(spec)) allocateNodePorts(request, spec, before, random);
  },
};

function allocateAddress(request: WriteRequest, spec: ServiceDraft, before: ServiceSpec, random: Rng): void {
  const { tx, scope, type, name } = request;
  const used = (ip: string) => isTaken(tx, scope.cluster, ip);
  if (!spec.clusterIP) {
    let index = firstFree + random.int(addresses - firstFree - 1);
    while (used(ipOf(index))) index = index + 1 < addresses - 1 ? index + 1 : firstFree;
    spec.clusterIP = ipOf(index);
  } else if (spec.clusterIP !== before.clusterIP && used(spec.clusterIP)) {
    const text = `failed to allocate IP ${spec.clusterIP}: provided IP is already allocated`;
    throw StatusError.invalid(type, name, [invalid('spec.clusterIPs', [spec.clusterIP], text)]);
  } else if (
    spec.clusterIP !== before.clusterIP &&
    spec.clusterIP !== 'None' &&
    isOutside(tx, scope.cluster, spec.clusterIP)
  ) {
    const text = `failed to allocate IP ${spec.clusterIP}: the provided network does not match the current range`;
    throw StatusError.invalid(type, name, [invalid('spec.clusterIPs', [spec.clusterIP], text)]);
  }
  if ((spec.clusterIPs ?? []).length === 0) spec.clusterIPs = [spec.clusterIP];
}

/** Node ports of a service's ports, and one for the checks of a load balancer that sends to nodes with pods alone. */
function allocateNodePorts(
  request: WriteRequest,
  spec: ServiceDraft,
  before: ServiceSpec,
  random: Rng,
): void {
  const { tx, scope, type, name } = request;
  const ports = (spec.ports ?? []) as readonly ServicePortDraft[];
  const own = new Set((before.ports ?? []).map(({ nodePort }) => nodePort));
  const given = new Set([...ports.map(({ nodePort }) => nodePort), spec.healthCheckNodePort]);
  const used = (port: number) =>
    tx.count(services.collection, 'byNodePort', `${scope.cluster}|${String(port)}`) > 0;
  const free = (): number => {
    let port = nodePorts.first + random.int(nodePorts.last - nodePorts.first + 1);
    while (given.has(port) || used(port)) port = port < nodePorts.last ? port + 1 : nodePorts.first;
    given.add(port);
    return port;
  };
  for (const [index, { nodePort }] of ports.entries()) {
    if (!nodePort || own.has(nodePort) || !used(nodePort)) continue;
    const at = `spec.ports[${String(index)}].nodePort`;
    throw StatusError.invalid(type, name, [invalid(at, nodePort, 'provided port is already allocated')]);
  }
  if (spec.type === 'NodePort' || spec.allocateLoadBalancerNodePorts !== false)
    for (const port of ports) port.nodePort = port.nodePort || free();
  if (needsHealthCheck(spec) && !spec.healthCheckNodePort) spec.healthCheckNodePort = free();
}
