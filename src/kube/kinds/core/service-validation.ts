import {
  cidrFault,
  ipFamilyOf,
  ipFault,
  portFaults,
  portNumberFault,
  specialIpFault,
} from '../../api/formats.js';
import { validation } from '../../api/field-error.js';
import type { Faults } from '../../api/field-error.js';
import { checkLabels, nameFault, qualifiedNameFaults } from '../../api/names.js';
import type { KubeObject } from '../../object.js';

export interface ServicePort {
  readonly name?: string;
  readonly port?: number;
  readonly protocol?: string;
  readonly targetPort?: number | string;
  readonly nodePort?: number;
  readonly appProtocol?: string;
}

/** A service's spec (core/v1). */
export interface ServiceSpec {
  readonly type?: string;
  readonly ports?: readonly ServicePort[];
  readonly selector?: Readonly<Record<string, string>>;
  readonly clusterIP?: string;
  readonly clusterIPs?: readonly string[];
  readonly ipFamilies?: readonly string[];
  readonly ipFamilyPolicy?: string;
  readonly externalIPs?: readonly string[];
  readonly externalName?: string;
  readonly externalTrafficPolicy?: string;
  readonly internalTrafficPolicy?: string;
  readonly healthCheckNodePort?: number;
  readonly sessionAffinity?: string;
  readonly sessionAffinityConfig?: { readonly clientIP?: { readonly timeoutSeconds?: number } };
  readonly loadBalancerIP?: string;
  readonly loadBalancerClass?: string;
  readonly loadBalancerSourceRanges?: readonly string[];
  readonly allocateLoadBalancerNodePorts?: boolean;
  readonly trafficDistribution?: string;
}

export interface Service extends KubeObject {
  readonly spec?: ServiceSpec;
}

const types = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'];
const protocols = ['SCTP', 'TCP', 'UDP'];
const families = ['IPv4', 'IPv6'];
const familyPolicies = ['PreferDualStack', 'RequireDualStack', 'SingleStack'];
const trafficPolicies = ['Cluster', 'Local'];
const distributions = ['PreferClose', 'PreferSameNode', 'PreferSameZone'];
/** Ports of nodes that services may have (API server: --service-node-port-range). */
const nodePorts = { first: 30_000, last: 32_767 };
/** A client stays with its pod for a day at most. */
const longestAffinity = 86_400;

export const isHeadless = ({ clusterIPs = [], clusterIP }: ServiceSpec): boolean =>
  clusterIPs.length === 0 ? clusterIP === 'None' : clusterIPs.length === 1 && clusterIPs[0] === 'None';

const isLoadBalancer = ({ type }: ServiceSpec): boolean => type === 'LoadBalancer';

/** Everything wrong with a service, new or changed (core validation: ValidateService, ValidateServiceUpdate). */
export const serviceErrors = validation<Service>((faults, { metadata, spec = {} }, before) => {
  if (before?.spec) checkServiceUpdate(faults, spec, before.spec);
  const { ports = [], type = '' } = spec;
  if (ports.length === 0 && !isHeadless(spec) && type !== 'ExternalName') faults.required('spec.ports');
  if (isHeadless(spec) && (type === 'LoadBalancer' || type === 'NodePort'))
    faults.invalid('spec.clusterIPs[0]', 'None', `may not be set to 'None' for ${type} services`);
  if (type === 'ExternalName') checkExternalName(faults, spec);
  checkPorts(faults, ports, spec);
  checkLabels(faults, 'spec.selector', spec.selector);
  checkAffinity(faults, spec);
  if (type !== 'ExternalName') checkAddresses(faults, spec);
  for (const [index, ip] of (spec.externalIPs ?? []).entries()) {
    faults.invalid(`spec.externalIPs[${String(index)}]`, ip, ipFault(ip) ?? specialIpFault(ip));
  }
  faults.requiredOneOf('spec.type', spec.type, types);
  checkLoadBalancer(faults, spec);
  checkTraffic(faults, spec);
  const { 'service.kubernetes.io/topology-aware-hints': hints, 'service.kubernetes.io/topology-mode': mode } =
    metadata.annotations ?? {};
  if (hints !== undefined && mode !== undefined && hints !== mode) {
    const text = 'must match annotations[service.kubernetes.io/topology-aware-hints] when both are specified';
    faults.invalid('metadata.annotations[service.kubernetes.io/topology-mode]', mode, text);
  }
});

function checkExternalName(faults: Faults, spec: ServiceSpec): void {
  const text = 'may not be set for ExternalName services';
  if ((spec.clusterIPs ?? []).length > 0 || spec.clusterIP) faults.forbidden('spec.clusterIPs', text);
  if ((spec.ipFamilies ?? []).length > 0) faults.forbidden('spec.ipFamilies', text);
  if (spec.ipFamilyPolicy !== undefined) faults.forbidden('spec.ipFamilyPolicy', text);
  const name = (spec.externalName ?? '').replace(/\.$/, '');
  if (name === '') faults.required('spec.externalName');
  else faults.invalid('spec.externalName', name, nameFault('subdomain', name));
}

function checkPorts(faults: Faults, ports: readonly ServicePort[], spec: ServiceSpec): void {
  const names = new Set<string>();
  for (const [index, port] of ports.entries()) {
    const at = `spec.ports[${String(index)}]`;
    const { name = '', port: number = 0, targetPort = 0, appProtocol } = port;
    if (name === '') {
      if (ports.length > 1) faults.required(`${at}.name`);
    } else {
      faults.invalid(`${at}.name`, name, nameFault('label', name));
      if (names.has(name)) faults.duplicate(`${at}.name`, name);
      names.add(name);
    }
    faults.invalid(`${at}.port`, number, portNumberFault(number));
    faults.requiredOneOf(`${at}.protocol`, port.protocol, protocols);
    faults.invalid(`${at}.targetPort`, targetPort, portFaults(targetPort));
    if (appProtocol !== undefined)
      faults.invalid(`${at}.appProtocol`, appProtocol, qualifiedNameFaults(appProtocol));
  }
  checkNodePorts(faults, ports, spec);
  const taken = new Set<string>();
  for (const [index, { port, protocol = '' }] of ports.entries()) {
    const key = `${protocol}/${String(port)}`;
    if (taken.has(key)) faults.duplicate(`spec.ports[${String(index)}]`, { port, protocol });
    taken.add(key);
  }
}

function checkNodePorts(faults: Faults, ports: readonly ServicePort[], spec: ServiceSpec): void {
  const taken = new Set<string>();
  for (const [index, { nodePort = 0, protocol = '' }] of ports.entries()) {
    if (nodePort === 0) continue;
    const at = `spec.ports[${String(index)}].nodePort`;
    if (spec.type === 'ClusterIP') faults.forbidden(at, "may not be used when `type` is 'ClusterIP'");
    const key = `${protocol}/${String(nodePort)}`;
    if (taken.has(key)) faults.duplicate(at, nodePort);
    taken.add(key);
    if (nodePort < nodePorts.first || nodePort > nodePorts.last) {
      const range = `${String(nodePorts.first)}-${String(nodePorts.last)}`;
      faults.invalid(
        at,
        nodePort,
        `provided port is not in the valid range. The range of valid ports is ${range}`,
      );
    }
  }
}

function checkAffinity(faults: Faults, { sessionAffinity, sessionAffinityConfig }: ServiceSpec): void {
  faults.requiredOneOf('spec.sessionAffinity', sessionAffinity, ['ClientIP', 'None']);
  const timeout = sessionAffinityConfig?.clientIP?.timeoutSeconds;
  if (sessionAffinity !== 'ClientIP' || timeout === undefined) return;
  if (timeout <= 0 || timeout > longestAffinity) {
    const range = `must be greater than 0 and less than ${String(longestAffinity)}`;
    faults.invalid('spec.sessionAffinityConfig.clientIP.timeoutSeconds', timeout, range);
  }
}

/** Addresses and their families agree (core validation: ValidateServiceClusterIPsRelatedFields). */
function checkAddresses(faults: Faults, spec: ServiceSpec): void {
  const { clusterIP = '', clusterIPs = [], ipFamilies = [], ipFamilyPolicy } = spec;
  const at = 'spec.clusterIPs';
  if (clusterIP === '') {
    if (clusterIPs.length > 0)
      faults.invalid(at, clusterIPs, 'must be empty when `clusterIP` is not specified');
  } else if (clusterIPs.length === 0) faults.required(at);
  else if (clusterIPs[0] !== clusterIP) faults.invalid(at, clusterIPs, 'first value must match `clusterIP`');
  for (const [index, family] of ipFamilies.entries()) {
    faults.oneOf(`spec.ipFamilies[${String(index)}]`, family, families);
    if (ipFamilies.indexOf(family) < index) faults.duplicate(`spec.ipFamilies[${String(index)}]`, family);
  }
  faults.oneOf('spec.ipFamilyPolicy', ipFamilyPolicy, familyPolicies);
  const before = faults.errors.length;
  if (clusterIPs[0] === 'None' && clusterIPs.length > 1)
    faults.invalid(at, clusterIPs, "'None' must be the first and only value");
  for (const [index, ip] of clusterIPs.entries()) {
    if (index > 0 || ip !== 'None') faults.invalid(`${at}[${String(index)}]`, ip, ipFault(ip));
  }
  if (clusterIPs.length > 2) faults.invalid(at, clusterIPs, 'may only hold up to 2 values');
  if (faults.errors.length > before || isHeadless(spec)) return;
  const [first, second] = clusterIPs.map(ipFamilyOf);
  if (second !== undefined && first === second)
    faults.invalid(at, clusterIPs, 'may specify no more than one IP for each IP family');
  for (const [index, family] of [first, second].entries()) {
    const expected = ipFamilies[index];
    if (family === undefined || family === expected || !families.includes(expected ?? '')) continue;
    const text = `expected an ${expected ?? ''} value as indicated by \`ipFamilies[${String(index)}]\``;
    faults.invalid(`${at}[${String(index)}]`, clusterIPs[index], text);
  }
}

function checkLoadBalancer(faults: Faults, spec: ServiceSpec): void {
  const { loadBalancerSourceRanges: ranges = [], loadBalancerClass } = spec;
  const only = "may only be used when `type` is 'LoadBalancer'";
  // The path's capital letter is the API server's own.
  const at = 'spec.LoadBalancerSourceRanges';
  if (ranges.length > 0 && !isLoadBalancer(spec)) faults.forbidden(at, only);
  for (const [index, range] of ranges.entries()) {
    faults.invalid(`${at}[${String(index)}]`, range.trim(), cidrFault(range.trim()));
  }
  if (spec.allocateLoadBalancerNodePorts !== undefined && !isLoadBalancer(spec))
    faults.forbidden('spec.allocateLoadBalancerNodePorts', only);
  if (loadBalancerClass === undefined) return;
  if (!isLoadBalancer(spec)) faults.forbidden('spec.loadBalancerClass', only);
  else faults.invalid('spec.loadBalancerClass', loadBalancerClass, qualifiedNameFaults(loadBalancerClass));
}

/** True for a service that clients outside of its cluster can reach. */
export const isReachable = ({ type, externalIPs = [] }: ServiceSpec): boolean =>
  type === 'LoadBalancer' || type === 'NodePort' || (type === 'ClusterIP' && externalIPs.length > 0);

/** True for a service whose load balancer asks its nodes for pods of their own. */
export const needsHealthCheck = (spec: ServiceSpec): boolean =>
  isLoadBalancer(spec) && spec.externalTrafficPolicy === 'Local';

function checkTraffic(faults: Faults, spec: ServiceSpec): void {
  const { externalTrafficPolicy: policy = '', internalTrafficPolicy, healthCheckNodePort = 0 } = spec;
  const at = 'spec.externalTrafficPolicy';
  if (isReachable(spec)) faults.requiredOneOf(at, policy, trafficPolicies);
  else if (policy !== '') faults.invalid(at, policy, 'may only be set for externally-accessible services');
  if (healthCheckNodePort !== 0 && !needsHealthCheck(spec)) {
    const text = "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'";
    faults.invalid('spec.healthCheckNodePort', healthCheckNodePort, text);
  }
  faults.oneOf('spec.internalTrafficPolicy', internalTrafficPolicy, trafficPolicies);
  faults.oneOf('spec.trafficDistribution', spec.trafficDistribution, distributions);
}

/** Addresses are for good, unless a service begins or ceases to be a name alone. */
function checkServiceUpdate(faults: Faults, spec: ServiceSpec, before: ServiceSpec): void {
  if (spec.type !== 'ExternalName' && before.type !== 'ExternalName') {
    checkSameAddresses(faults, spec, before);
    checkSameFamilies(faults, spec, before);
  }
  if (isLoadBalancer(spec) && isLoadBalancer(before) && spec.loadBalancerClass !== before.loadBalancerClass)
    faults.invalid('spec.loadBalancerClass', spec.loadBalancerClass ?? null, 'may not change once set');
  if (needsHealthCheck(spec) && needsHealthCheck(before)) {
    if (spec.healthCheckNodePort !== before.healthCheckNodePort)
      faults.forbidden('spec.healthCheckNodePort', 'field is immutable');
  }
}

function checkSameAddresses(faults: Faults, spec: ServiceSpec, before: ServiceSpec): void {
  if (isHeadless(spec) && isHeadless(before)) return;
  const { clusterIPs: now = [] } = spec;
  const { clusterIPs: was = [] } = before;
  const changed = 'may not change once set';
  if (now.length === was.length) {
    for (const [index, ip] of was.entries())
      if (ip !== now[index]) faults.invalid(`spec.clusterIPs[${String(index)}]`, now, changed);
    return;
  }
  if (now.length === 0 && was.length > 0)
    faults.invalid('spec.clusterIPs[0]', now, 'primary clusterIP can not be unset');
  else if (was.length > 0 && now[0] !== was[0]) faults.invalid('spec.clusterIPs[0]', now, changed);
  if (now.length === 1 && was.length > 1 && spec.ipFamilyPolicy !== 'SingleStack') {
    const text = "must be set to 'SingleStack' when releasing the secondary clusterIP";
    faults.invalid('spec.ipFamilyPolicy', spec.ipFamilyPolicy ?? null, text);
  }
}

function checkSameFamilies(faults: Faults, spec: ServiceSpec, before: ServiceSpec): void {
  if (isHeadless(spec) || isHeadless(before)) return;
  const { ipFamilies: now = [] } = spec;
  const { ipFamilies: was = [] } = before;
  const common = Math.min(now.length, was.length);
  for (let index = 0; index < common; index += 1) {
    if (now[index] !== was[index]) faults.invalid('spec.ipFamilies[0]', now, 'may not change once set');
  }
  if (now.length === 1 && was.length > 1 && spec.ipFamilyPolicy !== 'SingleStack') {
    const text = "must be set to 'SingleStack' when releasing the secondary ipFamily";
    faults.invalid('spec.ipFamilyPolicy', spec.ipFamilyPolicy ?? null, text);
  }
}

/** What a client that writes a service is warned of (core: GetWarningsForService). */
export function serviceWarnings(object: KubeObject): readonly string[] {
  const { metadata, spec = {} } = object as Service;
  const { externalIPs = [], externalName = '', type = '' } = spec;
  const isPlainHeadless = type === 'ClusterIP' && isHeadless(spec);
  const hints = 'service.kubernetes.io/topology-aware-hints';
  const told: readonly (readonly [boolean, string])[] = [
    [
      metadata.annotations?.[hints] !== undefined,
      `annotation ${hints} is deprecated, please use service.kubernetes.io/topology-mode instead`,
    ],
    [isPlainHeadless && Boolean(spec.loadBalancerIP), 'spec.loadBalancerIP is ignored for headless services'],
    [isPlainHeadless && externalIPs.length > 0, 'spec.externalIPs is ignored for headless services'],
    [
      isPlainHeadless && spec.sessionAffinity !== 'None',
      'spec.SessionAffinity is ignored for headless services',
    ],
    [
      type === 'ExternalName' && externalIPs.length > 0,
      'spec.externalIPs is ignored when spec.type is "ExternalName"',
    ],
    [
      type !== 'ExternalName' && externalName !== '',
      'spec.externalName is ignored when spec.type is not "ExternalName"',
    ],
  ];
  return told.flatMap(([isSo, text]) => (isSo ? [text] : []));
}
